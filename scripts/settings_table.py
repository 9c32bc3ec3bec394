"""The tables of settings in `docs/configuration.md`, made from the schema: `python scripts/settings_table.py` writes them."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"
TABLES = re.compile(r"(?<=<!-- made by scripts/settings_table.py -->\n).*(?=<!-- end -->)", re.DOTALL)


def main() -> int:
    """Rewrite the page."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def with_tables(page: str) -> str:
    """The page with the tables as they should be."""
    return TABLES.sub(lambda _: "\n".join(_tables()), page)


def _tables() -> Iterator[str]:
    from quire.config.settings import SECTIONS, SETTINGS, show

    for section, kind in SECTIONS.items():
        yield f"\n### {section}\n\n{kind.__doc__}\n"
        yield "| setting | meaning | values | default | set by |\n| --- | --- | --- | --- | --- |"
        for name, setting in SETTINGS.items():
            if name.startswith(f"{section}."):
                key = name.removeprefix(f"{section}.")
                values = setting.allowed.removeprefix("one of ")
                who = ", ".join(setting.scopes)
                yield f"| `{key}` | {setting.meaning} | {values} | `{show(setting.default)}` | {who} |"
    yield "\n"


if __name__ == "__main__":
    sys.exit(main())
