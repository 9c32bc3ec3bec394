"""An introduction to Quire. `quire tutorial intro` opens a copy of your own: change whatever you like."""

import quire

__generated_with = "0.1.0"
app = quire.App(app_title="Welcome to Quire")


@app.cell(hide_code=True)
def welcome(qr):
    qr.md(r"""
    # Welcome to Quire

    This page is a Python program. Its pieces are *cells*; Quire knows which cell needs which, and keeps them in step.

    Everything here works as you read it. Change what you like: this copy is yours, and it is an ordinary file.
    """)


@app.cell
def _():
    import quire as qr

    return (qr,)


@app.cell(hide_code=True)
def _(qr):
    qr.md(r"""
    ## Move something

    Drag the slider. The two cells below read `amount.value`, so they run again, and nothing else does.
    """)


@app.cell
def _(qr):
    amount = qr.ui.slider(1, 30, value=12, label="How many", show_value=True)
    amount
    return (amount,)


@app.cell
def _(amount):
    squares = [n * n for n in range(1, amount.value + 1)]
    squares
    return (squares,)


@app.cell
def _(amount, qr, squares):
    qr.md(f"The first **{amount.value}** squares add up to **{sum(squares):,}**.")


@app.cell(hide_code=True)
def _(qr):
    qr.md(r"""
    ## Change some code

    Put the cursor into the next cell, write another name, and press **Ctrl-Enter** (or **⌘-Enter**).
    The greeting follows. **Shift-Enter** runs a cell and goes on to the next one.
    """)


@app.cell
def _():
    name = "World"
    return (name,)


@app.cell
def _(name):
    f"Hello, {name}!"


@app.cell(hide_code=True)
def _(qr):
    qr.md(r"""
    ## Order does not matter

    Cells stand in the order in which they read best. They run in the order in which they need each other:
    the next cell uses `ratio`, which is defined below it.
    """)


@app.cell
def _(ratio):
    f"A ratio of {ratio:.3f}"


@app.cell
def _(squares):
    ratio = squares[-1] / sum(squares)
    return (ratio,)


@app.cell(hide_code=True)
def _(qr):
    qr.md(r"""
    ## Names that only one cell needs

    Loop variables and the like may occur in as many cells as you want, as long as no other cell reads them.
    Both cells below use `line` and `i`, and neither sees the other's.
    """)


@app.cell
def _():
    for i in range(3):
        line = "*" * (i + 1)
        print(line)
    return (i, line)


@app.cell
def _():
    for i in range(3, 0, -1):
        line = "-" * i
        print(line)
    return (i, line)


@app.cell(hide_code=True)
def _(qr):
    qr.md(r"""
    ## When something goes wrong

    Write `1 / 0` into the empty cell below and run it. The message says where it happened; the cells around it keep working.
    Delete a cell that others need, and they tell you what is missing. Every deletion can be undone.
    """)


@app.cell
def _():
    return


@app.cell(hide_code=True)
def _(qr):
    qr.md(r"""
    ## It is a file

    Everything you do is saved about a second later, in a file that you can read, compare in git, import, and run:

    ```
    python intro.py
    ```

    Start a notebook of your own with `quire new`, or open any file with `quire edit name.py`.
    """)


if __name__ == "__main__":
    app.run()
