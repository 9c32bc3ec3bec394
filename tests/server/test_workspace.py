"""What a request calls a path leads to a place in the folder, or nowhere."""

import os
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.errors import NotInWorkspace
from quire.server.workspace import Workspace, is_hidden, open_workspace


@pytest.fixture
def folder(tmp_path):
    """A folder with neighbours that nobody may see."""
    root = tmp_path / "root"
    (root / "inner").mkdir(parents=True)
    (root / "nb.py").write_text("mine")
    (root / "inner" / "deep.py").write_text("mine too")
    (root / ".env").write_text("SECRET=1")
    (root / "inner" / ".git").mkdir()
    (root / "inner" / ".git" / "config").write_text("secret")
    (root / "__quire__").mkdir()
    (root / "__quire__" / "journal").write_text("secret")
    (tmp_path / "root-secret").mkdir()
    (tmp_path / "root-secret" / "key.txt").write_text("secret")
    (tmp_path / "outside.txt").write_text("secret")
    return root


def read(workspace: Workspace, text: str) -> bytes:
    descriptor = workspace.path(text).open(os.O_RDONLY)
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def test_names_below_the_folder_lead_there(folder):
    workspace = open_workspace(folder)

    assert read(workspace, "nb.py") == b"mine"
    assert read(workspace, "inner/deep.py") == b"mine too"
    assert workspace.path("").real == folder
    assert workspace.path("inner/new.py").shown == "inner/new.py"


TRAVERSALS = [
    "..",
    "../outside.txt",
    "inner/../../outside.txt",
    "inner/../nb.py",
    "./nb.py",
    "/etc/passwd",
    "//etc/passwd",
    "inner//deep.py",
    "nb.py/",
    "\\..\\outside.txt",
    "..\\outside.txt",
    "inner\\deep.py",
    "C:\\Windows\\win.ini",
    "C:nb.py",
    "\\\\host\\share\\x",
    "nb.py\0",
    "nb.py\0.txt",
    "../root-secret/key.txt",
    "%2e%2e/outside.txt",
    "%2e%2e%2foutside.txt",
    "..%2foutside.txt",
    "..%5coutside.txt",
    "nb.py.",
    "nb.py ",
    " nb.py",
    "nb.py::$DATA",
    "nb.py:stream",
    "/proc/self/environ",
    "~/x",
    "\udcff",
    "a\nb",
    "x" * 256,
    "é" * 128,
    "*",
]


@pytest.mark.parametrize("text", TRAVERSALS)
def test_S7_what_leads_elsewhere_is_refused_or_is_nothing(folder, text):
    """Some are plain names here (`%2e%2e`), and lead to no file."""
    workspace = open_workspace(folder)
    try:
        path = workspace.path(text)
    except NotInWorkspace:
        return
    assert not path.real.exists()
    assert path.real.is_relative_to(folder)


@pytest.mark.parametrize(
    "text",
    [
        ".env",
        ".ENV",
        "inner/.git/config",
        "__quire__",
        "__QUIRE__/journal",
        "__quire__/journal",
        "inner/__pycache__/x.pyc",
        "id_rsa",
        "server.key",
        "inner/cert.PEM",
        "token",
        ".quire-token",
    ],
)
def test_S8_hidden_and_secret_files_are_nowhere(folder, text):
    with pytest.raises(NotInWorkspace):
        open_workspace(folder).path(text)


def test_S8_ordinary_names_are_not_hidden():
    assert not any(map(is_hidden, ["tokens.py", "keyboard.py", "key.py", "environment.py", "a.token.py", "monkey"]))


def test_S7_links_lead_out_nowhere_and_inside_anywhere(folder):
    (folder / "out").symlink_to(folder.parent)
    (folder / "file").symlink_to(folder.parent / "outside.txt")
    (folder / "sibling").symlink_to(folder.parent / "root-secret")
    (folder / "absolute").symlink_to("/etc")
    (folder / "innocent.txt").symlink_to(folder / ".env")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "dangling").symlink_to(folder.parent / "nothing")
    (folder / "inside").symlink_to("inner")
    workspace = open_workspace(folder)

    for text in (
        "out/outside.txt",
        "file",
        "sibling/key.txt",
        "absolute/passwd",
        "innocent.txt",
        "dangling",
        "out/root/nb.py",
    ):
        with pytest.raises(NotInWorkspace):
            workspace.path(text)
    assert read(workspace, "inside/deep.py") == b"mine too"


def test_S7_a_link_that_was_put_there_after_the_look_is_not_followed(folder):
    workspace = open_workspace(folder)
    file, folded = workspace.path("nb.py"), workspace.path("inner/deep.py")
    (folder / "nb.py").unlink()
    (folder / "nb.py").symlink_to(folder.parent / "outside.txt")
    (folder / "inner" / "deep.py").rename(folder / "deep.py")
    (folder / "inner").rename(folder / "elsewhere")
    (folder.parent / "root-secret" / "deep.py").write_text("secret")
    (folder / "inner").symlink_to(folder.parent / "root-secret")

    for path in (file, folded):
        with pytest.raises(OSError, match=r".+"):
            path.open(os.O_RDONLY)


def test_the_folder_itself_may_be_a_link_or_stand_in_a_hidden_one(folder):
    (folder.parent / ".hidden").mkdir()
    (folder.parent / ".hidden" / "work").mkdir()
    (folder.parent / ".hidden" / "work" / "nb.py").write_text("mine")
    (folder.parent / "link").symlink_to(folder.parent / ".hidden" / "work")

    assert read(open_workspace(folder.parent / "link"), "nb.py") == b"mine"


PIECES = st.sampled_from(
    [
        "..",
        ".",
        "",
        "inner",
        "out",
        "nb.py",
        ".env",
        "\0",
        "\\",
        "/",
        "C:",
        "%2e%2e",
        " ",
        "deep.py",
        "～",
        "\u2024\u2024",
    ]
) | st.text(string.printable, max_size=4)


@given(st.lists(PIECES, max_size=7).map("/".join) | st.text(max_size=40))
def test_S7_every_path_that_is_not_refused_is_inside(tmp_path_factory, text):
    base = tmp_path_factory.getbasetemp() / "property"
    root = base / "root"
    if not root.exists():
        (root / "inner").mkdir(parents=True)
        (root / "nb.py").touch()
        (root / "out").symlink_to(base)
    try:
        path = open_workspace(root).path(text)
    except NotInWorkspace:
        return
    assert path.real.is_relative_to(root)
    assert os.path.realpath(path.real) == str(path.real)
    assert not any(is_hidden(part) for part in path.real.relative_to(root).parts)
