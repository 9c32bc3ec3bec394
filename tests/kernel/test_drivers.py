"""Queries of database drivers, which wait in compiled code, can be interrupted like everything else."""

import json
from pathlib import Path

import pytest

from .processes import REAL_PROCESS, Notebook, plain, with_kernel

pytestmark = REAL_PROCESS

ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
HUGE = "select count(*) from range(10000000000) a, range(100000) b where (a.range * b.range) % 7 = 3"
SQLITE = f"import sqlite3\nc = sqlite3.connect(':memory:')\nprint('begun')\nc.execute({ENDLESS!r}).fetchall()"
QUERIES = {
    "sqlite": SQLITE,
    "sqlite in a function that cleans up": "done = []\ndef ask():\n    try:\n"
    + "\n".join(f"        {line}" for line in SQLITE.split("\n"))
    + "\n    finally:\n        print(c.execute('select 42').fetchone())\nask()",
    "pandas": f"import pandas, sqlite3\nc = sqlite3.connect(':memory:')\nprint('begun')\npandas.read_sql({ENDLESS!r}, c)",
    "duckdb": f"import duckdb\nprint('begun')\nduckdb.sql({HUGE!r}).fetchall()",
    "duckdb connection": f"import duckdb\nc = duckdb.connect()\nprint('begun')\nc.execute({HUGE!r}).fetchall()",
}


async def interrupt(notebook: Notebook, cell: str) -> None:
    """Run the cell, and interrupt it while it waits for its query."""
    idles = notebook.idles()
    notebook.ask(cell)
    await notebook.until(lambda: "begun" in notebook.printed(cell))
    notebook.kernel.interrupt()
    await notebook.until(lambda: notebook.idles() > idles and notebook.finished(cell))
    assert notebook.outcome(cell) == "interrupted"
    output = notebook.output(cell)
    assert output is not None
    error = json.loads(output.text)
    assert error["error"] == "KeyboardInterrupt"
    assert error["frames"][0]["cell"] == cell


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_can_be_interrupted_and_its_driver_used_again(file: Path, query: str):
    async def story(notebook: Notebook) -> None:
        await interrupt(notebook, "a")
        assert ("(42,)" in notebook.printed("a")) == ("cleans up" in query)
        await notebook.run("b")
        assert notebook.output("b") == plain(7)

    sqlite = "import sqlite3\nsqlite3.connect('').execute('select 7').fetchone()[0]"
    duckdb = "import duckdb\nduckdb.sql('select 7').fetchall()[0][0]"
    with_kernel(file, story, a=QUERIES[query], b=duckdb if "duckdb" in query else sqlite)


def test_code_that_tries_again_is_interrupted_all_the_same(file: Path):
    again = "while True:\n    try:\n        c.execute({query!r}).fetchall()\n    except sqlite3.Error:\n        print('again')"

    async def story(notebook: Notebook) -> None:
        await interrupt(notebook, "a")
        assert notebook.printed("a").count("again") == 1

    begin = "import sqlite3\nc = sqlite3.connect(':memory:')\nprint('begun')\n"
    with_kernel(file, story, a=begin + again.format(query=ENDLESS))


def test_code_that_catches_an_interrupt_and_goes_on_is_not_interrupted_once_more(file: Path):
    code = "import time\nprint('begun')\nfor i in range(2):\n    try:\n        time.sleep(1)\n    except KeyboardInterrupt:\n        print('caught')"

    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.printed("a") == "begun\n")
        notebook.kernel.interrupt()
        await notebook.until(lambda: notebook.finished("a"))
        assert notebook.outcome("a") == "succeeded"
        assert notebook.printed("a") == "begun\ncaught\n"

    with_kernel(file, story, a=code)


@pytest.mark.postgres
def test_a_query_to_a_postgresql_server_can_be_interrupted_and_ends_there_too(file: Path, postgres: str):
    async def story(notebook: Notebook) -> None:
        for cell in ("old", "new"):
            await interrupt(notebook, cell)
        await notebook.run("left")
        assert notebook.output("left") == plain(0)

    left = "select count(*) from pg_stat_activity where state = 'active' and query = 'select pg_sleep(1000)'"
    with_kernel(
        file,
        story,
        old=f"import psycopg2\n_c = psycopg2.connect({postgres!r})\nprint('begun')\n_c.cursor().execute('select pg_sleep(1000)')",
        new=f"import psycopg\n_c = psycopg.connect({postgres!r})\nprint('begun')\n_c.execute('select pg_sleep(1000)')",
        left=f"import psycopg\npsycopg.connect({postgres!r}).execute({left!r}).fetchone()[0]",
    )
