"""Recordings: what sources served through time, read in time order. Two forms, as in the contract."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.core.documents import publisher
from monitor.core.text import clean
from monitor.core.times import from_text
from monitor.errors import RecordingError
from monitor.model import Entry

LINE_BYTES_MAX = 4 * 1024 * 1024  # bytes of one recorded entry (set: a long article has 50 KiB)
_STAMP = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)Z?")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded visit: raw bytes of a document, or a single entry."""

    source: str
    at: datetime
    path: Path | None = None
    entry: Entry | None = None

    def body(self) -> bytes:
        """What the publisher served at this visit."""
        return self.path.read_bytes() if self.path else b""


def read(recording: Path, since: datetime | None = None, until: datetime | None = None) -> Iterator[Recorded]:
    """Visits in time order, ties by source and name; RecordingError names the file and line that cannot be read."""
    if recording.is_dir():
        visits: Iterator[Recorded] | list[Recorded] = _folder(recording)
    elif recording.is_file():
        visits = _lines(recording)
    else:
        raise RecordingError(f"{recording} is neither a folder of sources nor a JSON-lines file")
    for visit in visits:
        if (since is None or visit.at >= since) and (until is None or visit.at <= until):
            yield visit


def _folder(folder: Path) -> list[Recorded]:
    found = []
    for path in folder.glob("*/*"):
        if not path.is_file() or path.name.startswith("."):
            continue
        stamp = _STAMP.match(path.name)
        if not stamp:
            raise RecordingError(f"{path}: name each document by its instant, such as 20260623T100955Z.xml")
        try:
            at = datetime(*map(int, stamp.groups()), tzinfo=UTC)  # type: ignore[misc, arg-type]
        except ValueError as error:
            raise RecordingError(f"{path}: {error}") from error
        found.append(Recorded(path.parent.name, at, path))
    if not found:
        raise RecordingError(f"{folder} holds no documents; expected <source id>/<instant>.xml")
    return sorted(found, key=lambda visit: (visit.at, visit.source, str(visit.path)))


def _lines(file: Path) -> Iterator[Recorded]:
    latest: datetime | None = None
    with file.open("rb") as stream:
        for number, raw in enumerate(stream, start=1):
            if not raw.strip():
                continue
            visit = _line(raw, f"{file} line {number}")
            # A line out of order is still an entry; virtual time only ever moves forward.
            latest = max(latest, visit.at) if latest else visit.at
            yield Recorded(visit.source, latest, entry=visit.entry)


def _line(raw: bytes, where: str) -> Recorded:
    if len(raw) > LINE_BYTES_MAX:
        raise RecordingError(f"{where}: over 4 MiB")
    try:
        row: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"{where} is no JSON: {error}") from error
    if not isinstance(row, dict) or not (row.get("source") and row.get("at")):
        raise RecordingError(f'{where}: write an object with "source", "at", "id", "title", "text", "url" and "lang"')
    try:
        at = from_text(str(row["at"]))
    except (ValueError, OverflowError) as error:
        raise RecordingError(f"{where}: {str(row['at'])!r} is no instant such as 2026-06-23T10:09:55Z") from error
    source = str(row["source"])
    title = publisher.headline(clean(str(row.get("title") or ""), 1000), site=source).headline
    entry = Entry(
        id=str(row.get("id") or ""), url=str(row.get("url") or ""), title=title,
        summary=clean(str(row.get("text") or ""), 256 * 1024), published_at=at, language=str(row.get("lang") or ""),
    )  # fmt: skip
    return Recorded(source, at, entry=entry)
