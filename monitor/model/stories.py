"""Stories: what is watched, how an entry scored on it, what it says that is new, and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from typing import Literal

from monitor.model.entries import Entry
from monitor.model.nouns import dataclass
from monitor.model.words import ChangeKind, ErrorClass, How, Phase, RevisionVerdict, SourceKind, Verdict


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that the seed article names: outlet, and the cited headline or link where given."""

    outlet: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """An article read from text or HTML: body without boilerplate, the sources it cites, and its date where stated.

    `url` is its canonical address, `site` what its own outlet calls itself; both empty where nothing says.
    """

    title: str
    text: str
    url: str = ""
    published_at: datetime | None = None
    cited: tuple[Citation, ...] = ()
    language: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A watched story. `threshold` None means the default; empty `source_ids` or `channel_ids` mean all.

    `ignore` are words of its article that it does not look for, `like` and `unlike` headlines that a person judged;
    `mute_until` is a date or time, in each destination's zone, until which what it tells is held.
    """

    id: str
    title: str
    seed: Article
    source_ids: tuple[str, ...] = ()
    channel_ids: tuple[str, ...] = ()
    threshold: float | None = None
    must: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    paused: bool = False
    mute_until: str = ""

    def reads(self, source_id: str) -> bool:
        """Whether entries of this source are considered for the story."""
        return not self.source_ids or source_id in self.source_ids

    def read_of(self, source_ids: Collection[str]) -> Collection[str]:
        """Those of these sources that it reads; of a story that chose its own, no others are looked at."""
        return [name for name in self.source_ids if name in source_ids] if self.source_ids else source_ids


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal of a score or verdict. `evidence` is a sentence for a person; `weight` its share in the value."""

    signal: str
    value: float
    weight: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Score:
    """How surely an entry belongs to a story, 0..1, with the evidence. `follow_up` is value >= threshold and no veto.

    `certain` marks a match strong enough to teach the story's profile; `borderline` one that its page may decide.
    """

    value: float
    threshold: float
    follow_up: bool
    reasons: tuple[Reason, ...] = ()
    certain: bool = False
    borderline: bool = False

    @property
    def nearness(self) -> float:
        """How far `value` lies above the threshold, below it where negative: what near misses are sorted by."""
        return round(self.value - self.threshold, 4)


@dataclass(frozen=True, slots=True)
class Match:
    """A story and how an entry scored on it."""

    story_id: str
    score: Score


@dataclass(frozen=True, slots=True)
class Claim:
    """Something checkable that a text says.

    `kind`: quantity, age, date, deadline, attribution or stance. `subject` is what the claim is about, in plain words
    ("workers to be sent"); `value` the value as written ("800-1,000"); `low`/`high` its numeric range where there is
    one; `unit` the unit class ("people", "troops", "usd", ...); `date_from`/`date_to` ISO dates of a date claim.
    `added`: the figure comes on top of another ("3,000 more").
    """

    kind: Literal["quantity", "age", "date", "deadline", "attribution", "stance"]
    subject: str
    text: str
    value: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    qualifier: str = ""
    date_from: str = ""
    date_to: str = ""
    added: bool = False
    quote: str = ""
    source: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimDelta:
    """A tracked claim that now reads differently; `before` is empty for a claim not made before."""

    subject: str
    before: str
    after: str
    quote: str
    before_source: str = ""


@dataclass(frozen=True, slots=True)
class TextChange:
    """One typed difference between two versions of an article and the sentence it stands in."""

    kind: ChangeKind
    before: str
    after: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Revision:
    """How two versions of one article differ. `html` is a word diff with ins/del, safe to embed.

    `moved_on`: the address is used for another matter now, so the two are no versions of one text.
    """

    verdict: RevisionVerdict
    changes: tuple[TextChange, ...] = ()
    html: str = ""
    unannounced: bool = False
    moved_on: bool = False


@dataclass(frozen=True, slots=True)
class StoryReport:
    """A follow-up already accepted into a story, as novelty compares against it.

    `at` is min(published, first seen); `alert_id` the alert that told the development, empty when none did (baseline).
    """

    entry_key: str
    source_id: str
    source_name: str
    development: str
    verdict: Verdict
    at: datetime
    title: str
    text: str
    url: str
    origin: str
    score: float = 0.0
    certain: bool = False
    alert_id: str = ""


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change of an article that was told: which entry, when, what differed."""

    entry_key: str
    at: datetime
    changes: tuple[TextChange, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryState:
    """What a story knows when an entry arrives: accepted members oldest first, the claim ledger, and recent alerting.

    `told` are the revision and correction alerts of the last 24 h: an article that flaps is told of twice at most, and
    what its feed says after its page did, or the reverse, is not told again.
    """

    story_id: str
    members: tuple[StoryReport, ...] = ()
    claims: tuple[Claim, ...] = ()
    told: tuple[ToldChange, ...] = ()
    last_development_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Novelty:
    """Whether a follow-up is new to its story: its verdict, the development it reports, its origin, and why."""

    verdict: Verdict
    development: str
    origin: str
    phase: Phase | None = None
    claims: tuple[Claim, ...] = ()
    deltas: tuple[ClaimDelta, ...] = ()
    reasons: tuple[Reason, ...] = ()
    folded_into_key: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of one entry revision for one story; stored for every pair considered, matched or not."""

    entry_key: str
    story_id: str
    source_id: str
    entry_id: str
    at: datetime
    title: str
    url: str
    revision: int
    score: Score
    verdict: Verdict | None = None
    development: str = ""
    origin: str = ""
    phase: Phase | None = None
    folded_into: str = ""
    alert_id: str = ""
    baseline: bool = False
    deltas: tuple[ClaimDelta, ...] = ()
    reasons: tuple[Reason, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class StoryCounts:
    """A story in figures: its reports by verdict, its alerts, and when the last development and alert were."""

    verdicts: Mapping[str, int] = field(default_factory=dict)
    alerts: int = 0
    moved_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def reports(self) -> int:
        """How many reports it has, whatever their verdict."""
        return sum(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class Resolved:
    """One cited outlet: what it is cited for, its homepage and feed, how the feed was found and whether it answered.

    `entries` are what the feed shows now; `kind` is what it is, where it is none;
    `source_id` the configured source that it is.
    """

    name: str
    cited: tuple[Citation, ...] = ()
    homepage: str = ""
    feed: str = ""
    how: How = "none"
    validated: bool = False
    error: ErrorClass | None = None
    title: str = ""
    language: str = ""
    kind: SourceKind = "feed"
    source_id: str = ""
    entries: tuple[Entry, ...] = field(default=(), repr=False)
