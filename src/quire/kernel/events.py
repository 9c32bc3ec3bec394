"""What can happen to a kernel, and what it can want done. Plain values: `state.apply` turns the one into the other."""

from collections.abc import Collection, Mapping

import msgspec

from quire.dataflow import Source
from quire.ids import CellId
from quire.protocol.kernel import RunNotice
from quire.protocol.messages import Costs, Outcome

# -- events


class CellsSynced(msgspec.Struct, frozen=True):
    """The notebook as it is now; `changed` holds new and edited cells."""

    order: tuple[CellId, ...]
    changed: Mapping[CellId, Source]


class RunAsked(msgspec.Struct, frozen=True):
    """Somebody wants these cells to run, and what depends on them (not so without `below`)."""

    cells: Collection[CellId]
    below: bool = True


class StaleAsked(msgspec.Struct, frozen=True):
    """Somebody wants everything to be up to date."""


class ValuesChanged(msgspec.Struct, frozen=True):
    """What these names are bound to has another content than before, without a run: an element, a state, a file.

    `beside` need not hear of it: it defines the element, or has set the state itself.
    """

    names: frozenset[str]
    beside: CellId | None
    asked: bool = False
    """True when somebody wants what depends on them to run, in lazy mode too."""


class Ready(msgspec.Struct, frozen=True):
    """No cell runs, no command waits: the next cell may start."""


class CellEnded(msgspec.Struct, frozen=True):
    """The run that `StartCell` began has ended. `missing`: the name that a `NameError` was about."""

    cell: CellId
    outcome: Outcome
    duration: float
    missing: str = ""
    costs: Costs | None = None


class Discarded(msgspec.Struct, frozen=True):
    """Somebody wants nothing more to run."""


class ModulesChanged(msgspec.Struct, frozen=True):
    """These modules, by their full names, are not what they were when cells imported them."""

    modules: frozenset[str]
    run: bool
    """True when the cells that use them are to run by themselves."""


class LazySet(msgspec.Struct, frozen=True):
    """From now on, cells run by themselves or only when they are asked for."""

    lazy: bool


Event = CellsSynced | RunAsked | StaleAsked | ValuesChanged | ModulesChanged | Ready | CellEnded | Discarded | LazySet


# -- effects


class DropCells(msgspec.Struct, frozen=True):
    """These cells are gone from the notebook: forget everything of them."""

    cells: tuple[CellId, ...]


class ForgetNames(msgspec.Struct, frozen=True):
    """No cell defines these names any more."""

    names: frozenset[str]


class LoseNames(msgspec.Struct, frozen=True):
    """The cell's new code does not define these names any more: what it stored of them goes, whoever else defines them."""

    cell: CellId
    names: frozenset[str]


class SettleCell(msgspec.Struct, frozen=True):
    """Other cells made names of this one public or private: move the values."""

    cell: CellId
    public: frozenset[str]
    private: frozenset[str]


class StartCell(msgspec.Struct, frozen=True):
    """Run it; answer with `CellEnded`. `public`: names to leave among the globals; `private`: names to put away."""

    cell: CellId
    public: frozenset[str]
    private: frozenset[str]
    mangled: Mapping[str, str]


class Report(msgspec.Struct, frozen=True):
    """Tell the session."""

    notice: RunNotice


Effect = DropCells | ForgetNames | LoseNames | SettleCell | StartCell | Report
