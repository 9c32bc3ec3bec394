"""Settings come from the user's file and the project's; one that cannot be read is told and costs no other."""

from pathlib import Path

import pytest

from quire.config import SETTINGS, Config, Display, Head, Keymap, Origin, read_config, value_of
from quire.notebook import parse_notebook
from quire.session.settings import file_settings, notebook_settings


class Files:
    def __init__(self, tmp_path: Path) -> None:
        self.user = tmp_path / "config" / "quire" / "quire.toml"
        self.project = tmp_path / "project" / "pyproject.toml"
        self.notebooks = tmp_path / "project" / "deep" / "down"
        self.user.parent.mkdir(parents=True)
        self.notebooks.mkdir(parents=True)
        self.environment = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)}

    def read(self):
        return read_config(self.notebooks, self.environment)


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def test_without_files_everything_is_as_it_comes(files):
    found = files.read()

    assert found.config == Config()
    assert found.complaints == ()


def test_the_project_wins_over_the_user_setting_by_setting(files):
    files.user.write_text('[display]\ntheme = "dark"\ndefault_width = "full"\n[keymap.overrides]\n"cell.run" = "F5"\n')
    files.project.write_text(
        '[project]\nname = "x"\n[tool.quire.display]\ndefault_width = "medium"\n[tool.quire.keymap.overrides]\nb = "F6"\n'
    )
    found = files.read()

    assert found.config.display == Display(theme="dark", default_width="medium")
    assert found.config.keymap == Keymap(overrides={"cell.run": "F5", "b": "F6"})
    assert found.origins == {
        "display.theme": Origin("user", str(files.user), 2),
        "display.default_width": Origin("project", str(files.project), 4),
        "keymap.overrides": Origin("project", str(files.project), 5),
    }
    assert found.complaints == ()


def test_without_the_variable_the_file_is_in_the_home_folder(files, tmp_path):
    del files.environment["XDG_CONFIG_HOME"]
    (tmp_path / ".config" / "quire").mkdir(parents=True)
    (tmp_path / ".config" / "quire" / "quire.toml").write_text('[keymap]\npreset = "vim"\n')

    assert files.read().config.keymap.preset == "vim"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '[display]\ntheme = "pink"\n',
            'line 2: `display.theme` cannot be "pink"; it is one of `light`, `dark`, `system`',
        ),
        (
            "[display]\ncode_editor_font_size = 900\n",
            "line 2: `display.code_editor_font_size` cannot be 900; it is a number from 8 to 32",
        ),
        ("[display]\ncolour = 1\n", "line 2: there is no setting `display.colour`"),
        ("\n[dispaly]\n", "line 2: there is no setting `dispaly`; is `display` meant?"),
        ("display = 3\n", "line 1: `display` is not a table"),
        ("\n[keymap.overrides]\nx = 3\n", 'line 2: `keymap.overrides` cannot be {"x": 3}; it is a table of texts'),
    ],
)
def test_a_setting_that_cannot_be_is_told_with_its_place_and_the_others_hold(files, text, complaint):
    files.user.write_text(text)
    files.project.write_text('[tool.quire.keymap]\npreset = "vim"\n')
    found = files.read()

    assert found.config == Config(keymap=Keymap(preset="vim"))
    assert len(found.complaints) == 1
    assert complaint in found.complaints[0]
    assert str(files.user) in found.complaints[0]


def test_a_file_that_is_no_toml_is_told_with_the_place(files):
    files.user.write_text("[display\n")
    (complaint,) = files.read().complaints

    assert "at line 1" in complaint
    assert "none of its settings holds" in complaint


def test_a_file_that_is_no_text_is_told(files):
    files.user.write_bytes(b"\xff\xfe")

    assert "cannot be read" in files.read().complaints[0]


def test_a_project_that_says_nothing_of_quire_is_no_news(files):
    files.project.write_text('[project]\nname = "x"\n[tool]\nother = 1\n')

    assert files.read().complaints == ()


NOTEBOOK = """# /// script
# [tool.quire.display]
# theme = "light"
# ///
"""


def test_every_source_is_stronger_than_those_before_it(files):
    files.user.write_text('[display]\ntheme = "dark"\n[server]\nport = 4000\nhost = "::1"\n')
    files.project.write_text('[tool.quire.display]\ntheme = "system"\ndefault_width = "full"\n')
    head = Head("nb.py", '\n[tool.quire.display]\ntheme = "light"\n')
    files.environment["QUIRE_DISPLAY_DEFAULT_WIDTH"] = "medium"
    files.environment["QUIRE_SERVER_PORT"] = "5000"
    found = read_config(files.notebooks, files.environment, head, {"server.port": 6000})

    assert (found.config.display.theme, found.config.display.default_width) == ("light", "medium")
    assert (found.config.server.host, found.config.server.port) == ("::1", 6000)
    assert {name: str(origin) for name, origin in found.origins.items()} == {
        "display.theme": "`nb.py`, line 3",
        "display.default_width": "`QUIRE_DISPLAY_DEFAULT_WIDTH`",
        "server.host": f"`{files.user}`, line 5",
        "server.port": "`--port`",
    }
    assert found.complaints == ()


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("QUIRE_SAVE_FORMAT_ON_SAVE", "true", "save.format_on_save", True),
        ("QUIRE_DISPLAY_CODE_EDITOR_FONT_SIZE", "15", "display.code_editor_font_size", 15.0),
        ("QUIRE_CHECK_SELECT", "QB, QR009", "check.select", ("QB", "QR009")),
        ("QUIRE_CHECK_IGNORE", '["QF"]', "check.ignore", ("QF",)),
        ("QUIRE_KEYMAP_OVERRIDES", '{"cell.run" = "F5"}', "keymap.overrides", {"cell.run": "F5"}),
    ],
)
def test_the_environment_gives_any_setting_in_words_or_in_toml(files, variable, text, name, value):
    files.environment[variable] = text
    found = files.read()

    assert value_of(found.config, SETTINGS[name]) == value
    assert found.complaints == ()


