"""Which stored entry is this one? Identity that survives a changed guid, URL, title, order or date, and reuse of each.

Evidence is taken from the strongest to the weakest, for the whole document at once, and each stored entry is given
away at most once per document: an identifier that two entries of one document share identifies neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

from monitor.core import ids, urls
from monitor.core.churn import fold
from monitor.core.text import apart
from monitor.core.times import from_text, to_sortable
from monitor.model import Entry, Feed, KnownEntry, Marked, Sighting

TITLE_WORDS_MIN = 5  # words of a title that names an entry: shorter ones come again (set by reading)
SIMILAR_MIN = 0.5  # share of words in common between two wordings of one entry (set by reading)
# Headlines of other matters share letters by chance, hardly ever more (set in 2026 on pairs of one outlet's headlines).
OTHER_MAX = 0.2
OTHER_WORDS_MIN = 3  # words of a headline that say enough to compare (set with it)
REUSE_AFTER = timedelta(days=1)  # after which another title under an id may be another entry (set)
UNSEEN_MAX = timedelta(days=2)  # out of the document, after which an id may have been used again (set)
FINGERPRINT_CHARS_MAX = 400  # characters of a summary that tell two entries apart (set)

_WORD = re.compile(r"\w+")
_NUMBERED = re.compile(
    r"(?<![0-9a-z])(?!(?:19|20)\d{6}(?!\d))(?:\d{5,}|[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12})(?![0-9a-z])"
)


@dataclass(slots=True)
class _Seen:
    """An entry of this document with its names; `None` where it has none."""

    entry: Entry
    guid: str | None
    whole: str | None
    url: str | None
    titled: str | None
    summed: str | None
    exact: str
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.names = tuple(filter(None, (self.guid, self.whole, self.url, self.titled, self.summed)))


def aliases(entry: Entry) -> tuple[str, ...]:
    """Every name the entry may be known by, hashed: "g:" guid, "u:" URL, "d:" title and day, "s:" title and summary.

    A guid with a fragment is two names: without it (some publishers count revisions there), and, as "f:", with it
    (others tell the posts of one page apart by it). "x:" is all of them at once, for entries that have no other.
    Title names are left out for a title of fewer than five words, unless the entry has neither guid nor URL.
    """
    one = _seen(entry)
    return (*one.names, one.exact) if one.exact else ()


class Document:
    """The entries of one document, with their names; those without any content are left out."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Name the entries."""
        self._seen = [one for one in map(_seen, entries) if one.exact]
        self._shared = _shared(self._seen)

    @property
    def names(self) -> list[str]:
        """Every name of every entry, as `aliases`."""
        return [name for one in self._seen for name in (*one.names, one.exact)]

    def resolve(self, source_id: str, known: Sequence[KnownEntry], at: datetime, *, beside: int = 0) -> list[Sighting]:
        """One sighting per distinct entry, in the document's order; unchanged ones keep their revision.

        `known` are the stored entries that share an alias with any of these; `beside` is how many more entries the
        document has, which were read before. Resolving a document again gives no new entry and no new revision.
        """
        seen = _collapse(self._seen) if self._shared else self._seen  # duplicates share a name
        shared = _shared(seen) if self._shared else self._shared
        found = _assign(seen, shared, known, at, alone=len(seen) + beside == 1)
        taken = {entry.key for entry in known}
        sightings = []
        for index, one in enumerate(seen):
            previous = found.get(index)
            names = tuple(name for name in one.names if name not in shared) or (one.exact,)
            if previous is not None:
                revision = previous.revision + is_material(previous.entry, one.entry)
                sightings.append(Sighting(previous.key, one.entry, at, revision, names, previous))
                continue
            key = _key(source_id, one, names, taken)
            taken.add(key)
            sightings.append(Sighting(key, one.entry, at, 1, names))
        return sightings

    def marks(self, feed: Feed, again: Mapping[str, Marked], sightings: Sequence[Sighting]) -> dict[str, Marked]:
        """Each mark of the document with the entry that it stands for; none where two of its entries share a name."""
        if self._shared:
            return {}
        keys = {id(sighting.entry): sighting.key for sighting in sightings}
        read = iter(feed.entries)
        found: dict[str, Marked] = {}
        for mark in feed.marks:
            if mark in again:
                found[mark] = again[mark]
            elif (entry := next(read, None)) is not None and id(entry) in keys:
                found[mark] = Marked(keys[id(entry)], to_sortable(entry.published_at) if entry.published_at else "")
        return found if len(found) == len(feed.marks) else {}


