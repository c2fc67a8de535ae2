"""Which developments a story has, and which of them a new report may tell again.

Only what was told lately is asked: of what lies further back, only a copy tells it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from operator import itemgetter

from monitor import data
from monitor.core import ids, text
from monitor.core.language import event_classes, proper_names, speakers
from monitor.core.novelty import comparison, concepts, similarity, wording
from monitor.core.novelty.comparison import Development, Report
from monitor.core.novelty.wording import StoryWords, Wording
from monitor.model import Article, StoryReport

# In nine long stories one repeat in fifty came later after the last report of its development than this.
RECENT = timedelta(days=6)
# Within it a report of other words may tell the same; later it must share some that the story does not own.
CLOSE = timedelta(hours=12)
# A copy is told again for weeks: syndicated pieces, a feed that was restored.
COPY_WINDOW = timedelta(days=30)
# One word in a headline of six may be swapped by whoever copies it.
COPY_SHARE_MIN, COPY_TERMS_MIN = 0.80, 5
# In a flood the newest members say what is going on; bounds the work of one comparison.
COMPARED_MAX = 600
# Of the developments that are near enough in time, the most alike are held against a report; bounds the work of one
# comparison. No story of ours has had as many within six days (set).
ASKED_MAX = 60
# Below it two headlines of one story share no more than chance.
ALIKE_MIN = 0.03
# Reports that share an act which weighs so much in the story are of one step, whatever else each tells (set).
ACT_MIN = 0.5
# Of the seed beside its headlines: what its first paragraphs tell is told; bounds the work.
SEED_SENTENCES_MAX = 40
SEED_SENTENCE_CHARS_MAX = 300  # characters read of a sentence of the seed (set)
# The seed's headlines hold the story's own words before anything is told: each counts as so many tellings.
SEED_TIMES = 5
SEED_NAME = "your article"
_SAYING, _ANSWERS = data.words("saying_acts"), data.words("answering_acts")
_IMPOSED, _FOLLOWING = data.words("imposed_acts"), data.words("following_acts")
# What stood still and runs again shares every word with the article that says that it stands still.
_AGAIN = data.whole_words("runs_again")
# What the article has under way has come where a headline says that it is done.
_COME = data.whole_words("come")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A development that a report may tell again, with what speaks for and against.

    `copied`: in the same words; `alone`: there is no other that it could well be of; `one_name`: its headline shares
    with the nearest report at most one word, of the seed's headlines, or the words of one name: "Loon Lake"; `seeded`:
    but words that the seed says; `hollow`: but a verb of any news: "found"; `answered`: it tells what was done about
    it, as no report of it does; `imposed`: it tells a step that none of them does, or the decision that they await.
    """

    development: Development
    measures: Mapping[str, float]
    nearest: StoryReport
    copied: bool = False
    alone: bool = False
    one_name: bool = False
    seeded: bool = False
    hollow: bool = False
    answered: bool = False
    imposed: bool = False


@dataclass(frozen=True, slots=True)
class SeedWords:
    """What a story's seed says: its own and the cited headlines, and its sentences; as a development where dated."""

    headlines: tuple[wording.Wording, ...] = ()
    sentences: tuple[wording.Wording, ...] = ()
    development: Development | None = None


def of_seed(seed: Article | None, story_id: str = "") -> SeedWords:
    """The seed as reports to compare with; what it tells is the first development of its story."""
    if seed is None:
        return SeedWords()
    titles = [seed.title, *(citation.title for citation in seed.cited if citation.title)]
    headlines = tuple(wording.read(title) for title in titles)
    said = text.sentences(seed.text)[:SEED_SENTENCES_MAX]
    sentences = tuple(wording.read(sentence[:SEED_SENTENCE_CHARS_MAX]) for sentence in said)
    if seed.published_at is None:
        return SeedWords(headlines, sentences)
    name, at = ids.development_id(story_id, "seed", 1), seed.published_at
    members = tuple(
        StoryReport("", "", SEED_NAME, name, "development", at, title, "", seed.url, "") for title in titles
    )
    return SeedWords(
        headlines, sentences, Development(name, members, tuple(Report("", at, words) for words in headlines))
    )


