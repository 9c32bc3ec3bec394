"""IPython's own lines (`%cd data`, `!ls`, `%%bash`, `name?`) and what they are in Python. Pure text to text."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Mapping
from itertools import takewhile

NOT_NEEDED = frozenset({"matplotlib", "load_ext", "reload_ext", "autoreload", "config", "pylab", "precision"})
TIMERS = frozenset({"time", "timeit", "prun", "memit", "capture"})
SHELL = frozenset({"ls", "ll", "mkdir", "rmdir", "cp", "mv", "rm", "cat", "head", "tail", "man", "less", "more"})
SCRIPTS: Mapping[str, str] = {"bash": "bash", "sh": "sh", "zsh": "zsh", "perl": "perl", "ruby": "ruby", "script": ""}

_LINE = re.compile(r"(?P<indent>[ \t]*)(?P<target>[\w, ]*?=\s*)?(?P<mark>!!?|%(?!%))(?P<rest>\S.*)")
_CELL = re.compile(r"\s*%%(?P<name>\w+)(?P<rest>[^\n]*)\n?(?P<body>.*)", re.DOTALL)
_HELP = re.compile(r"(?P<indent>[ \t]*)(\?{1,2}(?P<before>[\w.]+)|(?P<after>[A-Za-z_][\w.]*)\?{1,2})\s*")
_STAND_IN = "pass"


def find_magic(code: str) -> str | None:
    """The first line that only IPython understands, as people call it (`%cd`, `!ls`, `%%bash`, `name?`); None when
    there is none, or when the text is broken elsewhere too.
    """
    if cell := _CELL.fullmatch(code):
        return f"%%{cell['name']}"
    for _, line in sorted(magic_lines(code).items()):
        if found := _LINE.fullmatch(line):
            return found["mark"] + (re.match(r"[\w.]+", found["rest"]) or [""])[0]
        return line.strip()
    return None


def write_as_python(code: str) -> str | None:
    """The text with such lines written in Python, or commented out where Python has no word for them.

    None when nothing is to be done, or when that would not make it Python.
    """
    imports: set[str] = set()
    if cell := _CELL.fullmatch(code):
        written = _write_cell(cell["name"], cell["rest"].strip(), cell["body"], imports)
    else:
        magics = magic_lines(code)
        if not magics:
            return None
        lines = code.split("\n")
        for number, line in magics.items():
            lines[number] = _write_line(line, imports)
        written = "\n".join(lines)
    missing = [line for line in sorted(imports) if line not in _first_imports(written)]
    whole = "\n".join([*missing, "", written] if missing else [written])
    try:
        ast.parse(whole)
    except (SyntaxError, ValueError):
        return None
    return whole


def _first_imports(code: str) -> set[str]:
    """The imports at the top, which hold for every line below them."""
    return set(takewhile(lambda line: not line.strip() or line.startswith(("import ", "from ", "#")), code.split("\n")))


def magic_lines(code: str) -> dict[int, str]:
    """Lines by number, from 0, that begin a statement and are IPython's; none when the rest is not Python."""
    lines = code.split("\n")
    candidates = {number: line for number, line in enumerate(lines) if _LINE.fullmatch(line) or _HELP.fullmatch(line)}
    if not candidates:
        return {}
    replaced = [
        line[: len(line) - len(line.lstrip(" \t"))] + _STAND_IN if number in candidates else line
        for number, line in enumerate(lines)
    ]
    text = "\n".join(replaced)
    try:
        ast.parse(text)
        # In a string or inside brackets such a line is something else: no statement begins there.
        begun = {
            token.start[0] - 1
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.NAME and token.string == _STAND_IN
        }
    except (SyntaxError, ValueError, tokenize.TokenError):
        return {}
    return {number: line for number, line in candidates.items() if number in begun}


def _write_line(line: str, imports: set[str]) -> str:
    if help_asked := _HELP.fullmatch(line):
        return f"{help_asked['indent']}help({help_asked['before'] or help_asked['after']})"
    found = _LINE.fullmatch(line)
    if found is None:
        return line
    indent, target, rest = found["indent"], found["target"] or "", found["rest"].rstrip()
    if found["mark"] != "%":
        return indent + target + _run_shell(rest, imports, keep=bool(target) or found["mark"] == "!!")
    name, _, argument = rest.partition(" ")
    written = _write_magic(name, argument.strip(), imports, keep=bool(target))
    if written is None:
        return f"{indent}{target}None  # %{rest}" if target else f"{indent}pass  # %{rest}" if indent else f"# %{rest}"
    return indent + target + written


