"""Notebooks to measure with, written for Quire, for marimo or for Jupyter."""

import json
from dataclasses import dataclass

GUARD = '\n\nif __name__ == "__main__":\n    app.run()\n'


@dataclass(frozen=True)
class Cell:
    """Lines of code, the names that they read from other cells, and those that they define."""

    lines: tuple[str, ...]
    reads: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()


def one_line(cells: int, package: str = "quire") -> str:
    """Every cell has one line and reads the cell before it."""
    return notebook(chain([("x0 = 1",), *((f"x{n} = x{n - 1} + 1",) for n in range(1, cells))]), package)


def seven_lines(cells: int, package: str = "quire") -> str:
    """Every cell has seven lines and reads the cell before it."""
    bodies = [("a0_6 = 1",)]
    for n in range(1, cells):
        before = [f"a{n - 1}_6", *(f"a{n}_{row}" for row in range(6))]
        bodies.append(tuple(f"a{n}_{row} = [k + {row} for k in range(3)][0] + ({before[row]})" for row in range(7)))
    return notebook(chain(bodies), package)


def chain(bodies: list[tuple[str, ...]]) -> list[Cell]:
    """Assignments; every cell reads what the last line before it defines."""
    names = [tuple(line.split(" = ")[0] for line in body) for body in bodies]
    return [Cell(body, (names[number - 1][-1],) if number else (), names[number]) for number, body in enumerate(bodies)]


def many_cells(count: int) -> list[Cell]:
    """What somebody could have written: a few lines a cell, some of them shown."""
    cells = [Cell(("first_name = 42", "first_name"), (), ("first_name",))]
    for n in range(1, count):
        before = f"value_{n - 1}" if n > 1 else "first_name"
        lines = (f"# step {n} of the analysis", f"value_{n} = {before} + {n}", f'note_{n} = f"step {n}"', f"value_{n}")
        cells.append(Cell(lines, (before,), (f"value_{n}", f"note_{n}")))
    return cells


def with_slider(package: str, dependents: int) -> list[Cell]:
    """A slider, and cells that each show its value."""
    slider = Cell(
        (f"import {package} as product", "slider = product.ui.slider(0, 100000, value=1)", "slider"), (), ("slider",)
    )
    return [slider, *(Cell((f'f"v{n}:{{slider.value}};"',), ("slider",)) for n in range(dependents))]


def notebook(cells: list[Cell], package: str = "quire") -> str:
    """The file, as Quire and marimo write it."""
    return f"import {package}\n\napp = {package}.App()\n{''.join(map(_function, cells))}{GUARD}"


def ipynb(cells: list[Cell]) -> str:
    """The file, as Jupyter writes it."""
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    written = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
        for n, source in enumerate("\n".join(cell.lines) for cell in cells)
    ]
    return json.dumps({"cells": written, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def _function(cell: Cell) -> str:
    code = "".join(f"    {line}\n" for line in cell.lines)
    names = cell.defines
    returned = "" if not names else f" ({names[0]},)" if len(names) == 1 else f" ({', '.join(names)})"
    return f"\n\n@app.cell\ndef _({', '.join(cell.reads)}):\n{code}    return{returned}\n"
