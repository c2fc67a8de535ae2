"""Which article a story was founded on: another one under the same id inherits what was seen of the first. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core import times
from monitor.model import Article

# Of the words of the shorter article, the share that two readings of one article have in common at least. Set: one that
# was edited or cut keeps most of them, articles on two matters share a tenth.
SHARED_MIN = 0.2
NAMED_FOR = timedelta(days=30)  # for which it is said that an id was given to another article (set)


@dataclass(frozen=True, slots=True)
class Founding:
    """The article of a story as it was last seen; `before` is the title of another one that its id stood for.

    `since` is when that was found, an instant as it is written.
    """

    digest: str
    title: str
    words: tuple[str, ...]
    before: str = ""
    since: str = ""


def written(founding: Founding) -> str:
    """As it is kept in the state."""
    row = (founding.digest, founding.title, " ".join(founding.words), founding.before, founding.since)
    return json.dumps(row, ensure_ascii=False)


def read(kept: str) -> Founding | None:
    """What was `written`; None where nothing was."""
    if not kept:
        return None
    digest, title, found, before, since = json.loads(kept)
    return Founding(digest, title, tuple(found.split()), before, since)


def compare(old: Founding | None, article: Article, now: datetime) -> Founding:
    """The story's founding now: `old` itself where its article is the same to the letter."""
    digest = hashlib.sha256(f"{article.title}\n{article.text}".encode("utf-8", "replace")).hexdigest()[:16]
    if old is not None and old.digest == digest:
        return old
    from monitor.core.language import words  # a pass over articles that are as they were reads none

    new = Founding(digest, article.title[:200], tuple(sorted({*words.terms(f"{article.title}\n{article.text}")})))
    if old is None:
        return new
    if _is_another(old, new):
        return replace(new, before=old.title, since=times.to_text(now))
    return replace(new, before=old.before, since=old.since)


def _is_another(old: Founding, new: Founding) -> bool:
    fewer = min(len(old.words), len(new.words))
    return len({*old.words} & {*new.words}) < SHARED_MIN * fewer


def is_named(founding: Founding, now: datetime) -> bool:
    """Whether it is still to be said that its id stood for another article."""
    return bool(founding.before) and now - times.from_text(founding.since) < NAMED_FOR
