"""Whatever stands in a file of settings or in the environment, there are settings, and what is wrong is told in words."""

import os

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.config import SETTINGS, Config, Head, find_setting, read_config, value_of
from quire.config.sources import LARGEST_FILE
from quire.config.writing import with_setting
from quire.errors import SettingRefused

KEYS = st.one_of(
    st.sampled_from([part for name in SETTINGS for part in name.split(".")]),
    st.sampled_from(["ai", "x", '"a.b"', "''"]),
)
VALUES = st.recursive(
    st.one_of(
        st.sampled_from(
            ["true", '"dark"', "'vim'", "nan", "inf", "-inf", "0", "-1", "1e400", "9" * 30, "1979-05-27", "07:32:00"]
        ),
        st.integers().map(str),
        st.floats(8, 32).map(str),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        inner.map(lambda item: f"{{ k = {item} }}"),
    ),
    max_leaves=4,
)
LINES = st.one_of(
    st.builds("[{}]".format, KEYS),
    st.builds("[{}.{}]".format, KEYS, KEYS),
    st.builds("{} = {}".format, KEYS, VALUES),
    st.builds("{}.{} = {}".format, KEYS, KEYS, VALUES),
    st.text(max_size=8),
)
NOWHERE = {"HOME": "/nowhere", "XDG_CONFIG_HOME": "/nowhere"}


def is_whole(config: Config) -> bool:
    return all(setting.check(value_of(config, setting)) == value_of(config, setting) for setting in SETTINGS.values())


@given(st.lists(LINES, max_size=6))
def test_any_head_gives_settings(lines):
    text = "[tool.quire]\n" + "\n".join(lines)
    found = read_config(None, NOWHERE, Head("nb.py", text))

    assert is_whole(found.config)
    assert all(complaint.startswith("`nb.py`") for complaint in found.complaints)
    assert all("notebook" in SETTINGS[name].scopes for name in found.origins)
    msgspec.json.encode(found.complaints)


@given(
    st.dictionaries(
        st.sampled_from([setting.variable for setting in SETTINGS.values()]), VALUES | st.text(), max_size=4
    )
)
def test_any_environment_gives_settings(environment):
    found = read_config(None, {**NOWHERE, **environment})

    assert is_whole(found.config)
    assert len(found.complaints) + len(found.origins) == len(environment)


@given(st.sampled_from(list(SETTINGS.values())), VALUES | st.text())
def test_what_is_written_is_what_is_read_of_any_value(setting, text):
    try:
        value = setting.read(text)
    except SettingRefused:
        return
    section, _, key = setting.name.partition(".")
    written = with_setting("# mine\n", setting.name, value)
    (tables,) = [msgspec.toml.decode(written)]

    assert setting.check(tables[section][key]) == value


@pytest.mark.parametrize("text", ["a = " + "[" * 50_000, "a = " + "{a=" * 50_000])
def test_what_is_nested_without_end_is_told_like_any_mistake(text):
    (complaint,) = read_config(None, NOWHERE, Head("nb.py", text)).complaints

    assert "none of its settings holds" in complaint


def test_bytes_of_the_environment_that_are_no_text_cost_nothing():
    value = os.fsdecode(b"\xff")
    (complaint,) = read_config(None, {**NOWHERE, "QUIRE_DISPLAY_THEME": value}).complaints

    assert "it is one of" in complaint


@pytest.mark.parametrize("name", ["", ".", "display", "display.", ".theme", "display.theme.x", "a" * LARGEST_FILE])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(SettingRefused, match="there is no setting"):
        find_setting(name)


def test_a_head_full_of_mistakes_is_told_in_a_few_sentences():
    """Each line is looked at once: a document of a megabyte is told as soon as one of a line."""
    text = "[tool.quire.display]\n" + "".join(f"key_{number} = 1\n" for number in range(20_000))
    complaints = read_config(None, NOWHERE, Head("nb.py", text)).complaints

    assert len(complaints) == 21
    assert "line 2: there is no setting `display.key_0`" in complaints[0]
    assert complaints[-1] == "and 19980 more mistakes in settings"
