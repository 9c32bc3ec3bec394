"""Every code block of the documentation is run, or checked against the product.

- Python with a `title` is a whole file: it is saved under that name and run as a script.
- Other Python is run block after block, in one namespace for each page, beside those files.
- What a `console` shows below `$ pytest` is what pytest says.
- Lines of `console` that begin with `$ quire` or `$ ./quire` name commands and options that exist.
"""

import ast
import contextlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest

from quire.cli.commands import quire
from quire.notebook import read_notebook, write_notebook

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(
    r"^(?P<mark>`{3,})(?P<language>\w+)(?P<rest>[^\n]*)\n(?P<text>.*?)^(?P=mark)$", re.MULTILINE | re.DOTALL
)
CHECKED = {"python", "console", "text", "toml", "json"}


class Block(msgspec.Struct, frozen=True):
    """One fenced block."""

    language: str
    title: str
    text: str


def blocks(page: Path) -> list[Block]:
    found = []
    for match in FENCE.finditer(page.read_text(encoding="utf-8")):
        title = re.search(r'title="([^"]+)"', match["rest"])
        found.append(Block(match["language"], title[1] if title else "", match["text"]))
    return found


@pytest.fixture(params=PAGES, ids=lambda page: page.name)
def page(request) -> Path:
    return request.param


def test_every_block_says_what_it_is(page):
    text = page.read_text(encoding="utf-8")
    if page.name != "README.md":
        assert "```" not in FENCE.sub("", text)
    assert {block.language for block in blocks(page)} <= CHECKED


def test_python_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    before = set(sys.modules)
    namespace: dict[str, object] = {"__name__": "__main__"}
    try:
        for block in blocks(page):
            if block.language == "python" and (block.title or "quire.App(" in block.text):
                name = block.title or "notebook.py"
                Path(name).write_text(block.text, encoding="utf-8")
                assert write_notebook(read_notebook(block.text)) == block.text
                done = subprocess.run([sys.executable, name], capture_output=True, text=True, check=False)
                assert (done.returncode, done.stderr) == (0, "")
            elif block.language == "python":
                exec(compile(ast.parse(block.text), str(page), "exec"), namespace)
    finally:
        for module in set(sys.modules) - before:
            if str(tmp_path) in str(getattr(sys.modules[module], "__file__", "")):
                del sys.modules[module]


def test_pytest_says_what_is_shown(page, tmp_path):
    """Each line below `$ pytest …` is in what pytest says of the files of the page."""
    for block in blocks(page):
        if block.title.endswith(".py"):
            (tmp_path / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "console" and block.text.startswith("$ pytest"):
            command, *told = block.text.splitlines()
            words = [sys.executable, "-m", "pytest", *shlex.split(command)[2:]]
            done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
            for line in told:
                assert line in done.stdout, done.stdout


def test_markdown_that_is_shown_is_a_notebook(page):
    for block in blocks(page):
        if block.title.endswith(".md"):
            notebook = read_notebook(block.text, "markdown")
            assert {cell.type for cell in notebook.cells} == {"cell"}
            assert write_notebook(notebook) == block.text


def test_commands_exist(page):
    for block in blocks(page):
        for line in block.text.splitlines() if block.language == "console" else []:
            words = shlex.split(line.removeprefix("$ "))
            if words[0] not in {"quire", "./quire"} or len(words) == 1:
                continue
            command = quire.commands[words[1]]
            with contextlib.suppress(click.exceptions.Exit):
                command.make_context(words[1], words[2:])


def test_links_lead_somewhere(page):
    """Pages and pictures of ours; zensical looks at the headings."""
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)|srcset=\"([^\"]+)\"", page.read_text(encoding="utf-8")):
        path = target[0] or target[1]
        if "://" not in path:
            assert (page.parent / path).exists(), path


def test_examples_are_named_as_they_are():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"examples/(\w+\.py)", readme):
        assert (ROOT / "examples" / name).exists()
    assert os.access(ROOT / "quire", os.X_OK)