def seen_again(source_id: str, again: Mapping[str, Marked], at: datetime, *, noted: bool = False) -> list[Sighting]:
    """Sightings of entries read before (by their marks): for themselves, date alone; where `noted`, to be written."""
    last_seen_at = at - timedelta(days=1) if noted else at
    stored = KnownEntry("", source_id, Entry(), 1, at, last_seen_at)  # one for all: that there is one is what counts
    return [
        Sighting(key, Entry(published_at=from_text(published) if published else None), at, 1, (), stored)
        for key, published in {marked.key: marked.published for marked in again.values()}.items()
    ]


def entangled(again: Mapping[str, Marked], known: Sequence[KnownEntry]) -> bool:
    """Whether a document must be read whole: an entry to be read shares a name with one that was read before.

    `known` are the stored entries that share an alias with those to be read. Entries without a common name do not
    touch each other in `resolve`, so the others may be left out of it.
    """
    return not {marked.key for marked in again.values()}.isdisjoint(entry.key for entry in known)


def is_material(before: Entry, after: Entry) -> bool:
    """Whether title, summary or text differ in more than whitespace, markup, quotation marks, counters and clocks.

    A field that is cut short or left out is no change: feeds truncate and drop at will.
    """
    return any(
        new and new != old and _differs(fold(old), fold(new))
        for old, new in ((before.title, after.title), (before.summary, after.summary), (before.text, after.text))
    )


def _differs(old: str, new: str) -> bool:
    if old == new or not new:
        return False
    stem = new.rstrip(". []")
    return not (len(stem) >= 20 and old.startswith(stem))


def _seen(entry: Entry) -> _Seen:
    title = _title(entry.title or entry.summary[:FINGERPRINT_CHARS_MAX] or entry.text[:FINGERPRINT_CHARS_MAX])
    guid = stated = unicodedata.normalize("NFC", entry.id.strip())
    if guid[:4].lower() == "http":
        guid = urls.canonical(guid)
    url = urls.canonical(entry.url) if entry.url else ""
    titled = summed = None
    if title and (title.count(" ") >= TITLE_WORDS_MIN - 1 or not (guid or url)):
        day = entry.published_at.astimezone(UTC).date().isoformat() if entry.published_at else ""
        titled = _name("d", title, day)
        if summary := fold(entry.summary[:FINGERPRINT_CHARS_MAX]):
            summed = _name("s", title, summary)
    whole = _name("f", stated) if "#" in entry.id else None
    exact = ""
    if guid or url or title:
        exact = _name("x", whole or guid, url, title, "" if guid or url else summed or titled or "")
    return _Seen(
        entry, _name("g", guid) if guid else None, whole, _name("u", url) if url else None, titled, summed, exact
    )


def _name(kind: str, *parts: str) -> str:
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return f"{kind}:{blake2b(joined, digest_size=12).hexdigest()}"


@lru_cache(maxsize=8192)
def _title(title: str) -> str:
    """Casefolded words of a title."""
    return " ".join(apart(fold(title).casefold()).split())


def _collapse(seen: list[_Seen]) -> list[_Seen]:
    """The document without its duplicates, in its order; of equal entries the newest, then the fullest stays."""
    dropped: set[int] = set()
    taken: set[tuple[object, ...]] = set()
    for index in sorted(range(len(seen)), key=lambda index: _fullness(seen[index]), reverse=True):
        marks = _marks(seen[index])
        if not taken.isdisjoint(marks):
            dropped.add(index)
        taken.update(marks)
    return [one for index, one in enumerate(seen) if index not in dropped]


def _marks(one: _Seen) -> list[tuple[object, ...]]:
    """What two entries of one document must share to be duplicates: any of these."""
    if not one.guid and not one.url:
        return [("title", one.titled, one.summed)]
    title = _title(one.entry.title)
    marks: list[tuple[object, ...]] = [("all", one.exact)]
    if one.url:
        marks.append(("url", one.url, title, one.entry.published_at))
    if one.titled and one.guid:
        marks.append(("guid", one.guid, title, one.entry.published_at))
    return marks


