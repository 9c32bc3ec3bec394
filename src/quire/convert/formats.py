"""The formats by name: how one is recognised, who reads it and who writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from quire.convert.assemble import assemble
from quire.convert.databricks import is_databricks, read_databricks
from quire.convert.jupyter import is_jupyter, read_jupyter, write_jupyter
from quire.convert.light import is_light, read_light
from quire.convert.marimo import is_marimo, read_marimo, write_marimo
from quire.convert.markdown import is_markdown, read_markdown, write_markdown_notebook
from quire.convert.model import Converted, Draft
from quire.convert.percent import is_percent, read_percent, write_percent
from quire.convert.script import is_script, read_script, write_script
from quire.errors import ConversionRefused
from quire.notebook import parse_notebook


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    what: str
    """As it is called in messages."""
    suffix: str
    read: Callable[[str, str], Converted] | None = None
    """(text, stem of the file) → a Quire notebook."""
    write: Callable[[str], Converted] | None = None
    """The text of a Quire notebook → this format."""
    recognise: Callable[[str], bool] | None = None


def _assembled(read: Callable[[str, str], Draft]) -> Callable[[str, str], Converted]:
    return lambda text, stem: assemble(read(text, stem))


FORMATS: Mapping[str, Format] = {
    "marimo": Format("a marimo notebook", ".py", read_marimo, write_marimo, is_marimo),
    "ipynb": Format("a Jupyter notebook", ".ipynb", _assembled(read_jupyter), write_jupyter, is_jupyter),
    "databricks": Format("a Databricks notebook", ".py", _assembled(read_databricks), None, is_databricks),
    "percent": Format("a script with `# %%` cells", ".py", _assembled(read_percent), write_percent, is_percent),
    "light": Format("a light script of Jupytext", ".py", _assembled(read_light), None, is_light),
    "markdown": Format("markdown", ".md", _assembled(read_markdown), write_markdown_notebook, is_markdown),
    "script": Format("a plain script", ".py", _assembled(read_script), write_script, is_script),
}
"""In the order in which a text is tried."""


_SUFFIXES: Mapping[str, set[str]] = {".md": {".md", ".markdown", ".qmd", ".rmd"}}


def convert_text(text: str, *, path: PurePath | None = None, source: str = "", target: str = "") -> Converted:
    """The text in another format.

    Args:
        text: the source.
        path: where it comes from, for its suffix and for the names of files beside it.
        source: the name of its format; recognised when empty.
        target: the name of the format wanted; a Quire notebook when empty or `quire`.

    Raises:
        ConversionRefused: the text is in no format that can be read, or there is no way to the target.
    """
    for name in (source, target):
        if name not in {"", "quire", *FORMATS}:
            raise ConversionRefused(f"there is no format `{name}`; there are quire, {', '.join(FORMATS)}")
    stem = path.stem if path is not None else "notebook"
    source = source or recognise(text, path)
    target = target or "quire"
    if source == target:
        raise ConversionRefused(f"this is {_called(source)} already")
    if source != "quire":
        read = FORMATS[source].read
        if read is None:
            raise ConversionRefused(f"{_called(source)} can be written, but not read")
        done = read(text, stem)
        if target == "quire":
            return done
        written = _write(done.text, target)
        return Converted(written.text, (*done.notes, *written.notes), {**done.files, **written.files})
    return _write(text, target)


def _write(text: str, target: str) -> Converted:
    write = FORMATS[target].write
    if write is None:
        raise ConversionRefused(f"{_called(target)} can be read, but not written")
    return write(text)


def _called(name: str) -> str:
    return "a Quire notebook" if name == "quire" else FORMATS[name].what


def recognise(text: str, path: PurePath | None = None) -> str:
    """The name of the format of a text.

    Raises:
        ConversionRefused: it is in none that we know.
    """
    body = text.removeprefix("\ufeff")
    suffix = path.suffix.lower() if path is not None else ""
    if not parse_notebook(text).foreign:
        return "quire"
    for name, known in FORMATS.items():
        fits = suffix in _SUFFIXES.get(known.suffix, {known.suffix}) | {""} or name == "ipynb"  # JSON is nothing else
        if fits and known.recognise is not None and known.recognise(body):
            return name
    raise ConversionRefused(f"it is in no format that can be read; say which with --from: {', '.join(FORMATS)}")
