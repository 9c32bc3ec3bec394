"""Cells as source text, from the whole grammar: few names, so that scopes shadow, delete and read each other's all the time."""

import sys
from functools import cache

from hypothesis import strategies as st

NAMES = ("a", "b", "c", "_p", "__q")
_HAS_TYPE_PARAMETERS = sys.version_info >= (3, 12)

Lines = list[str]


@st.composite
def cells(draw: st.DrawFn, *, straight: bool = False) -> str:
    """A cell that compiles but for rare cases. `straight`: nothing branches, repeats or is put off."""
    writer = _Writer(draw, straight=straight)
    future = ["from __future__ import annotations"] if not straight and writer.chance(12) else []
    code = "\n".join([*future, *writer.block("module")])
    return code.replace("__q", "q_") if writer.is_generic else code  # after a generic class, 3.12 mangles on


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


class _Writer:
    """Draws one cell. `where` is what surrounds a place: `module`, `class`, `def` or `async`.

    `inside` says what an expression there may not hold: "w" for `:=`, "l" for `await`.
    """

    def __init__(self, draw: st.DrawFn, *, straight: bool) -> None:
        self._draw = draw
        self._straight = straight
        self._depth = 0
        self._loop = ""
        self.is_generic = False
        self._parameters: list[tuple[str, ...]] = []
        """Of the functions around, the outermost first."""

    def below(self, count: int) -> int:
        return self._draw(_below(count))

    def chance(self, one_in: int) -> bool:
        return self.below(one_in) == one_in - 1

    def name(self) -> str:
        return NAMES[self.below(len(NAMES))]

    # -- statements

    def block(self, where: str) -> Lines:
        self._depth += 1
        lines: Lines = []
        for _ in range(self.below(4 if self._depth == 1 else 3) + 1):
            lines += self.statement(where)
        self._depth -= 1
        return lines

    def statement(self, where: str) -> Lines:
        simple = (self.assign, self.show, self.augment, self.annotate, self.delete, self.import_, self.declare)
        nested = (self.function, self.class_, self.decorated)
        branching = (self.if_, self.for_, self.while_, self.try_, self.with_, self.match_)
        if self._depth > 3:
            kinds = simple
        elif self._straight:
            kinds = (*simple, *nested)
        else:
            kinds = (*simple, self.assign, self.show, *nested, self.function, *branching)
        return kinds[self.below(len(kinds))](where)

    def assign(self, where: str) -> Lines:
        return [f"{self.target(where)} = {self.expression(where)}"]

    def show(self, where: str) -> Lines:
        leave = {"def": ["return {}", "yield {}"], "async": ["return {}"]}.get(where, [])
        if not self._straight:
            leave += ["raise {}", "assert {}"]
        form = ["{}", "{}", "{}", *leave][self.below(3 + len(leave))]
        if self._loop and self.chance(6):
            return [("break", "continue")[self.below(2 if self._loop == "for" else 1)]]
        return [form.format(self.expression(where))]

    def augment(self, where: str) -> Lines:
        return [f"{self.place(where)} += {self.expression(where)}"]

    def annotate(self, where: str) -> Lines:
        value = f" = {self.expression(where)}" if self.below(2) else ""
        target = (self.name(), f"({self.name()})", f"{self.name()}.x")[self.below(3)]
        return [f"{target}: {self.annotation(where)}{value}"]

    def delete(self, where: str) -> Lines:
        return [f"del {self.place(where)}"]

    def import_(self, where: str) -> Lines:
        forms = ("import {}", "import {}.x", "import {}.x as {}", "from m import {}", "from m.{} import x as {}")
        return [forms[self.below(len(forms))].format(self.name(), self.name())]

    def declare(self, where: str) -> Lines:
        """`global` and `nonlocal` stand first in their scope, or refuse to compile; elsewhere a class-level `global` is rare."""
        return [f"global {self.name()}"] if where == "class" and self.chance(3) else ["pass"]

    def function(self, where: str) -> Lines:
        kind = "def" if self.below(3) else "async"
        names = NAMES[self.below(3) :][: self.below(3)]
        parameters = [self.parameter(name, where, default=index == len(names) - 1) for index, name in enumerate(names)]
        if names and self.chance(4):
            parameters.insert(len(parameters) - 1, "*")
        returns = f" -> {self.annotation(where)}" if self.chance(4) else ""
        head = f"{'async ' if kind == 'async' else ''}def {self.name()}{self.type_parameters(where)}"
        loop, self._loop = self._loop, ""
        declared: Lines = []
        free = [name for name in NAMES if name not in names]
        if self.chance(4):
            declared.append(f"global {free[self.below(len(free))]}")
        outer = [name for around in self._parameters for name in around if name in free]
        if not declared and outer and self.below(2):
            declared.append(f"nonlocal {outer[self.below(len(outer))]}")
        self._parameters.append(names)
        body = declared + self.block(kind)
        self._parameters.pop()
        self._loop = loop
        return [f"{head}({', '.join(parameters)}){returns}:", *_indented(body)]

    def parameter(self, name: str, where: str, *, default: bool) -> str:
        annotation = f": {self.annotation(where)}" if self.chance(4) else ""
        return f"{name}{annotation}" + (f" = {self.expression(where)}" if default and self.below(2) else "")

    def class_(self, where: str) -> Lines:
        forms = ("", f"({self.expression(where)})", f"(metaclass={self.expression(where)})")
        head = f"class {self.name()}{self.type_parameters(where)}{forms[self.below(3)]}:"
        loop, self._loop = self._loop, ""
        body = self.block("class")
        self._loop = loop
        return [head, *_indented(body)]

    def decorated(self, where: str) -> Lines:
        definition = self.function(where) if self.below(2) else self.class_(where)
        return [f"@{self.expression(where)}", *definition]

    def type_parameters(self, where: str) -> str:
        if not _HAS_TYPE_PARAMETERS or self.below(4) < 3:
            return ""
        self.is_generic = True
        name = self.name()
        return (f"[{name}]", f"[{name}: {self.name()}]", f"[*{name}]", f"[**{name}]")[self.below(4)]

    def if_(self, where: str) -> Lines:
        lines = [f"if {self.expression(where)}:", *_indented(self.block(where))]
        return [*lines, "else:", *_indented(self.block(where))] if self.below(2) else lines

    def for_(self, where: str) -> Lines:
        keyword = "async for" if where in {"module", "async"} and self.chance(4) else "for"
        head = f"{keyword} {self.target(where)} in {self.expression(where)}:"
        lines = [head, *_indented(self.loop("for", where))]
        return [*lines, "else:", *_indented(self.block(where))] if self.chance(4) else lines

    def while_(self, where: str) -> Lines:
        """It ends after one round, since what runs must end."""
        return [f"while {self.expression(where)}:", *_indented([*self.loop("while", where), "break"])]

    def loop(self, kind: str, where: str) -> Lines:
        around, self._loop = self._loop, kind
        lines = self.block(where)
        self._loop = around
        return lines

    def try_(self, where: str) -> Lines:
        lines = ["try:", *_indented(self.block(where))]
        star = "" if self._loop or where in {"def", "async"} or self.below(4) else "*"
        kind = self.below(4)
        if kind < 3:
            caught = ("except{} Exception", "except{} Exception as {}", "except{} (a, ValueError) as {}")[kind]
            lines += [f"{caught.format(star, self.name())}:", *_indented(self.block(where))]
            if self.chance(4):
                lines += ["else:", *_indented(self.block(where))]
        if kind == 3 or self.chance(4):
            lines += ["finally:", *_indented(self.block(where))]
        return lines

    def with_(self, where: str) -> Lines:
        keyword = "async with" if where in {"module", "async"} and self.chance(4) else "with"
        bound = f" as {self.target(where)}" if self.below(2) else ""
        return [f"{keyword} {self.expression(where)}{bound}:", *_indented(self.block(where))]

    def match_(self, where: str) -> Lines:
        lines = [f"match {self.expression(where)}:"]
        for _ in range(self.below(2) + 1):
            guard = f" if {self.expression(where)}" if self.chance(3) else ""
            lines += [f"    case {self.pattern()}{guard}:", *_indented(_indented(self.block(where)))]
        return lines

    def pattern(self) -> str:
        one, two = self.name(), self.name()
        forms = (
            f"{one}",
            f"[{one}, *{two}]",
            f"{{'k': {one}, **{two}}}",
            f"object(x={one})",
            f"[_, {one}] as {two}",
            f"1 | {one}.x",
            f"({one}, 1) | (1, {one})",
        )
        return forms[self.below(len(forms))]

    # -- expressions

    def place(self, where: str) -> str:
        forms = (self.name(), f"{self.name()}.x", f"{self.name()}[{self.expression(where)}]")
        return forms[self.below(3)] if self.below(2) else forms[0]

    def target(self, where: str) -> str:
        forms = (self.name(), f"{self.name()}, *{self.name()}", f"{self.name()}, ({self.name()}, {self.place(where)})")
        return forms[max(self.below(5) - 2, 0)]

    def annotation(self, where: str) -> str:
        one, two = self.name(), self.name()
        forms = (one, f"'{one}'", f"{one}['{two}.x']", f"'{one}[{two}]'", "'not one name'", self.expression(where))
        return forms[self.below(len(forms))]

    def expression(self, where: str, inside: str = "") -> str:
        self._depth += 1
        found = self._expression(where, inside)
        self._depth -= 1
        return found

    def _expression(self, where: str, inside: str) -> str:
        if self._depth > 4 or self.below(3) < 2:
            return "1" if self.chance(12) else self.name()
        part = lambda: self.expression(where, inside)  # noqa: E731 - said often below
        forms = [
            lambda: f"{self.name()}({part()}, k={part()})" if not self._straight else f"{self.name()}.x",
            lambda: f"({part()} + {part()})",
            lambda: f"[{part()}, *{part()}]",
            lambda: f"{{{part()}: {part()}, **{part()}}}",
            lambda: f"{self.name()}[{part()}:{part()}]",
            lambda: f"f'{{{self.name()}!r:{{{self.name()}}}}}'",
        ]
        if "w" not in inside:
            forms.append(lambda: f"({self.name()} := {part()})")
        if where in {"module", "async"} and "l" not in inside:
            forms.append(lambda: f"(await {self.name()})")
        if where in {"def", "async"}:
            forms.append(lambda: ("super", "__class__")[self.below(2)])
        forms.append(lambda: self.comprehension(where, inside))
        if not self._straight:
            forms += [
                lambda: f"({part()} if {part()} else {part()})",
                lambda: f"({part()} and {part()})",
                lambda: f"({part()} < {part()} < {part()})",
                lambda: self.lambda_(where, inside),
            ]
        return forms[self.below(len(forms))]()

    def lambda_(self, where: str, inside: str) -> str:
        name = NAMES[self.below(3)]
        default = f"={self.expression(where, inside)}" if self.below(2) else ""
        return f"(lambda {name}{default}: {self.expression('def', 'w')})"

    def comprehension(self, where: str, inside: str) -> str:
        forms = ["[{0} for {2}]", "{{{0} for {2}}}", "{{{0}: {1} for {2}}}", "({0} for {2})"]
        form = forms[self.below(3 if self._straight else 4)]
        own = inside + "w" if where == "class" or self.below(2) else inside
        if form[0] == "(" or where == "class":
            own += "l"  # an `await` would need an asynchronous scope
        loop = f"{self.comprehension_target()} in {self.expression(where, inside + 'w')}"
        if where in {"module", "async"} and "l" not in own and self.chance(6):
            form = form.replace(" for ", " async for ")
        more = ""
        if self.chance(4):
            more += f" for {self.comprehension_target()} in {self.expression(where, own + 'w')}"
        if not self._straight and self.chance(3):
            more += f" if {self.expression(where, own)}"
        value = self.expression(where, own)
        return form.format(value, self.expression(where, own), loop + more)

    def comprehension_target(self) -> str:
        one, two = self.name(), self.name()
        return (one, f"({one}, *{two})", f"{one}[{two}]", f"{one}.x")[max(self.below(7) - 3, 0)]


def _indented(lines: Lines) -> Lines:
    return [f"    {line}" for line in lines]
