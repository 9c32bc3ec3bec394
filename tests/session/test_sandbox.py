"""Notebooks in environments of their own, for real: uv, interpreters, kernels."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from quire.errors import OtherQuire
from quire.kernel.forking import ready_kernels
from quire.kernel.interpreter import require_same_quire, spawn_in
from quire.notebook.preamble import read_notebook_metadata
from quire.packages.environment import environments_folder, lock_notebook, lock_of
from quire.protocol import commands as c
from quire.session.session import Session, open_notebook
from quire.session.state import Place
from tests.packages.wheels import make_quire_wheel, make_wheel

from .model import ids, notebook_text
from .real import World

SHOW = "import sys, quire\nsys.prefix"


def header(*dependencies: str, more: str = "") -> str:
    lines = [f"dependencies = {list(dependencies)!r}".replace("'", '"'), *more.splitlines()]
    return "\n".join(["# /// script", *(f"# {line}".rstrip() for line in lines), "# ///", "", ""])


def story(folder: Path, tell: Callable[..., Awaitable[None]], *texts: str) -> None:
    """Tell it with one open notebook for each text, each in a sandbox, all of one server."""

    async def whole() -> None:
        kernels = ready_kernels()
        worlds: list[World] = []
        for number, text in enumerate(texts):
            path = folder / f"nb{number}.py"
            path.write_text(text, encoding="utf-8")
            state = open_notebook(Place(str(path), path.name, str(folder), sandbox=True))
            worlds.append(World(path, kernels, Session(state, kernels.make_kernel)))
        try:
            await tell(*worlds)
        finally:
            await asyncio.gather(*(world.session.close() for world in worlds))
            await kernels.discard()

    asyncio.run(asyncio.wait_for(whole(), 120))
    links = environments_folder() / "links"
    assert not links.exists() or list(links.iterdir()) == []


def test_two_notebooks_of_one_server_run_in_two_interpreters(shelf: Path, tmp_path: Path):
    make_wheel(shelf, "tiny", "1.0")
    make_wheel(shelf, "tiny", "2.0")

    async def tell(one: World, other: World) -> None:
        await one.idle()
        await other.idle()
        assert (one.shown(0), other.shown(0)) == ("'1.0'", "'2.0'")
        assert one.shown(1) != other.shown(1)
        assert all(str(environments_folder()) in world.shown(1) for world in (one, other))

    code = ("import tiny\ntiny.version", SHOW)
    story(tmp_path, tell, header("tiny<2") + notebook_text(*code), header("tiny") + notebook_text(*code))


def test_a_package_is_installed_under_a_kernel_that_lives(shelf: Path, tmp_path: Path):
    make_wheel(shelf, "tiny-one", "1.0", module="tiny")

    async def tell(world: World) -> None:
        await world.idle()
        pid = world.session.kernel_pid
        assert world.error(1)["error"] == "ModuleNotFoundError"

        world.ask(c.ChangePackages(add=["tiny-one"], cells=[ids(world.state)[1]]))
        await world.until(lambda: world.shown(1) == "'1.0'")

        assert world.session.kernel_pid == pid, "what other cells computed is still there"
        await world.until(lambda: "tiny-one" in world.path.read_text(encoding="utf-8"))

        world.ask(c.ChangePackages(add=["nowhere"]))
        await world.until(lambda: world.state.installing is None)
        assert "nowhere" not in world.path.read_text(encoding="utf-8")
        assert world.state.kernel == "idle"

    story(tmp_path, tell, header() + notebook_text("x = 1", "import tiny\ntiny.version"))


def test_a_lock_keeps_the_other_versions_and_follows_the_header(shelf: Path, tmp_path: Path):
    wheel = make_quire_wheel(tmp_path / "new")
    make_wheel(shelf, "tiny", "1.0")
    more = f'[tool.uv.sources]\nquire = {{ path = "new/{wheel.name}" }}'
    text = header("quire", "tiny", more=more) + notebook_text("import tiny\ntiny.version")
    path = tmp_path / "nb0.py"
    path.write_text(text, encoding="utf-8")
    asyncio.run(lock_notebook(path))
    make_wheel(shelf, "tiny", "2.0")
    make_wheel(shelf, "other", "1.0")

    async def tell(world: World) -> None:
        await world.idle()
        assert world.shown(0) == "'1.0'"
        world.ask(c.ChangePackages(add=["other"]))
        await world.until(lambda: 'name = "other"' in lock_of(path).read_text(encoding="utf-8"))
        world.ask(c.RestartKernel(run="all"))
        await world.until(lambda: world.state.kernel == "idle" and world.shown(0) == "'1.0'")

    story(tmp_path, tell, text)


def test_an_environment_that_cannot_be_made_is_told_and_a_restart_tries_again(shelf: Path, tmp_path: Path):
    async def tell(world: World) -> None:
        await world.dead()
        assert world.said.startswith("the kernel could not be started: ")
        assert "late was not found" in world.said
        make_wheel(shelf, "late")
        world.ask(c.RestartKernel(run="all"))
        await world.until(lambda: world.shown(0) == "'1.0'")

    more = "[tool.uv]\nno-index = true"
    story(tmp_path, tell, header("late", more=more) + notebook_text("import late\nlate.version"))


def test_a_header_that_cannot_be_read_is_told(shelf: Path, tmp_path: Path):
    async def tell(world: World) -> None:
        await world.dead()
        assert "there are two blocks of script metadata" in world.said

    story(tmp_path, tell, header() + header() + notebook_text("1"))


def test_another_quire_in_the_environment_is_named_and_never_spoken_to(shelf: Path, tmp_path: Path):
    wheel = make_quire_wheel(tmp_path / "old", "0.0.1")

    async def tell(world: World) -> None:
        await world.dead()
        assert "its environment has Quire 0.0.1, and this is Quire " in world.said

    more = f'[tool.uv.sources]\nquire = {{ path = "old/{wheel.name}" }}'
    story(tmp_path, tell, header("quire", more=more) + notebook_text("1"))
    with pytest.raises(OtherQuire, match="has no Quire"):
        require_same_quire("")


def test_a_kernel_of_a_published_quire_runs_cells(shelf: Path, tmp_path: Path):
    """One from a wheel, not from this checkout."""
    wheel = make_quire_wheel(tmp_path / "new")

    async def tell(world: World) -> None:
        await world.idle()
        assert str(environments_folder()) in world.shown(0)

    more = f'[tool.uv.sources]\nquire = {{ path = "new/{wheel.name}" }}'
    story(tmp_path, tell, header("quire", more=more) + notebook_text("import quire\nquire.__file__"))


def test_a_kernel_starts_in_any_interpreter_that_has_this_quire():
    async def whole() -> None:
        child = await spawn_in(sys.executable)
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        child.watch(lambda _: loop.call_soon_threadsafe(ended.set))
        assert child.is_alive
        child.kill()
        await ended.wait()
        child.close()

    asyncio.run(asyncio.wait_for(whole(), 60))


def test_closing_a_notebook_ends_what_is_being_made_for_it(shelf: Path, tmp_path: Path):
    """A build that never ends."""
    project = tmp_path / "slow"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n'
        '[project]\nname = "slow"\nversion = "1"\n',
        encoding="utf-8",
    )
    (project / "slow.py").write_text(
        "import pathlib, time\ndef build_wheel(*_): pathlib.Path(__file__).with_name('begun').touch(); time.sleep(1000)\n",
        encoding="utf-8",
    )

    async def tell(world: World) -> None:
        await world.until((project / "begun").exists)
        assert world.state.kernel == "starting"

    story(tmp_path, tell, header("slow", more='[tool.uv.sources]\nslow = { path = "slow" }') + notebook_text("1"))
    assert not [path for path in environments_folder().glob(".*") if path.is_dir()]


def test_the_header_is_left_alone_by_looking(shelf: Path, tmp_path: Path):
    path = tmp_path / "nb.py"
    text = header("tiny") + notebook_text("1")
    path.write_text(text, encoding="utf-8")
    place = Place(str(path), path.name, str(tmp_path))

    assert open_notebook(replace(place, sandbox=True)).file.status == "saved"
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_new_notebook_names_quire_and_its_python(tmp_path: Path, sandbox: bool):  # noqa: FBT001 (a parameter)
    path = tmp_path / "new.py"

    state = open_notebook(Place(str(path), path.name, str(tmp_path), sandbox=sandbox))

    metadata = read_notebook_metadata(state.notebook)
    assert metadata["dependencies"] == ["quire"]
    assert metadata["requires-python"] == f">=3.{sys.version_info.minor}"
    assert not path.exists()


@pytest.mark.parametrize(("project", "name"), [("pyproject.toml", "new.py"), ("pixi.toml", "new.py"), ("", "new.md")])
def test_a_project_says_itself_what_its_files_need_and_no_tool_runs_markdown(tmp_path: Path, project: str, name: str):
    if project:
        (tmp_path / project).touch()
    path = tmp_path / "sub" / name
    path.parent.mkdir()

    state = open_notebook(Place(str(path), name, str(path.parent)))

    assert read_notebook_metadata(state.notebook) == {}


def test_a_notebook_without_a_header_gets_none(tmp_path: Path):
    path = tmp_path / "nb.py"
    path.write_text(notebook_text("1"), encoding="utf-8")

    assert read_notebook_metadata(open_notebook(Place(str(path), path.name, str(tmp_path))).notebook) == {}
