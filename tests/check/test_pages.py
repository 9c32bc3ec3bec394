"""Rules and their pages belong together: every rule has a page, whose first example it finds and whose second it does not."""

import re
from pathlib import Path

import pytest

from quire.check import RULES, USUAL, check_notebook
from quire.check.pages import read_page
from quire.notebook import parse_notebook

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r'```python(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)```', re.DOTALL)


def as_file(text: str) -> str:
    """The example as a whole notebook."""
    if "import quire\n" in text:
        return text
    guard = 'if __name__ == "__main__":\n    app.run()\n'
    return f'import quire\n\n__generated_with = "0.1.0"\napp = quire.App()\n\n\n{text.rstrip()}\n\n\n{guard}'


def codes_in(text: str, name: str, rules=USUAL) -> list[str]:
    notebook = parse_notebook(as_file(text))
    assert not notebook.foreign
    return [finding.code for finding in check_notebook(notebook, Path(name), rules)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_page_shows_what_its_rule_finds_and_nothing_else(rule):
    text = (ROOT / rule.page).read_text(encoding="utf-8")
    bad, good = BLOCK.finditer(text)

    assert text.startswith(f"# {rule.code}: {rule.name}\n")
    assert set(codes_in(bad["text"], bad["title"] or "notebook.py", RULES)) >= {rule.code}
    assert codes_in(good["text"], "notebook.py") == []
    assert rule.code not in codes_in(good["text"], "notebook.py", RULES)


def test_the_page_of_a_rule_is_found_where_the_rules_are():
    assert all(read_page(rule).startswith(f"# {rule.code}: ") for rule in RULES)


def test_every_page_belongs_to_a_rule_and_is_in_the_list_and_the_navigation():
    codes = [rule.code for rule in RULES]
    listed = re.findall(
        r"^\| \[(\w+)\]\(check/(\w+)\.md\) \| `([\w-]+)`", (ROOT / "docs/check.md").read_text(), re.MULTILINE
    )

    assert listed == [(rule.code, rule.code.lower(), rule.name) for rule in RULES]
    assert sorted(path.stem for path in (ROOT / "docs/check").glob("*.md")) == sorted(code.lower() for code in codes)
    navigation = (ROOT / "zensical.toml").read_text()
    assert [code for code in codes if f'"check/{code.lower()}.md"' not in navigation] == []


def test_codes_and_names_are_given_once():
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
