"""Places of their own for servers and supervisors under test, away from those of the checkout."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.base import LOCAL
from tools.env import TestServers


@pytest.fixture
def servers() -> Iterator[TestServers]:
    """A pair of servers that nobody else uses; what is up of it is stopped, and it is removed."""
    pair = TestServers(f"tools-{secrets.token_hex(4)}")
    try:
        yield pair
    finally:
        pair.stop_detached()
        pair.postgres.destroy()
        shutil.rmtree(pair.home)


@pytest.fixture
def place() -> Iterator[Path]:
    """An empty folder that also an unprivileged user reaches."""
    folder = LOCAL / "test" / f"place-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
