"""Names of plain cells from their byte code: what a script uses instead of trees and symbol tables, which cost too much.

Only where the byte code leaves no doubt; a test holds the answers against `names_of`. The compiler drops dead code, expands
comprehensions, and hides classes and handlers in ways that differ between versions: for all of these the answer is None.
"""

from opcode import EXTENDED_ARG, hasjrel, opmap
from types import CodeType

from quire.names.model import Names, is_private

_NONE: frozenset[str] = frozenset()
_LOAD_NAME = opmap["LOAD_NAME"]
_STORE_NAME = opmap["STORE_NAME"]
_LOAD_GLOBAL = opmap["LOAD_GLOBAL"]
_IMPORT_NAME = opmap["IMPORT_NAME"]
_BINARY_OP = opmap.get("BINARY_OP", -1)
_FIRST_INPLACE = 13  # arguments of BINARY_OP from here on are `+=`, `-=`, …
_UNSURE = frozenset(
    opmap[name]
    for name in (
        "DELETE_NAME",
        "STORE_GLOBAL",
        "DELETE_GLOBAL",
        "SETUP_ANNOTATIONS",
        "LOAD_BUILD_CLASS",
        "IMPORT_STAR",
        "LOAD_FAST_AND_CLEAR",
        "LOAD_FROM_DICT_OR_GLOBALS",
        "LOAD_FROM_DICT_OR_DEREF",
        "CALL_INTRINSIC_2",
        "PUSH_EXC_INFO",
        "MATCH_CLASS",
    )
    if name in opmap
)
_CACHE = 0
_INTRINSIC = opmap.get("CALL_INTRINSIC_1", -1)
_IMPORT_STAR = 2  # the argument of that
_INTERESTING = _UNSURE | {EXTENDED_ARG, _LOAD_NAME, _STORE_NAME, _IMPORT_NAME, _BINARY_OP, _INTRINSIC}
_SURE_IN_FUNCTIONS = frozenset({opmap.get("LOAD_FAST_AND_CLEAR"), opmap.get("PUSH_EXC_INFO")})
_JUMPS = frozenset(hasjrel)
_TESTS = ("if ", "while ", "and ", "or ", "not ")


def quick_names(source: str, *codes: CodeType, is_async: bool = False) -> Names | None:
    """The names of module-level `codes` (run one after the other), compiled from `source`; None when only `names_of` can tell."""
    if _may_be_folded(source):
        return None
    loaded: set[str] = set()
    bound: set[str] = set()
    imports: dict[str, str] = {}
    nested: set[str] = set()
    both = False
    for code in codes:
        found = _read_module(code, loaded, bound, imports)
        if found is None:
            return None
        both |= found
        for constant in code.co_consts:
            if isinstance(constant, CodeType) and not _read_nested(constant, nested):
                return None
    if nested & bound or (both and any(_has_jumps(code) for code in codes)):
        return None
    private: frozenset[str] = _NONE
    for name in bound:
        if name[0] == "_" and is_private(name):
            private |= {name}
    return Names(
        defs=frozenset(bound - private if private else bound),
        refs=frozenset(loaded | (nested - bound) if nested else loaded),
        private=private,
        early=_NONE if loaded.isdisjoint(bound) else frozenset(loaded & bound),
        nested=frozenset(nested) if nested else _NONE,
        imports=tuple(sorted(imports.items())) if imports else (),
        is_async=is_async,
    )


def _may_be_folded(source: str) -> bool:
    """True when a test might be constant, so that the compiler leaves code out."""
    if "assert" in source or "__debug__" in source:
        return True
    for word in _TESTS:
        at = source.find(word)
        while at >= 0:
            rest = source[at + len(word) : at + len(word) + 5]
            if not (rest[:1].isalpha() or rest[:1] == "_") or rest.startswith(("True", "False", "None", "not ")):
                return word != "not " or rest[:1] in "0123456789\"'("
            at = source.find(word, at + 1)
    return False


def _read_module(code: CodeType, loaded: set[str], bound: set[str], imports: dict[str, str]) -> bool | None:
    """Fill the sets from the top level; True when some name is bound and then loaded, None when it cannot be told."""
    names, text = code.co_names, code.co_code
    extended = 0
    imported = ""
    other: set[str] = set()  # bound, and not by `import package`
    both = False
    for operation, low in zip(text[::2], text[1::2], strict=True):
        if operation not in _INTERESTING:
            if operation != _CACHE:
                imported = ""
            continue
        if operation == EXTENDED_ARG:
            extended = (low | extended) << 8
            continue
        argument, extended = low | extended, 0
        if operation == _LOAD_NAME:
            name = names[argument]
            if name in bound:
                both = True
            else:
                loaded.add(name)
        elif operation == _STORE_NAME:
            name = names[argument]
            if imported and imported.partition(".")[0] == name:
                imports[name] = name
            else:
                other.add(name)
            bound.add(name)
        elif operation == _IMPORT_NAME:
            imported = names[argument]
            continue
        elif operation == _BINARY_OP:
            if argument >= _FIRST_INPLACE:
                return None
        elif operation != _INTRINSIC or argument == _IMPORT_STAR:
            return None
        imported = ""
    for name in other if imports else ():
        imports.pop(name, None)
    return both or not loaded.isdisjoint(bound)


def _read_nested(code: CodeType, nested: set[str]) -> bool:
    """Add the globals that a function uses; False when it cannot be told."""
    names, text = code.co_names, code.co_code
    extended = 0
    for operation, low in zip(text[::2], text[1::2], strict=True):
        if operation == EXTENDED_ARG:
            extended = (low | extended) << 8
            continue
        argument, extended = low | extended, 0
        if operation == _LOAD_GLOBAL:
            nested.add(names[argument >> 1])  # the lowest bit says how it is called
        elif operation in _UNSURE and operation not in _SURE_IN_FUNCTIONS:
            return False
    return all(_read_nested(constant, nested) for constant in code.co_consts if isinstance(constant, CodeType))


def _has_jumps(code: CodeType) -> bool:
    return any(operation in _JUMPS for operation in code.co_code[::2])
