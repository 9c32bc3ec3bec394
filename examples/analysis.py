"""Four years of weather in Seattle: an exploratory analysis with figures and sliders.

Data: `seattle-weather.csv` from the package vega_datasets (BSD-3-Clause); the measurements are NOAA's, in the public domain.
"""

import quire

__generated_with = "0.1.0"
app = quire.App(app_title="Weather in Seattle")


@app.cell(hide_code=True)
def _(qr):
    qr.md(r"""
    # Weather in Seattle

    Daily measurements of 2012 to 2015. Drag a slider: what depends on it follows, the rest stays as it is.
    """)


@app.cell
def imports():
    import matplotlib.pyplot as plt
    import quire as qr
    from vega_datasets import data

    return (data, plt, qr)


@app.cell
def weather(data):
    weather = data.seattle_weather().set_index("date")
    weather.tail(3)
    return (weather,)


@app.cell
def controls(qr):
    window = qr.ui.slider(
        1, 120, value=30, label="Days to average over", show_value=True
    )
    year = qr.ui.dropdown(
        ["all", "2012", "2013", "2014", "2015"], value="all", label="Year"
    )
    qr.hstack([window, year], justify="start", gap=2)
    return (window, year)


@app.cell
def chosen(weather, year):
    chosen = weather if year.value == "all" else weather.loc[year.value]
    smooth_over = len(chosen)
    return (chosen, smooth_over)


@app.cell
def temperatures(chosen, plt, smooth_over, window):
    days = min(window.value, smooth_over)
    fig, ax = plt.subplots(figsize=(8, 3.2), layout="constrained")
    for column, colour in (("temp_max", "#b3261e"), ("temp_min", "#0b6b80")):
        ax.plot(chosen.index, chosen[column], color=colour, alpha=0.15, linewidth=0.8)
        ax.plot(
            chosen.index,
            chosen[column].rolling(days, center=True).mean(),
            color=colour,
            label=column,
        )
    ax.set_ylabel("°C")
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    fig
    return (ax, colour, column, days, fig)


@app.cell(hide_code=True)
def summary(chosen, days, qr, window):
    qr.md(f"""
    Averaged over **{days} days**, the warmest day had **{chosen["temp_max"].max():.1f} °C**,
    and it rained on **{(chosen["precipitation"] > 0).mean():.0%}** of {len(chosen):,} days.
    The same slider, in the middle of a text:

    {window}
    """)


@app.cell
def rain_control(qr):
    threshold = qr.ui.number(
        0, 50, value=10, step=0.5, label="Heavy rain begins at (mm a day)"
    )
    threshold
    return (threshold,)


@app.cell
def rain(chosen, plt, threshold):
    heavy = chosen[chosen["precipitation"] >= threshold.value]
    months = heavy.groupby(heavy.index.month).size().reindex(range(1, 13), fill_value=0)
    fig, ax = plt.subplots(figsize=(8, 2.6), layout="constrained")
    ax.bar(months.index, months, color="#0b6b80", width=0.7)
    ax.set_xticks(months.index, list("JFMAMJJASOND"))
    ax.set_title(
        f"{len(heavy)} days with {threshold.value:g} mm or more",
        loc="left",
        fontsize=10,
    )
    ax.spines[["top", "right"]].set_visible(False)
    fig
    return (ax, fig, heavy, months)


@app.cell
def wettest(heavy):
    heavy.sort_values("precipitation", ascending=False).head(5)


if __name__ == "__main__":
    app.run()
