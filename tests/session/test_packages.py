"""Packages of an open notebook, decided: what pages are told, what is installed, what the header says afterwards."""

import json

import pytest
from msgspec.structs import replace

from quire.notebook import SetCode, apply_edit, write_notebook
from quire.notebook.preamble import read_notebook_metadata
from quire.outputs.tracebacks import TRACEBACK
from quire.packages.installed import Installed, Package
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.kernel import RefreshPackages, RunKernelCells
from quire.protocol.messages import Output
from quire.session.apply import apply
from quire.session.events import (
    FindPackages,
    InstallerSaid,
    InstallFailed,
    InstallPackages,
    Opened,
    PackagesChanged,
    PackagesFound,
    SaveSoon,
    StartKernel,
    StopInstalling,
)
from quire.session.offers import unused_note, with_install_offer
from quire.session.packages import describe_packages
from quire.session.screen import Screen, Shown, may_visitor_ask
from quire.session.state import SessionState

from .model import ask, ids, notebook_text, of_kind, opened, sent, told

HEADER = '# /// script\n# dependencies = [\n#   "numpy",  # for arrays\n# ]\n# ///\n\n'


def with_header(*codes: str, sandbox: bool = True, header: str = HEADER) -> SessionState:
    state = opened(text=header + notebook_text(*codes))
    state = replace(state, place=replace(state.place, sandbox=sandbox))
    return replace(apply(state, Opened())[0], kernel="idle")


def test_a_header_changes_nothing_until_somebody_wants_it():
    """Neither packages nor indexes nor a version of Python."""
    header = (
        '# /// script\n# requires-python = ">=3.99"\n# dependencies = ["evil"]\n'
        '# [tool.uv]\n# index-url = "https://evil.example"\n# ///\n\n'
    )
    for sandbox in (False, True):
        state = opened(text=header + notebook_text("x = 1"))
        state = replace(state, place=replace(state.place, sandbox=sandbox))

        _, effects = apply(state, Opened())

        (started,) = of_kind(effects, StartKernel)
        assert (started.sandbox is not None) == sandbox


def test_a_header_that_names_quire_alone_wishes_for_nothing():
    for text, wishes in (('"quire"', False), ('"quire", "tiny"', True)):
        state = opened(text=f"# /// script\n# dependencies = [{text}]\n# ///\n\n" + notebook_text("x = 1"))
        listed = describe_packages(state, Installed("somewhere", "3.11.2", ()), 1)
        assert bool(listed.wishes) == wishes


def test_a_notebook_imports_quire_whatever_its_cells_do():
    state = opened(text='# /// script\n# dependencies = ["quire"]\n# ///\n\n' + notebook_text("x = 1"))
    packages = (Package("quire", "1.0", frozenset({"quire"})),)
    listed = describe_packages(state, Installed("somewhere", "3.11.2", packages), 1)

    assert [(one.asked, one.imported) for one in listed.packages] == [("quire", True)]
    assert unused_note(state.notebook, "import quire as qr", "") == ""


def test_the_list_says_what_the_header_asks_for_and_what_cells_import():
    state = with_header("import numpy as np", "from PIL import Image")
    state, effects = ask(state, c.ListPackages(request=7))
    (look,) = of_kind(effects, FindPackages)
    packages = (Package("numpy", "2.0", frozenset({"numpy"})), Package("pillow", "11", frozenset({"PIL"})))

    found = Installed("somewhere", "3.11.2", packages, "uv add", "uv remove")
    state, effects = apply(state, PackagesFound(look, found))

    (listed,) = told(effects, n.PackagesListed)
    assert [(one.name, one.version, one.asked, one.imported) for one in listed.packages] == [
        ("numpy", "2.0", "numpy", True),
        ("pillow", "11", "", True),
    ]
    assert (listed.request, listed.missing, listed.adding) == (7, [], "uv add")
    assert [answer.request for answer in told(effects, n.CommandAnswered)] == [7]


def test_what_the_header_asks_for_and_is_not_there_is_told():
    state, effects = ask(with_header("x = 1"), c.ListPackages(request=1))
    (look,) = of_kind(effects, FindPackages)

    _, effects = apply(state, PackagesFound(look, Installed("somewhere", "3.11")))

    assert [one.asked for one in told(effects, n.PackagesListed)[0].missing] == ["numpy"]


