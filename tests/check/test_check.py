"""What the rules find, where exactly, what they leave alone, and what their fixes do."""

from pathlib import Path

import pytest

from quire.check import RULES, apply_fixes, check_notebook, select_rules
from quire.ids import CellId
from quire.notebook import InsertCell, Notebook, apply_edit, new_notebook, parse_notebook, write_notebook

PATH = Path("notebook.py")


def notebook(*codes: str) -> Notebook:
    made, last = new_notebook(), None
    for number, code in enumerate(codes):
        made = apply_edit(made, InsertCell(cell := CellId(f"new{number}"), last, code))
        last = cell
    return parse_notebook(write_notebook(made))


def found(made: Notebook, *codes: str) -> list:
    return check_notebook(made, PATH, select_rules(codes))


def excerpts(made: Notebook, code: str) -> list[str]:
    """The text of the file at each finding, and that of the cell, which must be the same."""
    texts = []
    for finding in found(made, code):
        place = finding.in_file
        row = write_notebook(made).split("\n")[place.line - 1]
        texts.append(row[place.column - 1 : place.end_column - 1] if place.line == place.end_line else row)
        if finding.in_cell is not None and place.line == place.end_line:
            inside = finding.in_cell
            line = made.cell(finding.cell).code.split("\n")[inside.line - 1]
            assert line[inside.column - 1 : inside.end_column - 1] == texts[-1]
    return texts


# -- places


@pytest.mark.parametrize(
    ("code", "codes", "excerpt"),
    [
        ("QB002", ["rate = 1", "pass\nrate = 2", "print(rate)"], "rate"),
        ("QB003", ["a = b", "ü = 1; b = a"], "a"),
        ("QR003", ["ä = 'ö'; table\nprint(1)"], "table"),
        ("QR005", ["'ü'; list = [1]"], "list"),
        ("QR009", ["'ü'; db.execute(f\"select {a} from b\")"], 'f"select {a} from b"'),
    ],
)
def test_a_finding_points_at_the_very_characters(code, codes, excerpt):
    assert excerpts(notebook(*codes), code) == [excerpt]


def test_places_hold_in_tabs_strings_and_cells_on_one_line():
    text = (
        "import quire\napp = quire.App()\n\n@app.cell\ndef _():\n\tif 1:\n\t\tlist = 1\n\treturn (list,)\n\n"
        "@app.cell\ndef _(): dict = 2; return (dict,)\n"
    )
    assert excerpts(parse_notebook(text), "QR005") == ["list", "dict"]


def test_a_syntax_error_is_where_python_says():
    (finding,) = found(notebook("x = 1", "total = = 1"), "QB005")
    assert (finding.in_cell.line, finding.in_cell.column) == (1, 9)
    assert finding.message == "invalid syntax"


# -- what is left alone


@pytest.mark.parametrize(
    "code",
    [
        'qr.sql(f"select * from {table} where a > {low}")',
        'db.execute("select * from a where b = ?", [c])',
        'print(f"select a drink, {name}")',
        'text(f"hello {name}, update your settings")',
        'db.execute("select 1" + " from b")',
        "re.sub(f'{a}', b)",
    ],
)
def test_sql_without_pasted_values_is_left_alone(code):
    assert found(notebook(code), "QR009") == []


@pytest.mark.parametrize(
    "code",
    [
        'db.execute(f"delete from t where id = {n}")',
        "db.execute(\"select a from b where c = '%s'\" % c)",
        'db.execute("select a from b where c = " + c)',
        'pd.read_sql("select a from {}".format(t), db)',
        "qr.sql(f\"select * from t where name = '{name}'\")",
        'db.execute(f"""\n    with a as (select 1)\n    select * from {t}\n""")',
    ],
)
def test_pasted_values_in_sql_are_found(code):
    assert len(found(notebook(code), "QR009")) == 1


@pytest.mark.parametrize(
    "code",
    [
        'password = "changeme"',
        'api_key = "your-api-key-here"',
        'token = "<token>"',
        'secret_name = "my-service.secret"',
        'url = "postgresql://user:password@localhost/db"',
        'tokenizer = "gpt2-Medium-v1"',
        'password = os.environ["DB_PASSWORD"]',
        'token_url = "https://example.org/oauth/Token1"',
        'ui.text(label="Password", kind="password")',
        'key = "Sepal.Length-2"',
        'password_label = "Enter your password"',
        'secret = "hunter"',
    ],
)
def test_what_only_looks_like_a_secret_from_afar_is_left_alone(code):
    assert found(notebook(code), "QR010") == []


