"""Files by way of the server: listed, made, renamed, deleted, sent and fetched; S3, S7, S8, S9, S23 on every endpoint."""

import asyncio
import json
import os
from collections.abc import Callable
from urllib.parse import quote

import pytest

from quire.server import files
from quire.server.file_routes import FILE_ROUTES
from quire.server.listing import find_notebooks

from .serving import NOTEBOOK, TOKEN, Reply, Serving, serving
from .test_workspace import TRAVERSALS


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


async def ask(server: Serving, path: str, body: object = None, *, method: str = "POST", **headers: str) -> Reply:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Host": server.host, "Connection": "close", "Content-Length": str(len(data))}
    lines |= {"Authorization": f"Bearer {TOKEN}", "Origin": server.origin, **headers}
    head = f"{method} {path} HTTP/1.1\n" + "\n".join(f"{name}: {value}" for name, value in lines.items())
    return await server.send(head, body=data)


def told(tmp_path, *asked, text: str = NOTEBOOK, before: Callable[[], None] = lambda: None) -> list[Reply]:
    """The answers to these questions, one after the other: `(path, body)` or `(path, body, method)`."""

    async def story():
        async with serving(tmp_path, text=text) as server:
            before()
            return [await ask(server, path, body, method=(*rest, "POST")[0]) for path, body, *rest in asked]

    return run(story())


def answer(reply: Reply):
    return json.loads(reply.text)


# -- what people do


def test_a_folder_is_listed_folders_first_and_nothing_hidden(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "data.csv").write_text("1,2")
    (tmp_path / "plain.py").write_text("print(1)")
    (tmp_path / ".env").write_text("SECRET")
    (tmp_path / "__quire__").mkdir()
    (tmp_path / "server.key").write_text("SECRET")
    (tmp_path / "out").symlink_to("/etc")
    (reply,) = told(tmp_path, ("/api/files/list", {"path": ""}))

    assert [(item["name"], item["kind"]) for item in answer(reply)] == [
        ("sub", "folder"),
        ("data.csv", "file"),
        ("nb.py", "notebook"),
        ("plain.py", "file"),
    ]


def test_markdown_is_a_notebook_when_it_has_a_cell_or_says_so(tmp_path):
    (tmp_path / "README.md").write_text("# quire\n\n```python\nx = 1\n```\n")
    (tmp_path / "theirs.md").write_text("words\n\n```python {.marimo}\nx = 1\n```\n")
    listed, made = told(
        tmp_path, ("/api/files/list", {"path": ""}), ("/api/files/create", {"path": "new.md", "kind": "notebook"})
    )

    assert [(item["name"], item["kind"]) for item in answer(listed)] == [
        ("nb.py", "notebook"),
        ("README.md", "file"),
        ("theirs.md", "notebook"),
    ]
    assert answer(made)["kind"] == "notebook"
    assert [path.name for path in find_notebooks(tmp_path).paths] == ["nb.py", "new.md", "theirs.md"]


def test_things_are_made_renamed_and_deleted(tmp_path):
    replies = told(
        tmp_path,
        ("/api/files/create", {"path": "sub", "kind": "folder"}),
        ("/api/files/create", {"path": "sub/new.py", "kind": "notebook"}),
        ("/api/files/create", {"path": "sub/notes.txt", "kind": "file"}),
        ("/api/files/rename", {"path": "sub/new.py", "to": "moved.py"}),
        ("/api/files/delete", {"path": "sub"}),
        ("/api/files/list", {"path": ""}),
    )

    assert [reply.status for reply in replies] == [200] * 6
    assert [item["path"] for item in answer(replies[-1])] == ["moved.py", "nb.py"]
    assert answer(replies[1])["kind"] == "notebook"
    assert "quire.App()" in (tmp_path / "moved.py").read_text()