def test_a_variable_that_cannot_be_is_told_and_a_wrong_name_too(files):
    files.environment |= {"QUIRE_DISPLAY_THEME": "pink", "QUIRE_DISPLAY_THEM": "dark", "QUIRE_MINE": "1"}
    found = files.read()

    assert found.config == Config()
    assert found.complaints == (
        "`QUIRE_DISPLAY_THEM`: there is no setting of this name",
        '`QUIRE_DISPLAY_THEME`: `display.theme` cannot be "pink"; it is one of `light`, `dark`, `system`',
    )


def test_S13_a_document_configures_nothing_but_itself(files):
    """What was tried on others: the address, who comes in, secrets, where requests of an assistant go, paths, plugins."""
    tries = {
        'server.host = "0.0.0.0"': "`server.host` cannot be set by a notebook: a document has no say",
        "server.port = 1": "`server.port` cannot be set by a notebook",
        "server.headless = true": "`server.headless` cannot be set by a notebook",
        'keymap.preset = "vim"': "`keymap.preset` cannot be set by a notebook",
        'check.ignore = ["QR"]': "`check.ignore` cannot be set by a notebook",
        "run.session_ttl = 1e9": "`run.session_ttl` cannot be set by a notebook",
        'ai.open_ai.base_url = "http://evil"': "there is no setting `ai`",
        'server.token = ""': "there is no setting `server.token`",
        'runtime.pythonpath = ["/tmp"]': "`runtime.pythonpath` cannot be set by a notebook",
        'runtime.dotenv = ["/etc/passwd"]': "`runtime.dotenv` cannot be set by a notebook",
    }
    text = "\n[tool.quire]\n" + "\n".join(tries) + '\ndisplay.theme = "dark"\n'
    found = read_config(files.notebooks, files.environment, Head("nb.py", text))

    assert found.config == Config(display=Display(theme="dark"))
    assert set(found.origins) == {"display.theme"}
    assert len(found.complaints) == len(tries)
    for line, refusal in enumerate(tries.values(), 3):
        (told,) = [one for one in found.complaints if f"line {line}:" in one]
        assert refusal in told


def test_S13_the_settings_that_a_notebook_has_are_these():
    """A new one is a decision: what it can do in the hands of somebody who sends a notebook."""
    assert {setting.name for setting in SETTINGS.values() if "notebook" in setting.scopes} == {
        "display.theme",
        "display.default_width",
        "display.code_editor_font_size",
        "save.format_on_save",
        "run.watch",
        "runtime.auto_reload",
        "runtime.on_cell_change",
        "runtime.reactive_tests",
    }


def test_S14_a_project_does_not_say_where_the_server_listens(files):
    files.project.write_text('[tool.quire.server]\nhost = "0.0.0.0"\n')
    found = files.read()

    assert found.config == Config()
    assert "line 2: `server.host` cannot be set by a project" in found.complaints[0]
    assert {setting.name for setting in SETTINGS.values() if "project" not in setting.scopes} == {
        "server.host",
        "server.port",
        "server.headless",
    }


def test_a_notebook_whose_settings_cannot_be_read_is_told_with_its_line(files):
    found = read_config(files.notebooks, files.environment, Head("nb.py", "\n\n\na = \n"))

    assert found.complaints[0].startswith("`nb.py` cannot be read, and none of its settings holds: ")
    assert "line 4" in found.complaints[0]


def test_a_file_that_is_much_too_large_is_told(files):
    files.user.write_text("#" * 1024 * 1024 + "\n")

    assert "it is larger than" in files.read().complaints[0]


@pytest.mark.parametrize("text", ["tool = 3\n", "[tool]\nquire = 3\n"])
def test_a_table_of_others_that_is_none_is_told(files, text):
    files.project.write_text(text)

    assert "is not a table" in files.read().complaints[0]


def test_S13_the_head_of_a_file_is_read_with_its_lines(tmp_path):
    path = tmp_path / "nb.py"

    def read(text):
        return notebook_settings(
            path, parse_notebook(f"{text}import quire\n\napp = quire.App()\n"), {"HOME": str(tmp_path)}
        )

    found = read("#!/usr/bin/python\n" + NOTEBOOK)

    assert found.config.display.theme == "light"
    assert found.origins["display.theme"] == Origin("notebook", "nb.py", 4)
    assert read("").complaints == ()
    twice = read(NOTEBOOK + "\n" + NOTEBOOK)
    assert twice.config == Config()
    assert "two blocks" in twice.complaints[0]


def test_S13_the_front_matter_of_a_markdown_notebook_is_a_head_like_any_other(tmp_path):
    block = "".join(f"  {line}\n" for line in (NOTEBOOK.rstrip("\n") + "\n# server.port = 1").split("\n"))
    text = f"---\ntitle: T\nheader: |-\n{block}quire-version: 0.1.0\n---\n\nProse\n"
    (path := tmp_path / "nb.md").write_text(
        text.replace("  # ///\n  # server", "  # [tool.quire.server]\n  # port = 1\n  # ///\n  # ")
    )
    found = file_settings(path)

    assert found.origins == {"display.theme": Origin("notebook", "nb.md", 6)}
    assert found.complaints[0].startswith("`nb.md`, line 8: `server.port` cannot be set by a notebook")
