"""Modules that are adapted when user code imports them, and never imported by us: progress bars of tqdm and rich become ours."""

import importlib.util
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from quire.context import host
from quire.live.status import Progress, Spinner

if TYPE_CHECKING:
    from importlib.abc import Loader, MetaPathFinder
else:  # these do nothing, and `importlib.abc` costs each kernel 2 MiB
    Loader = MetaPathFinder = object

Adapt = Callable[[Any], None]
T = TypeVar("T")


def adapt_imports(**others: Adapt) -> None:
    """From now on, in this process; `others` are adapters by the names of their modules."""
    adapters = {"tqdm.std": _adapt_tqdm, "rich.progress": _adapt_rich, "rich.status": _adapt_status, **others}
    sys.meta_path.insert(0, _Finder(adapters))
    for name in adapters.keys() & sys.modules.keys():
        adapters[name](sys.modules[name])


class _Finder(MetaPathFinder):
    """Finds a few modules as the other finders do, and has something done to them after they were loaded."""

    def __init__(self, adapters: Mapping[str, Adapt]) -> None:
        self._adapters = adapters
        self._finding: set[str] = set()

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        del path, target
        adapt = self._adapters.get(fullname)
        if adapt is None or fullname in self._finding:
            return None
        self._finding.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._finding.discard(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Adapting(spec.loader, adapt)
        return spec


class _Adapting(Loader):
    def __init__(self, loader: Any, adapt: Adapt) -> None:
        self._loader = loader
        self._adapt = adapt

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        with suppress(AttributeError):  # another version than we know: it shows its own bars
            self._adapt(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


class _Shown(Generic[T]):
    """What stands for each object of theirs that is shown now."""

    def __init__(self) -> None:
        self._found: dict[int, T] = {}

    def get(self, theirs: object) -> T | None:
        return self._found.get(id(theirs))

    def put(self, theirs: object, ours: T) -> T:
        self._found[id(theirs)] = ours
        return ours

    def take(self, theirs: object) -> T | None:
        return self._found.pop(id(theirs), None)


def _is_console(stream: object) -> bool:
    """True when a cell runs, and the stream is where it prints to."""
    return host().defs is not None and getattr(stream, "_wrapped", stream) in {sys.stdout, sys.stderr}


# -- tqdm


def _adapt_tqdm(module: Any) -> None:
    bar = module.tqdm
    display, clear, close = bar.display, bar.clear, bar.close
    shown = _Shown[Progress]()

    def ours_of(self: Any) -> Progress | None:
        ours = shown.get(self)
        if ours is None and not self.gui and _is_console(self.fp):
            ours = shown.put(self, Progress(self.total, unit=self.unit.strip() if self.unit != "it" else ""))
        return ours

    def adapted_display(self: Any, msg: str | None = None, pos: int | None = None) -> Any:
        ours = ours_of(self)
        if ours is None:
            return display(self, msg, pos)
        ours.total = self.total
        ours.set(self.n, (self.desc or "").removesuffix(": "), str(self.postfix or ""))
        return True

    def adapted_clear(self: Any, nolock: bool = False) -> Any:  # noqa: FBT001, FBT002 - as tqdm has it
        return None if ours_of(self) is not None else clear(self, nolock)

    def adapted_close(self: Any) -> None:
        ours = shown.take(self)
        if ours is not None and not self.disable:
            self.sp = None  # else it would end its line
            ours.set(self.n)
            ours.close(remove=self.leave is False or (self.leave is None and bool(self.pos)))
        close(self)

    bar.display, bar.clear, bar.close = adapted_display, adapted_clear, adapted_close


# -- rich


def _plain(text: Any) -> str:
    """Without rich's markup."""
    from rich.text import Text  # noqa: PLC0415 - loaded already: this is its user's

    return Text.from_markup(text).plain if isinstance(text, str) else str(text)


def _adapt_rich(module: Any) -> None:
    progress = module.Progress
    start, stop = progress.start, progress.stop
    shown = _Shown[dict[Any, Progress]]()

    def sync(self: Any) -> None:
        ours = shown.get(self)
        if ours is None:
            return
        for task in self.tasks:
            if task.visible:
                if (bar := ours.get(task.id)) is None:
                    bar = ours[task.id] = Progress(task.total)
                bar.total = task.total
                bar.set(task.completed, _plain(task.description))
        gone = ours.keys() - {task.id for task in self.tasks if task.visible}
        for task in gone:
            ours.pop(task).close(remove=True)

    def adapted_start(self: Any) -> None:
        if self.disable or not _is_console(self.console.file) or self.console.is_terminal:
            start(self)
            return
        shown.put(self, {})
        sync(self)

    def adapted_stop(self: Any) -> None:
        ours = shown.take(self)
        if ours is None:
            stop(self)
            return
        for bar in ours.values():
            bar.close(remove=self.live.transient)

    def followed(name: str) -> None:
        method = getattr(progress, name)

        def adapted(self: Any, *args: Any, **kwargs: Any) -> Any:
            result = method(self, *args, **kwargs)
            sync(self)
            return result

        setattr(progress, name, adapted)

    progress.start, progress.stop = adapted_start, adapted_stop
    for name in ("add_task", "update", "advance", "reset", "remove_task", "refresh"):
        followed(name)


def _adapt_status(module: Any) -> None:
    status = module.Status
    start, stop, update = status.start, status.stop, status.update
    shown = _Shown[Spinner]()

    def adapted_start(self: Any) -> None:
        if not _is_console(self.console.file) or self.console.is_terminal:
            start(self)
            return
        shown.put(self, Spinner(_plain(self.status), None))

    def adapted_stop(self: Any) -> None:
        ours = shown.take(self)
        if ours is None:
            stop(self)
        else:
            ours.remove()

    def adapted_update(self: Any, status: Any = None, **looks: Any) -> None:
        ours = shown.get(self)
        if ours is None:
            update(self, status, **looks)
        elif status is not None:
            self.status = status
            ours.update(_plain(status))

    status.start, status.stop, status.update = adapted_start, adapted_stop, adapted_update
