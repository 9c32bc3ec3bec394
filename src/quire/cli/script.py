"""`quire script`: a notebook as a program, exactly as `python NB` runs it, and watched where options ask for more.

The file itself is executed, as the main module of this process, and its cells by the `Run` that any script uses: streams,
signals, exit status and code beside the cells are Python's own. A kernel's engine would be a second way to run a
notebook, which ends cells where a script ends.
"""

import gc
import os
import sys
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from quire.cli.exits import REFUSED
from quire.cli.failure import Failure, Handover, unread
from quire.context import set_host
from quire.kernel.program import traceback_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.cli.recording import Recorder
    from quire.notebook import Notebook

RECORDS = (".html", ".ipynb")


@dataclass(frozen=True)
class Asked:
    """What is asked beyond running."""

    values: Mapping[str, str]
    """Of elements, as somebody typed them, by the names that they are bound to."""
    record: Path | None = None
    goes_on: bool = False
    """After a cell has failed."""

    def __bool__(self) -> bool:
        return bool(self.values or self.record or self.goes_on)


def read_values(pairs: Iterable[str]) -> dict[str, str]:
    """`NAME=VALUE`, as often as there are elements."""
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise Failure(f"`--ui {pair}` says no value for a name", "write --ui NAME=VALUE")
        values[name] = value
    return values


def run_script(path: Path, arguments: Sequence[str], asked: Asked) -> None:
    """Raises `Handover` with the program, or `Failure` when there is none: it must not run inside of click, which has an
    idea of its own of what ctrl-c is.
    """
    if (record := asked.record) is not None:
        if record.suffix not in RECORDS:
            raise Failure(f"`{record}` is no record that can be written", f"its name ends in {' or '.join(RECORDS)}")
        record = record.absolute()  # a notebook may go to another directory
        if not record.parent.is_dir():
            raise Failure(f"there is no directory `{record.parent}` for `{record.name}`")
        asked = replace(asked, record=record)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unread(path, error) from None
    notebook = None
    if asked or path.suffix != ".py" or b"quire" not in data:
        # Slow to import: who only runs a file does not wait for it, and Python has the last word on what that is.
        from quire.cli.texts import open_text

        notebook = open_text(data.decode("utf-8", errors="replace"), path)
    raise Handover(partial(_run, path, data, notebook, arguments, asked))


def _run(path: Path, data: bytes, notebook: "Notebook | None", arguments: Sequence[str], asked: Asked) -> None:
    file = str(path.absolute())
    main = _become(file, str(path), arguments)
    recorder = None if notebook is None or asked.record is None else _listen(notebook, file)
    if asked:
        from quire.cli.watching import Watch

        set_host(Watch(file, asked, recorder))
    written = True
    try:
        if notebook is not None and notebook.carrier == "markdown":
            _run_markdown(notebook, file, main)
        else:
            exec(compile(data, file, "exec"), vars(main))  # noqa: S102 - running the notebook is what we are for
    except BaseException as error:
        if recorder is not None:
            recorder.end(error)
        raise
    finally:  # a notebook that fails has its record too
        if recorder is not None and asked.record is not None:
            written = _write(recorder, asked.record)
    if not written:
        raise SystemExit(REFUSED)


def _listen(notebook: "Notebook", file: str) -> "Recorder":
    from quire.cli.recording import Recorder

    recorder = Recorder(notebook, file)
    recorder.listen()
    return recorder


def _become(file: str, name: str, arguments: Sequence[str]) -> types.ModuleType:
    """Make this process what `python NB ARGS` would be; the main module that it has now."""
    gc.enable()
    main = types.ModuleType("__main__")
    vars(main).update({"__file__": file, "__builtins__": __builtins__, "__annotations__": {}})
    sys.modules["__quire_command__"], sys.modules["__main__"] = sys.modules["__main__"], main
    sys.argv[:] = [name, *arguments]
    if not sys.flags.safe_path:
        sys.path[0] = os.path.dirname(os.path.realpath(file))  # noqa: PTH120 - the text, as Python does it

    def show(kind: type[BaseException], error: BaseException, traceback: types.TracebackType | None) -> None:
        error.__traceback__ = traceback_in(file, traceback)  # no frame of ours
        sys.__excepthook__(kind, error, error.__traceback__)

    sys.excepthook = show
    return main


def _run_markdown(notebook: "Notebook", file: str, main: types.ModuleType) -> None:
    """A markdown file is no program: here is the one that it stands for."""
    from quire.kernel.outline import Outline

    exec(compile("import quire as qr\napp = qr.App()", file, "exec"), vars(main))  # noqa: S102 - an app of this file
    app = vars(main).pop("app")
    for cell in notebook.cells:
        outline = Outline(cell.name, notebook.lines[cell.id], disabled=cell.disabled)
        outline.code = cell.code
        app._note(outline)
    app.run()


def _write(recorder: "Recorder", record: Path) -> bool:
    from quire.session.disk import explain_error, read_file, write_file

    recorder.stop()
    try:
        write_file(record, recorder.written_as(record.suffix).encode(), read_file(record))
    except OSError as error:
        sys.stderr.write(f"quire: {explain_error(error, record)}\n")
        return False
    return True
