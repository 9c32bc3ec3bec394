"""`qr.status`: how far a cell is. In a script nothing is shown; `disabled` says so in a notebook too."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, cast

from quire.context import host
from quire.live.items import Item

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
    from types import TracebackType

    from quire.protocol.messages import Output

__all__ = ["Progress", "Spinner", "progress_bar", "spinner", "toast"]

T = TypeVar("T")


class Progress:
    """A bar that grows. `update` may be called as often as one likes, and from any thread."""

    def __init__(
        self,
        total: float | None,
        *,
        title: str | None = None,
        subtitle: str | None = None,
        show_rate: bool = True,
        show_eta: bool = True,
        disabled: bool = False,
        unit: str = "",
    ) -> None:
        self.total = total
        self._unit = f" {unit}" if unit else ""
        self.current = 0.0
        self.title, self.subtitle = title or "", subtitle or ""
        self.ended = False
        self._show_rate, self._show_eta = show_rate, show_eta
        self._started = self._now = time.monotonic()
        self._item = None if disabled else Item(self.draw)

    def update(self, increment: float = 1, title: str | None = None, subtitle: str | None = None) -> None:
        """So much more is done; what is said changes where it is given.

        Raises:
            RuntimeError: the bar is complete and closed.
        """
        if self.ended:
            raise RuntimeError("this progress bar is closed; make another one")
        self.set(self.current + increment, title, subtitle)

    def set(self, current: float, title: str | None = None, subtitle: str | None = None) -> None:
        """So much is done in all."""
        self.current = current
        self._now = time.monotonic()
        if title is not None:
            self.title = title
        if subtitle is not None:
            self.subtitle = subtitle
        if self._item is not None:
            self._item.refresh()

    def close(self, title: str | None = None, subtitle: str | None = None, *, remove: bool = False) -> None:
        """Nothing more comes."""
        self.set(self.current, title, subtitle)
        self.ended = True
        if self._item is not None and remove:
            self._item.remove()

    def draw(self) -> Output:
        """How it looks now."""
        return _drawn(
            "quire-progress", self.title, self.subtitle, _bar(self.current, self.total), " · ".join(self._words())
        )

    def _words(self) -> Iterator[str]:
        done, total, seconds = self.current, self.total, self._now - self._started
        yield (_count(done) if total is None else f"{_count(done)} of {_count(total)}") + self._unit
        if done <= 0 or seconds <= 0:
            return
        rate = done / seconds
        if self._show_rate:
            yield f"{_count(rate)}{self._unit}/s" if rate >= 1 else f"{1 / rate:,.3g} s each"
        if self._show_eta and total is not None and not self.ended and done < total:
            yield f"{_span((total - done) / rate)} left"
        elif self.ended:
            yield _span(seconds)


class progress_bar(Generic[T]):  # noqa: N801 - called like a function
    """Show how far a loop is: `for row in qr.status.progress_bar(rows): …`, also `async for`.

    As a context manager, it gives a `Progress` whose `update()` moves it: `with qr.status.progress_bar(total=10) as bar:`.
    `total` is needed where the collection has no length; without one, the bar only moves. `completion_title` and
    `completion_subtitle` are said at the end, and `remove_on_exit` takes it away then.
    """

    def __init__(
        self,
        collection: Iterable[T] | AsyncIterable[T] | None = None,
        *,
        title: str | None = None,
        subtitle: str | None = None,
        completion_title: str | None = None,
        completion_subtitle: str | None = None,
        total: float | None = None,
        show_rate: bool = True,
        show_eta: bool = True,
        remove_on_exit: bool = False,
        disabled: bool = False,
    ) -> None:
        if total is None and collection is not None:
            try:
                total = len(collection)  # pyright: ignore[reportArgumentType] - asked, and may be refused
            except TypeError:
                total = None
        if collection is None and total is None:
            raise ValueError("`progress_bar` needs something to go through, or a `total`")
        self._collection = collection
        self._progress = Progress(
            total, title=title, subtitle=subtitle, show_rate=show_rate, show_eta=show_eta, disabled=disabled
        )
        self._completion = completion_title, completion_subtitle
        self._remove = remove_on_exit

    def __iter__(self) -> Iterator[T]:
        if self._collection is None or not hasattr(self._collection, "__iter__"):
            raise TypeError("this progress bar has nothing that `for` can go through")
        with self as progress:
            for item in cast("Iterable[T]", self._collection):
                yield item
                progress.update()

    async def __aiter__(self) -> AsyncIterator[T]:
        if not hasattr(self._collection, "__aiter__"):
            raise TypeError("this progress bar has nothing that `async for` can go through")
        with self as progress:
            async for item in cast("AsyncIterable[T]", self._collection):
                yield item
                progress.update()

    def __enter__(self) -> Progress:
        return self._progress

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        title, subtitle = self._completion if error is None else (None, None)
        self._progress.close(title, subtitle, remove=self._remove)


class Spinner:
    """Something goes on, nobody knows how long."""

    def __init__(self, title: str | None, subtitle: str | None) -> None:
        self.title, self.subtitle = title or "", subtitle or ""
        self._item = Item(self.draw)

    def update(self, title: str | None = None, subtitle: str | None = None) -> None:
        """Say something else."""
        if title is not None:
            self.title = title
        if subtitle is not None:
            self.subtitle = subtitle
        self._item.refresh()

    def draw(self) -> Output:
        """How it looks now."""
        return _drawn("quire-progress", self.title or "working", self.subtitle, _bar(0, None), "")

    def remove(self) -> None:
        """It is over."""
        self._item.remove()


class spinner:  # noqa: N801 - called like a function
    """Show that something goes on: `with qr.status.spinner("Loading …") as spinner:`; `spinner.update(…)` says more."""

    def __init__(self, title: str | None = None, subtitle: str | None = None, remove_on_exit: bool = True) -> None:  # noqa: FBT001, FBT002 - the signature is kept
        self._words = title, subtitle
        self._remove = remove_on_exit
        self._spinner: Spinner | None = None

    def __enter__(self) -> Spinner:
        self._spinner = Spinner(*self._words)
        return self._spinner

    def __exit__(self, *_: object) -> None:
        if self._spinner is not None and self._remove:
            self._spinner.remove()


def toast(title: str, description: str = "", kind: Literal["danger"] | None = None) -> None:
    """Show a short message at the edge of the page, which goes away by itself; one of `kind="danger"` stays."""
    if kind not in {None, "danger"}:
        raise ValueError(f'`kind` of `toast` is {kind!r}; it must be None or "danger"')
    host().toast(str(title), str(description), is_danger=kind == "danger")


def _drawn(kind: str, title: str, subtitle: str, bar: str, words: str) -> Output:
    from quire.outputs.html import escape  # noqa: PLC0415 - a script draws nothing
    from quire.protocol.messages import Output  # noqa: PLC0415 - the same

    head = f"<strong>{escape(title)}</strong>" if title else ""
    head += f" <span>{escape(subtitle)}</span>" if subtitle else ""
    foot = f'<div class="{kind}-words">{words}</div>' if words else ""
    return Output(mime="text/html", text=f'<div class="{kind}">{f"<div>{head}</div>" if head else ""}{bar}{foot}</div>')


def _bar(current: float, total: float | None) -> str:
    if total is None or total <= 0:
        return '<progress aria-label="working"></progress>'
    return f'<progress aria-label="progress" max="{total:g}" value="{min(max(current, 0), total):g}"></progress>'


def _count(number: float) -> str:
    """A number for people: what comes behind the point only where it says something."""
    if number == int(number) or number >= 1000:
        return f"{int(number):,}"
    return f"{number:.3g}"


def _span(seconds: float) -> str:
    """A time for people."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
