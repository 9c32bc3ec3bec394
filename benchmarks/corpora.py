"""Notebooks to measure with: one dependency chain each, written for Quire or for marimo."""

GUARD = '\n\nif __name__ == "__main__":\n    app.run()\n'


def one_line(cells: int, package: str = "quire") -> str:
    """Every cell has one line and reads the cell before it."""
    return _notebook(package, [["x0 = 1"], *([f"x{n} = x{n - 1} + 1"] for n in range(1, cells))])


def seven_lines(cells: int, package: str = "quire") -> str:
    """Every cell has seven lines and reads the cell before it."""
    bodies = [["a0_6 = 1"]]
    for n in range(1, cells):
        before = [f"a{n - 1}_6", *(f"a{n}_{row}" for row in range(6))]
        bodies.append([f"a{n}_{row} = [k + {row} for k in range(3)][0] + ({before[row]})" for row in range(7)])
    return _notebook(package, bodies)


def _notebook(package: str, bodies: list[list[str]]) -> str:
    cells: list[str] = []
    for number, body in enumerate(bodies):
        names = [line.split(" = ")[0] for line in body]
        last = bodies[number - 1][-1].split(" = ")[0] if number else ""
        returned = f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"
        code = "".join(f"    {line}\n" for line in body)
        cells.append(f"\n\n@app.cell\ndef _({last}):\n{code}    return {returned}\n")
    return f"import {package}\n\napp = {package}.App()\n{''.join(cells)}{GUARD}"
