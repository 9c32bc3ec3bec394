from collections.abc import Iterator

import pytest

from tests.kernel.running import close_engines


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_engines()
