"""`quire run`: notebooks as apps."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from quire.cli.failure import Failure, tell_complaint, typed, unread
from quire.cli.sandbox import prepared_python, wants_sandbox
from quire.cli.serving import announce, choose_options, listen, visitors_token
from quire.errors import NotANotebook
from quire.server.listing import find_notebooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.config.schema import Run

NEEDS_FILE = "name a notebook: quire run NAME.py"


def run_apps(files: tuple[Path, ...], arguments: tuple[str, ...], options: dict[str, Any]) -> None:
    """Serve until interrupted."""
    if not files:
        raise Failure("there is nothing to run", NEEDS_FILE)
    shown = {name: options.pop(name) for name in ("include_code", "show_tracebacks", "redirect_console_to_browser")}
    is_checked = options.pop("check")
    given = {f"run.{key}": options.pop(key) for key in ("session_ttl", "watch")}
    serving = choose_options(options)
    token = visitors_token(serving)
    paths = list(_notebooks(files))
    sandboxed = {path for path in paths if wants_sandbox(path, serving.sandbox)}
    for path in sandboxed:
        _require_notebook(path)
        prepared_python(path)  # once, before anybody waits for it
    bound = listen(serving)
    with bound[0]:
        from quire.server.serve import serve_apps
        from quire.server.visitors import App, AppOptions
        from quire.session.screen import Shown
        from quire.session.state import Place

        here = str(Path.cwd())
        places = {
            name: Place(
                str(path.absolute()),
                str(path),
                here if path in files else str(path.absolute().parent),
                arguments,
                str(path) if path in files else "",
                mode="run",
                sandbox=path in sandboxed,
            )
            for name, path in name_apps(paths).items()
        }
        for path in (path for path in paths if path in files):
            _require_servable(path, check=is_checked)
        what = f"`{paths[0]}`" if len(paths) == 1 else f"a page with {len(paths)} apps"
        entrance = announce(what, "ctrl-c stops it", bound, token, headless=serving.headless)
        screen = Shown(
            code=shown["include_code"],
            tracebacks=shown["show_tracebacks"],
            console=shown["redirect_console_to_browser"],
        )
        apps = {name: App(place, _settings(place.path, given)) for name, place in places.items()}
        serve_apps(apps, AppOptions(screen), entrance)


def _require_servable(path: Path, *, check: bool) -> None:
    """Of a notebook that was named. Those found in folders are looked at when visitors come."""
    from quire.session.session import open_notebook
    from quire.session.state import Place

    _require_notebook(path)
    try:
        open_notebook(Place(str(path.absolute()), str(path), str(Path.cwd())))
    except NotANotebook as error:
        raise Failure(f"`{path}` cannot be served: {error}") from None
    except OSError as error:
        raise unread(path, error) from None
    if check:
        from quire.cli.check import require_sound

        require_sound(path)


def _settings(path: str, given: Mapping[str, object]) -> "Run":
    from quire.session.settings import file_settings

    found = file_settings(Path(path), {name: value for name, value in given.items() if value is not None})
    for complaint in found.complaints:
        tell_complaint(complaint)
    return found.config.run


def name_apps(paths: Iterable[Path]) -> dict[str, Path]:
    """What the apps are called in addresses: their paths below the folder that holds all of them, without `.py`."""
    whole = {path: path.absolute() for path in paths}
    folder = os.path.commonpath([file.parent for file in whole.values()])
    return {file.relative_to(folder).with_suffix("").as_posix(): path for path, file in whole.items()}


def _notebooks(files: Iterable[Path]) -> Iterator[Path]:
    """The files named, and the notebooks in the folders named."""
    seen: set[Path] = set()
    for file in files:
        found = [file]
        if file.is_dir():
            found = [file / inner for inner in find_notebooks(file).paths]
            if not found:
                raise Failure(f"there is no notebook in `{file}`", "begin one: quire new NAME.py")
        for path in found:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _require_notebook(path: Path) -> None:
    if not path.exists():
        raise Failure(f"there is no `{path}`", f"begin it: quire edit {typed(path)}")
