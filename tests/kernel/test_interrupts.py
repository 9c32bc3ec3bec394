"""An interrupt strikes the user's code, and nothing else."""

import signal
from collections.abc import Callable, Iterator

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
