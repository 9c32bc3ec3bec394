"""Open one notebook: `quire edit`, `quire new`, and what `quire tutorial` ends in."""

import re
from pathlib import Path

import click

from quire.cli.failure import Failure, typed, unread
from quire.cli.sandbox import wants_sandbox
from quire.cli.serving import ServerOptions, announce, editors_token, listen
from quire.errors import NotANotebook


def edit_file(file: Path, arguments: tuple[str, ...], options: ServerOptions) -> None:
    """Open a notebook that exists, or begin one of this name."""
    if file.is_dir():
        if arguments:
            raise Failure(
                f"arguments are for one notebook, and `{file}` is a folder", "name it: quire edit NAME.py -- ARGS"
            )
        edit_folder(file, options)
        return
    if not file.exists():
        _require_place(file)
    elif not is_ours(file):
        from quire.cli.offer import offer_conversion

        file = offer_conversion(file)
    serve_file(file, options, arguments)


def is_ours(file: Path) -> bool:
    """False for a file that surely is no Quire notebook (`require` is not our name); who opens it judges any other."""
    try:
        content = file.read_bytes()
    except OSError:
        return True
    if file.suffix != ".py" and content.strip():
        # A Python file does not wait for this: its socket is bound and its kernel on the way before.
        from quire.notebook import carrier_of, is_markdown_notebook

        if carrier_of(file) == "markdown":
            return is_markdown_notebook(content.decode("utf-8", errors="replace"))
    return re.search(rb"\bquire\b", content) is not None or not content.strip()


def edit_folder(folder: Path, options: ServerOptions) -> None:
    """Home of a folder: all notebooks below it, each opened when it is wanted."""
    token = editors_token(options)
    sandbox = wants_sandbox(folder, options.sandbox or False)
    bound = listen(options)
    with bound[0]:
        from quire.server.serve import serve_notebooks
        from quire.server.workspace import open_workspace

        try:
            next(folder.iterdir(), None)
            workspace = open_workspace(folder)
        except OSError as error:
            raise unread(folder, error) from None
        entrance = announce(
            f"`{folder}`", "ctrl-c stops it; edits are saved by themselves", bound, token, headless=options.headless
        )
        serve_notebooks(
            workspace, None, entrance, sandbox=sandbox, timeout=options.timeout, session_ttl=options.session_ttl
        )


def edit_new(file: Path | None, options: ServerOptions) -> None:
    """Begin a notebook; nothing is written before the first edit."""
    if file is None:
        file = free_path(Path("untitled.py"))
    if file.exists():
        raise Failure(f"`{file}` exists already", f"open it: quire edit {typed(file)}")
    _require_place(file)
    serve_file(file, options)


def free_path(wanted: Path) -> Path:
    """`wanted`, or the first of `wanted_2`, `wanted_3`, … that does not exist."""
    found, number = wanted, 1
    while found.exists() or found.is_symlink():
        number += 1
        found = wanted.with_name(f"{wanted.stem}_{number}{wanted.suffix}")
    return found


def serve_file(
    file: Path, options: ServerOptions, arguments: tuple[str, ...] = (), template: Path | None = None
) -> None:
    """Serve until interrupted. `template`: what a file that does not exist begins with."""
    token = editors_token(options)
    sandbox = wants_sandbox(file, options.sandbox)
    bound = listen(options)
    with bound[0]:
        from quire.server.serve import serve_notebooks
        from quire.server.workspace import open_workspace
        from quire.session.session import open_notebook
        from quire.session.state import Place

        place = Place(str(file.absolute()), str(file), str(Path.cwd()), arguments, program=str(file), sandbox=sandbox)
        try:
            state = open_notebook(place, template)
        except NotANotebook as error:
            raise Failure(f"`{file}` cannot be opened: {error}", "a new one is made by: quire new NAME.py") from None
        except OSError as error:
            raise unread(file, error) from None
        end = "ctrl-c stops it; edits are saved by themselves"
        if state.file.status == "failed":
            click.echo(f"{state.file.message}\n")
            end = "ctrl-c stops it"
        entrance = announce(f"`{file}`", end, bound, token, headless=options.headless)
        everywhere = options.sandbox is True  # who was asked was asked about this one
        workspace = open_workspace(file.absolute().parent)
        serve_notebooks(
            workspace, state, entrance, sandbox=everywhere, timeout=options.timeout, session_ttl=options.session_ttl
        )


def _require_place(file: Path) -> None:
    """A notebook that does not exist yet needs a directory to be created in."""
    directory = file.absolute().parent
    if not directory.is_dir():
        raise Failure(
            f"there is no directory `{directory}` for `{file.name}`", f"make it first: mkdir -p {typed(directory)}"
        )
