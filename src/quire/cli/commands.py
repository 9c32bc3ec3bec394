"""The commands and their options. What they do is imported when they do it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from quire.cli.configuring import config
from quire.cli.edge import Commands
from quire.cli.failure import PATH, RANDOM
from quire.cli.informing import COMMANDS as INFORMING
from quire.cli.manner import set_manner
from quire.cli.reviewing import COMMANDS as REVIEWING
from quire.version import __version__

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="quire %(version)s")
@click.option("-y", "--yes", is_flag=True, help="Take yes for the answer to every question.")
@click.option("-q", "--quiet", is_flag=True, help="Leave out where something is served, and what stops it.")
@click.option(
    "-l",
    "--log-level",
    type=click.Choice(["debug", "info", "warn", "error", "critical"]),
    default=None,
    help="What a server says of its work on standard error.  [warn]",
)
@click.pass_context
def quire(context: click.Context, **manner: Any) -> None:
    """A reactive Python notebook that is an ordinary Python program."""
    set_manner(context, **manner)


class Separated(click.Command):
    """Takes what follows `--` apart before anything else is read: it is not ours."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = args.index("--") if "--" in args else len(args)
        ctx.meta["arguments"] = tuple(args[at + 1 :])
        return super().parse_args(ctx, args[:at])


def server_options(command: Command) -> Command:
    """Where and for whom a notebook is served."""
    for option in reversed(
        [
            click.option("--host", default=None, help="Address to listen on (setting `server.host`).  [127.0.0.1]"),
            click.option(
                "--port",
                default=None,
                type=click.IntRange(0, 65535),
                help="Port to listen on (`server.port`); when it is in use, the next free one. 0 takes any.  [2718]",
            ),
            click.option(
                "--headless/--no-headless", default=None, help="Do not open a browser (setting `server.headless`)."
            ),
            click.option(
                "--token",
                default=None,
                is_flag=False,
                flag_value=RANDOM,
                help="What lets a browser in; without a value a random one. Editors need one, apps are open without.",
            ),
            click.option(
                "--token-password-file",
                type=PATH,
                help="Read the token from a file, or with `-` from standard input: other users see command lines.",
            ),
            click.option("--no-token", is_flag=True, help="Let everybody in who can reach the address."),
            click.option(
                "--proxy",
                default="",
                metavar="ADDRESS",
                help="Where a reverse proxy shows it (`https://notes.example.com`): that name is answered to, and printed.",
            ),
            click.option("--base-url", default="", help="Path under which the notebook is served."),
            click.option(
                "--sandbox/--no-sandbox",
                default=None,
                help="Run cells in an environment of the packages that the notebook's header names; without either, a "
                "notebook that names some is asked about once, on a terminal.",
            ),
        ]
    ):
        command = option(command)
    return command


def ending_options(command: Command) -> Command:
    """What an editor does when nobody is there."""
    for option in reversed(
        [
            click.option(
                "--timeout",
                type=click.FloatRange(0, min_open=True),
                default=None,
                metavar="MINUTES",
                help="End when for so long nobody has had a notebook open and no cell was running.",
            ),
            click.option(
                "--session-ttl",
                type=click.FloatRange(0),
                default=None,
                metavar="SECONDS",
                help="Save and close a notebook, its kernel too, when for so long nobody has had it open and none of "
                "its cells was running; who comes back opens it again.  [never]",
            ),
        ]
    ):
        command = option(command)
    return command


@quire.command(cls=Separated)
@click.argument("file", type=PATH, default=".", metavar="[FILE|DIR] [-- ARGS]")
@server_options
@ending_options
@click.pass_context
def edit(context: click.Context, file: Path, **options: Any) -> None:
    """Open the notebook FILE in a browser, or the home of a folder: all notebooks in it.

    What follows `--` stands in the notebook's `sys.argv`.
    """
    from quire.cli.edit import edit_file
    from quire.cli.serving import choose_options

    edit_file(file, context.meta["arguments"], choose_options(options))


@quire.command()
@click.argument("file", type=PATH, required=False)
@server_options
@ending_options
def new(file: Path | None, **options: Any) -> None:
    """Begin a new notebook; the first edit creates FILE, in markdown when its name ends in `.md`."""
    from quire.cli.edit import edit_new
    from quire.cli.serving import choose_options

    edit_new(file, choose_options(options))


