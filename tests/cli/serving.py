"""A command that serves, as a process of its own, for the tests."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from websockets.asyncio.client import connect

DEADLINE = 30.0


class Command:
    """A running `quire`."""

    def __init__(self, *arguments: str, cwd: Path, by: tuple[str, ...] = ()) -> None:
        """`by`: a command that runs it."""
        self.mark = uuid.uuid4().hex
        self.process = subprocess.Popen(
            [*by, sys.executable, "-m", "quire", arguments[0], "--headless", *arguments[1:]],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=cwd,
            env={**os.environ, "QUIRE_TEST_MARK": self.mark},
            start_new_session=True,
        )
        self.printed = ""
        assert self.process.stdout is not None
        while "://" not in self.printed:
            line = self.process.stdout.readline()
            assert line, self.process.communicate()[1]
            self.printed += line
        self.url = re.search(r"http://\S+", self.printed)[0]
        self.address, _, self.token = self.url.partition("?token=")

    def status(self) -> int:
        request = urllib.request.Request(self.address, headers={"Authorization": f"Bearer {self.token}"})
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE) as reply:
                return reply.status
        except urllib.error.HTTPError as error:
            return error.code

    def page(self, query: str = "") -> connect:
        headers = {"Authorization": f"Bearer {self.token}"}
        return connect(
            self.address.replace("http", "ws") + f"socket?{query}", additional_headers=headers, max_size=None
        )

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Exit status, and what it printed to the end."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, out + err

    def relatives(self) -> list[int]:
        """Processes that this command started, directly or not, itself included."""
        found = []
        for directory in Path("/proc").iterdir() if Path("/proc/self/environ").exists() else []:
            if directory.name.isdecimal():
                try:
                    if self.mark.encode() in (directory / "environ").read_bytes():
                        found.append(int(directory.name))
                except OSError:
                    continue
        return found


@contextmanager
def command(*arguments: str, cwd: Path, by: tuple[str, ...] = ()) -> Iterator[Command]:
    running = Command(*arguments, cwd=cwd, by=by)
    try:
        yield running
    finally:
        for process in running.relatives():
            os.kill(process, signal.SIGKILL)
        running.process.kill()
        running.process.communicate()


def wait_for(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.02)
