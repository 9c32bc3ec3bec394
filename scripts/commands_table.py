"""Commands, options and exit statuses in `docs/commands.md`, made from the commands: `python scripts/commands_table.py`."""

import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
TABLES = re.compile(r"(<!-- made by scripts/commands_table.py: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> int:
    """Rewrite the page."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def with_tables(page: str) -> str:
    """The page with the tables as they should be."""
    made = {"exits": _exits, "every": _commands}
    return TABLES.sub(lambda found: found[1] + "\n".join([*made[found[2]](), ""]) + found[3], page)


def _exits() -> Iterator[str]:
    from quire.cli.exits import EXITS

    yield "\n| status | meaning |\n| --- | --- |"
    yield from (f"| {status} | {meaning} |" for status, meaning in EXITS.items())
    yield ""


def _commands() -> Iterator[str]:
    from quire.cli.commands import quire

    for path, command in sorted(commands_of(quire, "quire")):
        context = click.Context(command, info_name=path)
        usage = " ".join(command.collect_usage_pieces(context))
        yield f"\n### {path}\n\n`{path} {usage}`\n"
        yield "\n\n".join(" ".join(part.split()) for part in cleandoc(command.help or "").split("\n\n"))
        options = [each for each in command.params if isinstance(each, click.Option)]
        if options:
            yield "\n| option | meaning |\n| --- | --- |"
        for option in options:
            shown, meaning = option.get_help_record(context) or ("", "")
            yield f"| `{shown.replace('|', chr(92) + '|')}` | {' '.join(meaning.split()).replace('[', chr(92) + '[')} |"
    yield ""


def commands_of(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by what is typed for it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


if __name__ == "__main__":
    sys.exit(main())
