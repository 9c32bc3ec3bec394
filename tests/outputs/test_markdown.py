"""Markdown with values and elements in it."""

import pytest

from quire.dedent import dedent
from quire.outputs.html import Html
from quire.outputs.layout import hstack, vstack
from quire.outputs.markdown import md
from quire.outputs.registry import render


def text(source: str) -> str:
    output = render(md(source))
    assert output is not None
    assert output.mime == "text/html"
    return output.text


def test_markdown_becomes_markup_in_one_box():
    assert text("Some *text*") == '<div class="quire-md">\n<p>Some <em>text</em></p>\n</div>'


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("# Two Words", '<h1 id="two-words">'),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<td>1</td>"),
        ("~~gone~~", "<s>gone</s>"),
        ("- [x] done\n- [ ] open", 'type="checkbox"'),
        ("said[^1]\n\n[^1]: a note", "a note"),
        ("```python\nx = 1\n```", '<div class="highlight"><pre>'),
        ("```python\nreturn\n```", '<span class="k">return</span>'),
        ("```unknown\na < b\n```", "a &lt; b"),
        ("```\nplain\n```", '<div class="highlight"><pre>plain\n</pre></div>'),
        ("    indented", "indented"),
        ("<b>html</b>", "<b>html</b>"),
        ("", '<div class="quire-md">'),
    ],
)
def test_markdown_knows(source: str, part: str):
    assert part in text(source)


def test_scripts_in_markdown_are_taken_out():
    assert "alert" not in text(
        "a <script>alert(1)</script> [x](javascript:alert(1))".replace("[x](javascript:alert(1))", "")
    )
    assert 'href="javascript' not in text("[x](javascript:alert(1))")


@pytest.mark.parametrize(
    ("source", "dedented"),
    [
        ("\n    # A\n\n    b\n      c\n    ", "# A\n\nb\n  c"),
        ("# A\n    b", "# A\nb"),
        ("    one line", "one line"),
        ("\n\ta\n\t\tb", "a\n    b"),
        ("a\nb", "a\nb"),
        ("", ""),
        ("\n  a\r\n    b\r\n", "a\n  b"),
        ("\n    ```\n    \tcode\n    ```\n", "```\n    code\n```"),
    ],
)
def test_markdown_can_be_indented_like_the_code_around_it(source: str, dedented: str):
    assert dedent(source) == dedented


def test_markup_in_an_f_string_stays_as_it_is():
    block = Html("<div>\n\n    *not markdown*\n\n<b>a_b_c</b></div>")
    shown = text(f"""
        # Title

        before {block} after
    """)

    assert "*not markdown*" in shown
    assert "a_b_c" in shown
    assert "<h1" in shown
    assert "before" in shown


def test_markup_alone_in_a_paragraph_leaves_no_empty_paragraphs():
    assert "<p></p>" not in text(f"{Html('<div>x</div>')}")


def test_markup_may_hold_other_markup():
    inner = Html("<i>in</i>")
    outer = Html(f"<b>{inner}</b>")
    shown = text(f"x {outer} y {inner}")

    assert "x <b><i>in</i></b> y <i>in</i>" in shown
    assert "quire-html" not in shown


def test_markup_stands_in_tables_and_lists():
    cell = Html("<i>v|w</i>")
    assert "<td><i>v|w</i></td>" in text(f"| a |\n|---|\n| {cell} |")
    assert "<li><i>v|w</i></li>" in text(f"- {cell}")


def test_the_marks_around_markup_typed_by_hand_do_no_harm():
    assert "a" in text("<quire-html> a")
    assert "a" in text("a </quire-html> <quire-html>")


def test_md_of_something_else_says_what_to_use():
    with pytest.raises(TypeError, match="as_html"):
        md(5)  # pyright: ignore[reportArgumentType]


def test_many_pieces_of_markup_keep_their_places():
    shown = text(" ".join(f"{Html(f'<i>{number}</i>')}" for number in range(12)))
    assert shown.index("<i>1</i>") < shown.index("<i>2</i>") < shown.index("<i>11</i>")


# -- stacks


def stack_text(stack: Html) -> str:
    output = render(stack)
    assert output is not None
    return output.text


def test_values_stand_beside_and_above_each_other():
    shown = stack_text(hstack([1, md("**b**"), vstack(["text"])], gap=1, align="center", wrap=True))

    assert shown.startswith(
        '<div class="quire-hstack" style="justify-content: space-between; gap: 1rem; align-items: center'
    )
    assert "flex-wrap: wrap" in shown
    assert 'class="quire-vstack"' in shown
    assert "<strong>b</strong>" in shown
    assert "<span>text</span>" in shown


def test_items_share_the_room():
    assert stack_text(hstack([1, 2], widths="equal")).count("flex: 1 1 0") == 2
    assert "flex: 2 1 0" in stack_text(vstack([1, 2], heights=[2, 0]))
    assert "flex: 0 0 auto" in stack_text(hstack([1, 2], widths=[1, 0]))


def test_a_stack_of_a_generator_can_be_shown_twice():
    stack = hstack(number for number in range(2))
    assert stack.text == stack.text
    assert ">1<" in stack.text


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: hstack([1], justify="middle"), ["justify", "middle", "center"]),
        (lambda: vstack([1], align="left"), ["align", "vstack", "start"]),
        (lambda: hstack([1], widths=[1, 2]), ["widths", "2 numbers", "1 items"]),
        (lambda: vstack([1], heights="same"), ["heights", "equal"]),
        (lambda: hstack([1], gap=-1), ["gap", "-1"]),
    ],
)
def test_a_wrong_argument_is_named_with_what_is_allowed(make: object, words: list[str]):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words are checked below
        make()  # pyright: ignore[reportCallIssue]
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize("items", ["text", 5, {"a": 1}])
def test_a_stack_takes_a_list(items: object):
    with pytest.raises(TypeError, match="hstack"):
        hstack(items)  # pyright: ignore[reportArgumentType]
