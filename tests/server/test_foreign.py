"""Notebooks of other formats: listed, and converted beside their originals without touching anything else."""

import base64
import json

import pytest

from quire.server.listing import find_notebooks

from .test_files import answer, told

PIXEL = base64.b64encode(b"not really a picture").decode()


def jupyter(*sources: str, attached: dict[str, str] | None = None) -> str:
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for source in sources
    ]
    for name, data in (attached or {}).items():
        source = f"![](attachment:{name})"
        cells.append(
            {"cell_type": "markdown", "source": source, "metadata": {}, "attachments": {name: {"image/png": data}}}
        )
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


FOREIGN = {
    "a.ipynb": jupyter("x = 1"),
    "marimo.py": "import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n    return\n",
    "percent.py": "# %%\nx = 1\n",
    "bricks.py": "# Databricks notebook source\nx = 1\n",
}


def test_notebooks_of_other_formats_are_listed_apart(tmp_path):
    for name, text in {**FOREIGN, "plain.py": "print(1)\n", "README.md": "# Words\n"}.items():
        (tmp_path / name).write_text(text)
    home, listed = told(tmp_path, ("/api/home/list", {}), ("/api/files/list", {"path": ""}))

    assert [item["path"] for item in answer(home)["notebooks"]] == ["nb.py"]
    assert {item["path"] for item in answer(home)["foreign"]} == set(FOREIGN)
    assert {item["name"] for item in answer(listed) if item["kind"] == "foreign"} == set(FOREIGN)
    assert {path.as_posix() for path in find_notebooks(tmp_path).foreign} == set(FOREIGN)


def test_a_notebook_is_converted_beside_its_original_under_the_name_that_was_offered(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.ipynb").write_text(jupyter("%matplotlib inline\nx = 1"))
    (offer,) = told(tmp_path, ("/api/files/offer", {"path": "sub/a.ipynb"}))
    assert answer(offer) == {"what": "a Jupyter notebook", "to": "sub/a.py", "taken": ""}

    (done,) = told(tmp_path, ("/api/files/convert", {"path": "sub/a.ipynb", "to": "sub/a.py"}))
    assert (answer(done)["entry"]["path"], answer(done)["entry"]["kind"]) == ("sub/a.py", "notebook")
    assert "x = 1" in (tmp_path / "sub" / "a.py").read_text()
    assert (tmp_path / "sub" / "a.ipynb").read_text() == jupyter("%matplotlib inline\nx = 1")
    assert [note.partition(":")[0] for note in answer(done)["notes"]] == ["cell 1"]


def test_a_name_that_is_taken_is_told_and_never_written_over(tmp_path):
    (tmp_path / "a.ipynb").write_text(jupyter("x = 1"))
    (tmp_path / "a.py").write_text("mine")
    offer, refused = told(
        tmp_path,
        ("/api/files/offer", {"path": "a.ipynb"}),
        ("/api/files/convert", {"path": "a.ipynb", "to": "a.py"}),
    )

    assert answer(offer) == {"what": "a Jupyter notebook", "to": "a_2.py", "taken": "a.py"}
    assert (refused.status, answer(refused)["refused"]) == (409, "something has this name already")
    assert (tmp_path / "a.py").read_text() == "mine"


def test_attachments_come_along_and_those_that_are_there_stay(tmp_path):
    (tmp_path / "a.ipynb").write_text(jupyter(attached={"p.png": PIXEL}))
    first, second = told(
        tmp_path,
        ("/api/files/convert", {"path": "a.ipynb", "to": "a.py"}),
        ("/api/files/convert", {"path": "a.ipynb", "to": "a_2.py"}),
    )
    assert (first.status, second.status) == (200, 200)
    assert (tmp_path / "a_files" / "p.png").read_bytes() == b"not really a picture"

    (tmp_path / "a_files" / "p.png").write_bytes(b"mine")
    (third,) = told(tmp_path, ("/api/files/convert", {"path": "a.ipynb", "to": "a_3.py"}))
    assert third.status == 409
    assert not (tmp_path / "a_3.py").exists()
    assert (tmp_path / "a_files" / "p.png").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["../../../escaped.png", "/tmp/escaped.png", ".bashrc", "..", "a/../../../b.png"])
def test_S7_the_names_of_attachments_lead_nowhere_else(tmp_path, name):
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "a.ipynb").write_text(jupyter(attached={name: PIXEL}))
    before = {path for path in tmp_path.rglob("*") if inner not in path.parents}
    told(inner, ("/api/files/convert", {"path": "a.ipynb", "to": "a.py"}))

    assert {path for path in tmp_path.rglob("*") if inner not in path.parents} == before
    assert not any(path.name.startswith(".") for path in inner.rglob("*"))
    assert {path.parent for path in inner.rglob("*") if path.is_file()} <= {inner, inner / "a_files"}


def test_what_is_no_notebook_of_another_format_is_refused_in_words(tmp_path):
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe")
    (tmp_path / "a.ipynb").write_text(jupyter("x = 1"))
    replies = told(
        tmp_path,
        ("/api/files/offer", {"path": "nb.py"}),
        ("/api/files/offer", {"path": "broken.ipynb"}),
        ("/api/files/offer", {"path": "binary.py"}),
        ("/api/files/offer", {"path": "gone.ipynb"}),
        ("/api/files/convert", {"path": "a.ipynb", "to": "sub/a.py"}),
    )

    assert [reply.status for reply in replies] == [400, 400, 400, 404, 400]
    assert answer(replies[0])["refused"] == "this is a Quire notebook already"
    assert answer(replies[4])["refused"] == "a notebook is converted beside its original"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ipynb", "binary.py", "broken.ipynb", "nb.py"]
