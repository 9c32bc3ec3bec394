"""A small simulation: how an infection spreads through a population (the SIR model of Kermack and McKendrick, 1927).

The measured curve beside it is real: weekly deaths in the Crimean War from the package vega_datasets (BSD-3-Clause),
tables by Florence Nightingale, in the public domain.
"""

import quire

__generated_with = "0.1.0"
app = quire.App(app_title="An epidemic")

with app.setup:
    import matplotlib.pyplot as plt
    import numpy as np
    import quire as qr


@app.cell(hide_code=True)
def _():
    qr.md(r"""
    # An epidemic

    People are *susceptible*, *infected* or *removed*. Every day each infected person meets others and infects
    some of them (β a day), and some recover (γ a day):

    | share | changes a day by |
    | --- | --- |
    | susceptible | −β · susceptible · infected |
    | infected | β · susceptible · infected − γ · infected |
    | removed | γ · infected |
    """)


@app.cell
def controls():
    contacts = qr.ui.slider(
        0.05,
        1.0,
        value=0.35,
        step=0.05,
        label="Infections a day per infected person",
        show_value=True,
    )
    recovery_days = qr.ui.slider(
        2, 30, value=10, label="Days until recovery", show_value=True
    )
    noisy = qr.ui.checkbox(value=False, label="With chance")
    qr.vstack([qr.hstack([contacts, recovery_days], justify="start", gap=2), noisy])
    return (contacts, noisy, recovery_days)


@app.function
def simulate(beta, gamma, days=160, infected=0.001, chance=None):
    """Shares of susceptible, infected and removed people per day, an array of shape (days, 3)."""
    state = np.array([1 - infected, infected, 0.0])
    states = [state]
    for _ in range(days - 1):
        s, i, _removed = state
        new, gone = beta * s * i, gamma * i
        if chance is not None:
            new, gone = new * chance.uniform(0.5, 1.5), gone * chance.uniform(0.5, 1.5)
        state = state + np.array([-new, new - gone, gone])
        states.append(state)
    return np.array(states)


@app.cell
def course(contacts, noisy, recovery_days):
    course = simulate(
        contacts.value,
        1 / recovery_days.value,
        chance=np.random.default_rng(7) if noisy.value else None,
    )
    return (course,)


@app.cell
def figure(course):
    fig, ax = plt.subplots(figsize=(8, 3.4), layout="constrained")
    for share, name, colour in zip(
        course.T,
        ("susceptible", "infected", "removed"),
        ("#57606a", "#b3261e", "#1a7f4b"),
    ):
        ax.plot(share, label=name, color=colour)
    ax.set_xlabel("day")
    ax.set_ylim(0, 1)
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    fig
    return (ax, colour, fig, name, share)


@app.cell(hide_code=True)
def findings(contacts, course, recovery_days):
    qr.md(f"""
    Each person infects **{contacts.value * recovery_days.value:.1f}** others at the start.
    On day **{course[:, 1].argmax()}** a share of **{course[:, 1].max():.0%}** is infected at once,
    and **{course[-1, 2]:.0%}** have been by the end.
    """)


@app.cell
def measured():
    import json
    from pathlib import Path

    from vega_datasets import data

    rows = json.loads(Path(data.crimea.filepath).read_text(encoding="utf-8"))
    deaths = [row["disease"] for row in rows]
    fig, ax = plt.subplots(figsize=(8, 2.4), layout="constrained")
    ax.plot(deaths, color="#b3261e")
    ax.set_title(
        "Deaths by disease a month, British army in the East, 1854 to 1856",
        loc="left",
        fontsize=10,
    )
    ax.spines[["top", "right"]].set_visible(False)
    fig
    return (Path, ax, data, deaths, fig, json, rows)


if __name__ == "__main__":
    app.run()