def test_nothing_is_written_over_unasked(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "link.txt").symlink_to("mine.txt")
    replies = told(
        tmp_path,
        ("/api/files/create", {"path": "mine.txt", "kind": "file"}),
        ("/api/files/create", {"path": "mine.txt", "kind": "folder"}),
        ("/api/files/rename", {"path": "nb.py", "to": "mine.txt"}),
        ("/api/files/upload/mine.txt", b"theirs", "PUT"),
        ("/api/files/upload/link.txt", b"theirs", "PUT"),
    )
    assert [reply.status for reply in replies] == [409] * 5
    assert (tmp_path / "mine.txt").read_text() == "mine"

    (reply,) = told(tmp_path, ("/api/files/upload/mine.txt?replace=1", b"theirs", "PUT"))
    assert reply.status == 200
    assert (tmp_path / "mine.txt").read_text() == "theirs"


def test_an_open_notebook_keeps_its_name_and_its_folder(tmp_path):
    replies = told(
        tmp_path,
        ("/api/files/rename", {"path": "nb.py", "to": "other.py"}),
        ("/api/files/delete", {"path": "nb.py"}),
    )

    assert [reply.status for reply in replies] == [409, 409]
    assert "stop it first" in answer(replies[0])["refused"]
    assert (tmp_path / "nb.py").exists()


def test_of_a_link_the_link_is_deleted(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "kept.txt").write_text("kept")
    (tmp_path / "link").symlink_to("folder")
    (reply,) = told(tmp_path, ("/api/files/delete", {"path": "link"}))

    assert reply.status == 200
    assert (tmp_path / "folder" / "kept.txt").exists()
    assert not (tmp_path / "link").is_symlink()


def test_the_folder_itself_stays(tmp_path):
    replies = told(tmp_path, ("/api/files/delete", {"path": ""}), ("/api/files/rename", {"path": "", "to": "x"}))

    assert [reply.status for reply in replies] == [409, 409]
    assert (tmp_path / "nb.py").exists()


def test_what_cannot_be_done_is_said(tmp_path):
    replies = told(
        tmp_path,
        ("/api/files/list", {"path": "missing"}),
        ("/api/files/delete", {"path": "missing.py"}),
        ("/api/files/create", {"path": "x"}),
        ("/api/files/create", {"path": "x", "kind": "pipe"}),
        ("/api/files/list", {"path": "", "extra": 1}),
        ("/api/files/list", b"{"),
        ("/api/files/list", b" " * 100_000),
    )

    assert [reply.status for reply in replies] == [404, 404, 400, 400, 400, 400, 413]
    assert all(answer(reply)["refused"] for reply in replies)
    assert str(tmp_path) not in "".join(reply.text for reply in replies)


# -- home


def test_home_knows_what_there_is_and_what_runs(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "other.py").write_text(NOTEBOOK)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "no.py").write_text(NOTEBOOK)
    replies = told(tmp_path, ("/api/home/list", {}), ("/api/home/stop", {"path": ""}), ("/api/home/list", {}))
    before, after = answer(replies[0]), answer(replies[2])

    assert [item["path"] for item in before["notebooks"]] == ["nb.py", "sub/other.py"]
    assert [(item["path"], item["name"]) for item in before["running"]] == [("", "nb.py")]
    assert before["complete"]
    assert after["running"] == []


def test_ten_thousand_files_are_looked_through_without_opening_them(tmp_path, monkeypatch):
    for number in range(20):
        (tmp_path / f"d{number}").mkdir()
        for inner in range(500):
            (tmp_path / f"d{number}" / f"{inner}.txt").touch()
    (tmp_path / "d7" / "nb.py").write_text(NOTEBOOK)
    opened: list[object] = []
    from quire.server import listing

    real = listing.kind_of
    monkeypatch.setattr(listing, "kind_of", lambda path: opened.append(path) or real(path))

    assert [path.as_posix() for path in find_notebooks(tmp_path).paths] == ["d7/nb.py"]
    assert len(opened) == 1


def test_a_search_for_notebooks_is_bounded(tmp_path, monkeypatch):
    from quire.server import listing

    for number in range(5):
        (tmp_path / f"{number}.py").write_text(NOTEBOOK)
    monkeypatch.setattr(listing, "MOST_NOTEBOOKS", 3)

    found = find_notebooks(tmp_path)
    assert (len(found.paths), found.complete) == (3, False)


