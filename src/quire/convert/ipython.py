"""What only IPython understands, in Python: magics and shell lines, what they install, the text that exporters make of them."""

import ast
import re
import shlex
from dataclasses import dataclass

from quire.notebook.magics import NOT_NEEDED, TIMERS, find_magic, magic_lines, write_as_python

_INSTALL = re.compile(
    r"\s*(?:!{1,2}|%)\s*(?:(?:sys\.executable|\{sys\.executable\}|python3?|uv)\s+)?(?:-m\s+)?(?:uv\s+)?"
    r"(?:pip3?|conda|mamba)\s+install\b(?P<arguments>.*)"
)
_ADD = re.compile(r"\s*!\s*uv\s+add\b(?P<arguments>.*)")
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?(?:\s*(?:[<>=!~]=?|===)\s*[\w.*+!-]+(?:\s*,\s*[<>=!~]=?\s*[\w.*+!-]+)*)?"
)
_WITH_VALUE = frozenset(
    {"-r", "-c", "-e", "-i", "-f", "-t", "-n", "--index-url", "--extra-index-url", "--target", "--requirement"}
)
_TIMER_OPTIONS = re.compile(r"(?:-{1,2}[a-zA-Z]+\s*\d*\s+)+")
_CELL_TIMER = re.compile(r"\s*%%(?P<name>\w+)[^\n]*\n(?P<body>.*)", re.DOTALL)
_SQL = re.compile(r"\s*%%(?:bigquery|sql|dql)\b[^\n]*\n?(?P<body>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Translated:
    """A cell in Python."""

    code: str
    notes: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()


def translate(code: str) -> Translated:
    """The cell without what only IPython understands; as it was, with a note, where there is no Python for it."""
    code = _from_exported(code).strip("\n")
    if sql := _SQL.fullmatch(code):
        return Translated(
            _commented(code), (f"SQL is a comment now; give it to your database: {_first_line(sql['body'])}",)
        )
    notes: list[str] = []
    if (timer := _CELL_TIMER.fullmatch(code)) and timer["name"] in TIMERS:
        why = (
            "what the cell prints is shown"
            if timer["name"] == "capture"
            else "the notebook shows how long every cell takes"
        )
        notes.append(f"`%%{timer['name']}` goes: {why}")
        code = timer["body"].strip("\n")
    if find_magic(code) is None:
        code = _join_continued(code)
    requirements: list[str] = []
    lines = code.split("\n")
    for number, line in magic_lines(code).items():
        if (install := _INSTALL.fullmatch(line) or _ADD.fullmatch(line)) is not None:
            found, left = _read_requirements(install["arguments"])
            requirements += found
            notes += [f"`{line.strip()}`: {word} has to be installed by hand" for word in left]
            indent = line[: len(line) - len(line.lstrip())]
            lines[number] = f"{indent}pass  # {line.strip()}" if indent else f"# {line.strip()}"
        elif (timed := re.fullmatch(r"(\s*%(?:time|timeit|prun|memit)\s+)(.*)", line)) is not None:
            lines[number] = timed[1] + _TIMER_OPTIONS.sub("", timed[2], count=1)
    if requirements:
        notes.append(f"installs {', '.join(f'`{name}`' for name in requirements)}: named in the head of the file")
    code = "\n".join(lines)
    magic = find_magic(code)
    if magic is None:
        return Translated(code, tuple(notes), tuple(requirements))
    if magic.startswith("%%") and _is_python(code.partition("\n")[2]) and magic[2:] in NOT_NEEDED:
        return Translated(code.partition("\n")[2], (*notes, f"`{magic}` is not needed and goes"), tuple(requirements))
    written = write_as_python(code)
    if written is None:
        notes.append(f"`{magic}` could not be written in Python; the cell is kept as it is and cannot run")
        return Translated(code, tuple(notes), tuple(requirements))
    return Translated(written, (*notes, *_what_became(code, written)), tuple(requirements))


def _what_became(code: str, written: str) -> list[str]:
    lines = list(magic_lines(code).values()) or [code.strip().partition("\n")[0]]
    said: list[str] = []
    for line in lines:
        shown = line.strip()
        is_comment = f"# {shown}" in written
        if shown.lstrip("%").split(" ")[0] in NOT_NEEDED:
            said.append(f"`{shown}` is not needed and stands as a comment")
        elif is_comment:
            said.append(f"`{shown}` has no meaning in Python and stands as a comment")
        elif shown.startswith("%run"):
            said.append(
                f"`{shown}` runs the file, but its names do not become names of the notebook; import it instead"
            )
        else:
            said.append(f"`{shown}` is written in Python")
    return said


def _read_requirements(arguments: str) -> tuple[list[str], list[str]]:
    """What a `pip install` names, and what of it has no place in a list of requirements."""
    try:
        words = shlex.split(arguments.split("#", maxsplit=1)[0])
    except ValueError:
        words = arguments.split()
    found: list[str] = []
    left: list[str] = []
    skip = ""
    for word in words:
        if skip:
            left.append(f"`{skip} {word}`")
            skip = ""
        elif word in _WITH_VALUE:
            skip = word
        elif word in {"&&", ";", "|", "||", ">", "2>&1"} or word.startswith(">"):
            break
        elif word.startswith("-"):
            continue
        elif _REQUIREMENT.fullmatch(word):
            found.append(word)
        else:
            left.append(f"`{word}`")
    return found, left


def _join_continued(code: str) -> str:
    """A shell command that goes on over several lines, as one line."""
    return re.sub(
        r"^[ \t]*(?:!|%)[^\n]*\\\n(?:[^\n]*\\\n)*[^\n]*",
        lambda found: re.sub(r"\s*\\\n\s*", " ", found.group()),
        code,
        flags=re.MULTILINE,
    )


def _from_exported(code: str) -> str:
    """`get_ipython().system("ls")`, as `nbconvert --to script` writes it, as the line that it was."""
    if "get_ipython" not in code or not _is_python(code):
        return code
    lines = code.split("\n")
    for statement in reversed(ast.parse(code).body):
        match statement:
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name("get_ipython")), attr=attr), args=args)
            ) if all(isinstance(argument, ast.Constant) for argument in args):
                words = [str(ast.literal_eval(argument)) for argument in args]
                restored = _restored(attr, words)
                if restored is not None:
                    lines[statement.lineno - 1 : statement.end_lineno] = restored.split("\n")
            case _:
                pass
    return "\n".join(lines)


def _restored(attr: str, words: list[str]) -> str | None:
    match attr, words:
        case ("run_line_magic", [name, argument]):
            return f"%{name} {argument}".rstrip()
        case ("run_cell_magic", [name, argument, body]):
            return f"%%{name} {argument}".rstrip() + f"\n{body}"
        case ("system", [command]):
            return f"!{command}"
        case ("getoutput", [command]):
            return f"!!{command}"
        case _:
            return None


def _commented(code: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in code.split("\n"))


def _first_line(text: str) -> str:
    return f"`{text.strip().partition(chr(10))[0].strip()}`"


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True
