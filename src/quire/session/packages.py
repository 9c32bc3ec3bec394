"""Packages of the open notebook: what pages are told of them, what they may change, and what of that the header says. Pure.

Nothing here happens unasked. A header changes where code runs only in a session that somebody wanted so (`Place.sandbox`).
"""

from collections.abc import Mapping

from msgspec.structs import replace

from quire.errors import BadMetadata, BadRequirement, EditRefused, TooLate
from quire.names.imports import modules_of
from quire.notebook import Notebook
from quire.notebook.preamble import metadata_of, read_notebook_metadata, with_metadata
from quire.packages.installed import Installed, Package
from quire.packages.requirements import Requirement, canonical, read_requirement, requirements_of
from quire.packages.script import NAME as QUIRE
from quire.packages.script import asked_of, names_others, with_changes
from quire.protocol.commands import ChangePackages, ListPackages
from quire.protocol.kernel import RefreshPackages, RunKernelCells
from quire.protocol.messages import PackageView
from quire.protocol.notices import CommandAnswered, InstallerChanged, PackagesListed
from quire.session.events import (
    Answer,
    FindPackages,
    InstallFailed,
    InstallPackages,
    PackagesChanged,
    PackagesFound,
    PageId,
    SendKernel,
    StopInstalling,
    Tell,
)
from quire.session.life import start_kernel
from quire.session.runs import set_kernel
from quire.session.saving import mark_unsaved
from quire.session.settling import adopt_notebook, settle
from quire.session.state import SessionState, Step
from quire.session.syncing import run_cells

MOST_AT_ONCE = 50


def list_packages(state: SessionState, page: PageId, command: ListPackages) -> Step:
    """Have somebody look."""
    state, effects = settle(state)
    return state, [*effects, FindPackages(page, command.request, state.place.sandbox)]


def take_packages(state: SessionState, event: PackagesFound) -> Step:
    """Tell the page that asked."""
    asked = event.asked
    if event.found is None:
        return state, [Answer(asked.page, CommandAnswered(request=asked.request, refused=event.failure))]
    return state, [
        Answer(asked.page, describe_packages(state, event.found, asked.request)),
        Answer(asked.page, CommandAnswered(request=asked.request)),
    ]


def describe_packages(state: SessionState, found: Installed, request: int) -> PackagesListed:
    """What is installed, beside what the header asks for and what cells import."""
    notebook = state.notebook
    asked = {one.key: one.text for one in _asked(notebook)}
    imported = {name.partition(".")[0] for cell in notebook.cells for name in modules_of(cell.code)}
    imported.add(QUIRE)  # by the file itself
    there = {canonical(package.name) for package in found.packages}
    return PackagesListed(
        request=request,
        place=found.place,
        python=found.python,
        packages=[_view(package, asked, imported) for package in found.packages],
        missing=[PackageView(name=key, version="", asked=text) for key, text in asked.items() if key not in there],
        adding=found.adding,
        removing=found.removing,
        refusal=found.refusal,
        wishes=[] if state.place.sandbox else _wishes(notebook),
        sandbox=state.place.sandbox,
    )


def set_sandbox(state: SessionState, *, sandbox: bool) -> Step:
    """Somebody has read what the header asks for, and wants it; or does not any more."""
    if state.place.sandbox == sandbox:
        return state, []
    state, effects = settle(state)
    state = replace(state, place=replace(state.place, sandbox=sandbox))
    state, told = start_kernel(state, "none" if state.lazy else "all")
    return state, [*effects, *told]


def change_packages(state: SessionState, command: ChangePackages) -> Step:
    """Begin, after every text was looked at: what is none of a package goes no further."""
    if state.installing is not None:
        raise TooLate("packages are being installed; wait for that, or stop it")
    if not 0 < len(command.add) + len(command.remove) <= MOST_AT_ONCE:
        raise EditRefused(f"name between one and {MOST_AT_ONCE} packages")
    add = [read_requirement(text).text for text in command.add]
    remove = [read_requirement(name).name for name in command.remove]
    state, effects = settle(state)
    cells = [cell for cell in command.cells if state.has(cell)]
    sandbox = _with_packages(state.notebook, add, remove) if state.place.sandbox else None
    asked = InstallPackages(add=add, remove=remove, cells=cells, sandbox=sandbox)
    what = " and ".join([*(f"installing `{text}`" for text in add), *(f"removing `{name}`" for name in remove)])
    told = Tell(InstallerChanged(status="working", message=what))
    return replace(state, installing=asked), [*effects, told, asked]


def take_change(state: SessionState, event: PackagesChanged) -> Step:
    """It is done: the header says so, and the cells that waited for it run."""
    asked = event.asked
    state, effects = settle(replace(state, installing=None))
    if state.place.sandbox or metadata_of(state.notebook):
        notebook = _with_packages(state.notebook, asked.add, asked.remove)
        if notebook != state.notebook:
            state, told = adopt_notebook(state, notebook)
            effects += told
            state, told = mark_unsaved(state)
            effects += told
    message = ""
    if event.replaced:
        names = ", ".join(f"`{name}`" for name in event.replaced)
        message = f"{names}: changed while the kernel runs; restart it to use what is there now"
    effects.append(Tell(InstallerChanged(status="done", message=message)))
    if state.kernel == "dead":  # for want of an environment, most likely
        has_run = any(run.outcome != "never" for run in state.runs.values())
        state, told = start_kernel(state, "again" if has_run else "none" if state.lazy else "all", keep=has_run)
        return state, [*effects, *told]
    effects.append(SendKernel(RefreshPackages()))
    cells = [cell for cell in asked.cells if state.has(cell)]
    if cells:
        state, told = run_cells(state, RunKernelCells(cells=cells))
        effects += told
    return state, effects


def take_install_failure(state: SessionState, event: InstallFailed) -> Step:
    """Tell everybody who saw it begin."""
    return replace(state, installing=None), [Tell(InstallerChanged(status="failed", message=event.message))]


def take_words(state: SessionState, line: str) -> Step:
    """What the installer prints, while somebody waits for it or for the kernel."""
    if state.installing is not None:
        return state, [Tell(InstallerChanged(status="working", lines=[line]))]
    if state.kernel == "starting":
        return set_kernel(state, "starting", f"the environment is being made: {line.strip()}")
    return state, []


def stop_installer(state: SessionState) -> Step:
    """Somebody does not want to wait."""
    return state, [] if state.installing is None else [StopInstalling()]


def _asked(notebook: Notebook) -> tuple[Requirement, ...]:
    try:
        return requirements_of(read_notebook_metadata(notebook))
    except (BadMetadata, BadRequirement):  # the rules of `quire check` tell of it
        return ()


def _wishes(notebook: Notebook) -> list[str]:
    try:
        metadata = read_notebook_metadata(notebook)
        return asked_of(metadata).lines if names_others(metadata) else []
    except (BadMetadata, BadRequirement):
        return []


def _with_packages(notebook: Notebook, add: list[str], remove: list[str]) -> Notebook:
    changed = with_changes(read_notebook_metadata(notebook), add, remove)
    return with_metadata(notebook, {"dependencies": changed.get("dependencies", [])})


def _view(package: Package, asked: Mapping[str, str], imported: set[str]) -> PackageView:
    return PackageView(
        name=package.name,
        version=package.version,
        asked=asked.get(canonical(package.name), ""),
        imported=not imported.isdisjoint(package.modules),
    )
