"""Who keeps the environment that cells run in, and which command adds a package there."""

import sys
from pathlib import Path

import pytest

from quire.packages.installed import look_around
from quire.packages.project import Surroundings, find_surroundings, shown

BASE = Path("/usr")


def find(folder: Path, prefix: Path, environment: dict[str, str] | None = None) -> Surroundings:
    return find_surroundings(folder, prefix / "bin/python", prefix, BASE, environment or {})


@pytest.mark.parametrize(
    ("files", "keeper", "command"),
    [
        ({"pyproject.toml": "[project]\nname='p'", "uv.lock": ""}, "uv", "uv add --project ROOT 'polars>=1'"),
        ({"pyproject.toml": "[project]\nname='p'\n[tool.uv]"}, "uv", "uv add --project ROOT 'polars>=1'"),
        ({"pyproject.toml": "[tool.poetry]\nname='p'"}, "poetry", "poetry add --directory ROOT 'polars>=1'"),
        (
            {"pyproject.toml": "[project]\nname='p'", "poetry.lock": ""},
            "poetry",
            "poetry add --directory ROOT 'polars>=1'",
        ),
        ({"pixi.toml": ""}, "pixi", "pixi add --pypi --manifest-path ROOT 'polars>=1'"),
        ({"pyproject.toml": "[tool.pixi.project]"}, "pixi", "pixi add --pypi --manifest-path ROOT 'polars>=1'"),
        (
            {"pyproject.toml": "[project]\nname='p'"},
            "environment",
            "python -m pip --disable-pip-version-check install 'polars>=1'",
        ),
        (
            {"pyproject.toml": "not = = toml"},
            "environment",
            "python -m pip --disable-pip-version-check install 'polars>=1'",
        ),
        ({}, "environment", "python -m pip --disable-pip-version-check install 'polars>=1'"),
    ],
)
def test_a_project_is_known_by_its_files(tmp_path: Path, files: dict[str, str], keeper: str, command: str):
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "notebooks").mkdir()

    found = find(tmp_path / "notebooks", tmp_path / ".venv")

    assert found.keeper == keeper
    assert shown(found.command(["polars>=1"])) == command.replace("ROOT", str(tmp_path))


def test_a_project_whose_environment_is_another_one_is_left_alone(tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname='p'\n[tool.uv]", encoding="utf-8")

    assert find(tmp_path, Path("/elsewhere/.venv")).keeper == "environment"
    assert find(tmp_path, Path("/elsewhere/v"), {"UV_PROJECT_ENVIRONMENT": "/elsewhere/v"}).keeper == "uv"


def test_conda_is_known_by_its_environment(tmp_path: Path):
    (tmp_path / "env" / "conda-meta").mkdir(parents=True)
    (tmp_path / "p" / ".pixi" / "envs" / "default" / "conda-meta").mkdir(parents=True)

    assert find(tmp_path, tmp_path / "env").command(remove=["x"])[:2] == ["conda", "remove"]
    pixi = find(tmp_path, tmp_path / "p/.pixi/envs/default")
    assert (pixi.keeper, pixi.root) == ("pixi", tmp_path / "p")


def test_nothing_is_installed_into_the_python_of_the_system(tmp_path: Path):
    (tmp_path / "lib/python3.11").mkdir(parents=True)
    (tmp_path / "lib/python3.11/EXTERNALLY-MANAGED").touch()

    found = find_surroundings(tmp_path, tmp_path / "bin/python", tmp_path, tmp_path, {})

    assert found.keeper == "system"
    assert "--sandbox" in found.refusal


def test_an_environment_without_pip_and_without_uv_says_what_to_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    for name in ("uv", "pip"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    found = look_around(tmp_path / "nb.py")

    assert "there is no pip in " in found.refusal
    assert "pip install 'quire[envs]'" in found.refusal
    assert (found.adding, found.removing) == ("", "")


def test_the_list_has_what_is_installed_here(tmp_path: Path):
    found = {package.name: package for package in look_around(tmp_path / "nb.py").packages}

    assert "pytest" in found["pytest"].modules
    assert "PIL" in found["pillow"].modules
    assert found["msgspec"].version


def test_uv_serves_where_there_is_no_project(tmp_path: Path):
    found = find(tmp_path, tmp_path / ".venv")

    assert found.command(["a"], uv="/x/uv")[:3] == ["/x/uv", "pip", "install"]
    assert found.command(remove=["a"], uv="/x/uv")[:3] == ["/x/uv", "pip", "uninstall"]
