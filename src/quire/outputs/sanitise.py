"""The one sanitiser: markup that comes from values, without anything that acts, loads code or leaves its place."""

import json
import re
from typing import Any, cast

import nh3

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "article",
        "aside",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "li",
        "main",
        "mark",
        "nav",
        "ol",
        "p",
        "pre",
        "progress",
        "q",
        "quire-element",
        "quire-frame",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"align", "aria-hidden", "aria-label", "class", "dir", "id", "lang", "role", "style", "title"},
    "a": {"href", "hreflang"},
    "blockquote": {"cite"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "input": {"checked"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "progress": {"max", "value"},
    "q": {"cite"},
    "quire-element": {"element-id", "spec"},
    "quire-frame": {"height", "source", "width"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"colspan", "headers", "height", "rowspan", "valign", "width"},
    "th": {"colspan", "headers", "height", "rowspan", "scope", "valign", "width"},
    "time": {"datetime"},
    "tr": {"valign"},
}
_PICTURE = re.compile(r"\s*data:image/(?:png|jpeg|gif|webp|avif|bmp|svg\+xml)[;,]", re.IGNORECASE)
_SCHEME = re.compile(r"[\s\x00-\x1f]*data\s*:", re.IGNORECASE)

_PROPERTIES = frozenset(
    [
        "align-content",
        "align-items",
        "align-self",
        "background",
        "background-color",
        "border",
        "border-bottom",
        "border-bottom-color",
        "border-bottom-style",
        "border-bottom-width",
        "border-collapse",
        "border-color",
        "border-left",
        "border-left-color",
        "border-left-style",
        "border-left-width",
        "border-radius",
        "border-right",
        "border-right-color",
        "border-right-style",
        "border-right-width",
        "border-spacing",
        "border-style",
        "border-top",
        "border-top-color",
        "border-top-style",
        "border-top-width",
        "border-width",
        "box-sizing",
        "caption-side",
        "clear",
        "color",
        "column-gap",
        "columns",
        "direction",
        "display",
        "empty-cells",
        "flex",
        "flex-basis",
        "flex-direction",
        "flex-flow",
        "flex-grow",
        "flex-shrink",
        "flex-wrap",
        "float",
        "font",
        "font-family",
        "font-size",
        "font-style",
        "font-variant",
        "font-variant-numeric",
        "font-weight",
        "gap",
        "grid-auto-columns",
        "grid-auto-flow",
        "grid-auto-rows",
        "grid-column",
        "grid-row",
        "grid-template-columns",
        "grid-template-rows",
        "height",
        "justify-content",
        "justify-items",
        "justify-self",
        "letter-spacing",
        "line-height",
        "list-style-type",
        "margin",
        "margin-bottom",
        "margin-left",
        "margin-right",
        "margin-top",
        "max-height",
        "max-width",
        "min-height",
        "min-width",
        "object-fit",
        "opacity",
        "order",
        "overflow",
        "overflow-wrap",
        "overflow-x",
        "overflow-y",
        "padding",
        "padding-bottom",
        "padding-left",
        "padding-right",
        "padding-top",
        "row-gap",
        "table-layout",
        "text-align",
        "text-decoration",
        "text-indent",
        "text-overflow",
        "text-transform",
        "vertical-align",
        "visibility",
        "white-space",
        "width",
        "word-break",
        "word-spacing",
    ]
)
_LOADS = re.compile(r"url|image|expression|src\s*\(|@|\\|/\*|[<>]", re.IGNORECASE)


def sanitise(markup: str) -> str:
    """The markup with everything removed that could act in the page."""
    return nh3.clean(
        markup,
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "title", "textarea", "noscript", "template", "iframe"},
        attributes=_ATTRIBUTES,
        attribute_filter=_safe_value,
        tag_attribute_values={"input": {"type": {"checkbox"}}},
        set_tag_attribute_values={"input": {"disabled": ""}},
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel="noopener noreferrer",
    )


def _safe_value(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "style":
        return _safe_style(value)
    if tag == "quire-element" and attribute == "spec":
        return _safe_spec(value)
    if _SCHEME.match(value) and not (tag == "img" and attribute == "src" and _PICTURE.match(value)):
        return None
    return value


def _safe_style(style: str) -> str | None:
    kept: list[str] = []
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon and name.strip().lower() in _PROPERTIES and not _LOADS.search(value):
            kept.append(f"{name.strip().lower()}: {value.strip()}")
    return "; ".join(kept) or None


def _safe_spec(spec: str) -> str | None:
    """The label of an element is markup, and pages show it as such."""
    try:
        fields: object = json.loads(spec)
    except ValueError:
        return None
    if not isinstance(fields, dict):
        return None
    known = cast("dict[str, Any]", fields)
    label = known.get("label", "")
    if not isinstance(label, str):
        return None
    if "<" in label or "&" in label:
        known["label"] = sanitise(label)
        return json.dumps(known, ensure_ascii=False)
    return spec
