import asyncio
import contextlib

from quire.session.watch import watch_file

ENOUGH_SECONDS = 20


def test_a_change_right_after_the_first_look_is_noticed(tmp_path):
    path = tmp_path / "notebook.py"
    path.write_text("1")

    async def noticed() -> list[str]:
        seen = []
        async with contextlib.aclosing(watch_file(path)) as looks:
            await anext(looks)
            seen.append(path.read_text())
            path.write_text("2")
            while seen[-1] != "2":
                await anext(looks)
                seen.append(path.read_text())
        return seen

    assert asyncio.run(asyncio.wait_for(noticed(), ENOUGH_SECONDS)) == ["1", "2"]


def test_a_directory_that_comes_back_is_watched_again(tmp_path, caplog):
    path = tmp_path / "here" / "notebook.py"

    async def noticed() -> None:
        async with contextlib.aclosing(watch_file(path)) as looks:
            await anext(looks)  # there is nothing to watch
            path.parent.mkdir()
            path.write_text("1")
            await anext(looks)
            assert path.read_text() == "1"
            path.write_text("2")
            await anext(looks)

    asyncio.run(asyncio.wait_for(noticed(), ENOUGH_SECONDS))
    assert "cannot watch `notebook.py`" in caplog.text
