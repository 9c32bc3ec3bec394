"""A server of apps and the visitors that the tests send there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from quire.config.schema import Run
from quire.ids import CellId
from quire.kernel.fake import FakeKernel
from quire.protocol import notices as n
from quire.server import http
from quire.server.address import Address, bind_socket
from quire.server.visitors import App, AppOptions, Visitors
from quire.session.state import Place

from .serving import DEADLINE, texts_of
from .serving import Page as Visit
from .serving import Serving as Client

APP = """import quire

app = quire.App(app_title="An app", width="medium")

with app.setup:
    MARKERSETUP = 1  # MARKERCOMMENT


@app.cell
def markername():
    import quire as qr

    slider = qr.ui.slider(1, 9, value=4, label="How many")
    slider
    return qr, slider


@app.cell
def _(slider):
    markervariable = slider.value * 10  # MARKERCOMMENT
    print("MARKERPRINTED")
    markervariable
    return (markervariable,)


@app.cell
def _():
    def markerfunction():
        return 1 / 0  # MARKERCOMMENT

    markerfunction()
    return (markerfunction,)


@app.cell
def _(qr):
    sorted(qr.query_params().items())
    return


@app.cell
def _():
    twice = "MARKERTWICE"
    return (twice,)


@app.cell
def _():
    twice = 2
    return (twice,)


@app.cell
def _(twice):
    twice
    return


@app._unparsable_cell("MARKERBROKEN = (")
if __name__ == "__main__":
    app.run()
""".replace('@app._unparsable_cell("MARKERBROKEN = (")\n', 'app._unparsable_cell("MARKERBROKEN = (")\n\n\n')
MARKERS = [b"marker", b"MARKER", b"twice", b"nb.py"]
TAB, OTHER_TAB = "a" * 32, "b" * 32


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


class Apps(Client):
    """A running server of apps."""

    visitors: Visitors

    @contextlib.asynccontextmanager
    async def visit(
        self, tab: str = TAB, *, cookie: str = "c", query: str = "", path: str = "/socket"
    ) -> AsyncIterator[Visit]:
        address = f"{path}?tab={tab}&query={query}"
        headers = {"Cookie": f"quire-visitor-{self.address.port}={cookie}"}
        async with self.connect(address, origin=self.origin, additional_headers=headers) as socket:
            yield Visit(socket)


@contextlib.asynccontextmanager
async def serving_apps(
    directory: Path,
    *,
    token: str | None = None,
    names: tuple[str, ...] = ("nb",),
    text: str = APP,
    settings: Run | None = None,
    **options,
) -> AsyncIterator[Apps]:
    kernels: list[FakeKernel] = []

    def make_kernel() -> FakeKernel:
        kernels.append(FakeKernel())
        return kernels[-1]

    apps = {}
    for name in names:
        path = directory / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        apps[name] = App(Place(str(path), f"{name}.py", str(directory)), settings)
    visitors = Visitors(apps, AppOptions(**options), make_kernel)
    listening = bind_socket("127.0.0.1", 0)
    address = Address("127.0.0.1", listening.getsockname()[1])
    server = http.make_server(visitors, address, token)
    visitors.start()
    running = asyncio.create_task(server.serve(sockets=[listening]))
    client = Apps(None, None, address, kernels, server)  # type: ignore[arg-type]
    client.visitors = visitors
    try:
        yield client
    finally:
        await visitors.close()
        server.should_exit = True
        await running


async def wait_for(fact) -> None:
    async with asyncio.timeout(DEADLINE):
        while not fact():
            await asyncio.sleep(0.005)


def showing(words: str, *, whole: bool = False):
    """A cell shows these words, and, if asked for, nothing else."""
    return lambda notice: any(text == words if whole else words in text for text in texts_of(notice).values())


def cell_showing(words: str, notice: object) -> CellId:
    return next(cell for cell, text in texts_of(notice).items() if words in text)


async def settled(visit: Visit) -> n.NotebookOpened:
    """The state, when everything has run."""
    opened = await visit.first(n.NotebookOpened)
    await visit.until(lambda m: isinstance(m, n.KernelChanged | n.NotebookOpened) and getattr(m, "status", m) == "idle")
    await visit.until(showing("40"))
    return opened