def _done(seed: SeedWords) -> list[wording.Wording]:
    """What the seed tells as done."""
    said = (*seed.headlines, *seed.sentences)
    return [each for each in said if not each.shape.negated and not each.hedged]


def beyond(new: Report, seed: SeedWords, reports: Sequence[Report] = ()) -> frozenset[str]:
    """The steps of a headline that neither the seed tells as done nor `reports`: an arrest after a theft."""
    told = (*_done(seed), *(report.wording for report in reports))
    return event_classes.steps(new.wording.clause_acts) - event_classes.steps(act for each in told for act in each.acts)


def told_by_seed(new: Report, seed: SeedWords, words: StoryWords) -> float:
    """How much of what a report says, 0..1, the seed has said: of its headline as done, of its first lines in any way.

    0 where its headline tells a step or a figure that the seed does not tell as done.
    """
    said, done = (*seed.headlines, *seed.sentences), _done(seed)
    if beyond(new, seed) or answers(new, seed) or adds(new, seed):
        return 0.0
    if similarity.difference(new.wording.shape, [each.shape for each in done]):
        return 0.0
    covered = _covered(new.wording.terms, done, words)
    return max(covered, _covered(new.wording.whole, said, words)) if new.wording.lead else covered


def adds(new: Report, seed: SeedWords) -> bool:
    """Whether a headline counts something on top of what the seed counts."""
    said = [each.shape for each in (*seed.headlines, *seed.sentences)]
    return similarity.on_top(new.wording.shape, said) > 0


def answers(new: Report, seed: SeedWords) -> bool:
    """Whether a headline tells what is done about it that the seed does not tell as done: a search, a line reopened."""
    said = (*seed.headlines, *seed.sentences)
    for mark in (_AGAIN, _COME):
        if mark.search(new.wording.content) and not any(mark.search(each.content) for each in said):
            return True
    return _answered(new, _done(seed))


def _answered(new: Report, told: Sequence[Wording]) -> bool:
    """Whether its main clause tells an act of this kind, and none of `told` that act or its step."""
    acts = [act for each in told for act in each.acts]
    done, steps = event_classes.classes(acts), event_classes.steps(acts)
    return any(
        act.classes & _ANSWERS and done.isdisjoint(act.classes) and steps.isdisjoint(event_classes.steps([act]))
        for act in new.wording.clause_acts
    )


def _imposed(new: Report, told: Sequence[Wording], seeded: bool) -> bool:
    """Whether its main clause tells a step that none of `told` tells, in headline or first lines.

    A fine or a seizure always; where both share only words of the seed, also what may follow any event (an inquiry, a
    resignation); where an authority acts and they only pass on a party's words, whatever answers it.
    """
    steps = _IMPOSED | _FOLLOWING if seeded else _IMPOSED
    if _of_law(new.wording) and all(_of_law(each) is False for each in told):
        steps |= _ANSWERS
    acts = [act for act in new.wording.clause_acts if act.classes <= steps]
    if not acts:
        return False
    known = event_classes.classes(act for each in told for act in (*each.acts, *event_classes.of_text(each.lead)))
    done = event_classes.steps_of(known)
    return any(act.classes.isdisjoint(known) and done.isdisjoint(event_classes.steps([act])) for act in acts)


def _of_law(said: Wording) -> bool | None:
    """Whether who speaks or acts in a headline does so for the law; None where nobody is found."""
    who = speakers.find(said.content, headline=True)
    return None if who is None else "law" in who.kind


def _covered(terms: frozenset[str], said: Sequence[Wording], words: StoryWords) -> float:
    """How much of these terms, by weight, stands in what was said."""
    total = words.total(terms)
    everything = frozenset[str]().union(*(each.terms for each in said))
    return words.total(terms & everything) / total if total else 1.0


def report(title: str, body: str, source_id: str, at: datetime) -> Report:
    """A report as it is compared."""
    return Report(source_id, at, wording.read(title, body[: wording.LEAD_CHARS_MAX]))


