"""Uses the functions and the class of another notebook, `flowers.py`, as of any module."""

import quire

__generated_with = "0.1.0"
app = quire.App(app_title="A report on flowers")


@app.cell
def imports():
    import quire as qr

    from flowers import Flower, describe, load_flowers

    return (Flower, describe, load_flowers, qr)


@app.cell
def choice(load_flowers, qr):
    flowers = load_flowers()
    species = qr.ui.dropdown(
        sorted({flower.species for flower in flowers}), value="setosa", label="Species"
    )
    species
    return (flowers, species)


@app.cell
def report(describe, flowers, qr, species):
    chosen = [flower for flower in flowers if flower.species == species.value]
    qr.md(f"""
    ## Iris {species.value}

    | measure | mean ± standard deviation |
    | --- | --- |
    | petal length (cm) | {describe([flower.petal_length for flower in chosen])} |
    | petal width (cm) | {describe([flower.petal_width for flower in chosen])} |
    | petal area (cm²) | {describe([flower.petal_area for flower in chosen])} |
    """)
    return (chosen,)


@app.cell
def largest(Flower, chosen):
    largest = max(chosen, key=lambda flower: flower.petal_area)
    assert isinstance(largest, Flower)
    largest
    return (largest,)


if __name__ == "__main__":
    app.run()
