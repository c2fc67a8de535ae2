"""What identity makes of real feeds: per recording the distinct guids, addresses and keys, and why they differ.

`python -m bench.identity [NAME]` replays each recording with the product's parser; NAME picks those that contain it.
"""

from __future__ import annotations

import sys
import tarfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from monitor.core import identity, urls
from monitor.core.documents import feeds
from monitor.model import Entry, KnownEntry, Sighting

DATA = Path(__file__).resolve().parents[1] / "../shared/data/recordings"


@dataclass
class Replay:
    """What was seen of one source so far, as the store would keep it."""

    source_id: str
    entries: dict[str, KnownEntry] = field(default_factory=dict)
    by_alias: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    revisions: int = 0

    def visit(self, entries: tuple[Entry, ...], at: datetime) -> int:
        """Resolve one document and keep it; how many entries were new."""
        return self.keep(identity.Document(entries).resolve(self.source_id, self.known(entries), at), at)

    def known(self, entries: Iterable[Entry]) -> list[KnownEntry]:
        """What the store would find under the names of these entries."""
        names = {name for entry in entries for name in identity.aliases(entry)}
        return [self.entries[key] for key in sorted({key for name in names for key in self.by_alias.get(name, ())})]

    def keep(self, sightings: Iterable[Sighting], at: datetime) -> int:
        """Keep what was seen; how many entries were new."""
        new = 0
        for sighting in sightings:
            previous = sighting.previous
            if previous is None:
                new += 1
                kept = KnownEntry(sighting.key, self.source_id, sighting.entry, 1, at, at)
            else:
                changed = sighting.revision != previous.revision
                self.revisions += changed
                entry = sighting.entry if changed else previous.entry
                kept = replace(previous, entry=entry, revision=sighting.revision, last_seen_at=at)
            self.entries[sighting.key] = replace(kept, aliases=kept.aliases | set(sighting.aliases))
            for name in sighting.aliases:
                self.by_alias[name].add(sighting.key)
        return new


def documents(archive: Path, limit: int | None = None) -> Iterator[tuple[datetime, tuple[Entry, ...]]]:
    """The parsed documents of a recording in time order; what is no feed has no entries."""
    with tarfile.open(archive) as packed:
        files = sorted((member for member in packed.getmembers() if member.isfile()), key=lambda member: member.name)
        for member in files[:limit]:
            at = datetime.strptime(Path(member.name).stem, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            unpacked = packed.extractfile(member)
            if unpacked is not None:
                yield at, feeds.parse(unpacked.read(), now=at).entries


def main() -> None:
    """Print one line a recording."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    for archive in sorted(DATA.glob("*.tar.xz")):
        if wanted not in archive.name:
            continue
        replay, guids, addresses, spent, read = Replay(archive.name.split(".")[0]), set(), set(), 0.0, 0
        for at, entries in documents(archive):
            guids |= {entry.id for entry in entries}
            addresses |= {urls.canonical(entry.url) for entry in entries}
            read += len(entries)
            started = time.perf_counter()
            replay.visit(entries, at)
            spent += time.perf_counter() - started
        print(f"{replay.source_id:16} {report(replay, guids, addresses)} {spent / max(1, read) * 1e6:.0f} us an entry")


def report(replay: Replay, guids: set[str], addresses: set[str]) -> str:
    """Counts, and how many keys gathered several guids or several addresses."""
    kinds = {"g:": 0, "u:": 0}
    for kind in kinds:
        kinds[kind] = sum(sum(name.startswith(kind) for name in known.aliases) > 1 for known in replay.entries.values())
    return (
        f"guids {len(guids)} addresses {len(addresses)} keys {len(replay.entries)} revisions {replay.revisions}; keys"
        f" with several guids {kinds['g:']}, with several addresses {kinds['u:']};"
    )


if __name__ == "__main__":
    main()