def _fullness(one: _Seen) -> tuple[object, ...]:
    entry = one.entry
    newest = entry.updated_at or entry.published_at
    length = len(entry.title) + len(entry.summary) + len(entry.text)
    at = newest.timestamp() if newest else 0.0
    return at, bool(entry.id), length, entry.title, entry.summary, entry.id, entry.url


def _shared(seen: Sequence[_Seen]) -> frozenset[str]:
    """Names that several entries of this document bear."""
    names = [name for one in seen for name in one.names]
    once = len(set(names)) == len(names)  # nearly always
    return frozenset() if once else frozenset(name for name, times in Counter(names).items() if times > 1)


def _assign(
    seen: Sequence[_Seen], shared: frozenset[str], known: Sequence[KnownEntry], at: datetime, *, alone: bool
) -> dict[int, KnownEntry]:
    """Stored entries by place in the document: the strongest evidence first, each stored entry at most once."""
    if not known:
        return {}
    by_name: dict[str, list[KnownEntry]] = {}
    for entry in known:
        for name in entry.aliases:
            by_name.setdefault(name, []).append(entry)
    found: dict[int, KnownEntry] = {}
    used: set[str] = set()
    left = list(range(len(seen)))
    for rule in (_by_all, _by_guid_and_url, _by_guid_and_content, _by_url, _by_content, _by_guid_alone):
        for index in left:
            candidates = rule(seen[index], shared, by_name)
            free = [entry for entry in candidates if entry.key not in used]
            if rule is _by_content:
                free = [entry for entry in free if _current(entry, seen[index], at, alone)]
            if free:
                best = free[0] if len(free) == 1 else min(free, key=lambda k: _distance(seen[index].entry, k))
                found[index] = best
                used.add(best.key)
        left = [index for index in left if index not in found]
        if not left:
            break
    return found


_Index = Mapping[str, Sequence[KnownEntry]]


def _named(name: str | None, shared: frozenset[str], by_name: _Index) -> Sequence[KnownEntry]:
    return () if name is None or name in shared else by_name.get(name, ())


def _by_guid(one: _Seen, shared: frozenset[str], by_name: _Index) -> Sequence[KnownEntry]:
    return _named(one.whole, shared, by_name) or _named(one.guid, shared, by_name)


def _by_all(one: _Seen, shared: frozenset[str], by_name: _Index) -> Sequence[KnownEntry]:
    return by_name.get(one.exact, ())


def _by_guid_and_url(one: _Seen, shared: frozenset[str], by_name: _Index) -> list[KnownEntry]:
    """Both names. Dates far apart under other words mean that both are used again, where no number tells articles."""
    return [
        k
        for k in (_by_guid(one, shared, by_name) if one.url else ())
        if one.url in k.aliases
        and (not _moved_on(k.entry, one.entry) or _alike(k.entry, one.entry) or _numbers(one.entry.url))
        and not (_is_place(one.entry.url, k.entry, one.entry) and _other_matter(k.entry, one.entry))
    ]


def _by_guid_and_content(one: _Seen, shared: frozenset[str], by_name: _Index) -> list[KnownEntry]:
    return [
        k
        for k in _by_guid(one, shared, by_name)
        if _alike(k.entry, one.entry) or _numbers(k.entry.url) & _numbers(one.entry.url)
    ]


def _by_url(one: _Seen, shared: frozenset[str], by_name: _Index) -> list[KnownEntry]:
    """The same page; not one that by every other sign has been given to another article."""
    return [
        k
        for k in _named(one.url, shared, by_name)
        if (not (one.guid and k.entry.id and _moved_on(k.entry, one.entry)) or _alike(k.entry, one.entry))
        and not (_is_place(one.entry.url, k.entry, one.entry) and _other_matter(k.entry, one.entry))
    ]


def _by_content(one: _Seen, shared: frozenset[str], by_name: _Index) -> list[KnownEntry]:
    nameless = all(name is None or name in shared for name in (one.guid, one.whole, one.url))
    candidates = list(_named(one.summed, shared, by_name))
    for entry in _named(one.titled, shared, by_name):
        bare = not (entry.entry.summary or one.entry.summary or one.entry.published_at or entry.entry.published_at)
        if nameless or bare or (one.entry.published_at and entry.entry.published_at == one.entry.published_at):
            candidates.append(entry)
    return candidates


