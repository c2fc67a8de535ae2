"""For every test: the same examples each run, so that the gate tells of a change and not of luck; real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import postgres
from tests.publisher import Publisher, Watch

settings.register_profile("gate", derandomize=True, deadline=None)
settings.load_profile("gate")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    with postgres.server() as address:
        yield address


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty state in PostgreSQL."""
    with postgres.database(postgres_server) as url:
        yield url


@pytest.fixture
def paper() -> Iterator[Publisher]:
    """A publisher that answers as told."""
    with Publisher() as made:
        yield made


@pytest.fixture
async def watch(tmp_path: Path, paper: Publisher) -> AsyncIterator[Watch]:
    """The product over one feed of that publisher, moved by hand."""
    made = Watch(tmp_path, {"a": paper.url("/a")})
    yield made
    await made.close()
