"""Stories, held by who decides about them: their rows are the fence, and say what moved them last."""

# ruff: noqa: S608 (statements are put together from constants only; every value is bound)

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from monitor.stores.sql import CHUNK, Part, Row, Session, marks, within

PUT_STORY = "INSERT INTO stories (story_id, version) VALUES (?, 0) ON CONFLICT DO NOTHING"


class Fences(Part):
    """Who holds which stories, and which version of each is known."""

    @contextmanager
    def deciding(self, story_ids: Collection[str], wait: bool = True) -> Iterator[dict[str, int]]:
        """Hold these stories until the block ends; their versions. All that is written within is one transaction."""
        with self._database.write() as session:
            yield _hold(session, sorted(story_ids), wait or not session.skipping)

    @contextmanager
    def deciding_one(
        self, choices: Sequence[Collection[str]], known: Mapping[str, int], busy: set[str]
    ) -> Iterator[tuple[int, dict[str, int], dict[str, frozenset[str] | None]] | None]:
        """A transaction for each that is tried: its end gives back what was free of it.

        A savepoint would too, but going back to one makes psycopg forget what its sessions have prepared, some of
        which is on its way. What was found to be held is not asked for again, as a part of another choice.
        """
        for place, names in enumerate(choices):
            if busy.isdisjoint(names):
                with self._database.write() as session:
                    held = _rows(session, sorted(names), "version, recent", session.skipping)
                    if len(held) == len(names):
                        moved = {
                            name: _moved(recent, known.get(name, 0), version)
                            for name, version, recent in held
                            if version != known.get(name, 0)
                        }
                        yield place, {name: version for name, version, _ in held}, moved
                        return
                busy.update(set(names).difference(row[0] for row in held))
        yield None

    def story_versions(self, story_ids: Sequence[str]) -> dict[str, int]:
        query = "SELECT story_id, version FROM stories WHERE story_id IN"
        return dict(within(self._database, query, story_ids))

    def moved_since(self, versions: Mapping[str, int]) -> dict[str, frozenset[str] | None]:
        query = "SELECT story_id, version, recent FROM stories WHERE story_id IN"
        return {
            story_id: _moved(recent, versions[story_id], version)
            for story_id, version, recent in within(self._database, query, sorted(versions))
        }


def _moved(recent: str, known: int, version: int) -> frozenset[str] | None:
    """The entries of every version after `known`; None unless there is a word of each."""
    *moves, _ = recent.split(";")
    found = dict(move.split(":") for move in moves)
    if known > version or any(str(number) not in found for number in range(known + 1, version + 1)):
        return None
    return frozenset(key for number in range(known + 1, version + 1) for key in found[str(number)].split(",") if key)


def _hold(session: Session, story_ids: Sequence[str], wait: bool) -> dict[str, int]:
    """The versions of these stories, whose rows are held in the order of their ids: no two holders wait in a circle.

    So that this holds of stories that are new too, all who wait write the missing rows before they hold any: whoever
    held some already would wait for a writer of new ones who waits for these.
    """
    if not wait:
        return _versions(session, story_ids, session.skipping)
    versions = {} if session.locking else _versions(session, story_ids, "")
    if missing := [(story_id,) for story_id in story_ids if story_id not in versions]:
        session.put_many(PUT_STORY, missing)
        versions = _versions(session, story_ids, session.locking)
    return versions


def _versions(session: Session, story_ids: Sequence[str], holding: str) -> dict[str, int]:
    return dict(_rows(session, story_ids, "version", holding))


def _rows(session: Session, story_ids: Sequence[str], columns: str, holding: str) -> list[Row]:
    """The id of each of these stories that there is, and these columns of it, in the order of the ids."""
    query = f"SELECT story_id, {columns} FROM stories WHERE story_id IN"
    chunked = (story_ids[at : at + CHUNK] for at in range(0, len(story_ids), CHUNK))
    return [
        row
        for chunk in chunked
        for row in session.rows(f"{query} ({marks(len(chunk))}) ORDER BY story_id{holding}", chunk)
    ]
