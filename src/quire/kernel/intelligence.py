"""Answers about code: completions, signatures, documentation, from live values and from the text. Never runs the code.

Slow to import: the first question does it, in the thread beside the cells.
"""

import keyword
import pickle
import re
import shutil
from collections.abc import Iterable, Mapping
from inspect import cleandoc
from time import perf_counter
from typing import Any, Protocol, cast

import jedi

from quire.kernel.reach import keys_of, value_at
from quire.kernel.summaries import summarise, type_name
from quire.protocol.kernel import AskKernel
from quire.protocol.messages import CodeAnswer, Completion, CompletionType, Documentation, Signature

jedi.settings.allow_unsafe_interpreter_executions = False  # properties and `__getitem__` are code of the user's own

_MOST = 800
_LONGEST = 20_000  # characters of documentation
_SECONDS_FOR_TYPES = 0.05  # a type may take as long as everything else; without one, an entry lacks its icon
_STAND_IN = "_quire_value"

_RECEIVER = r"[^\W\d]\w*(?:\.[^\W\d]\w*|\[(?:\"[^\"\n]*\"|'[^'\n]*'|\d+)\])*"
_KEY = re.compile(rf"(?P<receiver>{_RECEIVER})\[\s*(?P<quote>[\"'])(?P<typed>[^\"'\n]*)$")
_CHAIN = re.compile(rf"(?P<receiver>{_RECEIVER})\.\w*$")
_WORD = re.compile(r"\w*$")
_IMPORTS = re.compile(r"\s*(?:from|import)\b")

_TYPES: dict[str, CompletionType] = {
    "module": "module",
    "namespace": "module",
    "class": "class",
    "function": "function",
    "property": "property",
    "param": "parameter",
    "keyword": "keyword",
    "path": "path",
    "string": "key",
}


class _Name(Protocol):
    """What jedi, which has no types, tells of a name."""

    name: str
    type: str
    full_name: str | None

    def docstring(self, *, raw: bool) -> str: ...

    def get_signatures(self) -> "list[_Call]": ...

    def get_completion_prefix_length(self) -> int: ...

    def to_string(self) -> str: ...


class _Call(_Name, Protocol):
    index: int | None
    params: list[_Name]


def answer_code(question: AskKernel, names: Mapping[str, object], directory: str) -> CodeAnswer:
    """What is at the place; `names` are the live values that the cell can see."""
    try:
        return _answer(question, names, directory)
    except (EOFError, pickle.UnpicklingError):
        # A kernel that was killed while jedi wrote down what it had parsed has left half a file.
        shutil.rmtree(str(jedi.settings.cache_directory), ignore_errors=True)
        return _answer(question, names, directory)


def _answer(question: AskKernel, names: Mapping[str, object], directory: str) -> CodeAnswer:
    match question.about:
        case "completions":
            return _completions(question, names, directory)
        case "signature":
            return CodeAnswer(signature=_signature(_read(question, names, directory), *_place(question)))
        case "documentation":
            return CodeAnswer(documentation=_documentation(question, names, directory))


def _place(question: AskKernel) -> tuple[int, int]:
    return question.line + question.above.count("\n") + (1 if question.above else 0), question.column


def _before(question: AskKernel) -> str:
    """The line up to the caret."""
    lines = question.code.split("\n")
    return lines[question.line - 1][: question.column] if 0 < question.line <= len(lines) else ""


def _read(question: AskKernel, names: Mapping[str, object], directory: str) -> Any:
    code = f"{question.above}\n{question.code}" if question.above else question.code
    return _interpreter(code, names, directory)


def _interpreter(code: str, names: Mapping[str, object], directory: str) -> Any:
    # Without a project of its own jedi looks for one in the folders above, and reads what it finds there.
    return jedi.Interpreter(code, [dict(names)], project=jedi.Project(directory or ".", smart_sys_path=False))


# -- completions


