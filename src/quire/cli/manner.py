"""How commands speak to people: loudly or not, and with yes for an answer. Results of commands are no part of this."""

import sys

import click


def set_manner(context: click.Context, *, yes: bool, quiet: bool, log_level: str | None) -> None:
    """What stands before the command: `quire --yes --quiet edit …`."""
    context.meta["yes"], context.meta["quiet"] = yes, quiet
    if log_level is not None:
        import logging

        logging.basicConfig(format="quire: %(message)s", level=log_level.upper().replace("WARN", "WARNING"))


def announce_line(text: str) -> None:
    """Say something that nobody needs who reads only results."""
    if not _is_set("quiet"):
        click.echo(text)


def agrees(question: str) -> bool | None:
    """What whoever sits at the terminal answers; None where nobody does, and nobody said yes beforehand."""
    if _is_set("yes"):
        return True
    if not has_terminal():
        return None
    return click.confirm(question, default=True, err=True)


def has_terminal() -> bool:
    """Whether somebody can be asked: questions go to standard error, answers come from standard input."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _is_set(name: str) -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(name))