@pytest.mark.parametrize(
    "code",
    [
        'x = "AKIA' + "Z7QJ4M2XW9K1B3VD" + '"',
        'connect(password="tR7-kq9.Zw2!x")',
        '{"api_key": "q8Zr41xLmV077Tf3"}',
        'url = "postgresql://app:k3Jq9vXz2@db.internal/db"',
        "os.environ['GITHUB_TOKEN'] = 'ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8" + "'",
    ],
)
def test_secrets_are_found(code):
    assert len(found(notebook(code), "QR010")) == 1


def test_what_a_cell_shows_or_does_keeps_it_in_use():
    made = notebook("a = 1\na", "b = f()", "c = 1\nprint(c)", "d = 1", "e = d.f", "import os", "print(d)")
    assert found(made, "QR004") == []


@pytest.mark.parametrize("code", ["if a:\n    print(1)", "for x in y:\n    x.append(1)", "if a:\n    b\nb"])
def test_blocks_that_do_something_are_left_alone(code):
    assert found(notebook(code), "QR002") == []


def test_private_names_and_attributes_shadow_nothing():
    assert found(notebook("_list = 1\na.list = 2\n[sum for sum in b]\ndef f(list): ..."), "QR005") == []


# -- ignoring


def test_a_comment_ignores_on_its_line_and_on_the_decorator():
    text = write_notebook(notebook("list = 1  # quire: ignore[QR005, QB002]", "dict = 1", "set = 1"))
    text = text.replace("@app.cell\ndef _():\n    dict", "@app.cell  # quire: ignore\ndef _():\n    dict")

    assert excerpts(parse_notebook(text), "QR005") == ["set"]


def test_a_comment_for_another_code_ignores_nothing():
    assert len(found(notebook("list = 1  # quire: ignore[QR004]"), "QR005")) == 1


# -- fixes


def fixed(text: str, *, unsafe: bool = False) -> str:
    return write_notebook(apply_fixes(parse_notebook(text), PATH, unsafe=unsafe)[0])


def test_safe_fixes_bring_guard_version_signature_and_cells_back():
    text = (
        "import quire\n\napp = quire.App()\n\n\n@app.cell\ndef _():\n    b = a  # kept\n    print(b)\n    return\n\n\n"
        '@app.cell\ndef _():\n    a = 1\n    return (a,)\n\n\napp._unparsable_cell(\n    r"""\nprint(1)\n""",\n    hide_code=True,\n)\n'
    )
    assert fixed(text) == (
        'import quire\n\n__generated_with = "0.1.0"\napp = quire.App()\n\n\n'
        "@app.cell\ndef _(a):\n    b = a  # kept\n    print(b)\n    return (b,)\n\n\n"
        "@app.cell\ndef _():\n    a = 1\n    return (a,)\n\n\n"
        "@app.cell(hide_code=True)\ndef _():\n    print(1)\n\n\n"
        'if __name__ == "__main__":\n    app.run()\n'
    )


def test_unsafe_fixes_wait_until_they_are_asked_for():
    text = write_notebook(notebook("print(1)", "", "unused = 1"))

    assert fixed(text) == text
    assert [cell.code for cell in parse_notebook(fixed(text, unsafe=True)).cells] == ["print(1)"]


def test_what_is_fixed_is_not_found_again_and_other_cells_keep_their_text():
    text = write_notebook(notebook("print( 1 )", "")).replace("app.run()\n", "app.run()")
    made, count = apply_fixes(parse_notebook(text), PATH, unsafe=True)

    assert count == 1
    assert check_notebook(made, PATH) == []
    assert made.cells[0].text == parse_notebook(text).cells[0].text


def test_rules_are_chosen_by_the_beginnings_of_their_codes():
    assert {rule.code[:2] for rule in select_rules(["QB", "QF"])} == {"QB", "QF"}
    assert select_rules((), ["Q"]) == ()
    assert set(RULES) - set(select_rules()) == {rule for rule in RULES if rule.is_quiet} == set(select_rules(["QR011"]))