def _completions(question: AskKernel, names: Mapping[str, object], directory: str) -> CodeAnswer:
    before = _before(question)
    key = _KEY.search(before)
    if key is not None:
        return _keys(value_at(key["receiver"], names), key["quote"], key["typed"])
    chain = _CHAIN.search(before)
    value = value_at(chain["receiver"], names) if chain is not None and "[" in chain["receiver"] else None
    typed = cast("re.Match[str]", _WORD.search(before))[0]
    if value is not None:
        text = f"{_STAND_IN}.{typed}"
        found = _interpreter(text, {_STAND_IN: value}, directory).complete(1, len(text))
    else:
        found = _read(question, names, directory).complete(*_place(question))
    completions = _listed(found)
    if _is_plain(before, typed):
        known = {completion.label for completion in completions}
        completions += [
            Completion(label=name, type="variable", detail="of a cell that has not run")
            for name in question.names
            if name.lower().startswith(typed.lower()) and name not in known
        ]
    return CodeAnswer(completions=completions[:_MOST], typed=_typed_length(found, typed))


def _keys(value: object, quote: str, typed: str) -> CodeAnswer:
    """Texts to stand between the quotes."""
    keys = [key for key in keys_of(value) if key.lower().startswith(typed.lower())]
    escaped = {key: key.replace("\\", "\\\\").replace(quote, f"\\{quote}") for key in keys[:_MOST]}
    return CodeAnswer(
        completions=[Completion(label=text, type="key") for text in escaped.values() if text.isprintable()],
        typed=len(typed),
    )


def _listed(found: Iterable[_Name]) -> list[Completion]:
    until = perf_counter() + _SECONDS_FOR_TYPES
    listed: list[Completion] = []
    for completion in found:
        label = completion.name
        if label.startswith(_STAND_IN) or len(listed) >= _MOST:
            continue
        kind = _TYPES.get(completion.type, "variable") if perf_counter() < until else "variable"
        listed.append(Completion(label=label, type=kind))
    return listed


def _typed_length(found: list[_Name], typed: str) -> int:
    """How much of what stands before the caret the completions replace; paths begin before the word."""
    return found[0].get_completion_prefix_length() if found else len(typed)


def _is_plain(before: str, typed: str) -> bool:
    """True where the name of a variable may stand."""
    if _IMPORTS.match(before) or not typed:
        return False
    return not before[: len(before) - len(typed)].rstrip().endswith((".", '"', "'"))


# -- calls


def _signature(script: Any, line: int, column: int) -> Signature | None:
    calls: list[_Call] = script.get_signatures(line, column)
    if not calls:
        return None
    call = calls[0]
    head, _, returns = call.to_string().rpartition(" -> ")
    return Signature(
        name=call.name,
        parameters=[_parameter(parameter) for parameter in call.params],
        active=call.index,
        returns=returns if head else "",
        text=_first_paragraph(call.docstring(raw=True)),
    )


def _parameter(parameter: _Name) -> str:
    text = parameter.to_string()
    return text if len(text) <= 80 else f"{text[:79]}…"


def _first_paragraph(text: str) -> str:
    return cleandoc(text).partition("\n\n")[0][:1_000]


# -- documentation


def _documentation(question: AskKernel, names: Mapping[str, object], directory: str) -> Documentation | None:
    name = _name_at(question)
    if not name.isidentifier() or (keyword.iskeyword(name) and name not in {"True", "False", "None"}):
        return None
    found: list[_Name] = _read(question, names, directory).help(*_place(question))
    if not found:
        return None
    one = found[0]
    live = _is_variable(question, name, names)
    title = _title(one) if not live else f"{name}: {type_name(names[name])}"
    value = summarise(names[name]) if live else ""
    text = cleandoc(one.docstring(raw=True))[:_LONGEST]
    return Documentation(title=title, value=value, text=text) if title or text or value else None


def _name_at(question: AskKernel) -> str:
    lines = question.code.split("\n")
    line = lines[question.line - 1] if 0 < question.line <= len(lines) else ""
    left = cast("re.Match[str]", _WORD.search(line[: question.column]))[0]
    right = cast("re.Match[str]", re.match(r"\w*", line[question.column :]))[0]
    return left + right


def _is_variable(question: AskKernel, name: str, names: Mapping[str, object]) -> bool:
    """A plain name with a live value that says more than its documentation: neither a function nor a class nor a module."""
    if name not in names or _before(question)[: -len(name) or None].rstrip().endswith("."):
        return False
    value = names[name]
    return not isinstance(value, type) and not callable(value) and type(value).__name__ != "module"


def _title(name: _Name) -> str:
    signatures = name.get_signatures()
    if signatures:
        return signatures[0].to_string()
    kind = _TYPES.get(name.type, "")
    return f"{kind} {name.full_name or name.name}".strip()
