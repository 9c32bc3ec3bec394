"""An interrupt strikes the user's code, and nothing else."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from quire.kernel.interrupts import Interrupts


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    before = signal.getsignal(signal.SIGINT)
    made = Interrupts()
    made.install()
    yield made
    signal.signal(signal.SIGINT, before)


def strike() -> None:
    signal.raise_signal(signal.SIGINT)


def strike_twice() -> None:
    try:
        strike()
    finally:
        strike()


def test_what_runs_is_interrupted(interrupts: Interrupts):
    assert isinstance(interrupts.call(strike), KeyboardInterrupt)
    assert isinstance(interrupts.call(strike_twice), KeyboardInterrupt)


def test_nothing_happens_while_nothing_runs(interrupts: Interrupts):
    strike()
    assert interrupts.call(lambda: None) is None


def test_an_interrupt_between_the_announcement_of_a_run_and_its_code_is_kept(interrupts: Interrupts):
    ran: list[int] = []
    interrupts.expect()
    strike()
    assert isinstance(interrupts.call(lambda: ran.append(1)), KeyboardInterrupt)
    assert ran == []
    assert interrupts.call(lambda: ran.append(1)) is None
    assert ran == [1]


def test_an_interrupt_that_nothing_was_left_for_is_forgotten(interrupts: Interrupts):
    interrupts.expect()
    strike()
    interrupts.forget()
    assert interrupts.call(lambda: None) is None


@pytest.mark.parametrize("error", [ValueError, SystemExit, GeneratorExit])
def test_whatever_code_raises_is_returned(interrupts: Interrupts, error: type[BaseException]):
    def fail() -> None:
        raise error

    assert isinstance(interrupts.call(fail), error)


def test_an_interrupt_can_be_passed_on(interrupts: Interrupts):
    passed: list[int] = []

    def pass_on() -> bool:
        passed.append(1)
        return True

    interrupts.redirect = pass_on
    assert interrupts.call(strike) is None
    assert passed == [1]


@pytest.mark.parametrize("theirs", [signal.SIG_IGN, signal.default_int_handler])
def test_the_signal_is_taken_back_from_code_that_took_it(
    interrupts: Interrupts, theirs: Callable[..., object] | signal.Handlers
):
    signal.signal(signal.SIGINT, theirs)  # pyright: ignore[reportArgumentType]
    interrupts.install()
    assert isinstance(interrupts.call(strike), KeyboardInterrupt)


# -- compiled code


def swallow() -> None:
    """As compiled code does that makes an error of its own of an interrupt."""
    with contextlib.suppress(KeyboardInterrupt):
        strike()
    raise RuntimeError("query interrupted")


def test_an_error_that_compiled_code_makes_of_an_interrupt_is_the_interrupt(interrupts: Interrupts):
    error = interrupts.call(swallow)

    assert isinstance(error, KeyboardInterrupt)
    assert isinstance(error.__cause__, RuntimeError)
    assert error.__traceback__ is not None


def test_an_error_that_python_raises_because_of_an_interrupt_is_its_own(interrupts: Interrupts):
    def clean_up() -> None:
        try:
            strike()
        except KeyboardInterrupt:
            raise ValueError from None

    assert isinstance(interrupts.call(clean_up), ValueError)


def test_an_interrupt_means_nothing_for_the_next_call(interrupts: Interrupts):
    def fail() -> None:
        raise RuntimeError

    interrupts.call(swallow)
    assert isinstance(interrupts.call(fail), RuntimeError)


def test_the_error_of_a_query_that_was_cancelled_is_the_interrupt_and_its_handlers_are_spared(interrupts: Interrupts):
    cleaned: list[int] = []

    def ask() -> None:
        interrupts.note_help(spare=True)
        try:
            raise OSError("cancelled")
        finally:
            strike()  # it waited until the query had ended
            cleaned.append(1)

    error = interrupts.call(ask)
    assert isinstance(error, KeyboardInterrupt)
    assert error.__cause__ is None
    assert cleaned == [1]


def test_an_interrupt_is_known_to_be_unheard_heard_or_over(interrupts: Interrupts):
    seen: list[str] = []

    def work() -> None:
        running = interrupts.running
        assert running is not None
        asked = monotonic()
        seen.append(interrupts.reaction(running, asked))
        with contextlib.suppress(KeyboardInterrupt):
            strike()
        seen.append(interrupts.reaction(running, asked))
        seen.append(interrupts.reaction(running - 1, asked))

    assert interrupts.call(work) is None
    assert seen == ["none", "heard", "heard"]
    assert interrupts.running is None
