import quire

__generated_with = "0.1.0"
app = quire.App(app_title="Five stocks")


@app.cell
def _(qr):
    qr.md(r"""
# Five stocks

Monthly prices of five companies, 2000 to 2010.
""")


@app.cell
def _():
    import matplotlib.pyplot as plt
    import numpy as np
    import quire as qr
    from vega_datasets import data

    return (data, np, plt, qr)


@app.cell
def _(data):
    prices = data.stocks().pivot(index="date", columns="symbol", values="price")
    prices.tail(3)
    return (prices,)


@app.cell
def _(prices, qr):
    months, companies = prices.shape
    first, last = prices.index[[0, -1]].strftime("%B %Y")
    qr.md(f"**{companies} companies**, {months} months, {first} to {last}.")
    return (companies, first, last, months)


@app.cell
def _(prices):
    prices.isna().sum()[lambda missing: missing > 0]


@app.cell
def _(prices, qr):
    shown = qr.ui.dropdown(list(prices), value="AAPL", label="Company")
    window = qr.ui.slider(
        1, 24, value=6, label="Months to average over", show_value=True
    )
    log = qr.ui.checkbox(label="logarithmic")
    qr.hstack([shown, window, log], justify="start", gap=2)
    return (log, shown, window)


@app.cell
def _(qr):
    qr.md(r"""
## One company

Choose one; everything below follows.
""")


@app.cell
def _(prices, shown, window):
    price = prices[shown.value].dropna()
    smooth = price.rolling(window.value).mean()
    return (price, smooth)


@app.cell
def _(log, plt, price, smooth):
    fig, ax = plt.subplots(figsize=(8, 3), layout="constrained")
    ax.plot(price, color="#0b6b80", alpha=0.3)
    ax.plot(smooth, color="#0b6b80")
    ax.set_yscale("log" if log.value else "linear")
    ax.set_ylabel("US$")
    ax.spines[["top", "right"]].set_visible(False)
    fig
    return (ax, fig)


@app.cell
def _(price, qr, shown):
    qr.md(f"""
{shown.value} was at {price.iloc[0]:.2f} dollars in the beginning and at **{price.iloc[-1]:.2f}** in the end:
{price.iloc[-1] / price.iloc[0]:.1f} times as much.
""")


@app.cell
def _(prices):
    relative = prices / prices.bfill().iloc[0] * 100
    relative.iloc[-1].sort_values(ascending=False).round()
    return (relative,)


@app.cell
def _(qr):
    qr.md(r"""
## All of them

Relative to the first price of each.
""")


@app.cell
def _(plt, relative, shown):
    fig, ax = plt.subplots(figsize=(8, 3), layout="constrained")
    for name in relative:
        chosen = name == shown.value
        ax.plot(
            relative[name],
            label=name,
            linewidth=2 if chosen else 0.8,
            alpha=1 if chosen else 0.6,
        )
    ax.legend(frameon=False, ncols=5)
    ax.set_yscale("log")
    ax.spines[["top", "right"]].set_visible(False)
    fig
    return (ax, chosen, fig, name)


@app.cell
def _(prices):
    returns = prices.pct_change(fill_method=None)
    returns.describe().loc[["mean", "std", "min", "max"]].round(3)
    return (returns,)


@app.cell
def _(returns):
    returns.corr().round(2)


@app.cell
def _(companies, plt, returns):
    fig, ax = plt.subplots(figsize=(4.2, 3.4), layout="constrained")
    image = ax.imshow(returns.corr(), vmin=-1, vmax=1, cmap="RdBu")
    ax.set_xticks(range(companies), list(returns))
    ax.set_yticks(range(companies), list(returns))
    fig.colorbar(image)
    fig
    return (ax, fig, image)


@app.function
def drawdown(series):
    """How far below its highest value so far."""
    return series / series.cummax() - 1


@app.cell
def _(qr):
    qr.md(r"""
## How bad it got

The *drawdown* is how far a price is below its highest value so far.
""")


@app.cell
def _(prices):
    deepest = prices.apply(drawdown).min().sort_values()
    deepest.map("{:.0%}".format)
    return (deepest,)


@app.cell
def _(plt, price):
    fig, ax = plt.subplots(figsize=(8, 2.4), layout="constrained")
    ax.fill_between(
        price.index, drawdown(price), color="#b3261e", alpha=0.35, linewidth=0
    )
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.spines[["top", "right"]].set_visible(False)
    fig
    return (ax, fig)


@app.cell
def _(returns):
    best = returns.stack().nlargest(5)
    best.map("{:+.0%}".format)
    return (best,)


@app.cell
def _(returns):
    worst = returns.stack().nsmallest(5)
    worst.map("{:+.0%}".format)
    return (worst,)


@app.cell
def _(qr):
    monthly = qr.ui.number(10, 1000, value=100, step=10, label="Dollars each month")
    monthly
    return (monthly,)


@app.cell
def _(qr):
    qr.md(r"""
## Buying every month
""")


@app.cell
def _(monthly, np, price):
    shares = (monthly.value / price).cumsum()
    worth = shares * price
    paid = np.arange(1, len(price) + 1) * monthly.value
    return (paid, shares, worth)


@app.cell
def _(paid, plt, price, worth):
    fig, ax = plt.subplots(figsize=(8, 2.8), layout="constrained")
    ax.plot(price.index, paid, color="#57606a", label="paid")
    ax.plot(worth, color="#0b6b80", label="worth")
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    fig
    return (ax, fig)


@app.cell
def _(paid, qr, worth):
    qr.md(
        f"Paid **{paid[-1]:,}**, worth **{worth.iloc[-1]:,.0f}** in the end, and {(worth / paid).max():.1f} times as much at best."
    )


@app.cell
def _(returns):
    by_year = returns.groupby(returns.index.year).sum().round(2)
    by_year
    return (by_year,)


@app.cell
def _(qr):
    qr.md(r"""
## What must hold
""")


@app.cell
def _(prices):
    assert prices.index.is_monotonic_increasing
    assert (prices.dropna(how="all").min() > 0).all()


if __name__ == "__main__":
    app.run()
