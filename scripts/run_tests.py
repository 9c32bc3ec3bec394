"""The parts of `./test`, in order. Every part runs; what failed, and what this machine forbids, stands at the end."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from scripts.browser import SHELL, find_browser
from scripts.postgres import find_postgres

PARTS = ("lint", "layers", "types", "python", "frontend", "docs", "browser")


def main(arguments: list[str]) -> int:
    """Run the parts named (all of them by default); 0 when everything passed."""
    own, passed_on = _split(arguments)
    options = {"--long", "--install-browser", "--install-postgres", "--install-shells"}
    unknown = [word for word in own if word not in PARTS and word not in options]
    if unknown:
        print(f"test: there is no part `{unknown[0]}`; ./test --help names them", file=sys.stderr)
        return 2
    parts = [part for part in PARTS if part in own] or list(PARTS)
    long = ["--long"] if "--long" in own else []
    failed: list[str] = []
    forbidden: list[str] = []
    for part in parts:
        started = time.monotonic()
        for command in _commands(part, [*long, *passed_on], own, forbidden):
            print(
                f"── {part}: {' '.join(Path(word).name if word.startswith('/') else word for word in command)}",
                flush=True,
            )
            if subprocess.run(command, cwd=ROOT, check=False, env=_environment()).returncode != 0:
                failed.append(f"{part}: {' '.join(command[-3:])}")
        print(f"── {part}: {time.monotonic() - started:.0f} s", flush=True)
    for line in forbidden:
        print(f"NOT RUN, this machine forbids it: {line}")
    for line in failed:
        print(f"FAILED {line}")
    print(
        f"{len(parts) - len({line.split(':')[0] for line in failed})} passed, {len({line.split(':')[0] for line in failed})} failed"
    )
    return 1 if failed or (forbidden and os.environ.get("CI")) else 0


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    if "--" in arguments:
        at = arguments.index("--")
        return arguments[:at], arguments[at + 1 :]
    return arguments, []


def _environment() -> dict[str, str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # start-up is tested with the byte code that users have
    return environment


def _commands(part: str, pytest_arguments: list[str], own: list[str], forbidden: list[str]) -> list[list[str]]:
    tool = Path(sys.executable).parent
    pytest = [sys.executable, "-m", "pytest", "-q"]
    match part:
        case "lint":
            return [
                [str(tool / "ruff"), "check"],
                [str(tool / "ruff"), "format", "--check"],
                [sys.executable, "scripts/frontend.py", "lint"],
            ]
        case "layers":
            return [[str(tool / "lint-imports")]]
        case "types":
            return [[str(tool / "basedpyright"), "--warnings"], [sys.executable, "scripts/frontend.py", "types"]]
        case "python":
            if not find_postgres() and not _install_postgres(own):
                forbidden.append(
                    "tests with PostgreSQL: none is there; `./test --install-postgres` or `apt install postgresql` brings one"
                )
                pytest += ["-m", "not postgres"]
            forbidden += [
                f"completion in {shell}: it is not there; `./test --install-shells` or `apt install {shell}` brings it"
                for shell in ("bash", "zsh", "fish")
                if not shutil.which(shell) and not _install_shell(shell, own)
            ]
            return [[*pytest, "-n", "2", "--dist", "worksteal", "--ignore", "tests/browser", *pytest_arguments]]
        case "frontend":
            return [[sys.executable, "scripts/frontend.py", "test"]]
        case "docs":
            return [[str(tool / "zensical"), "build", "--strict", "--clean"]]
        case _:
            if not shutil.which(SHELL) and not _install_browser(own) and not find_browser():
                forbidden.append(
                    f"browser stories: no Chromium; `./test --install-browser` or `apt install {SHELL}` brings one"
                )
                return []
            return [[*pytest, "-n", "2", "tests/browser", *pytest_arguments]]


def _install_browser(own: list[str]) -> bool:
    """Debian's Chromium where that may be installed, else Playwright's own download, unless there is another."""
    if not _may_install("--install-browser", own):
        return False
    _install_package(SHELL)
    if not find_browser():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find_browser() is not None


def _install_postgres(own: list[str]) -> bool:
    """Debian's PostgreSQL, where that may be installed."""
    return _may_install("--install-postgres", own) and _install_package("postgresql") and find_postgres() is not None


def _install_shell(name: str, own: list[str]) -> bool:
    """Debian's, where that may be installed: completion is tried in each."""
    return _may_install("--install-shells", own) and _install_package(name) and shutil.which(name) is not None


def _may_install(option: str, own: list[str]) -> bool:
    return bool(os.environ.get("CI")) or _is_root() or option in own


def _install_package(name: str) -> bool:
    """Debian's package; False on another system."""
    if not shutil.which("apt-get"):
        return False
    sudo = [] if _is_root() else ["sudo"]
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", name]):
        subprocess.run([*sudo, *command], check=False, stdout=subprocess.DEVNULL)
    return True


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
