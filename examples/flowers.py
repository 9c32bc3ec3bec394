"""A notebook that is also a library: `from flowers import describe, Flower`.

Data: `iris.json` from the package vega_datasets (BSD-3-Clause); measurements by Anderson (1935), published by Fisher (1936).
"""

import quire

__generated_with = "0.1.0"
app = quire.App(app_title="Flowers, a library")

with app.setup:
    import json
    from dataclasses import dataclass
    from pathlib import Path
    from statistics import mean, stdev

    from vega_datasets import data


@app.class_definition
@dataclass(frozen=True)
class Flower:
    """One iris; lengths in centimetres."""

    species: str
    petal_length: float
    petal_width: float

    @property
    def petal_area(self) -> float:
        """Area of a petal, taken for an ellipse, in square centimetres."""
        return 3.14159 / 4 * self.petal_length * self.petal_width


@app.function
def load_flowers() -> list[Flower]:
    """The 150 flowers."""
    rows = json.loads(Path(data.iris.filepath).read_text(encoding="utf-8"))
    return [
        Flower(row["species"], row["petalLength"], row["petalWidth"]) for row in rows
    ]


@app.function
def describe(values):
    """Mean and standard deviation in words."""
    return f"{mean(values):.2f} ± {stdev(values):.2f}"


@app.cell
def flowers():
    flowers = load_flowers()
    flowers[:3]
    return (flowers,)


@app.cell
def areas(flowers):
    areas = {
        species: describe(
            [flower.petal_area for flower in flowers if flower.species == species]
        )
        for species in sorted({flower.species for flower in flowers})
    }
    areas
    return (areas,)


if __name__ == "__main__":
    app.run()
