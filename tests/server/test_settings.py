"""A setting changed by way of the server: written into the user's file, told to every page that is loaded afterwards."""

import json
import re

import pytest

from .serving import serving
from .test_files import answer, ask, run, told

PATH = "/api/settings/change"


@pytest.fixture(autouse=True)
def settings_file(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "quire" / "quire.toml"


def test_a_change_is_written_and_told_with_the_next_page(tmp_path, settings_file):
    async def story():
        async with serving(tmp_path) as server:
            change = await ask(server, PATH, {"name": "display.code_editor_font_size", "value": 15})
            return change, await ask(server, "/", method="GET")

    change, page = run(story())
    block = re.search(r'id="quire-page">(.*?)</script>', page.text)

    assert change.status == 200
    assert settings_file.read_text() == "[display]\ncode_editor_font_size = 15.0\n"
    assert block is not None
    told_to_page = json.loads(block[1])
    assert told_to_page["codeSize"] == 15
    assert told_to_page["origins"] == {"display.code_editor_font_size": "user"}
    assert told_to_page["settingsFile"] == str(settings_file)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"name": "display.theme", "value": "pink"}, 'cannot be "pink"; it is one of `light`, `dark`, `system`'),
        ({"name": "keymap.overrides", "value": "x"}, '`keymap.overrides` cannot be "x"; it is a table of texts'),
        ({"name": "keymap.overrides", "value": {}}, "got `object` - at `$.value`"),
        ({"name": "display.theme"}, "missing required field `value`"),
        ({"name": "display.theme", "value": "dark", "file": "/tmp/x"}, "unknown field `file`"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(tmp_path, settings_file, body, reason):
    (reply,) = told(tmp_path, (PATH, body))

    assert reply.status == 400
    assert reason in answer(reply)["refused"]
    assert not settings_file.exists()


def test_a_file_that_cannot_be_written_is_named(tmp_path, settings_file):
    settings_file.mkdir(parents=True)
    (reply,) = told(tmp_path, (PATH, {"name": "display.theme", "value": "dark"}))

    assert reply.status == 400
    assert answer(reply)["refused"] == f"`{settings_file}` cannot be written: Is a directory"


def test_a_page_has_the_settings_of_its_notebook_and_is_told_what_a_notebook_cannot_say(tmp_path):
    head = '# /// script\n# [tool.quire]\n# display.theme = "dark"\n# server.host = "0.0.0.0"\n# ///\n'

    async def story():
        async with serving(tmp_path) as server:
            (tmp_path / "headed.py").write_text(head + "import quire\n\napp = quire.App()\n")
            return await ask(server, "/edit/headed.py", method="GET")

    block = re.search(r'id="quire-page">(.*?)</script>', run(story()).text)

    assert block is not None
    told_to_page = json.loads(block[1])
    assert (told_to_page["theme"], told_to_page["origins"]) == ("dark", {"display.theme": "notebook"})
    (complaint,) = told_to_page["complaints"]
    assert complaint.startswith("`headed.py`, line 4: `server.host` cannot be set by a notebook")
