"""`Aside`: the thread that answers what does not need the main thread, also while a cell computes there."""

import logging
import sys
import threading
from collections.abc import Callable

from quire.protocol.kernel import AskKernel, Question, QuestionAnswered, RunNotice
from quire.protocol.messages import CodeAnswer

_QUICK = 0.0005
"""Seconds after which the main thread hands over, while a question is answered. Python's own 5 ms, paid at each file
that is read and each lock that is taken, would add up to more than a person waits for.
"""

log = logging.getLogger("quire")


class Aside:
    """Questions wait in the order in which they came; one that is repeated before it was begun keeps its place."""

    def __init__(self, answer: Callable[[Question], RunNotice], tell: Callable[[RunNotice], None]) -> None:
        """`answer` may raise; whoever asked about code is told nothing then. `tell` is called in this thread."""
        self._answer = answer
        self._tell = tell
        self._waiting: dict[tuple[str, str], Question] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def ask(self, question: Question) -> None:
        """Answered soon; never waits. The first question starts the thread."""
        with self._changed:
            self._waiting[_subject(question)] = question
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="quire-aside", daemon=True)
            self._thread.start()

    def _serve(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                question = self._waiting.pop(next(iter(self._waiting)))
            before = sys.getswitchinterval()
            sys.setswitchinterval(min(before, _QUICK))
            try:
                notice = answered(question, self._answer)
            finally:
                sys.setswitchinterval(before)
            if notice is not None:
                self._tell(notice)


def answered(question: Question, answer: Callable[[Question], RunNotice]) -> RunNotice | None:
    """The answer, or an empty one when making it fails; None when there is nothing to say."""
    try:
        return answer(question)
    except Exception:
        # An edge: analysis meets half-written code, and values of every library there is.
        log.debug("a question could not be answered", exc_info=True)
    return (
        QuestionAnswered(question=question.question, answer=CodeAnswer()) if isinstance(question, AskKernel) else None
    )


def _subject(question: Question) -> tuple[str, str]:
    return (question.asker, question.about) if isinstance(question, AskKernel) else ("", "variables")
