"""What a headline of one story turns to: a cause that was found, another crime, a doubt put on it or taken away.

These are said in a few words that hardly share a stem with anything, so they are looked for by themselves: in
headlines, and in sentences that otherwise stayed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from monitor import data
from monitor.core.language import lexicon, statements, vocabulary
from monitor.core.revisions import facts, headline_details, paraphrases, states, turns_abroad
from monitor.core.revisions.findings import Finding, Pair, Versions, key, made, unlike, worded

# Words beside "blamed on", "behind" and their like among which the cause stands (set).
CAUSE_WORDS = 5
# Two headlines are of one report where they share so many stems, or so much of the shorter one (set by reading).
SHARED_MIN = 2
SHARED_SHARE = 1 / 3  # share of the shorter headline, 0..1 (set by reading)
# From this share of the old headline on, a doubt is one about what it said.
DOUBTED_SHARE = 0.65
_ASKS = re.compile(r"\?|^(?:[^:]{3,40}:\s)?(?:how|why|what|which|who|where|when)\b", re.IGNORECASE)
# The outlet no longer vouches for what it reports, or does so now.
_HEDGE = re.compile(
    r"\b(?:reportedly|allegedly|purportedly|supposedly|apparently|unconfirmed|unverified|rumou?red)\b"
    r"|\s[-–—]\s(?:media\s|local\s)?(?:reports?|sources?|claims?)\W*$"
    r"|,\s(?:[\w-]{1,20}\s){0,3}(?:reports|sources|claims?|alleges?|suggests?)(?:\s(?:say|suggest|claim))?\W*$"
    r"|^(?:report|reports|sources):\s",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:(?-i:may|May(?=\s[a-z]))(?<!\b[IiBb][ny]\sMay)(?<!ince\sMay)(?<!ntil\sMay)(?<!from\sMay)(?<!\bof\sMay)(?<!this\sMay)"
    r"(?<!next\sMay)(?<!last\sMay)(?<!late\sMay)(?<!arly\sMay)(?<!mid-May)(?<!\d\sMay)|might|could|feared|suspected|alleged|possible|probable|apparent|presumed|(?:believed|thought|said)\sto|(?:appears?|seems?)(?!\s(?:in|at|on|before|for|with|by)\b))\b",
    re.IGNORECASE,
)
# Other words that leave open whether it comes: "warns of shortages" says no less than that there "could be" some.
_OPEN = re.compile(
    r"\b(?:warn|risk|fear|threat|mull|consider|weigh|plan|plot|aim|seek|want|hope|vow|pledge|urge|call|suspect|report|rumour"
    r"|accus|alleg|claim|likely|possib|potential|expect|set\sto|due\sto|braced?\b|looms?\b)",
    re.IGNORECASE,
)
_VOUCHER = re.compile(r"\s[-–—]\s([\w.’'-]{1,20}(?:\s[\w.’'-]{1,20}){0,2})$")
_SAYS = re.compile(r",\s([\w.’'-]{1,20}(?:\s[\w.’'-]{1,20}){0,3}\s(?:says?|claims?|reports?|announces?|insists?))$")
_AFTER = re.compile(
    r"\b(?:blamed?\son|blames?|caused\sby|causes|caused|because\sof|due\sto|triggered\sby|sparked\sby|linked\sto|traced\sto|pinned\son"
    r"|(?:hit|struck|sunk|downed|destroyed)\sby|down\sto|put\sdown\sto|started\sby|points?\sto)\s",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\s(?:behind(?!\s(?:each|every|closed|bars|the\s(?:scenes|mask|wheel|door))\b)|to\sblame|blamed|(?:was|were|is)\sthe\scause|caused|causes|triggered|sparked"
    r"|suspected(?=\W*$|\s(?:in|as|after)\b))\b",
    re.IGNORECASE,
)

# Who it is, where it was only said that somebody is sought or held.
_NAMED_AS = re.compile(r"\b(?:named|identified|unmasked|revealed)\sas\b", re.IGNORECASE)
_FULL_NAME = re.compile(
    r"\b(?!Sir|Dame|Lord|Lady|King|Queen|Prince|Princess|Pope|Saint)([A-Z][a-zà-ÿ]{2,15})\s([A-Z][\w’'-]{2,20})"
)
_NAMES_A_THING = re.compile(r"(?:the|an?|inside|meet)\s", re.IGNORECASE)  # "The men behind the mask"


# Share of an old headline's words, 0..1, that stay where it says who somebody is (set)
STAYED_SHARE = 0.5


# A condition, in a sentence that states something before it; and what holds for both of two whichever stands first.
_CONDITION = re.compile(
    r"\b(?:(?:but\s)?only\sif|if|unless|provided|on\scondition|as\slong\sas)\b(?!\snot\b)", re.IGNORECASE
)
_EITHER_WAY = frozenset(
    ("and", "or", "nor", "with", "v", "vs", "met", "meets", "meet", "married", "between", "by", "than")
)
_SURE = frozenset(("may", "might", "can", "could", "will"))
_NEGATING = frozenset(("un", "in", "im", "il", "ir", "dis", "non", "non-", "mis"))
SENTENCES_MAX = 60  # sentences of either version in which a cause is looked for (set)
WORD_LISTS_MAX = 100  # lists kept: more than the table has (set)


@lru_cache(WORD_LISTS_MAX)
def _terms(name: str) -> frozenset[str]:
    return frozenset(next(row[1] for row in data.rows("headline_turns.tsv") if row[0] == name).split())


@cache
def _was() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:was|were|is|ruled|deemed|declared|treated\sas|investigated\sas|labelled)\s(?:an?\s|no\s|not\s)?"
        rf"(?P<what>{'|'.join(sorted(_terms('cause')))})\b",
        re.IGNORECASE,
    )


def find(both: Versions) -> Iterator[Finding]:
    """The turns of a changed headline; none where a headline asks, or where the two are of different matters."""
    old, new = both.titles
    fresh = both.added.sentences
    if not old or not new or not fresh or not both.headline(fresh[0].text):
        return
    sentence = fresh[0].text
    before, after = (found.group().strip(" -–—,:") if (found := _HEDGE.search(title)) else "" for title in both.titles)
    if bool(before) == bool(after):
        before, after = _voucher(old, new), _voucher(new, old)
    moved = lexicon.content(before or after) <= (both.new if before else both.old).stems
    if bool(before) != bool(after) and not moved:
        yield made("attribution", before, after, sentence, "attribution")
    if any(map(_ASKS.search, both.titles)) or not _of_one(old, new):
        return
    if renamed := _renamed(both):
        yield made("name", *renamed, sentence, "name replaced")
    if clue := turns_abroad.find(old, new):
        yield worded(both, sentence, "headline event", clue, swapped=True)
    if clue := _cause(new, both) or _crime(both) or _opposite(old, new):
        yield worded(both, sentence, "cause", clue, swapped=True)
    elif clue := states.turn(old, new) or _who(both) or headline_details.find(both):
        yield worded(both, sentence, "state", clue, swapped=True)
    elif _doubted(old, new):
        doubt = _DOUBT.search(new) or _DOUBT.search(old)
        yield worded(both, sentence, "doubt", doubt.group() if doubt else new)


def beneath(both: Versions) -> Iterator[Finding]:
    """The turns of sentences beneath the headline, each in the place of one that says nearly the same."""
    for pair in both.pairs:
        old, new = pair.old.text, pair.new.text
        if both.headline(new) or not vocabulary.is_english(new):
            continue
        if (
            clue := _opposite(old, new)
            or _contrary(pair)
            or states.turn(old, new)
            or _surer(pair)
            or _on_condition(pair)
            or _turned_round(pair)
        ):
            yield worded(both, new, "state", clue, swapped=True)
    for part in both.added.sentences[:SENTENCES_MAX]:
        if not both.headline(part.text) and (clue := _other_cause(part.text, both)):
            yield worded(both, part.text, "cause", clue, swapped=True)


def _on_condition(pair: Pair) -> str:
    """The condition that was put to a statement or taken from it: "will open" -> "will open if the filters hold"."""
    bare, bound = sorted((pair.old.text, pair.new.text), key=lambda text: _CONDITION.search(text) is not None)
    found = _CONDITION.search(bound)
    if found is None or _CONDITION.search(bare) or found.start() == 0:
        return ""
    stated = lexicon.content(bound[: found.start()])
    return found.group() if stated and stated == lexicon.content(bare) else ""


def _surer(pair: Pair) -> str:
    """What is to be where it only may be, or the other way round: "may extend the walkout" -> "will extend it"."""
    old, new = (
        {second: first for first, second in pairwise(each.words) if first in _SURE} for each in (pair.old, pair.new)
    )
    return next((new[act] for act in new if act in old and (old[act] == "will") != (new[act] == "will")), "")


def _contrary(pair: Pair) -> str:
    """The one word in the place of another that says the contrary: "clean" -> "polluted", "valid" -> "invalid"."""
    gone, fresh = ([word for word in one if word not in other] for one, other in _worded(pair))
    if len(gone) != 1 or len(fresh) != 1:
        return ""
    short, long = sorted((gone[0], fresh[0]), key=len)
    poles = [{name for name in ("well", "ill") if word in _terms(name)} for word in (short, long)]
    negated = long.endswith(short) and long.removesuffix(short) in _NEGATING
    negated |= short.startswith("over") and long == f"under{short.removeprefix('over')}"
    return fresh[0] if negated or (poles[0] and poles[1] and poles[0].isdisjoint(poles[1])) else ""


def _worded(pair: Pair) -> Iterator[tuple[list[str], list[str]]]:
    """The words of both sentences that mean something, either way round."""
    old, new = ([word for word in each.words if word not in lexicon.SMALL] for each in (pair.old, pair.new))
    return iter(((old, new), (new, old)))


def _turned_round(pair: Pair) -> str:
    """The verb between two that changed places around it: "the guard hit the driver" -> "the driver hit the guard"."""
    old, new = pair.old.words, pair.new.words
    moved = [place for place, (was, now) in enumerate(zip(old, new, strict=False)) if was != now]
    if len(old) != len(new) or len(moved) != 2 or sorted(old) != sorted(new):
        return ""
    between = [word for word in old[moved[0] + 1 : moved[1]] if word not in lexicon.SMALL or word in _EITHER_WAY]
    return between[0] if between and _EITHER_WAY.isdisjoint(between) else ""


def _other_cause(text: str, both: Versions) -> str:
    """The words before a cause that stands in another's place: "caused by ice" -> "caused by a burst tyre"."""
    now = _AFTER.search(text)
    for old in both.removed.sentences[:SENTENCES_MAX] if now else ():
        was = _AFTER.search(old.text)
        if now and was and _frames(was, behind=True) == _frames(now, behind=True) != frozenset():
            one, other = (lexicon.content(found.string[found.end() :]) for found in (was, now))
            if one and other and one.isdisjoint(other):
                return now.group()
    return ""


