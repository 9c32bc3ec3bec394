"""What importing Quire costs: every script and every test of a user pays it."""

import json
import subprocess
import sys

LISTED = "import json, sys; print(json.dumps(sorted(sys.modules)))"


def loaded_by(statement: str) -> list[str]:
    """Modules that `statement` loads in a fresh interpreter, beside those that the listing itself needs."""

    def modules(code: str) -> set[str]:
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return set(json.loads(result.stdout))

    return sorted(modules(f"{statement}; {LISTED}") - modules(LISTED))


def test_import_quire_loads_next_to_nothing():
    loaded = loaded_by("import quire")

    assert all(name.split(".")[0] == "quire" for name in loaded)
    assert len(loaded) <= 25


def test_markup_and_elements_load_nothing_of_others():
    """A script that makes them shows them to nobody."""
    loaded = loaded_by(
        "import quire as qr; s = qr.ui.slider(0, 10, label='n'); "
        "qr.md(f'# A {s}'); qr.hstack([s, qr.as_html(1)]); qr.ui.button(); qr.Html('')"
    )
    foreign = {"markdown_it", "mdit_py_plugins", "nh3", "pygments", "msgspec", "matplotlib"}

    assert foreign.isdisjoint(name.split(".")[0] for name in loaded)


def test_a_kernel_does_without_what_only_servers_and_builders_need():
    """Every kernel has it in its memory, and waits for it first."""
    loaded = loaded_by("import quire.kernel.child")
    others = {
        "asyncio",
        "importlib.abc",
        "jedi",
        "pytest",
        "quire.check",
        "quire.notebook",
        "quire.session",
        "sysconfig",
    }

    assert others.isdisjoint(loaded)


def test_the_public_names_are_exactly_these():
    import quire

    assert set(quire.__all__) == {
        "App",
        "Cell",
        "Html",
        "StopError",
        "Thread",
        "__version__",
        "app_meta",
        "as_html",
        "capture_stderr",
        "capture_stdout",
        "cli_args",
        "current_thread",
        "defs",
        "hstack",
        "iframe",
        "md",
        "notebook_dir",
        "notebook_location",
        "output",
        "query_params",
        "redirect_stderr",
        "redirect_stdout",
        "refs",
        "running_in_notebook",
        "state",
        "status",
        "stop",
        "ui",
        "vstack",
        "watch",
    }
    assert dir(quire) == quire.__all__
    assert set(dir(quire.ui)) == {"button", "checkbox", "dropdown", "number", "run_button", "slider", "text"}
    for name in quire.ui.__all__:
        assert getattr(quire.ui, name).__name__ == name
