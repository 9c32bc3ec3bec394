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
_TESTS = ("if", "elif", "while", "and", "or", "not")
_BINARY = frozenset({"and", "or"})
_CONSTANTS = (" True", " False", " None", " lambda")
_FORMATS = frozenset("fFtT")  # prefixes of strings that hold code
_LEAVES = ("return", "raise", "break", "continue")
_JOINING = ("else", "except", "finally", "try", "with", "async with", "case", "match")


def quick_names(source: str, *codes: CodeType, is_async: bool = False) -> Names | None:
    """The names of module-level `codes` (run one after the other), compiled from `source`; None when only `names_of` can tell."""
    source = _without_texts(source)
    if _may_be_folded(source) or _may_be_unreachable(source) or ("def " in source and _may_mention(source)):
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
    if nested & bound or "__class__" in nested or (both and any(_has_jumps(code) for code in codes)):
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


def _without_texts(source: str) -> str:
    """The source with long texts emptied, where it is clear where they end: prose is full of `and`, `or` and `not`."""
    parts = source.split('"""')
    code, texts = parts[::2], parts[1::2]
    if len(code) == len(texts) or any(text.endswith("\\") for text in texts):
        return source
    for part in code:
        if "#" in part or "\\" in part or part.count('"') % 2 or part.count("'") % 2:
            return source
    if any(part.rstrip("rR")[-1:] in _FORMATS for part in code[:-1]):
        return source
    return '""'.join(code)


def _may_be_folded(source: str) -> bool:
    """True when a test might be constant, so that the compiler leaves code out."""
    if "assert" in source or "__debug__" in source or "global" in source:
        return True
    for word in _TESTS:
        at = source.find(word)
        while at >= 0:
            end = at + len(word)
            if not _is_in_name(source, at, end) and (
                not _begins_with_name(source[end : end + 7])
                or (word in _BINARY and not _ends_with_name(source[:at].rstrip(" ")))
            ):
                return True
            at = source.find(word, end)
    return False


def _is_in_name(source: str, start: int, end: int) -> bool:
    before, after = source[start - 1 : start], source[end : end + 1]
    return before.isalnum() or before == "_" or after.isalnum() or after == "_"


def _begins_with_name(text: str) -> bool:
    """True for a space and a name that is no constant and no prefix of a string."""
    first = text[1:2]
    if text[:1] != " " or not (first.isalpha() or first == "_") or text.startswith(_CONSTANTS):
        return False
    return text[1:].lstrip("rRbBuUfFtT")[:1] not in {"'", '"'}


def _ends_with_name(text: str) -> bool:
    """True for `… name`, `… name.name` and `…]`."""
    last = text[-1:]
    if last == "]":
        return True
    start = len(text)
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    word = text[start:]
    return word.isidentifier() and word not in {"True", "False", "None"}


def _may_mention(source: str) -> bool:
    """True when a signature might have a type that is a text or be a test's, or a function a variable with a type: none of
    that is in the code.
    """
    if "def test" in source or "fixture" in source:
        return True
    at = source.find("def ")
    while at >= 0:
        end = source.find(":\n", at)
        head = source[at:] if end < 0 else source[at:end]
        if (":" in head or "->" in head) and ('"' in head or "'" in head):
            return True
        at = source.find("def ", at + 4)
    for line in source.split("\n"):
        statement = line if '"' in line or "'" in line else line.partition("#")[0].rstrip()
        target, colon, kind = statement.partition(":")
        if (
            colon
            and kind[:1] not in {"", "="}
            and not (statement.endswith(",") and "=" not in kind)
            and _is_closed(target)
        ):
            return True
    return False


def _is_closed(target: str) -> bool:
    """True for what may stand in front of a type: no text, no bracket that is still open."""
    return not _is_open(target) and '"' not in target and "'" not in target


def _may_be_unreachable(source: str) -> bool:
    """True when something might stand behind a `return`, `raise`, `break` or `continue` that always happens."""
    if not any(word in source for word in _LEAVES):
        return False
    if ";" in source or "\\\n" in source:
        return True  # lines are not statements
    lines = [line for line in source.split("\n") if line.strip() and line.lstrip()[0] != "#"]
    for number, line in enumerate(lines):
        if line.count('"""') % 2 or line.count("'''") % 2:
            return True  # from here on, a line's indent may mean nothing
        if not any(word in line for word in _LEAVES):
            continue
        text = line.lstrip()
        if text.startswith(_JOINING):
            return True
        if text.startswith(_LEAVES) and not (_ends_block(lines, number) and _may_be_passed(lines, number)):
            return True
    return False


def _is_open(line: str) -> bool:
    """True when the statement may go on in the next line."""
    return sum(map(line.count, "([{")) != sum(map(line.count, ")]}"))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _ends_block(lines: list[str], number: int) -> bool:
    """True when the block of a line ends with it and the lines that continue it."""
    indent = _indent(lines[number])
    closed = not _is_open(lines[number])
    after = number + 1
    while after < len(lines):
        if _indent(lines[after]) == indent and lines[after].lstrip()[0] in ")]}":
            closed = True
        elif _indent(lines[after]) <= indent:
            break
        after += 1
    return closed and (after == len(lines) or _indent(lines[after]) < indent)


def _may_be_passed(lines: list[str], number: int) -> bool:
    """True when the block of a line is one that need not run: what follows it is reached all the same."""
    indent = _indent(lines[number])
    while number and _indent(lines[number]) >= indent:
        number -= 1
    text = lines[number].lstrip()
    if text.startswith(("):", ") ->")):  # the last line of a long `def`
        indent = _indent(lines[number]) + 1
        number -= 1
        while number and _indent(lines[number]) >= indent:
            number -= 1
        text = lines[number].lstrip()
    return text.startswith(("if ", "elif ", "for ", "while ", "def ", "async def ", "async for "))


def _read_module(code: CodeType, loaded: set[str], bound: set[str], imports: dict[str, str]) -> bool | None:
    """Fill the sets from the top level; True when some name is bound and then loaded, None when it cannot be told."""
    names, text = code.co_names, code.co_code
    extended = 0
    imported = ""
    other: set[str] = set()  # bound, and not by `import package`
    both = False
    for operation, low in zip(text[::2], text[1::2], strict=True):
        if operation not in _INTERESTING:
            extended = 0  # it belonged to this operation
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