def _write_magic(name: str, argument: str, imports: set[str], *, keep: bool) -> str | None:
    """None: Python has nothing like it, or nobody misses it."""
    if name in TIMERS:
        return argument or None  # the notebook shows how long every cell takes
    if name in SHELL:
        return _run_shell(f"{name} {argument}".rstrip(), imports, keep=keep)
    if name in {"sx", "system"}:
        return _run_shell(argument, imports, keep=True)
    write = _MAGICS.get(name)
    return None if write is None else write(argument, imports)


def _pip(argument: str, imports: set[str]) -> str:
    imports |= {"import subprocess", "import sys"}
    return f'subprocess.run([sys.executable, "-m", "pip", *{argument!r}.split()], check=True)'


def _cd(argument: str, imports: set[str]) -> str:
    imports.add("import os")
    place = argument or "~"
    return f"os.chdir(os.path.expanduser({place!r}))" if place.startswith("~") else f"os.chdir({place!r})"


def _env(argument: str, imports: set[str]) -> str:
    imports.add("import os")
    name, value = re.fullmatch(r"(\w*)\s*=?\s*(.*)", argument).groups()  # pyright: ignore[reportOptionalMemberAccess] - it matches everything on a line
    if value:
        return f"os.environ[{name!r}] = {_text(value)}"
    return f"os.environ[{name!r}]" if name else "dict(os.environ)"


def _pwd(_: str, imports: set[str]) -> str:
    imports.add("from pathlib import Path")
    return "Path.cwd()"


def _run(argument: str, imports: set[str]) -> str:
    imports.add("import runpy")
    return f'runpy.run_path({argument.partition(" ")[0]!r}, run_name="__main__")'


_MAGICS: Mapping[str, Callable[[str, set[str]], str]] = {
    "pip": _pip,
    "cd": _cd,
    "env": _env,
    "set_env": _env,
    "pwd": _pwd,
    "run": _run,
}


def _run_shell(command: str, imports: set[str], *, keep: bool) -> str:
    if command.startswith("pip "):
        return _pip(command.removeprefix("pip ").strip(), imports)
    imports.add("import subprocess")
    if keep:
        return f"subprocess.run({_text(command)}, shell=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()"
    return f"subprocess.run({_text(command)}, shell=True)"


def _write_cell(name: str, argument: str, body: str, imports: set[str]) -> str:
    """A cell that is one command as a whole."""
    if name in TIMERS:
        return body
    if name in SCRIPTS:
        imports.add("import subprocess")
        program = argument if name == "script" else f"{SCRIPTS[name]} {argument}".strip()
        return f"subprocess.run({program!r}.split(), input={_block(body)}, text=True)"
    if name in {"html", "HTML", "svg", "SVG"}:
        imports.add("import quire as qr")
        return f"qr.Html({_block(body)})"
    if name in {"markdown", "latex"}:
        imports.add("import quire as qr")
        return f"qr.md({_block(body)})"
    if name in {"writefile", "file"}:
        imports.add("from pathlib import Path")
        return f"Path({argument!r}).write_text({_block(body)})"
    return "\n".join(f"# {line}".rstrip() for line in [f"%%{name} {argument}".rstrip(), *body.split("\n")])


def _text(command: str) -> str:
    """A string; IPython fills in `{name}` and `$name`."""
    filled = re.sub(r"(?<![\\$])\$([A-Za-z_]\w*)", r"{\1}", command)
    names = re.findall(r"\{([^{}]+)\}", filled)
    try:
        for name in names:
            ast.parse(name, mode="eval")
    except SyntaxError:
        return repr(command)
    return f"f{filled!r}" if names else repr(command)


def _block(body: str) -> str:
    """The text as a literal of several lines, when it can be one."""
    body = body if body.endswith("\n") else f"{body}\n"
    if '"""' in body or "\\" in body or body.endswith('"'):
        return repr(body)
    return f'"""\\\n{body}"""'