def _current(known: KnownEntry, one: _Seen, at: datetime, alone: bool) -> bool:
    """Not an item that recurs with the same words: the daily programme, a weekly weather warning.

    A document of one entry does not show that the old one is gone: there, all that both say must be equal.
    """
    old, new = known.entry.published_at, one.entry.published_at
    if alone and (one.guid or one.url) and not (one.summed in known.aliases and old == new):
        return False
    if old is None or new is None:
        return at - known.last_seen_at <= UNSEEN_MAX
    return not _moved_on(known.entry, one.entry)


def _by_guid_alone(one: _Seen, shared: frozenset[str], by_name: _Index) -> list[KnownEntry]:
    """A guid whose entry has no URL on one side: taken unless the date or every word says that it was used again."""
    return [
        k
        for k in _by_guid(one, shared, by_name)
        if not (one.url and k.entry.url) and not _moved_on(k.entry, one.entry) and not _other_matter(k.entry, one.entry)
    ]


def _other_matter(old: Entry, new: Entry) -> bool:
    """Headlines with next to nothing in common, of another instant: a name that is used for whatever comes up next."""
    return (
        min(_title(old.title).count(" "), _title(new.title).count(" ")) >= OTHER_WORDS_MIN - 1
        and similarity(old.title, new.title) < OTHER_MAX
        and not _alike(old, new)
    )


def _is_place(url: str, old: Entry, new: Entry) -> bool:
    """Whether an address is a place where articles follow each other: nothing in it is of either, and no digit."""
    words = _WORD.findall(url.partition("://")[2].partition("/")[2].lower())
    said = {*_title(old.title).split(), *_title(new.title).split()}
    return said.isdisjoint(words) and all(word.isalpha() for word in words)


def _numbers(url: str) -> set[str]:
    """The article numbers in a URL whose words were rewritten."""
    return set(_NUMBERED.findall(url.lower()))


def _moved_on(old: Entry, new: Entry) -> bool:
    """Published more than a day apart: the name is used again, or the publisher re-dates."""
    if old.published_at is None or new.published_at is None:
        return False
    return abs(new.published_at - old.published_at) > REUSE_AFTER


def _alike(old: Entry, new: Entry) -> bool:
    """Whether two entries under one name are one article: the same instant, the same summary, or a similar title."""
    if old.published_at is not None and old.published_at == new.published_at:
        return True
    if len(new.summary) >= 40 and fold(old.summary) == fold(new.summary):
        return True
    return similarity(old.title, new.title) >= SIMILAR_MIN


def similarity(one: str, other: str) -> float:
    """How alike two titles are, 0..1: the larger of shared words (of the shorter) and shared pairs of characters."""
    first, second = _title(one), _title(other)
    if first == second or not first or not second:
        return float(first == second)
    a, b = set(first.split()), set(second.split())
    words = len(a & b) / min(len(a), len(b)) if min(len(a), len(b)) >= 3 else len(a & b) / max(len(a), len(b))
    p, q = Counter(map("".join, pairwise(first))), Counter(map("".join, pairwise(second)))
    total = sum(p.values()) + sum(q.values())
    letters = 2 * sum((p & q).values()) / total if total else 0.0
    return max(words, letters - 0.2)


def _distance(entry: Entry, known: KnownEntry) -> tuple[float, float, str]:
    return (-similarity(known.entry.title, entry.title), -known.last_seen_at.timestamp(), known.key)


def _key(source_id: str, one: _Seen, names: Iterable[str], taken: set[str]) -> str:
    """From the strongest name; where another entry had that name first, from all that tells the two apart."""
    strongest = next(iter(names))
    key = ids.entry_key(source_id, strongest)
    if key not in taken:
        return key
    published = one.entry.published_at.isoformat() if one.entry.published_at else ""
    told_apart = "\x1f".join((strongest, one.url or "", _title(one.entry.title), published, one.summed or ""))
    key, turn = ids.entry_key(source_id, told_apart), 0
    while key in taken:
        turn += 1
        key = ids.entry_key(source_id, f"{told_apart}\x1f{turn}")
    return key
