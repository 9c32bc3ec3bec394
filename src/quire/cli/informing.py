"""The commands about the installation itself, and their options: env, cache, completion."""

import click

JSON = click.option("--json", "as_json", is_flag=True, help="Print all of it, for programs.")


@click.command()
@JSON
def env(*, as_json: bool) -> None:
    """Say which versions and folders are in use, for a report of a mistake. Nothing in it is secret."""
    from quire.cli.about import print_environment

    print_environment(as_json=as_json)


@click.group()
def cache() -> None:
    """Look at what is kept of notebooks that ran as scripts, and remove it."""


@cache.command("dir")
def cache_dir() -> None:
    """Print the folder."""
    from quire.cli.about import print_cache_directory

    print_cache_directory()


@cache.command("size")
@JSON
def cache_size(*, as_json: bool) -> None:
    """Print how many compiled notebooks there are, and their size."""
    from quire.cli.about import print_cache_size

    print_cache_size(as_json=as_json)


@cache.command("clear")
def cache_clear() -> None:
    """Remove all of them; they come back with the next run."""
    from quire.cli.about import clear_cache

    clear_cache()


@click.command(short_help="Print what makes a shell complete commands.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), required=False, metavar="[bash|zsh|fish]")
@click.pass_context
def completion(context: click.Context, shell: str | None) -> None:
    """Print what makes a shell complete `quire`: the shell in use, without a name.

    For bash, add `eval "$(quire completion bash)"` to `~/.bashrc`; for zsh the same to `~/.zshrc`; for fish, write it to
    `~/.config/fish/completions/quire.fish`.
    """
    from quire.cli.about import print_completion

    print_completion(context.find_root().command, shell)


COMMANDS: tuple[click.Command, ...] = (env, cache, completion)
