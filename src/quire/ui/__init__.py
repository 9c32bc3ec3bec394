"""UI elements: values that people set. One module per element, imported when it is first used (PEP 562)."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.ui.buttons import button, run_button
    from quire.ui.checkboxes import checkbox
    from quire.ui.dropdowns import dropdown
    from quire.ui.numbers import number
    from quire.ui.sliders import slider
    from quire.ui.texts import text

__all__ = ["button", "checkbox", "dropdown", "number", "run_button", "slider", "text"]

# In the plural: a submodule with the name of its element would take the element's place in this package.
_HOME = {
    "button": "quire.ui.buttons",
    "checkbox": "quire.ui.checkboxes",
    "dropdown": "quire.ui.dropdowns",
    "number": "quire.ui.numbers",
    "run_button": "quire.ui.buttons",
    "slider": "quire.ui.sliders",
    "text": "quire.ui.texts",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(__import__(_HOME[name], fromlist=[name]), name)
    return value


def __dir__() -> list[str]:
    return __all__
