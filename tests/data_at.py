"""Where recorded real data lies, beside the project; tests that need it skip, saying so, where it is absent."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def shared(name: str) -> Path:
    """A path under the shared data, or a skip that says what is missing."""
    path = SHARED / name
    if not path.exists():
        reason = f"no recorded data at ../shared/{name}"
        print(reason)
        pytest.skip(reason)
    return path


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files of a tar archive, in its order."""
    with tarfile.open(archive) as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            if stream:
                yield member.name, stream.read()