def _of_one(old: str, new: str) -> bool:
    one, other = lexicon.content(old), lexicon.content(new)
    shared = len(one & other)
    return shared >= SHARED_MIN or shared >= SHARED_SHARE * max(1, min(len(one), len(other)))


def _renamed(both: Versions) -> tuple[str, str] | None:
    """Somebody's other first name: "Ana Lund to lead" -> "Eva Lund to lead"; no title, and no spelling."""
    before, after = ({found[2]: found[1] for found in _FULL_NAME.finditer(title)} for title in both.titles)
    for last in sorted(before.keys() & after.keys()):
        one, other = before[last], after[last]
        known = one.lower() in both.new.words or other.lower() in both.old.words
        common = lexicon.ordinary(lexicon.fold(one)) or lexicon.ordinary(lexicon.fold(other))
        if (
            not known
            and not common
            and fuzz.ratio(one.lower(), other.lower()) < facts.NAME_RATIO
            and one[0] != other[0]
        ):
            return f"{one} {last}", f"{other} {last}"
    return None


def _who(both: Versions) -> str:
    """Who somebody is: "man drowns" -> "lifeguard drowns"; no woman with a child who is its mother."""
    old, new = (frozenset(lexicon.words(title)) for title in both.titles)
    gone = (old - new) & _terms("somebody")
    fresh = sorted((new - both.old.words) & _terms("who"))
    if not gone or not fresh or (fresh == ["mother"] and "woman" in gone and not old.isdisjoint(_terms("child"))):
        return ""
    stood = lexicon.meaningful(old - gone)
    stayed = len(stood & lexicon.content(both.titles[1])) >= STAYED_SHARE * max(1, len(stood))
    return fresh[0] if stayed and lexicon.stem(fresh[0]) not in both.old.stems else ""


