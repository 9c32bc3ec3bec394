"""Settings come from the user's file and the project's; one that cannot be read is told and costs no other."""

from pathlib import Path

import pytest

from quire.config import Config, Display, Keymap, read_config


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
        "display.theme": "user",
        "display.default_width": "project",
        "keymap.overrides": "project",
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
        ('[display]\ntheme = "pink"\n', "line 2: `display.theme`: Invalid enum value 'pink'"),
        ("[display]\ncode_editor_font_size = 900\n", "line 2: `display.code_editor_font_size`: Expected `float` <= 32"),
        ("[display]\ncolour = 1\n", "line 2: there is no setting `display.colour`"),
        ("\n[dispaly]\n", "line 2: there is no setting `dispaly`"),
        ("display = 3\n", "line 1: `display` is not a table"),
        ("[keymap.overrides]\nx = 3\n", "line 1: `keymap.overrides`: Expected `str`, got `int`"),
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
