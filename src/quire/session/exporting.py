"""The notebook in another format, for the page that asked (see `quire.convert`). What nobody has saved is in it. Pure."""

from pathlib import PurePath

from quire.notebook import write_notebook
from quire.protocol.commands import ExportNotebook
from quire.protocol.notices import CommandAnswered, NotebookExported
from quire.session.events import Answer, Export, Exported, ExportFailed, PageId
from quire.session.settling import settle
from quire.session.state import SessionState, Step


def ask_export(state: SessionState, page: PageId, command: ExportNotebook) -> Step:
    """The text of the file as it would be saved is what is converted."""
    state, effects = settle(state)
    text = write_notebook(state.notebook)
    asked = Export(
        page=page,
        request=command.request,
        source="markdown" if state.notebook.carrier == "markdown" else "quire",
        format=command.format,
        stem=PurePath(state.place.path).stem,
        text=text,
    )
    return state, [*effects, asked]


def export_notebook(asked: Export) -> Exported:
    """What was asked for. Takes a while: not for the event loop. Raises `ConversionRefused`."""
    from quire.convert import FORMATS, convert_text  # noqa: PLC0415 - 40 ms that opening a notebook must not pay

    suffix = FORMATS[asked.format].suffix
    # Beside the notebook, it must not take its place.
    name = f"{asked.stem}_{asked.format}{suffix}" if suffix == ".py" else asked.stem + suffix
    if asked.source == asked.format:
        return Exported(asked, name, asked.text, [])
    done = convert_text(asked.text, path=PurePath(name), source=asked.source, target=asked.format)
    return Exported(asked, name, done.text, [str(note) for note in done.notes])


def answer_export(state: SessionState, event: Exported | ExportFailed) -> Step:
    """Tell the page that asked."""
    asked = event.asked
    if isinstance(event, ExportFailed):
        return state, [Answer(asked.page, CommandAnswered(request=asked.request, refused=event.message))]
    return state, [
        Answer(asked.page, NotebookExported(name=event.name, text=event.text, notes=event.notes)),
        Answer(asked.page, CommandAnswered(request=asked.request)),
    ]