def _voucher(title: str, other: str) -> str:
    """Who stands behind a headline, after a dash or as "army says", where the other is the same without them."""
    if (says := _SAYS.search(title)) and key(title[: says.start()]) == key(other):
        return says[1]
    found = _VOUCHER.search(title)
    if found is None or key(title[: found.start()]) != key(other):
        return ""
    return next((who for who in statements.attributions(title) if who in found[1]), "")


def _cause(title: str, both: Versions) -> str:
    """What the new headline gives for a cause and the old text did not mention."""
    if (found := _was().search(title)) and lexicon.stem(lexicon.fold(found["what"])) not in both.old.stems:
        return found["what"]
    if (found := _NAMED_AS.search(title)) and not _NAMED_AS.search(both.titles[0]):
        return found.group()
    for pattern, behind in ((_AFTER, True), (_BEFORE, False)):
        found = None if not behind and _NAMES_A_THING.match(title) else pattern.search(title)
        if found is None:
            continue
        slot = [word for word in _slot(title, found, behind=behind) if word not in lexicon.SMALL]
        nearest = slot[0 if behind else -1] if slot else ""
        fresh = unlike(slot, both.old.words) if nearest and nearest not in both.old.words else set[str]()
        before = pattern.search(both.titles[0])
        gone = unlike(_slot(both.titles[0], before, behind=behind), both.new.words) if before else set()
        kin = any(was in lexicon.kin(now) for was in gone for now in fresh)
        if fresh and (before is None or (gone and not kin and _frames(found, behind) == _frames(before, behind))):
            return found.group()
    return ""


