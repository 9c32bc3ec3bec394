"""The arguments of a script, as the parsers that people know read them: with and without the `--` that other tools ask for."""

import subprocess
import sys
from pathlib import Path

import pytest

from .test_script import notebook_text

PARSE = """
import argparse
from dataclasses import dataclass

import click
import quire as qr
import simple_parsing

@dataclass
class Options:
    x: int = 0

@click.command()
@click.option("--x", type=int)
def of_click(x):
    return x

_parser = argparse.ArgumentParser()
_parser.add_argument("-x", "--x", type=int)
of_argparse = _parser.parse_args().x
_simple = simple_parsing.ArgumentParser()
_simple.add_arguments(Options, "options")
of_simple_parsing = _simple.parse_args().options.x
print(of_argparse, of_click(standalone_mode=False), of_simple_parsing, qr.cli_args().to_dict())
"""


@pytest.mark.parametrize("place", ["setup", "cell"])
@pytest.mark.parametrize("arguments", [["--", "--x=1"], ["--x=1"]])
def test_every_parser_reads_both_forms(tmp_path: Path, place: str, arguments: list[str]):
    text = notebook_text("1", setup=PARSE) if place == "setup" else notebook_text(PARSE)
    (tmp_path / "nb.py").write_text(text, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "nb.py", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("1 1 1 {'x': 1}\n", "")
