"""Every setting: its type, its default, its meaning, and whose files may set it. Nothing here says where a value comes from."""

from typing import Annotated, Literal

import msgspec

Scope = Literal["user", "project", "notebook"]
"""Whose file: a person's own, that of a project (`pyproject.toml`), or the notebook itself."""

USER: tuple[Scope, ...] = ("user",)
"""What decides who may come in, and whom code runs for: nothing that somebody was given with a project says that."""
PROJECT: tuple[Scope, ...] = ("user", "project")
NOTEBOOK: tuple[Scope, ...] = ("user", "project", "notebook")
"""What concerns one notebook and can do nobody any harm. This is all that a document may say about itself."""


def setting(
    meaning: str, scopes: tuple[Scope, ...], *, ge: float | None = None, le: float | None = None
) -> msgspec.Meta:
    """What is told about a setting, and what it can be at least and at most."""
    return msgspec.Meta(description=meaning, extra={"scopes": scopes}, ge=ge, le=le)


class Display(msgspec.Struct, frozen=True):
    """How the page looks."""

    theme: Annotated[Literal["light", "dark", "system"], setting("Light, dark, or as the system has it.", NOTEBOOK)] = (
        "system"
    )
    default_width: Annotated[
        Literal["compact", "medium", "full"], setting("The width of the page while a notebook is edited.", NOTEBOOK)
    ] = "compact"
    code_editor_font_size: Annotated[float, setting("The size of code, in pixels.", NOTEBOOK, ge=8, le=32)] = 13.5


class Keymap(msgspec.Struct, frozen=True):
    """Which keys do what."""

    preset: Annotated[Literal["default", "vim"], setting("How keys work in code.", PROJECT)] = "default"
    overrides: Annotated[
        dict[str, str],
        setting(
            'Keys by the name of an action, such as `"cell.run" = "Mod-Enter F5"`; an empty text takes its key away.',
            PROJECT,
        ),
    ] = {}


class Runtime(msgspec.Struct, frozen=True):
    """What runs by itself."""

    on_cell_change: Annotated[
        Literal["autorun", "lazy"],
        setting(
            "What depends on a cell that runs, runs too (`autorun`), or becomes stale until somebody asks (`lazy`).",
            NOTEBOOK,
        ),
    ] = "autorun"
    auto_reload: Annotated[
        Literal["off", "lazy", "autorun"],
        setting(
            "When the file of an imported module of yours changes, the cells that use it become stale (`lazy`), "
            "or run again (`autorun`).",
            NOTEBOOK,
        ),
    ] = "lazy"
    reactive_tests: Annotated[
        bool, setting("The tests of a cell run when the cell does, if pytest is installed.", NOTEBOOK)
    ] = True
    dotenv: Annotated[
        tuple[str, ...],
        setting(
            "Files with variables for the environment, beside the notebook and beside the project's `pyproject.toml`; "
            "what is set already stays.",
            PROJECT,
        ),
    ] = (".env",)
    pythonpath: Annotated[
        tuple[str, ...],
        setting(
            "Folders to import from, after the notebook's own; relative to the project, or else to the notebook.",
            PROJECT,
        ),
    ] = ()


class Save(msgspec.Struct, frozen=True):
    """What happens when a notebook is saved."""

    format_on_save: Annotated[bool, setting("Format all cells when somebody saves by hand.", NOTEBOOK)] = False


class Run(msgspec.Struct, frozen=True):
    """How `quire run` serves notebooks as apps."""

    watch: Annotated[bool, setting("Visitors' pages load again when the file changes.", NOTEBOOK)] = True
    session_ttl: Annotated[
        float, setting("Seconds that a visitor's session is kept after the tab was closed.", PROJECT, ge=0)
    ] = 120.0


class Check(msgspec.Struct, frozen=True):
    """What `quire check` and the panel of problems look for."""

    select: Annotated[
        tuple[str, ...],
        setting("Only these rules; the beginning of a code means all that begin so. All, when empty.", PROJECT),
    ] = ()
    ignore: Annotated[tuple[str, ...], setting("All rules but these.", PROJECT)] = ()


class Server(msgspec.Struct, frozen=True):
    """Where the commands that serve listen."""

    host: Annotated[str, setting("The address to listen on.", USER)] = "127.0.0.1"
    port: Annotated[
        int,
        setting("The port to listen on; when it is in use, the next free one. 0 takes any.", USER, ge=0, le=65535),
    ] = 2718
    headless: Annotated[bool, setting("Do not open a browser.", USER)] = False


class Config(msgspec.Struct, frozen=True):
    """All settings."""

    display: Display = Display()
    keymap: Keymap = Keymap()
    runtime: Runtime = Runtime()
    save: Save = Save()
    run: Run = Run()
    check: Check = Check()
    server: Server = Server()
