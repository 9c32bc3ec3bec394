"""The edge of every command: whatever it ends in, people get one line and a hint, and programs a status. No traceback."""

import sys
from typing import Any, NoReturn

import click

from quire.cli.exits import INTERRUPTED
from quire.cli.failure import Failure
from quire.errors import QuireError


class Commands(click.Group):
    """All commands."""

    def main(self, *arguments: Any, standalone_mode: bool = True, **extra: Any) -> NoReturn:
        """Always ends in `SystemExit`: click's own way of ending tells things in other words."""
        del standalone_mode
        try:
            status: object = super().main(*arguments, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:  # a group alone: its message is its help
            click.echo(error.format_message(), err=True)
            sys.exit(error.exit_code)
        except click.UsageError as error:
            sys.exit(_tell(_of_usage(error)))
        except click.ClickException as error:
            sys.exit(_tell(error))
        except click.Abort:
            sys.exit(INTERRUPTED)
        except QuireError as error:
            sys.exit(_tell(Failure(str(error))))
        except OSError as error:  # of files: what could be said better was caught where it was known
            what = f"`{error.filename}`: " if error.filename else ""
            sys.exit(_tell(Failure(f"{what}{error.strerror or error}")))
        sys.exit(status if isinstance(status, int) else 0)


def _tell(error: click.ClickException) -> int:
    error.show()
    return error.exit_code


def _of_usage(error: click.UsageError) -> Failure:
    """A wrong command or option, in our words; click knows which ones are meant."""
    message = error.format_message().rstrip(".").replace("'", "`")
    path = error.ctx.command_path if error.ctx is not None else "quire"
    takes_more = error.ctx is not None and error.ctx.meta.get("arguments") == ()
    hint = "; what the notebook reads stands behind `--`" if takes_more else ""
    return Failure(message[:1].lower() + message[1:], f"see: {path} --help{hint}")