def test_header_and_environment_change_together():
    state = with_header("import sklearn")
    before = write_notebook(state.notebook)

    state, effects = ask(
        state, c.ChangePackages(add=["scikit-learn>=1"], remove=["numpy"], cells=ids(state), request=1)
    )

    (asked,) = of_kind(effects, InstallPackages)
    assert asked.sandbox is not None
    assert read_notebook_metadata(asked.sandbox) == {"dependencies": ["scikit-learn>=1"]}
    assert write_notebook(state.notebook) == before, "nothing is installed yet"
    assert told(effects, n.InstallerChanged)[0].message == "installing `scikit-learn>=1` and removing `numpy`"

    state, effects = apply(state, PackagesChanged(asked, ["scipy"]))

    assert '"scikit-learn>=1"' in write_notebook(state.notebook)
    assert of_kind(effects, SaveSoon)
    assert sent(effects)[0] == RefreshPackages()
    assert sent(effects)[-1] == RunKernelCells(cells=ids(state))
    (done,) = told(effects, n.InstallerChanged)
    assert (done.status, "restart it" in done.message) == ("done", True)


def test_a_failure_changes_nothing():
    state = with_header("import nowhere")
    before = write_notebook(state.notebook)
    state, effects = ask(state, c.ChangePackages(add=["nowhere"], cells=ids(state)))
    (asked,) = of_kind(effects, InstallPackages)

    state, effects = apply(state, InstallFailed(asked, "nothing was installed: no such package"))

    assert write_notebook(state.notebook) == before
    assert [(one.status, one.message) for one in told(effects, n.InstallerChanged)] == [
        ("failed", "nothing was installed: no such package")
    ]
    assert sent(effects) == []
    _, effects = ask(state, c.ChangePackages(add=["other"]))
    assert of_kind(effects, InstallPackages)


def test_a_kernel_that_had_no_environment_starts_when_there_is_one():
    state, effects = ask(replace(with_header("x = 1"), kernel="dead"), c.ChangePackages(remove=["numpy"]))
    (asked,) = of_kind(effects, InstallPackages)

    state, effects = apply(state, PackagesChanged(asked, []))

    (started,) = of_kind(effects, StartKernel)
    assert started.sandbox is not None
    assert read_notebook_metadata(started.sandbox) == {"dependencies": []}
    assert RunKernelCells(cells=ids(state)) in sent(effects)


def test_where_there_is_no_header_none_is_made():
    state = replace(apply(opened("import tiny"), Opened())[0], kernel="idle")
    before = write_notebook(state.notebook)
    state, effects = ask(state, c.ChangePackages(add=["tiny"], cells=ids(state)))
    (asked,) = of_kind(effects, InstallPackages)
    assert asked.sandbox is None

    state, effects = apply(state, PackagesChanged(asked, []))

    assert write_notebook(state.notebook) == before
    assert RunKernelCells(cells=ids(state)) in sent(effects)


def test_a_header_keeps_up_with_what_is_installed_beside_it():
    state = with_header("import tiny", sandbox=False)
    state, effects = ask(state, c.ChangePackages(add=["tiny"]))
    (asked,) = of_kind(effects, InstallPackages)

    state, _ = apply(state, PackagesChanged(asked, []))

    assert '#   "numpy",  # for arrays\n#   "tiny",\n' in write_notebook(state.notebook)


@pytest.mark.parametrize(
    "command",
    [
        c.ChangePackages(add=["--index-url=https://evil.example"], request=1),
        c.ChangePackages(remove=["-y"], request=1),
        c.ChangePackages(add=["a"] * 51, request=1),
        c.ChangePackages(request=1),
    ],
)
def test_S31_what_is_no_package_is_refused_before_anything_happens(command: c.ChangePackages):
    state = with_header("x = 1")

    after, effects = ask(state, command)

    assert after == state
    assert [answer.refused != "" for answer in told(effects, n.CommandAnswered)] == [True]
    assert not of_kind(effects, InstallPackages)


def test_somebody_who_has_read_it_can_follow_the_header_and_leave_it_again():
    state = with_header("import numpy", sandbox=False)
    state, effects = ask(state, c.ListPackages(request=1))
    (look,) = of_kind(effects, FindPackages)
    _, effects = apply(state, PackagesFound(look, Installed("somewhere", "3.11")))
    (listed,) = told(effects, n.PackagesListed)
    assert (listed.wishes, listed.sandbox) == (["packages: numpy"], False)

    state, effects = ask(state, c.SetSandbox(sandbox=True))
    assert of_kind(effects, StartKernel) == [StartKernel(state.notebook)]
    _, again = ask(state, c.SetSandbox(sandbox=True))
    assert not of_kind(again, StartKernel)
    _, effects = apply(state, PackagesFound(look, Installed("somewhere", "3.11")))
    assert (told(effects, n.PackagesListed)[0].wishes, told(effects, n.PackagesListed)[0].sandbox) == ([], True)

    state, effects = ask(state, c.SetSandbox(sandbox=False))
    assert of_kind(effects, StartKernel) == [StartKernel()]
    assert not may_visitor_ask(c.SetSandbox(sandbox=True))


