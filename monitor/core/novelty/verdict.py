"""Is an accepted follow-up new to its story: a development, a repeat of one, or its confirmation by a second origin?

A report repeats another when what is left of both, once the story's own words weigh nothing, tells the same. A learnt
logistic of measures (`sameness`) says how surely; a report is new all the same where a figure changed, where it denies
what was told, or where the matter took its next step. What the seed says is told. Who only explains tells nothing new.
In doubt it is told, and marked as doubtful. Only the first second origin confirms; what cites the first repeats.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor import data
from monitor.core import ids, text
from monitor.core.documents import notices
from monitor.core.language import parties, vocabulary
from monitor.core.novelty import cast, claim_changes, concepts, developments, origins, phases, sameness, similarity
from monitor.core.novelty import claims as claims_of
from monitor.core.novelty.claim_changes import Changes
from monitor.core.novelty.comparison import Development, Report
from monitor.core.novelty.developments import Candidate, SeedWords
from monitor.core.novelty.wording import StoryWords
from monitor.model import (
    Article,
    Claim,
    Entry,
    Novelty,
    Phase,
    Reason,
    Source,
    StoryReport,
    StoryState,
    Verdict,
)

# How surely a report must tell a development again to be held back, and from where on it is told as doubtful: set where
# one alert in six tells again (`python -m bench.sameness`); a doubled alert costs less than a missed one.
SAME_MIN, DOUBT_MIN, CLEAR_MIN = 0.34, 0.18, 0.80
_GRAVE = data.words("grave_steps")
# An explainer is held back while there is something lately told to explain.
EXPLAINED = timedelta(days=14)
HOURS_MAX = 48  # hours for which "36 h earlier" is easier read than days (set)
# Of the first days' reports, those tell the seed again that say little else; of later ones, those that say no more.
SEED_WINDOW = timedelta(days=2)
SEED_COVERED_MIN = 0.65  # share of a headline that the seed says already (set on long stories)
SEED_COVERED_LATE_MIN = 0.9  # the same for later reports, which say something else more often (set)
# Who cites a teller of the last day tells it again; later, "as X reported" is background. Log of 1 + hours.
CITED_GAP_MAX = 3.2
# Words in common that weigh no more, as those that the story has in every headline, are none (set on long stories).
WORDLESS_MAX = 0.3
# One event in two verbs ("quits", "removed") shares the rest of its clause; within five hours of a quiet day it is the
# same one in any words more often than not (logs of 1 + hours, and of 1 + developments of the last day).
STEP_CLAUSE_MAX, SOON_GAP_MAX, QUIET_MAX = 0.25, 1.8, 0.7
# Later, reports that share but words of the seed are one where they share an act or most of a clause too: of nine long
# stories' and invented ones' pairs beyond five hours so alike that were held for one, 8 of 11 without either were two.
ACT_MIN, CLAUSE_MIN = 0.5, 0.55
LAST_H = 72.0  # hours within which a rewritten report follows another (set by reading)
EDIT_MIN, TELLS_MIN, GAIN_MIN = 0.60, 0.50, 0.15  # likenesses, set by reading 137 pairs; see `told_elsewhere`
TELLS_CONCEPTS_MIN, GAINED_CONCEPTS_MIN = 3, 2  # concepts, set with them
RIVALS_MAX = 4  # developments that a report is held against (set)
COMPARED_MAX = developments.COMPARED_MAX
TELLERS_MAX = 100  # reports among which an origin is looked for, the newest (set)
EVIDENCE_WORDS_MAX = 5  # words shown of what two reports share (set)

LARGE_MIN = 100.0  # what a headline counts by the hundred it counts on purpose (set)
# What is in no doubt, however alike: the opposite of what was told, and one more of a series.
_PLAIN_NEWS = frozenset(("negation", "series"))
_ROUNDED = frozenset(("money", "percent"))
_BESIDE = re.compile(r"\w\s(?:as|while|after|despite|amid)\s(?:[\w’'-]+\s){0,3}$")
_OFFICE = re.compile(
    r"\b(?:governments?|minist(?:er|ry|ers|ries)|premier|president|PM|cabinet|spokes\w+|officials?)\b", re.IGNORECASE
)
_CONFIRMS = re.compile(r"\b(?:confirm|acknowledg|admit|corroborat|verif)\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Choice:
    """The development that a report tells again, if any, how surely; else the nearest, and what is new against it."""

    candidate: Candidate | None
    value: float = 0.0
    nearest: Candidate | None = None
    news: Reason | None = None


def compare(
    entry: Entry, entry_key: str, source: Source, at: datetime, story_id: str, memory: StoryState, *,
    seed: Article | None = None, revision: int = 1, claims: Sequence[Claim] = (), by: Mapping[str, float] | None = None,
) -> Novelty:  # fmt: skip
    """The verdict on a follow-up, the development it reports, its origin, phase and changed claims, with reasons.

    Compared with the story's members, one with the entry's own key aside, and with its seed. `at` is the entry's own
    time: one that lands late may repeat a member that is newer. `by`: other weights than the shipped ones. Same
    arguments, same answer.
    """
    body = entry.text or entry.summary
    members = [member for member in memory.members if member.entry_key != entry_key]
    new = developments.report(entry.title, body, source.id, at)
    cited = origins.cites(entry.title, body)
    changes = claim_changes.compare(memory.claims, claims) if claims else Changes()
    choice, words = _choose(entry.title, new, members, developments.of_seed(seed, story_id), cited, changes, by)
    found = choice.candidate
    copied = found.nearest if found and found.copied else None
    tellers = found.development.members if found else members[-TELLERS_MAX:]
    origin = origins.find(entry.title, body, source.label, entry.url, tellers, copied)
    origin = cast.whose(origin, entry.title, seed)
    verdict: Verdict = "development"
    development, folded = ids.development_id(story_id, entry_key, revision), ""
    corrected = _corrected(entry.title, body, choice, members)
    if corrected is not None:
        verdict, development = "correction", corrected.development
        reason = Reason("correction", 1.0, 1.0, f"corrects a report, most likely: {corrected.title}")
    elif found is None:
        reason = choice.news or _new(choice, members)
    else:
        plain = choice.value >= CLEAR_MIN or _CONFIRMS.search(entry.title) is not None
        confirmed = _confirms(origin, entry, tellers, seed) if plain else None
        verdict = "confirmation" if confirmed else "repeat"
        development, folded = found.development.id, found.nearest.entry_key
        reason = confirmed or _same(entry.title, found, choice.value, words, at)
    return Novelty(
        verdict=verdict, development=development, origin=origin.name,
        phase=_phase(entry, body[: similarity.LEAD_CHARS_MAX], seed), claims=tuple(claims),
        deltas=changes.updates, reasons=(reason,), folded_into_key=folded,
        doubtful=verdict == "development" and choice.value >= DOUBT_MIN,
    )  # fmt: skip


def _choose(
    title: str,
    new: Report,
    members: Sequence[StoryReport],
    seed: SeedWords,
    cited: Collection[str],
    changes: Changes,
    by: Mapping[str, float] | None,
) -> tuple[_Choice, StoryWords]:
    """The likeliest development that has already said what a report says.

    Where the likeliest has not, the reason is returned, and another takes the report only if it is surely the same or
    says that very thing: a second report of the new figure, not a loose relative.
    """
    fingerprint = concepts.fingerprint(title)
    copies = [m for m in members[:-COMPARED_MAX] if fingerprint and concepts.fingerprint(m.title) == fingerprint]
    known = developments.of_story([*copies, *members[-COMPARED_MAX:]], seed)
    words = developments.weights(seed, known)
    near = developments.candidates(new, title, known, words, min((f.founder.at for f in known), default=new.at))
    rated = [(min(_sure(f, cited, by), _at_most(f, new, seed)), f) for f in near]
    # Of headlines alike but for a figure, all are copies: the one with the same figure first.
    rated.sort(key=lambda pair: (-pair[0], -pair[1].measures["alike"], pair[1].development.id))
    value, nearest = rated[0] if rated else (0.0, None)
    news: Reason | None = None
    for sure, found in rated[:RIVALS_MAX]:
        if sure < SAME_MIN:
            break
        if news and not _tells_it(news, sure, new, found):
            continue
        shapes = [told.wording.shape for told in found.development.reports]
        different = similarity.difference(new.wording.shape, shapes) or _recounted(title, found.development, changes)
        if different is None:
            return _Choice(found, sure), words
        news = news or different
    latest = nearest or _newest(known)
    if news is None and new.wording.explains and latest and abs(new.at - latest.nearest.at) <= EXPLAINED:
        return _Choice(latest, value), words
    if news is None and seed.development:
        covered = developments.told_by_seed(new, seed, words)
        late = abs(new.at - seed.development.founder.at) > SEED_WINDOW
        if covered >= (SEED_COVERED_LATE_MIN if late else SEED_COVERED_MIN):
            return _Choice(Candidate(seed.development, {}, seed.development.members[0]), covered), words
    if nearest and value >= DOUBT_MIN and (recounted := _recounted(title, nearest.development, changes)):
        return _Choice(None, 0.0, nearest, recounted), words  # however alike: a toll that rises is in no doubt
    return _Choice(None, 0.0 if news and news.signal in _PLAIN_NEWS else value, nearest, news), words


def _tells_it(news: Reason, sure: float, new: Report, found: Candidate) -> bool:
    """Whether another development takes what is news to the likeliest: surely the same, or says that very thing.

    The opposite of a denial shares every word with what was denied, however sure it looks.
    """
    sure_enough = sure >= CLEAR_MIN and news.signal != "negation"
    return sure_enough or similarity.says(news, new.wording.shape, _shape_of(found.nearest))


def _corrected(title: str, body: str, choice: _Choice, members: Sequence[StoryReport]) -> StoryReport | None:
    """What an article corrects or withdraws whose headline says so; another outlet's copy of that is a repeat.

    A correction repeats the figure that was wrong: who told it is meant before who is but alike in words.
    """
    near = choice.candidate or choice.nearest
    if near is None or (near.copied and near.nearest.verdict == "correction") or not notices.find(title):
        return None
    told = _large(f"{title}. {body[: similarity.LEAD_CHARS_MAX]}")
    tellers = (near.nearest, *reversed(members[-TELLERS_MAX:])) if told else ()
    wrong = (m for m in tellers if _among(told, _large(f"{m.title}. {m.text[: similarity.LEAD_CHARS_MAX]}")))
    return next(wrong, near.nearest)


def _large(said: str) -> list[tuple[float, float, str]]:
    """The figures of a text that hardly stand in two reports by chance."""
    return [figure for figure in claims_of.figures(said) if figure[0] >= similarity.IN_TEXT_MIN]


def _recounted(title: str, development: Development, changes: Changes) -> Reason | None:
    """A count that the headline gives anew, unless some figure of it stands in the development's reports already.

    Only where it says what happened to the counted, or counts a hundred of anything but money: other figures of a
    headline are as often of a part, or rounded.
    """
    figures = claims_of.figures(title)
    large = [figure for figure in figures if figure[0] >= LARGE_MIN]
    counted = [
        delta
        for delta in (*changes.updates, *changes.others)
        if (delta.quote == title and claim_changes.counts_a_fate(delta.subject))
        or (delta.subject not in _ROUNDED and _among(claims_of.figures(delta.after), large))
    ]
    if not counted:
        return None
    reports = (f"{member.title}. {member.text[: similarity.LEAD_CHARS_MAX]}" for member in development.members)
    before = [figure for report in reports for figure in claims_of.figures(report)]
    if _among(figures, before):
        return None
    first = counted[0]
    told = f"new: {first.before} became {first.after}" if first in changes.updates else f"another count: {first.after}"
    return Reason("figure", 1.0, 1.0, told)


def _among(some: Iterable[tuple[float, float, str]], others: Sequence[tuple[float, float, str]]) -> bool:
    """Whether a figure is one of others."""
    return any(similarity.equal(one, other) for one in some for other in others)


def _sure(found: Candidate, cited: Collection[str], by: Mapping[str, float] | None) -> float:
    """How surely it is told again: a copy for certain; what can be of nothing else, or cites who told it, enough.

    Reports without a word in common are two matters, or with but a name. So is another step, in a clause that shares
    next to nothing with the other's. Soon on a quiet day another outlet tells the same in any words.
    """
    if found.copied:
        return 1.0
    value = sameness.probability(found.measures, by)
    tellers = {origins.outlet(member.source_name, member.url) for member in found.development.members} if cited else ()
    leans = (
        found.measures["gap"] <= CITED_GAP_MAX
        and not found.measures["other step"]
        and not set(cited).isdisjoint(tellers)
    )
    if (found.alone and not (found.imposed or found.hollow)) or leans:
        return max(value, SAME_MIN)
    measured = found.measures
    two_steps = measured["other step"] == 1 and measured["clause"] < STEP_CLAUSE_MAX
    quiet = measured["gap"] <= SOON_GAP_MAX and measured["busy"] <= QUIET_MAX and not measured["outlet"]
    wordless = (found.one_name and not quiet) or measured["shared"] <= WORDLESS_MAX
    later = measured["gap"] > SOON_GAP_MAX and measured["same act"] < ACT_MIN
    apart = (
        found.hollow
        or found.imposed
        or (wordless and not measured["same act"])
        or (two_steps and not quiet)
        or (later and (found.answered or (found.seeded and measured["clause"] < CLAUSE_MIN)))
    )
    return min(value, DOUBT_MIN) if apart else value


def _at_most(found: Candidate, new: Report, seed: SeedWords) -> float:
    """How surely at most a report tells again: what the article said is known whole, and a step beyond it is news.

    A death or an arrest beyond it is in no doubt, whatever words it shares, nor what comes on top of what it counts.
    """
    if seed.development is None or found.copied or found.development.id != seed.development.id:
        return 1.0
    if developments.adds(new, seed):
        return 0.0
    further = developments.beyond(new, seed, found.development.reports)
    if not further:
        return DOUBT_MIN if found.alone and developments.answers(new, seed) else 1.0
    return DOUBT_MIN if further.isdisjoint(_GRAVE) else 0.0


def _newest(known: Sequence[Development]) -> Candidate | None:
    newest = max(known, key=lambda found: (found.founder.at, found.id), default=None)
    return Candidate(newest, {}, newest.members[0]) if newest else None


def told_elsewhere(mine: StoryReport, entry: Entry, now: datetime, memory: StoryState) -> StoryReport | None:
    """Another article that says what this rewritten one says now and did not say as `mine`: its news is known.

    When something happens, outlets rewrite the report that they have. The first to do so tells it. An edit, which
    leaves most of the headline as it was, is no rewriting. Limits were set by reading 137 such pairs of three outlets.
    """
    said = entry.text or entry.summary
    old, new = _shape_of(mine), similarity.shape(entry.title, said[: similarity.LEAD_CHARS_MAX])
    if similarity.overlap(old.title, new.title) >= EDIT_MIN:
        return None
    for member in reversed(memory.members[-COMPARED_MAX:]):
        if member.entry_key == mine.entry_key or abs(now - member.at) > timedelta(hours=LAST_H):
            continue
        other = _shape_of(member)
        alike, shared = similarity.value(new, other), new.title & other.title
        if (
            alike >= TELLS_MIN
            and alike - similarity.value(old, other) >= GAIN_MIN
            and len(shared) >= TELLS_CONCEPTS_MIN
            and len(shared - old.title) >= GAINED_CONCEPTS_MIN
            and similarity.difference(new, [other]) is None
        ):
            return member
    return None


def _phase(entry: Entry, lead: str, seed: Article | None) -> Phase | None:
    about = phases.matter(seed.title, seed.text) if seed else frozenset[str]()
    return phases.of_headline(entry.title, about) or phases.of_lead(lead, entry.title)


def _shape_of(member: StoryReport) -> similarity.Shape:
    return similarity.shape(member.title, member.text[: similarity.LEAD_CHARS_MAX])


def _new(choice: _Choice, members: Sequence[StoryReport]) -> Reason:
    if choice.nearest is not None and choice.value >= DOUBT_MIN:
        near = choice.nearest.nearest
        evidence = f"in doubt: it may tell again what {near.source_name} told: {near.title}"
        return Reason("new", round(1 - choice.value, 4), 1.0, evidence)
    lately = "nothing like it was told lately" if members else "the first report of this story"
    return Reason("new", 1.0, 1.0, f"new: {lately}")


def _same(title: str, found: Candidate, value: float, weights: StoryWords, at: datetime) -> Reason:
    near, said = found.nearest, concepts.terms(title)
    both = [term for term in concepts.terms(near.title) if term in said]
    shared = [said[term] for term in sorted(both, key=lambda term: (-weights.weight(term), term))]
    shared = vocabulary.without_grammar(title, shared)[:EVIDENCE_WORDS_MAX]
    words = f": shares {', '.join(shared)}" if shared else ""
    when = "" if near.source_name == developments.SEED_NAME else f" {_apart(at - near.at)}"
    return Reason("same", round(value, 4), 1.0, f"same as {near.source_name}{when}{words}")


def _apart(between: timedelta) -> str:
    """How long ago the nearest report came: by the hour for two days, then by the day."""
    hours = round(abs(between) / timedelta(hours=1))
    if hours == 0:
        return "within the hour"
    far = f"{hours} h" if hours <= HOURS_MAX else text.counted(round(hours / 24), "day")
    return f"{far} {'earlier' if between > timedelta(0) else 'later'}"


def _confirms(origin: origins.Origin, entry: Entry, told: Sequence[StoryReport], seed: Article | None) -> Reason | None:
    """The first independent second origin: it names itself, is of another party, and leans on none that told it.

    Where nobody told whom the news is from, a named origin is most likely just that; only a confirmation in so many
    words is one.
    """
    if not origin.stated or any(member.verdict == "confirmation" for member in told):
        return None
    country = origin.name.removesuffix("'s government")
    who = country.split()[-1]
    if who in entry.title and _BESIDE.search(entry.title.partition(who)[0]):
        return None  # "aide charged as opposition demands vote": what they speak of is another matter
    if cast.confesses(entry.title, origin, told):
        return None
    named = [m.origin for m in told if m.origin and m.origin != origins.outlet(m.source_name, m.url)]
    texts = (seed.text if seed else "", entry.text or entry.summary, *(member.text for member in told))
    plain = country != origin.name and not (_OFFICE.search(entry.title) or _CONFIRMS.search(entry.title))
    for other in dict.fromkeys(named):
        if (
            (plain and parties.stands_for(country, other))
            or origins.one_party(origin.name, other)
            or parties.introduced(origin.name, other, texts)
        ):
            return None
    if not (named or _CONFIRMS.search(entry.title)):
        return None
    first = named[0] if named else origins.outlet(told[0].source_name, told[0].url)
    tellers = {first, *(origins.outlet(member.source_name, member.url) for member in told)}
    if not tellers.isdisjoint(origins.cites(entry.title, entry.text or entry.summary)):
        return None
    return Reason("confirmation", 1.0, 1.0, f"{origin.name} is a second origin beside {first}: {origin.how}")