def _frames(found: re.Match[str], behind: bool) -> frozenset[str]:
    """What stands on the other side of such a phrase: what the cause is the cause of."""
    return lexicon.content(found.string[: found.start()] if behind else found.string[found.end() :])


def _slot(title: str, found: re.Match[str], *, behind: bool) -> list[str]:
    """The words beside such a phrase among which the cause stands."""
    words = lexicon.words(title[found.end() :] if behind else title[: found.start()])
    return words[:CAUSE_WORDS] if behind else words[-CAUSE_WORDS:]


def _crime(both: Versions) -> str:
    """A crime named in the new headline in the place of another, beside it, or first: "murder" -> "manslaughter"."""
    crimes = _terms("crime")
    before, after = (crimes.intersection(lexicon.words(title)) for title in both.titles)
    fresh = sorted(word for word in after - before if word not in both.old.words)
    named = fresh and not before and re.search(rf"\b(?:for|of|with|over)\s{fresh[0]}\b", both.titles[1], re.IGNORECASE)
    joined = fresh and re.search(
        rf"\b{fresh[0]}\sand\b|\band\s(?:[a-z]{{1,12}}\s)?{fresh[0]}\b", both.titles[1], re.IGNORECASE
    )
    return fresh[0] if fresh and (before - after or named or joined) else ""


def _opposite(old: str, new: str) -> str:
    """A word of the new headline whose opposite stands in the old one in its place: "up 4%" -> "down 4%"."""
    before, after = (set(lexicon.words(title)) for title in (old, new))
    for pair in sorted(_terms("opposite")):
        one, other = pair.split("/")
        for was, now in ((one, other), (other, one)):
            turned = was in before - after and now in after - before and _beside(was, old) & _beside(now, new)
            if turned and not paraphrases.from_the_other_side(old, was, new, now):
                return now
    return ""


def _beside(word: str, title: str) -> set[str]:
    """The words on both sides of a word."""
    words = lexicon.words(title)
    at = words.index(word)
    return {*words[max(0, at - 1) : at], *words[at + 1 : at + 2]}


def _doubted(old: str, new: str) -> bool:
    """Whether a headline that stayed in the main is given as possible only, or as sure what was only possible."""
    before, after = lexicon.content(old), lexicon.content(new)
    doubts = bool(_DOUBT.search(old)), bool(_DOUBT.search(new))
    sure = new if doubts[0] else old
    return doubts[0] != doubts[1] and not _OPEN.search(sure) and len(before & after) >= DOUBTED_SHARE * len(before)