def of_story(members: Sequence[StoryReport], seed: SeedWords) -> list[Development]:
    """The developments of the newest members, the seed's first: each with its founder and its newest members."""
    first = seed.development
    grouped: dict[str, list[StoryReport]] = {first.id: list(first.members[:1])} if first else {}
    for member in members[-COMPARED_MAX:]:
        grouped.setdefault(member.development, []).append(member)
    found = []
    for name, told in grouped.items():
        kept = tuple(told if len(told) <= comparison.MEMBERS_MAX else [told[0], *told[1 - comparison.MEMBERS_MAX :]])
        found.append(Development(name, kept, tuple(report(m.title, m.text, m.source_id, m.at) for m in kept)))
    return found


def weights(seed: SeedWords, developments: Sequence[Development]) -> StoryWords:
    """What words weigh in a story, from its seed's headlines and all that was told of it."""
    return StoryWords(
        [*seed.headlines * SEED_TIMES, *(told.wording for found in developments for told in found.reports)],
        frozenset[str]().union(*(headline.terms for headline in seed.headlines)),
        frozenset[str]().union(*(said.terms for said in seed.sentences)),
    )


def candidates(
    new: Report, title: str, developments: Sequence[Development], words: StoryWords, begun_at: datetime
) -> Iterator[Candidate]:
    """The developments that a report may tell again."""
    pace = comparison.pace(developments, new.at, begun_at)
    fingerprint = concepts.fingerprint(title)
    asked: list[tuple[float, int, Development]] = []
    for development in developments:
        gap = min(abs(new.at - told.at) for told in development.reports)
        if gap > COPY_WINDOW:
            continue
        value, place = near = comparison.nearest(new, development, words)
        copied = _copy(new, fingerprint, development)
        if copied is not None:
            yield Candidate(development, comparison.compare(new, development, words, pace, near), copied, copied=True)
        elif gap <= CLOSE or (gap <= RECENT and value > ALIKE_MIN) or comparison.restates(new, development):
            asked.append((value, place, development))
    if len(asked) > ASKED_MAX:
        asked = nlargest(ASKED_MAX, asked, key=itemgetter(0))
    names = [concepts.terms(name).keys() for name in proper_names.find(new.wording.content)] if asked else []
    saying = _saying(new.wording) if asked else frozenset()
    for value, place, development in asked:
        found = comparison.compare(new, development, words, pace, (value, place))
        nearest, told = development.reports[place].wording, [report.wording for report in development.reports]
        shared, both = new.wording.terms & nearest.terms, new.wording.whole & nearest.whole
        leads_alike = value if new.wording.lead and nearest.lead and not both <= words.seeded else 0.0
        yield Candidate(
            development,
            found,
            development.members[place],
            alone=comparison.alone(new, development, leads_alike, pace) or comparison.restates(new, development),
            one_name=shared <= words.own if len(shared) <= 1 else any(shared <= name for name in names),
            seeded=shared <= words.seeded,
            hollow=bool(shared) and shared <= saying,
            answered=_answered(new, told),
            imposed=comparison.decided(new.wording, development)
            or (found["same act"] < ACT_MIN and _imposed(new, told, shared <= words.seeded)),
        )


def _saying(said: Wording) -> frozenset[str]:
    """The terms of a headline that are verbs of any news."""
    return frozenset(term for act in said.acts if act.classes & _SAYING for term in concepts.terms(act.word))


def _copy(new: Report, fingerprint: str, development: Development) -> StoryReport | None:
    """The newest member whose headline has the same concepts, or the same terms but for one in five."""
    for member, told in zip(reversed(development.members), reversed(development.reports), strict=True):
        one, other = new.wording.terms, told.wording.terms
        same = len(one & other) >= COPY_SHARE_MIN * len(one | other) and len(one) >= COPY_TERMS_MIN
        if same or (fingerprint and concepts.fingerprint(member.title) == fingerprint):
            return member
    return None
