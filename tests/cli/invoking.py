"""Commands called in this process: what they say, and what they would serve."""

from click.testing import CliRunner

from quire.cli import edit as edit_module
from quire.cli import tutorials
from quire.cli.commands import quire

NOTEBOOK = """import quire

app = quire.App()


@app.cell
def load():
    data = [1, 2]
    for _row in data:
        pass
    return (data,)


@app.cell
def _(data):
    total = sum(data)
    return (total,)


if __name__ == "__main__":
    app.run()
"""


def refusal(*arguments: str) -> str:
    """What is said, and nothing else happens."""
    done = CliRunner().invoke(quire, arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert 1 <= len(done.output.strip().split("\n")) <= 2
    return done.output


def served(monkeypatch, *arguments: str) -> dict:
    """What would be served."""
    seen: dict = {}

    def serve(file, options, given=(), template=None):
        seen.update(file=file, options=options, arguments=given, template=template)

    monkeypatch.setattr(edit_module, "serve_file", serve)
    monkeypatch.setattr(tutorials, "serve_file", serve)
    done = CliRunner().invoke(quire, arguments)
    assert done.exit_code == 0, done.output
    return seen
