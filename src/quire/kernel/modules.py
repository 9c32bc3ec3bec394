"""Modules of the user's own that cells have imported: noticing that their files changed, and loading them again in place.

Only what lies beside the notebook or elsewhere outside the installation is looked at. A file is looked at by a thread;
modules are only ever loaded again in the main thread, between runs.
"""

import importlib
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, cast

from quire.names.imports import modules_of
from quire.outputs.tracebacks import is_installed

LOOK_SECONDS = 0.5
_KEPT = frozenset(
    {"__name__", "__loader__", "__package__", "__spec__", "__path__", "__file__", "__cached__", "__builtins__"}
)
_FIXED = frozenset({"__dict__", "__weakref__", "__module__", "__qualname__", "__slots__", "__mro__", "__bases__"})


class _Source:
    """A module's file as it was last looked at."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._stamp = self._look()
        self._content = self._read()

    def has_changed(self) -> bool:
        """True once for each time that it holds something else. A file that is gone, or written as it was, has not."""
        stamp = self._look()
        if stamp == self._stamp or stamp is None:
            return False
        self._stamp = stamp
        before, self._content = self._content, self._read()
        return self._content != before

    def _look(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._file)  # noqa: PTH116 - done for every file, twice a second
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def _read(self) -> int:
        try:
            return hash(Path(self._file).read_bytes())
        except OSError:
            return 0


class LocalModules:
    """The modules under watch. `changed` is called, in another thread, when there is something for `renew`."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._known = set(sys.modules)
        self._seen = len(sys.modules)
        self._sources: dict[str, _Source] = {}
        self._files: dict[str, str] = {}
        """Module → file."""
        self._dirty: set[str] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def look(self) -> None:
        """After a run: take up the modules that it has imported. Costs nothing when there are none."""
        if len(sys.modules) == self._seen:
            return
        self._seen = len(sys.modules)
        new = {name: module for name, module in list(sys.modules.items()) if name not in self._known}
        self._known.update(new)
        found = {name: file for name, module in new.items() if (file := _local_file(name, module)) is not None}
        if not found:
            return
        with self._lock:
            self._files |= found
            self._sources |= {file: _Source(file) for file in found.values() if file not in self._sources}
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="quire-modules", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._stop.set()

    def notice(self) -> None:
        """Look at the files once."""
        with self._lock:
            changed = [file for file, source in self._sources.items() if source.has_changed()]
            self._dirty.update(changed)
        if changed:
            self._changed()

    def renew(self) -> frozenset[str]:
        """Load again what changed, and tell which modules are others now: these, and those that import them.

        A module that cannot be loaded stays as it was for those who have it; who imports it again gets the error.
        """
        with self._lock:
            dirty, self._dirty = self._dirty, set()
            files = dict(self._files)
        changed = {name for name, file in files.items() if file in dirty}
        if not changed:
            return frozenset()
        imports = {name: _imports(name, file) for name, file in files.items()}
        affected = _importers(changed, imports)
        for name in _ordered(affected, imports):
            if name in sys.modules and (name in changed or not affected.isdisjoint(imports[name])):
                _load_again(sys.modules[name])
        return frozenset(affected)

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self.notice()


# -- which modules


def _local_file(name: str, module: object) -> str | None:
    """The source of a module that somebody may be working on."""
    if name.startswith(("quire.", "__")) or name == "quire":
        return None
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not file.endswith(".py"):
        return None
    return None if is_installed(file) else os.path.realpath(file)


def _imports(name: str, file: str) -> frozenset[str]:
    module = sys.modules.get(name)
    package = name if hasattr(module, "__path__") else name.rpartition(".")[0]
    try:
        return modules_of(Path(file).read_text("utf-8", "replace"), package)
    except OSError:
        return frozenset()


def _importers(changed: Iterable[str], imports: Mapping[str, frozenset[str]]) -> set[str]:
    """These modules, and those that import them, directly or through others."""
    found = set(changed)
    pending = list(found)
    while pending:
        module = pending.pop()
        for other, imported in imports.items():
            if module in imported and other not in found:
                found.add(other)
                pending.append(other)
    return found


def _ordered(modules: set[str], imports: Mapping[str, frozenset[str]]) -> list[str]:
    """Each after those that it imports; what imports in circles, by name."""
    result: list[str] = []

    def visit(module: str, above: frozenset[str]) -> None:
        if module in result or module in above:
            return
        for imported in sorted(imports[module] & modules):
            visit(imported, above | {module})
        result.append(module)

    for module in sorted(modules):
        visit(module, frozenset())
    return result


# -- loading again


def _load_again(module: ModuleType) -> None:
    """Run the module's file anew in the same module, and keep the functions and classes that it had, with their new code:
    who has imported them by name, or made objects of them, has the new ones too.
    """
    spec = module.__spec__
    if spec is None or spec.loader is None:
        return
    before = dict(vars(module))
    for name in before.keys() - _KEPT:
        del vars(module)[name]
    try:
        # Not by the loader: its cache of byte code tells texts apart by second and length only.
        source = Path(cast("str", module.__file__)).read_bytes()
        exec(compile(source, cast("str", module.__file__), "exec", dont_inherit=True), vars(module))  # noqa: S102 - an import
    except BaseException:  # noqa: BLE001 - an edge: the user's module; whoever imports it again is told
        vars(module).clear()
        vars(module).update(before)
        sys.modules.pop(module.__name__, None)
        importlib.invalidate_caches()
        return
    for name, new in list(vars(module).items()):
        old = before.get(name)
        if getattr(new, "__module__", None) == module.__name__ and old is not new and _patch(old, new):
            vars(module)[name] = old


def _patch(old: object, new: object) -> bool:
    """Make `old` do what `new` does, where that is safe; False where it is not."""
    if isinstance(old, FunctionType) and isinstance(new, FunctionType):
        return _patch_function(old, new)
    if isinstance(old, type) and isinstance(new, type):
        return _patch_class(old, new)
    return False


def _patch_function(old: FunctionType, new: FunctionType) -> bool:
    if old.__code__.co_freevars or new.__code__.co_freevars:
        return False  # made by a decorator, or in another function: what it holds on to is not its code
    for name in ("__code__", "__defaults__", "__kwdefaults__", "__doc__", "__annotations__"):
        setattr(old, name, getattr(new, name))
    vars(old).clear()
    vars(old).update(vars(new))
    return True


def _patch_class(old: type, new: type) -> bool:
    if type(old) is not type or type(new) is not type or old.__bases__ != new.__bases__:
        return False
    if old.__dict__.get("__slots__") != new.__dict__.get("__slots__"):
        return False
    ours, theirs = dict(vars(old)), dict(vars(new))
    for name in ours.keys() - theirs.keys() - _FIXED:
        delattr(old, name)
    for name, value in theirs.items():
        for function in _functions_of(value):
            _mean_by_class(function, old)
        if name not in _FIXED and not _patch(ours.get(name), value):
            setattr(old, name, value)
    return True


def _functions_of(value: Any) -> Iterator[FunctionType]:
    """The functions that make a method, a property, a class method or a static one."""
    for part in (value, *(getattr(value, name, None) for name in ("__func__", "fget", "fset", "fdel"))):
        if isinstance(part, FunctionType):
            yield part


def _mean_by_class(function: FunctionType, owner: type) -> None:
    """`super()` and `__class__` in a method mean the class that holds it."""
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        if name == "__class__":
            cell.cell_contents = owner
