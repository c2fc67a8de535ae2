"""The stores that every promise is held against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.stores import SqlStore, open_store
from tests.stores.made import NOW, source


@pytest.fixture(params=["file", "memory", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    url = {"file": str(tmp_path / "monitor.db"), "memory": ":memory:"}.get(request.param) or str(
        request.getfixturevalue("postgres_url")
    )
    made = open_store(url)
    made.sync_sources([source()], NOW)
    yield made
    made.close()
