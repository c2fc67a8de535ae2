"""Who wants no more of which story: a row each, so that two pages never overwrite each other and every worker hears."""

from __future__ import annotations

from datetime import datetime

from monitor.ports.setting_names import HEARD
from monitor.stores import codec
from monitor.stores.digests import CANCEL, UNCLAIMED
from monitor.stores.entries import PUT_SETTING
from monitor.stores.outbox import unsubscribed
from monitor.stores.sql import Part, Session

PUT = """INSERT INTO unsubscriptions (story_id, channel_id, recipient, at) VALUES (?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
DROP = "DELETE FROM unsubscriptions WHERE story_id = ? AND channel_id = ? AND recipient = ?"


class Unsubscriptions(Part):
    """The two verbs of a reader, and what they came to."""

    def unsubscriptions(self) -> set[tuple[str, str, str]]:
        with self._database.read() as session:
            return unsubscribed(session)

    def unsubscribe(self, story_id: str, channel_id: str, recipient: str, now: datetime, why: str) -> int:
        of_story = "" if story_id == "*" else story_id
        with self._database.write() as session:
            session.change(PUT, (story_id, channel_id, recipient, codec.instant(now)))
            _turn(session, now, "stopped", story_id, channel_id, recipient)
            waiting = session.rows(UNCLAIMED + session.locking, (channel_id, recipient, of_story, of_story))
            return session.change_many(CANCEL, [(codec.plain(why), row[0]) for row in waiting])

    def subscribe(self, story_id: str, channel_id: str, recipient: str, now: datetime) -> None:
        with self._database.write() as session:
            session.change(DROP, (story_id, channel_id, recipient))
            _turn(session, now, "taken back", story_id, channel_id, recipient)


def _turn(session: Session, now: datetime, *what: str) -> None:
    session.change(PUT_SETTING, (HEARD, codec.plain(" ".join((now.isoformat(), *what)))))
