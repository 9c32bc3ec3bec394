"""Standard input of a notebook that somebody edits: what a cell reads is asked for in its console."""

import getpass
import io
import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import TextIO

from quire.context import host
from quire.protocol.kernel import InputAsked, InputWithdrawn, RunNotice

_WAKE = None if os.name == "posix" else 0.1
"""Seconds after which a thread that waits looks for an interrupt, where waiting does not hear of it."""


class Stdin(io.BufferedIOBase):
    """The bytes behind `sys.stdin`. Each read that finds nothing asks one question, and waits for its answer, interruptibly.

    An answer may be several lines, which the next reads find. The end of the input is an answer like any other: the read
    after it asks again, as in a terminal.
    """

    name = "<stdin>"

    def __init__(self, tell: Callable[[RunNotice], None], flush: Callable[[], None]) -> None:
        """`tell` is called in the thread that reads; `flush` lets the prompt be seen before the question is asked."""
        self._tell = tell
        self._flush = flush
        self._lock = threading.Lock()  # one question at a time
        self._rest = b""
        self._number = 0
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._process = os.getpid()
        self._ended = False

    def install(self) -> None:
        """Be the standard input of this process, for passwords too."""
        sys.stdin = sys.__stdin__ = io.TextIOWrapper(self, encoding="utf-8")
        getpass.getpass = self.ask_password

    def answer(self, number: int, text: str | None) -> None:
        """Somebody has typed this, or ended the input (None). Called from another thread."""
        if number == self._number:
            self._answers.put(text)

    def end(self) -> None:
        """Nobody is there any more: whoever reads, now or later, finds the end."""
        self._ended = True
        self._answers.put(None)

    def ask_password(self, prompt: str = "Password: ", stream: TextIO | None = None, *, echo_char: str = "") -> str:
        """In place of `getpass.getpass`: what is typed is never shown.

        Raises:
            EOFError: the input was ended.
        """
        del echo_char
        print(prompt, end="", file=stream or sys.stdout, flush=True)
        with self._lock:
            text = self._ask(password=True)
        if text is None:
            raise EOFError
        return text.partition("\n")[0]

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1, /) -> bytes:
        with self._lock:
            if not self._rest:
                text = self._ask(password=False)
                self._rest = b"" if text is None else f"{text}\n".encode()
            end = len(self._rest) if size < 0 else size
            taken, self._rest = self._rest[:end], self._rest[end:]
            return taken

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = sys.maxsize if size is None or size < 0 else size
        parts: list[bytes] = []
        while wanted > 0 and (part := self.read1(wanted)):
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _ask(self, *, password: bool) -> str | None:
        if self._ended or os.getpid() != self._process:  # a child of this process has nobody who would answer
            return None
        self._answers = queue.SimpleQueue()
        self._number += 1
        number = self._number
        self._flush()
        try:
            self._tell(InputAsked(number=number, cell=host().cell, password=password))
            return self._wait()
        except BaseException:
            self._tell(InputWithdrawn(number=number))
            raise

    def _wait(self) -> str | None:
        while True:
            try:
                return self._answers.get(timeout=_WAKE)
            except queue.Empty:
                continue
