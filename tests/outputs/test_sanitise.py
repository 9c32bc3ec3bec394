"""What markup from values may hold, and what is taken out of it."""

import json
from html import escape

import pytest

from quire.outputs.sanitise import sanitise


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='java\nscript:alert(1)'>x</a>",
        "<a href='vbscript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href='\x01data:text/html,alert(1)'>x</a>",
        "<img src='data:text/html,alert(1)'>",
        "<iframe src='https://example.org/alert(1)'></iframe>",
        "<object data='alert(1)'></object>",
        "<embed src='alert(1)'>",
        "<form action='/alert(1)'><button>go</button></form>",
        "<input type=text value='alert(1)'>",
        "<base href='https://alert(1)/'>",
        "<meta http-equiv=refresh content='0;url=alert(1)'>",
        "<link rel=stylesheet href='alert(1)'>",
        "<style>body { background: url(alert(1)) }</style>",
        "<div style=\"background: url('alert(1)')\">x</div>",
        "<div style='width: expression(alert(1))'>x</div>",
        "<div style='background: u\\72l(alert(1))'>x</div>",
        "<div style='background: image-set(\"alert(1)\" 1x)'>x</div>",
        "<div style='position: fixed; inset: 0; alert(1)'>x</div>",
        "<math><mi xlink:href='data:x,alert(1)'></mi></math>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<template><img src=x onerror=alert(1)></template>",
        "<quire-element element-id=a onclick='alert(1)'></quire-element>",
        "<quire-element element-id=a spec='alert(1)'></quire-element>",
        "<!-- alert(1) -->",
        "<details ontoggle=alert(1) open>x</details>",
    ],
)
def test_nothing_that_acts_survives(markup: str):
    clean = sanitise(markup)

    assert "alert" not in clean
    assert "fixed" not in clean


@pytest.mark.parametrize(
    "markup",
    [
        '<p>a <b>b</b> <em class="x">c</em></p>',
        '<table border="1" class="dataframe"><tbody><tr><td colspan="2" style="text-align: right">1</td></tr></tbody></table>',
        '<div style="display: flex; gap: 0.5rem">x</div>',
        '<img alt="" width="10" height="20" src="data:image/png;base64,AAAA">',
        '<a href="https://example.org/" rel="noopener noreferrer">x</a>',
        '<a href="#note" rel="noopener noreferrer">x</a>',
        '<h2 id="part-two">Part two</h2>',
        '<quire-element element-id="a-1" spec="{&quot;type&quot;:&quot;slider&quot;}"></quire-element>',
        '<input type="checkbox" checked="" disabled="">',
        "<details><summary>s</summary>t</details>",
        '<div class="highlight"><pre><span class="k">x</span>\n\n  y</pre></div>',
    ],
)
def test_harmless_markup_stays_as_it_is(markup: str):
    assert sanitise(markup) == markup


def test_the_label_of_an_element_is_sanitised_too():
    spec = json.dumps({"type": "slider", "label": "<b>n</b><img src=x onerror=alert(1)>"})
    clean = sanitise(f'<quire-element element-id="a-1" spec="{escape(spec)}"></quire-element>')

    assert "onerror" not in clean
    assert "slider" in clean
    assert "<b>n</b>".replace("<", "&lt;").replace(">", "&gt;") in clean


@pytest.mark.parametrize("spec", ["[1]", '{"label": 5}', '"text"', "{", ""])
def test_a_spec_that_no_element_made_is_dropped(spec: str):
    assert "spec" not in sanitise(f'<quire-element element-id="a" spec="{escape(spec)}"></quire-element>')