def test_one_installation_at_a_time_and_it_can_be_stopped():
    state, _ = ask(with_header("x = 1"), c.ChangePackages(add=["a"]))

    _, effects = ask(state, c.ChangePackages(add=["b"], request=2))
    assert "being installed" in told(effects, n.CommandAnswered)[0].refused
    _, effects = ask(state, c.StopInstaller())
    assert of_kind(effects, StopInstalling)


def test_the_words_of_the_installer_are_told_while_somebody_waits():
    state, _ = ask(with_header("x = 1"), c.ChangePackages(add=["a"]))
    _, effects = apply(state, InstallerSaid(" + a==1"))
    assert told(effects, n.InstallerChanged)[0].lines == [" + a==1"]

    starting = replace(with_header("x = 1"), kernel="starting")
    state, effects = apply(starting, InstallerSaid("Downloading numpy"))
    assert state.kernel_message == "the environment is being made: Downloading numpy"
    assert told(effects, n.KernelChanged)[0].status == "starting"

    assert apply(with_header("x = 1"), InstallerSaid("late"))[1] == []


def test_visitors_of_an_app_install_nothing_and_are_told_nothing():
    for command in (c.ListPackages(), c.ChangePackages(add=["a"]), c.StopInstaller()):
        assert not may_visitor_ask(command)
    reported: list[str] = []
    screen = Screen(Shown(code=True, tracebacks=True, console=True), "salt", reported.append)
    assert screen.pass_on(n.InstallerChanged(status="working", message="a")) is None
    assert screen.pass_on(n.KernelChanged(status="starting", message="/secret")) == n.KernelChanged(status="starting")
    assert reported == []


def test_what_no_cell_imports_any_more_is_told_when_that_has_run():
    state = with_header("import numpy", "import polars")
    first = ids(state)[0]
    notebook = state.notebook

    assert unused_note(notebook, "import numpy", "import numpy as np") == ""
    assert unused_note(notebook, "from numpy import array", "x") == "", "the first cell imports it too"
    empty = apply_edit(notebook, SetCode(first, "x = 1"))
    assert unused_note(empty, "import numpy.linalg", "x = 1").startswith("no cell imports `numpy` any more")
    assert unused_note(empty, "import polars, os", "x = 1") == ""
    assert unused_note(opened("x").notebook, "import numpy", "x") == ""


@pytest.mark.parametrize(
    ("missing", "below", "offer"),
    [
        ("sklearn", False, "scikit-learn"),
        ("numpy.nothing", True, None),
        ("google.cloud.bigquery", True, "google-cloud-bigquery"),
    ],
)
def test_an_error_about_a_missing_module_offers_what_brings_it(missing: str, below: object, offer: str | None):
    text = json.dumps({"error": "ModuleNotFoundError", "module": missing, "below": below})

    shown = with_install_offer(Output(mime=TRACEBACK, text=text))

    assert shown is not None
    assert json.loads(shown.text).get("install") == offer
    other = Output(mime=TRACEBACK, text="{}")
    assert with_install_offer(other) is other


@pytest.mark.parametrize(
    ("code", "missing", "below", "offer"),
    [
        ("import google.cloud.storage", "google", False, "google-cloud-storage"),
        ("from google.cloud import storage", "google", False, "google-cloud-storage"),
        ("from google.cloud import storage", "google.cloud", True, "google-cloud-storage"),
        ("import google.cloud", "google", False, None),
        ("from google.cloud import of_tomorrow", "google", False, None),
        ("from numpy import nothing\nimport google.cloud.storage", "numpy.nothing", True, None),
    ],
)
def test_where_many_packages_share_a_name_the_cell_says_which_is_meant(
    code: str, missing: str, below: object, offer: str | None
):
    text = json.dumps({"error": "ModuleNotFoundError", "module": missing, "below": below})

    shown = with_install_offer(Output(mime=TRACEBACK, text=text), code)

    assert shown is not None
    assert json.loads(shown.text)["install"] == offer
