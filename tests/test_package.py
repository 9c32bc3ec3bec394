"""What is published: the wheel holds the editor and is built without Node on the machine; locks name no strange host."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PUBLIC = re.compile(r"https://(?:registry\.npmjs\.org|pypi\.org|files\.pythonhosted\.org)/")


def tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def path_without_node(folder: Path) -> str:
    """A folder with links to every program on the path but Node's."""
    folder.mkdir()
    for directory in os.environ["PATH"].split(os.pathsep):
        for program in Path(directory).iterdir() if Path(directory).is_dir() else ():
            if program.name not in {"node", "npm", "npx", "nodejs"} and not (folder / program.name).is_symlink():
                (folder / program.name).symlink_to(program)
    return str(folder)


@pytest.mark.timeout(400)
def test_the_wheel_is_built_without_node_and_holds_the_editor(tmp_path: Path):
    source, out = tmp_path / "source", tmp_path / "out"
    for name in tracked_files():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    uv = next((path for path in (ROOT / ".uv/bin/uv", Path(shutil.which("uv") or "")) if path.is_file()), None)
    assert uv is not None, "./test brings uv"
    path = path_without_node(tmp_path / "bin")
    assert shutil.which("node", path=path) is None

    done = subprocess.run(
        [str(uv), "build", "--wheel", "--python", sys.executable, "--out-dir", str(out), str(source)],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    (wheel,) = out.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "quire/static/manifest.json" in names
    assert any(re.fullmatch(r"quire/static/assets/edit-.*\.js\.br", name) for name in names)
    assert any(name.endswith(".woff2") for name in names)
    assert "quire/tutorials/intro.py" in names
    assert "quire/py.typed" in names  # without it mypy takes what notebooks define for anything
    assert "quire/check/pages/qr004.md" in names
    assert not [name for name in names if "node_modules" in name or name.startswith("tests")]
    assert wheel.stat().st_size < 3 * 1024 * 1024


def test_no_file_names_a_host_that_only_some_machine_has():
    for name in ("constraints.txt", "frontend/package-lock.json", "frontend/lint/package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        addresses = re.findall(r'"resolved": "([^"]+)"', text) + re.findall(r"https?://\S+(?=.*\.whl)", text)
        assert [address for address in addresses if not PUBLIC.match(address)] == []


def test_every_image_in_a_document_is_made_by_the_one_script():
    for name in tracked_files():
        if name.endswith(".md"):
            text = (ROOT / name).read_text(encoding="utf-8")
            for image in re.findall(r"(?:src|srcset)=\"([^\"]+\.png)\"|!\[[^\]]*\]\(([^)]+\.png)\)", text):
                path = Path(name).parent / (image[0] or image[1])
                assert (ROOT / path).is_file()
                assert path.parent == Path("docs/images")


def test_every_module_opens_with_a_sentence():
    for name in tracked_files():
        if name.startswith("src/quire/") and name.endswith(".py"):
            text = (ROOT / name).read_text(encoding="utf-8")
            assert not text.strip() or text.startswith('"""'), name


def test_no_link_points_out_of_the_repository():
    listed = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert [line for line in listed.splitlines() if line.startswith("120000")] == []