def test_a_pipe_that_is_called_like_a_notebook_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")

    assert find_notebooks(tmp_path).paths == ()
    (reply,) = told(tmp_path, ("/api/files/download/pipe.py", b"", "GET"))
    assert reply.status == 409


# -- S3, S4: who may ask


@pytest.mark.parametrize("item", FILE_ROUTES, ids=lambda item: item.path)
def test_S3_another_site_changes_nothing_even_with_the_cookie(tmp_path, item):
    async def story():
        async with serving(tmp_path) as server:
            cookie = await server.cookie()
            path = item.path.replace("{path:path}", "x.txt")
            replies = []
            for site in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "null"}, {}):
                replies.append(await server.get(path, method=item.method, Cookie=cookie, **site))  # noqa: PERF401
            return [reply.status for reply in replies]

    statuses = run(story())
    assert set(statuses) <= ({403} if item.method != "GET" else {404})
    assert [path.name for path in tmp_path.iterdir()] == ["nb.py"]


def test_S5_what_changes_anything_is_no_get():
    reading = {item.path for item in FILE_ROUTES if item.method == "GET"}

    assert reading == {"/api/files/download/{path:path}"}


# -- S7, S8


def bodies(text: str) -> list[tuple]:
    return [
        ("/api/files/list", {"path": text}),
        ("/api/files/offer", {"path": text}),
        ("/api/files/convert", {"path": text, "to": "x.py"}),
        ("/api/files/convert", {"path": "nb.py", "to": text}),
        ("/api/files/create", {"path": text, "kind": "file"}),
        ("/api/files/create", {"path": text, "kind": "folder"}),
        ("/api/files/create", {"path": text, "kind": "notebook"}),
        ("/api/files/rename", {"path": text, "to": "stolen.txt"}),
        ("/api/files/rename", {"path": "bait.txt", "to": text}),
        ("/api/files/delete", {"path": text}),
        ("/api/home/stop", {"path": text}),
        (f"/api/files/download/{quote(text, safe='')}", b"", "GET"),
        (f"/api/files/upload/{quote(text, safe='')}?replace=1", b"written", "PUT"),
    ]


HIDDEN = [".env", ".git/config", "__quire__/journal", "key.pem", "innocent.txt", "out/outside.txt", "out"]


def test_S7_S8_no_endpoint_leads_out_or_to_what_is_hidden(tmp_path):
    root = tmp_path / "root"
    (root / ".git").mkdir(parents=True)
    (root / "__quire__").mkdir()
    for name in (".env", ".git/config", "__quire__/journal", "key.pem", "../outside.txt"):
        (root / name).write_text("SECRET")
    (root / "bait.txt").write_text("bait")
    (root / "innocent.txt").symlink_to(".env")
    (root / "out").symlink_to(tmp_path)

    def everything() -> dict:
        return {
            str(path): None if path.is_dir() else path.read_bytes()
            for path in tmp_path.rglob("*")
            if path.name != "nb.py"
        }

    before = everything()
    # A name with a percent sign is an ordinary one here; it is tried in `test_workspace.py`.
    texts = [text for text in TRAVERSALS if "%" not in text]
    questions = [question for text in [*HIDDEN, *texts] if _can_be_sent(text) for question in bodies(text)]
    replies = told(root, *questions)

    assert {reply.status for reply in replies} <= {400, 404}
    assert "SECRET" not in "".join(reply.text for reply in replies)
    assert everything() == before


def _can_be_sent(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# -- S9, S22


def test_S9_an_upload_has_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_UPLOAD", 1000)
    small, large = told(
        tmp_path,
        ("/api/files/upload/small.bin", b"x" * 1000, "PUT"),
        ("/api/files/upload/large.bin", b"x" * 1001, "PUT"),
    )

    assert (small.status, large.status) == (200, 413)
    assert not (tmp_path / "large.bin").exists()


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "script.js", "a bé.txt"])
def test_S9_a_download_is_an_attachment_whatever_it_is(tmp_path, name):
    (tmp_path / name).write_text("<script>alert(1)</script>")
    (reply,) = told(tmp_path, (f"/api/files/download/{quote(name)}", b"", "GET"))

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"].startswith("attachment; ")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "\n" not in reply.headers["content-disposition"]