@quire.command()
@click.argument("name", default="intro")
@server_options
def tutorial(name: str, **options: Any) -> None:
    """Open a copy of the tutorial NAME."""
    from quire.cli.serving import choose_options
    from quire.cli.tutorials import edit_tutorial

    edit_tutorial(name, choose_options(options))


@quire.command(cls=Separated, short_help="Serve notebooks as apps: outputs and elements, no code.")
@click.argument("files", nargs=-1, type=PATH, metavar="FILE [FILE…|DIR] [-- ARGS]")
@server_options
@click.option("--include-code", is_flag=True, help="Let visitors see the code of cells that do not hide it.")
@click.option(
    "--session-ttl",
    default=None,
    type=click.FloatRange(0),
    help="Seconds that a visitor's session is kept after the tab was closed (setting `run.session_ttl`).  [120]",
)
@click.option("--show-tracebacks", is_flag=True, help="Let visitors see errors; by default they see a number.")
@click.option(
    "--watch/--no-watch", default=None, help="Visitors' pages load again when the file changes (setting `run.watch`)."
)
@click.option(
    "--check/--no-check",
    default=True,
    help="Serve a notebook named here only when `quire check` finds nothing that keeps its cells from running.  [check]",
)
@click.option("--redirect-console-to-browser", is_flag=True, help="Let visitors see what cells print.")
@click.pass_context
def run(context: click.Context, files: tuple[Path, ...], **options: Any) -> None:
    """Serve notebooks as apps, to everybody who can reach the address: outputs and elements, no code.

    What follows `--` stands in the notebooks' `sys.argv`.
    """
    from quire.cli.run import run_apps

    run_apps(files, context.meta["arguments"], options)


@quire.command(cls=Separated, short_help="Run a notebook as a script, and keep a record of it.")
@click.argument("notebook", type=PATH, metavar="NOTEBOOK [-- ARGS]")
@click.option(
    "--ui",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    help="The value of the element that NAME is bound to; repeats.",
)
@click.option("--continue-on-error", "goes_on", is_flag=True, help="Run what does not need the cell that failed.")
@click.option("--record", type=PATH, metavar="FILE", help="Write down what was shown: a page (`.html`), or `.ipynb`.")
@click.pass_context
def script(context: click.Context, notebook: Path, values: tuple[str, ...], goes_on: bool, record: Path | None) -> None:  # noqa: FBT001 (click passes it by name)
    """Run NOTEBOOK as `python NOTEBOOK ARGS` does: streams, signals and exit status are the same. Markdown runs too."""
    from quire.cli.script import Asked, read_values, run_script

    run_script(notebook, context.meta["arguments"], Asked(read_values(values), record, goes_on=goes_on))


@quire.command()
@click.argument("notebook", type=PATH)
@click.option("--json", "as_json", is_flag=True, help="Print all of it, for programs.")
def graph(notebook: Path, as_json: bool) -> None:  # noqa: FBT001 (click passes it by name)
    """Show which cell of NOTEBOOK defines what, and who reads it."""
    from quire.cli.graph import print_graph

    print_graph(notebook, as_json=as_json)


@quire.command()
@click.argument("source", metavar="FILE|DIR|-")
@click.option("-o", "--output", type=PATH, help="Where the result goes; standard output without.")
@click.option("--from", "origin", default="", metavar="FORMAT", help="Format of the source; recognised without.")
@click.option("--to", "target", default="", metavar="FORMAT", help="Format of the result; a Quire notebook without.")
@click.option("--force", is_flag=True, help="Overwrite what exists.")
def convert(source: str, output: Path | None, origin: str, target: str, force: bool) -> None:  # noqa: FBT001 (click passes it by name)
    """Turn a notebook of another format into a Quire notebook, or a Quire notebook into another format.

    FORMAT is one of quire, ipynb, marimo, percent, light, markdown, databricks, script. What had to be changed is
    told on standard error. In a folder every notebook is converted beside its source.
    """
    from quire.cli.convert import convert as convert_source

    convert_source(source, output, origin=origin, target=target, force=force)


for other in (*REVIEWING, *INFORMING, config):
    quire.add_command(other)
