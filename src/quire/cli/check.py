"""`quire check`: what is wrong in notebooks, as text, JSON or for GitHub; and mended where one asks for it."""

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click

from quire.check import RULES, Finding, apply_fixes, check_notebook, find_unknown, select_rules
from quire.check.model import DOCUMENTATION
from quire.cli.failure import Failure, tell_complaint, typed
from quire.cli.texts import find_files, open_text, read_notebook_text, read_text, write_text
from quire.config import project_file, read_config
from quire.notebook import parse_notebook, write_notebook
from quire.notebook.lines import split_ending, split_lines

FOUND = 1
MANY = 40
"""From so many files on, starting processes costs less than it saves."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a file."""

    codes: tuple[str, ...]
    """Of the rules: those are functions, which do not travel between processes."""
    fix: bool = False
    unsafe: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one file."""

    path: str
    text: str
    findings: tuple[Finding, ...]
    fixed: int = 0
    error: str = ""


def check_paths(paths: Sequence[Path], stdin_name: Path | None, options: dict[str, Any]) -> int:
    """The exit status: 0 clean, 1 findings; errors raise `Failure`, which exits with 2."""
    flags = {f"check.{key}": _codes(options[key]) for key in ("select", "ignore") if options[key] is not None}
    for code in find_unknown([code for codes in flags.values() for code in codes]):
        raise Failure(f"there is no rule `{code}`", "the rules are listed in docs/check.md")

    def request(path: Path) -> Request:
        project = project_file(path.absolute().parent)
        return Request(_rules(project, tuple(flags.items())), options["fix"], options["unsafe_fixes"])

    if [str(path) for path in paths] == ["-"]:
        name = stdin_name or Path("notebook.py")
        reports = [_check_stdin(name, request(name))]
    else:
        found = find_files(paths or [Path()])
        reports = _check_files([(path, is_named, request(path)) for path, is_named in found])
    _PRINTERS[options["output_format"]](reports)
    for report in reports:
        if report.error:
            click.echo(f"quire: {report.error}", err=True)
    if any(report.error for report in reports):
        return Failure.exit_code
    return FOUND if any(report.findings for report in reports) else 0


def require_sound(path: Path) -> None:
    """Nothing in it keeps cells from running. Raises `Failure`, after printing what does."""
    chosen = _rules(project_file(path.absolute().parent), ())
    report = _check_file((path, True, Request(tuple(code for code in chosen if code.startswith("QB")))))
    assert report is not None
    if report.error:
        raise Failure(report.error)
    if report.findings:
        _print_findings([report], err=True)
        count = len(report.findings)
        what = "a mistake" if count == 1 else f"{count} mistakes"
        hint = f"serve what does run: quire run --no-check {typed(path)}"
        raise Failure(f"`{path}` has {what} that would keep cells from running", hint)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())


@cache
def _rules(project: Path | None, flags: tuple[tuple[str, object], ...]) -> tuple[str, ...]:
    """The codes of the rules that somebody asks for, or else the project whose file that is."""
    found = read_config(project and project.parent, flags=dict(flags))
    for complaint in found.complaints:
        tell_complaint(complaint)
    chosen = found.config.check
    for name, codes in (("check.select", chosen.select), ("check.ignore", chosen.ignore)):
        for code in find_unknown(codes):
            tell_complaint(f"{found.origins[name]}: `{name}` names `{code}`, and there is no such rule")
    return tuple(rule.code for rule in select_rules(chosen.select, chosen.ignore))


def _check_files(files: Sequence[tuple[Path, bool, Request]]) -> list[Report]:
    workers = min(os.cpu_count() or 1, len(files) // (MANY // 2))
    if workers < 2:
        found = [_check_file(file) for file in files]
    else:
        with ProcessPoolExecutor(workers) as pool:
            found = list(pool.map(_check_file, files, chunksize=max(1, len(files) // (workers * 8))))
    return [report for report in found if report is not None]


def _check_file(file: tuple[Path, bool, Request]) -> Report | None:
    """None for a file in a folder that is not a notebook."""
    path, is_named, request = file
    try:
        text = read_text(path) if is_named else read_notebook_text(path)
        if text is None:
            return None
        report = _check_text(text, path, request)
        if report.text != text:
            write_text(path, report.text, text)
    except Failure as failure:
        return Report(str(path), "", (), error=failure.message)
    return report


def _check_text(text: str, path: Path, request: Request) -> Report:
    notebook = open_text(text, path)
    rules = tuple(rule for rule in RULES if rule.code in request.codes)
    fixed = 0
    if request.fix:
        notebook, fixed = apply_fixes(notebook, path, rules, unsafe=request.unsafe)
        text = write_notebook(notebook)
        notebook = parse_notebook(text, notebook.carrier)
    return Report(str(path), text, tuple(check_notebook(notebook, path, rules)), fixed)


def _check_stdin(name: Path, request: Request) -> Report:
    report = _check_text(read_text(Path("-")), name, request)
    if request.fix:
        # As with ruff: the text goes to standard output, what is left to say to standard error.
        click.echo(report.text, nl=False)
        _print_text([report], err=True)
        raise SystemExit(FOUND if report.findings else 0)
    return report


# -- what is printed


def _print_text(reports: Sequence[Report], *, err: bool = False) -> None:
    count = sum(len(report.findings) for report in reports)
    fixed = sum(report.fixed for report in reports)
    _print_findings(reports, err=err)
    said = [f"{fixed} fixed" if fixed else ""]
    if count:
        mended = sum(finding.fix is not None for report in reports for finding in report.findings)
        said.append(f"{count} found")
        said.append(f"{mended} of them can be mended by --fix or --fix --unsafe-fixes" if mended else "")
    elif not any(report.error for report in reports):
        notebooks = f"{len(reports)} notebook{'' if len(reports) == 1 else 's'}"
        said.append(f"nothing found in {notebooks}" if reports else "no notebooks here")
    click.echo("; ".join(part for part in said if part), err=err)


def _print_findings(reports: Sequence[Report], *, err: bool) -> None:
    for report in reports:
        rows = split_lines(report.text)
        for finding in report.findings:
            for line in _finding_lines(report.path, finding, rows):
                click.echo(line, err=err)


def _finding_lines(path: str, finding: Finding, rows: Sequence[str]) -> Iterator[str]:
    place = finding.in_file
    code = click.style(finding.code, fg="red", bold=True)
    where = click.style(f"{path}:{place.line}:{place.column}", bold=True)
    yield f"{where} {code} {finding.message}"
    if 0 < place.line <= len(rows) and (row := split_ending(rows[place.line - 1])[0]).strip():
        end = place.end_column if place.end_line == place.line else len(row) + 1
        number = f"{place.line:>5} "
        white = "".join(char if char == "\t" else " " for char in row[: place.column - 1])
        yield f"{number}| {row}"
        yield f"{' ' * len(number)}| {white}{click.style('^' * max(1, end - place.column), fg='red')}"
    if finding.fix is not None:
        yield f"      = fix: {finding.fix.label}{'' if finding.fix.safe else ' (unsafe)'}"
    yield f"      = see {DOCUMENTATION.format(finding.code.lower())}"
    yield ""


def _print_json(reports: Sequence[Report]) -> None:
    names = {rule.code: rule.name for rule in RULES}
    found = [
        {
            "code": finding.code,
            "name": names[finding.code],
            "message": finding.message,
            "filename": report.path,
            "cell": finding.cell,
            "location": asdict(finding.in_file),
            "location_in_cell": asdict(finding.in_cell) if finding.in_cell else None,
            "fix": {"label": finding.fix.label, "safe": finding.fix.safe} if finding.fix else None,
            "documentation": DOCUMENTATION.format(finding.code.lower()),
        }
        for report in reports
        for finding in report.findings
    ]
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _print_github(reports: Sequence[Report]) -> None:
    for report in reports:
        for finding in report.findings:
            place = finding.in_file
            level = "error" if finding.code.startswith("QB") else "warning"
            where = f"file={_escaped(report.path)},line={place.line},col={place.column}"
            where += f",endLine={place.end_line},endColumn={place.end_column}"
            message = _escaped(f"{finding.code} {finding.message}", is_message=True)
            click.echo(f"::{level} title=quire ({finding.code}),{where}::{message}")


def _escaped(text: str, *, is_message: bool = False) -> str:
    """As GitHub's workflow commands want it."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text if is_message else text.replace(":", "%3A").replace(",", "%2C")


_PRINTERS = {"text": _print_text, "json": _print_json, "github": _print_github}
