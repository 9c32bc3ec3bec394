"""Environments made by the real uv, from wheels that are made here."""

import asyncio
import functools
import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from quire.errors import NotInstalled
from quire.notebook.header import read_metadata
from quire.packages.environment import (
    KEPT_SECONDS,
    Link,
    environments_folder,
    lock_notebook,
    make_environment,
    own_origin,
    python_in,
)
from quire.packages.project import find_surroundings
from quire.packages.uv import explain, require_uv, run_tool
from tests.cli.test_read_only import PLAIN

from .wheels import make_wheel


def header(*dependencies: str, more: str = "") -> str:
    listed = ", ".join(f'"{text}"' for text in dependencies)
    lines = [f"dependencies = [{listed}]", *more.splitlines()]
    return "\n".join(["# /// script", *(f"# {line}".rstrip() for line in lines), "# ///", ""])


def write(folder: Path, text: str) -> tuple[Path, Mapping[str, object]]:
    path = folder / "nb.py"
    path.write_text(text, encoding="utf-8")
    return path, read_metadata(text)


def make(folder: Path, text: str) -> Path:
    path, metadata = write(folder, text)
    return asyncio.run(make_environment(metadata, path))


def ask(environment: Path, code: str) -> str:
    done = subprocess.run([python_in(environment), "-P", "-c", code], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


def left_over() -> list[str]:
    return [path.name for path in environments_folder().iterdir() if path.name.startswith(".") and path.is_dir()]


def test_an_environment_has_what_the_header_asks_for_and_this_quire(shelf: Path, tmp_path: Path):
    make_wheel(shelf, "tiny-one", "1.0", module="tiny")
    make_wheel(shelf, "tiny-one", "2.0", module="tiny")

    made = make(tmp_path, header("tiny-one<2"))

    assert ask(made, "import tiny, quire; print(tiny.version, quire.__file__)").split() == [
        "1.0",
        str(Path(__file__).parents[2] / "src/quire/__init__.py"),
    ]
    assert make(tmp_path, "# a comment\n" + header("tiny-one<2")) == made, "the same header, the same environment"
    assert make(tmp_path, header("tiny-one>=2")) != made
    assert left_over() == []


def test_a_cache_that_is_named_from_the_working_directory_is_there(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "work").mkdir()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("QUIRE_CACHE_DIR", "my cache")

    made = make(tmp_path / "notebooks", header())

    assert made.parent == tmp_path / "work/my cache/environments"
    assert ask(made, "import quire; print('here')") == "here"
    assert [path.name for path in (tmp_path / "notebooks").iterdir()] == ["nb.py"]


def test_two_that_make_one_environment_make_it_once(shelf: Path, tmp_path: Path):
    make_wheel(shelf, "tiny")
    path, metadata = write(tmp_path, header("tiny"))
    said: list[str] = []

    def work() -> None:
        asyncio.run(make_environment(metadata, path, said.append))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([line for line in said if line.strip() == "+ tiny==1.0"]) == 1


def test_what_cannot_be_had_leaves_nothing_behind(shelf: Path, tmp_path: Path):
    make_wheel(shelf, "tiny")

    with pytest.raises(NotInstalled, match=r"(?s)^nothing was installed.*nowhere was not found"):
        make(tmp_path, header("tiny", "nowhere", more="[tool.uv]\nno-index = true"))

    assert left_over() == []
    assert [path for path in environments_folder().iterdir() if path.is_dir()] == []


def test_without_a_network_the_message_says_so(
    shelf: Path, wheelhouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "30")  # of a narrow terminal: the installer's words are not wrapped there
    monkeypatch.delenv("UV_OFFLINE")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")

    with pytest.raises(NotInstalled, match="the index of packages cannot be reached, so nothing was installed"):
        make(tmp_path, header("nowhere"))

    assert left_over() == []


def test_a_python_that_is_not_here_is_named_and_not_downloaded(shelf: Path, tmp_path: Path):
    with pytest.raises(NotInstalled, match=r"asks for Python >=3\.99; .*uv python install '>=3\.99'"):
        make(tmp_path, header(more='requires-python = ">=3.99"'))


def test_without_uv_the_message_says_how_to_get_it(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    monkeypatch.setitem(sys.modules, "uv", None)

    with pytest.raises(NotInstalled, match=r"pip install 'quire\[envs\]'"):
        make(tmp_path, header())


BACKEND = """
import pathlib, zipfile

def build_editable(folder, *_):
    here = pathlib.Path(__file__).parent
    name = "mine-1.0-py3-none-any.whl"
    needs = [line for line in (here / "needs").read_text().split() if line]
    metadata = ["Metadata-Version: 2.1", "Name: mine", "Version: 1.0", *(f"Requires-Dist: {text}" for text in needs)]
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        wheel.writestr("mine.pth", f"{here}\\n")
        wheel.writestr("mine-1.0.dist-info/METADATA", "\\n".join([*metadata, ""]))
        wheel.writestr("mine-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("mine-1.0.dist-info/RECORD", "".join(f"{one},,\\n" for one in wheel.namelist()))
    return name
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "mine"
version = "1.0"
dynamic = ["dependencies"]
"""


def test_an_editable_project_is_followed_and_what_it_needs_makes_another_environment(shelf: Path, tmp_path: Path):
    make_wheel(shelf, "tiny")
    project = tmp_path / "my project"
    project.mkdir()
    for name, text in {"pyproject.toml": PROJECT, "backend.py": BACKEND, "needs": "", "mine.py": "x = 1\n"}.items():
        (project / name).write_text(text, encoding="utf-8")
    text = header("mine", more='[tool.uv.sources]\nmine = { path = "my project", editable = true }')

    made = make(tmp_path, text)
    assert ask(made, "import mine; print(mine.x)") == "1"
    (project / "mine.py").write_text("x = 22\n", encoding="utf-8")
    assert make(tmp_path, text) == made, "what it says is read by every kernel anew"
    assert ask(made, "import mine; print(mine.x)") == "22"

    (project / "needs").write_text("tiny", encoding="utf-8")
    (project / "pyproject.toml").write_text(f"{PROJECT}# it needs more\n", encoding="utf-8")
    other = make(tmp_path, text)
    assert ask(other, "import mine, tiny; print(mine.x, tiny.version)") == "22 1.0"


def test_a_local_project_is_found_from_the_notebook(shelf: Path, tmp_path: Path):
    wheel = make_wheel(tmp_path / "elsewhere", "tiny", "3.0")
    more = f'[tool.uv.sources]\ntiny = {{ path = "elsewhere/{wheel.name}" }}'

    made = make(tmp_path, header("tiny", more=more))

    assert ask(made, "import tiny; print(tiny.version)") == "3.0"


def test_an_index_of_the_header_is_used(shelf: Path, tmp_path: Path):
    make_wheel(tmp_path / "mine", "tiny", "4.0")

    made = make(tmp_path, header("tiny", more='[tool.uv]\nfind-links = ["mine"]'))

    assert ask(made, "import tiny; print(tiny.version)") == "4.0"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Requests are nobody's business."""


def test_an_index_of_the_header_is_asked_over_the_network_and_in_a_folder(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    page = tmp_path / "site/simple/tiny"
    wheel = make_wheel(page, "tiny", "6.0")
    (page / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>', encoding="utf-8")
    make_wheel(tmp_path / "flat folder", "other", "7.0")
    monkeypatch.delenv("UV_OFFLINE")
    serve = functools.partial(_Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/simple"
            indexes = [f'[[tool.uv.index]]\nurl = "{url}"\ndefault = true']
            indexes += ['[[tool.uv.index]]\nurl = "flat folder"\nformat = "flat"']
            made = make(tmp_path, header("tiny", "other", more="\n".join(indexes)))
        finally:
            server.shutdown()

    assert ask(made, "import tiny, other; print(tiny.version, other.version)") == "6.0 7.0"


def test_a_lock_fixes_versions_until_the_header_changes(shelf: Path, tmp_path: Path, wheelhouse: Path):
    from .wheels import make_quire_wheel

    quire = make_quire_wheel(tmp_path / "quire")
    more = f'[tool.uv.sources]\nquire = {{ path = "quire/{quire.name}" }}'
    make_wheel(shelf, "tiny", "1.0")
    text = header("tiny", "quire", more=more)
    path, _ = write(tmp_path, text)
    lock = asyncio.run(lock_notebook(path))
    make_wheel(shelf, "tiny", "2.0")

    assert lock.name == "nb.py.lock"
    assert ask(make(tmp_path, text), "import tiny; print(tiny.version)") == "1.0"
    with pytest.raises(NotInstalled, match=r"`nb\.py\.lock` is not the lock of this header any more.*quire lock"):
        make(tmp_path, header("tiny>=2", "quire", more=more))


def test_a_lock_of_another_header_is_told_also_where_the_header_leaves_quire_out(shelf: Path, tmp_path: Path):
    make_wheel(shelf, "tiny", "1.0")
    path, _ = write(tmp_path, header("tiny"))
    asyncio.run(lock_notebook(path))
    make_wheel(shelf, "tiny", "2.0")

    assert ask(make(tmp_path, header("tiny")), "import tiny; print(tiny.version)") == "1.0"
    with pytest.raises(NotInstalled, match=r"`nb\.py\.lock` is not the lock of this header any more.*quire lock"):
        make(tmp_path, header("tiny>=1"))


def test_who_is_killed_while_an_environment_is_made_leaves_nothing_to_whoever_makes_it_next(
    shelf: Path, tmp_path: Path
):
    """In the middle of a build, with all that it has started."""
    project = tmp_path / "slow"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n'
        '[project]\nname = "slow"\nversion = "1.0"\n',
        encoding="utf-8",
    )
    wheel = make_wheel(tmp_path / "built", "slow", "1.0")
    (project / "slow.py").write_text(
        "import os, pathlib, shutil, time\n"
        "def build_wheel(folder, *_):\n"
        "    here = pathlib.Path(__file__).parent\n"
        "    (here / 'writing').write_text(str(os.getpgrp()))\n"
        "    (here / 'writing').rename(here / 'begun')\n"
        "    while not (here / 'go').exists(): time.sleep(0.01)\n"
        f"    return pathlib.Path(shutil.copy({str(wheel)!r}, folder)).name\n",
        encoding="utf-8",
    )
    text = header("slow", more='[tool.uv.sources]\nslow = { path = "slow" }')
    path, _ = write(tmp_path, text)
    code = (
        "import asyncio, pathlib, sys\n"
        "from quire.notebook.header import read_metadata\n"
        "from quire.packages.environment import make_environment\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "asyncio.run(make_environment(read_metadata(path.read_text()), path))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)]) as process:
        deadline = time.monotonic() + 60
        while not (project / "begun").exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.kill()
        os.killpg(int((project / "begun").read_text(encoding="ascii")), signal.SIGKILL)
    assert len(left_over()) == 1
    (project / "go").touch()

    made = make(tmp_path, text)

    assert ask(made, "import slow; print(slow.version)") == "1.0"
    assert left_over() == []


def test_an_environment_that_is_there_is_used_where_nobody_may_write(shelf: Path, tmp_path: Path):
    """In a container, say: made by one user, used by another."""
    make_wheel(shelf, "tiny")
    made = make(tmp_path, header("tiny"))
    code = (
        "import asyncio, pathlib, sys\n"
        "from quire.errors import NotInstalled\n"
        "from quire.notebook.header import read_metadata\n"
        "from quire.packages.environment import Link, make_environment\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "try:\n"
        "    print(Link().lead(asyncio.run(make_environment(read_metadata(path.read_text()), path))))\n"
        "except NotInstalled as error:\n"
        "    print(error)\n"
    )
    environments_folder().chmod(0o555)

    def use() -> str:
        done = subprocess.run(
            [*PLAIN, sys.executable, "-c", code, str(tmp_path / "nb.py")], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    try:
        assert use() == str(made)
        write(tmp_path, header("tiny", "other"))
        assert use() == (
            f"`{environments_folder()}` cannot be written: Permission denied; `QUIRE_CACHE_DIR` names another folder"
        )
    finally:
        environments_folder().chmod(0o755)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("  cause: failed to copy a to b: No space left on device (os error 28)", "the disk is full"),
        ("  cause: Connection refused (os error 111)", "the index of packages cannot be reached"),
    ],
)
def test_the_reason_stands_in_front_of_the_words_of_the_installer(line: str, why: str):
    error = explain(
        ["Using script environment at: /x", "error: Failed to install: tiny", line], "nothing was installed"
    )

    assert error.what == f"{why}, so nothing was installed"
    assert str(error) == f"{error.what}:\nerror: Failed to install: tiny\n{line}"


def test_a_link_leads_a_running_interpreter_to_another_environment(shelf: Path, tmp_path: Path):
    make_wheel(shelf, "tiny")
    link = Link()
    place = link.lead(make(tmp_path, header()))
    code = """
import sys
try:
    import tiny
except ImportError:
    print("no", flush=True)
sys.stdin.readline()
import tiny
print(tiny.version)
"""
    process = subprocess.Popen(
        [python_in(place), "-P", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "no\n"

    link.lead(make(tmp_path, header("tiny")))

    assert process.communicate("\n", 20)[0] == "1.0\n"
    link.remove()
    assert list((environments_folder() / "links").iterdir()) == []


def test_an_environment_of_long_ago_goes_unless_a_notebook_has_it_open(shelf: Path, tmp_path: Path):
    make_wheel(shelf, "tiny")
    texts = [header(), header("tiny"), header("tiny>=1")]
    opened, old = make(tmp_path, texts[0]), make(tmp_path, texts[1])
    link = Link()
    place = link.lead(opened)
    ended = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True, check=True).stdout.strip()
    forgotten = place.with_name(f"{ended}-0123abcd")
    forgotten.symlink_to(old)
    long_ago = time.time() - KEPT_SECONDS - 60
    for path in (opened, old, place, forgotten):
        os.utime(path, (long_ago, long_ago), follow_symlinks=False)

    make(tmp_path, texts[2])

    assert ask(place, "import quire; print('here')") == "here"
    assert (old.exists(), forgotten.is_symlink()) == (False, False)
    link.remove()


def test_the_command_of_a_project_changes_it_by_its_own_tool(shelf: Path, tmp_path: Path):
    make_wheel(shelf, "tiny")
    root = tmp_path / "project"
    root.mkdir()
    project = root / "pyproject.toml"
    text = '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [] # none yet\n[tool.uv]\n'
    project.write_text(text, encoding="utf-8")
    uv = require_uv()
    asyncio.run(run_tool([uv, "sync", "--python", sys.executable], root))
    here = find_surroundings(root, root / ".venv/bin/python", root / ".venv", Path(sys.base_prefix), {})

    asyncio.run(run_tool(here.command(["tiny"], uv=uv), root))

    assert ask(root / ".venv", "import tiny; print(tiny.version)") == "1.0"
    assert "tiny>=1.0" in project.read_text(encoding="utf-8")
    asyncio.run(run_tool(here.command(remove=["tiny"], uv=uv), root))
    assert "tiny" not in project.read_text(encoding="utf-8")


def test_this_checkout_knows_where_it_comes_from():
    origin = own_origin()

    assert origin.source == Path(__file__).parents[2] / "src"
    assert any(text.startswith("msgspec") for text in origin.requires)
