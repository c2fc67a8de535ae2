"""Who is who in a story: whose word a bare surname, a bare office or a confession is.

A story presents its people once ("Ghana's president, Kofi Badu") and goes on with surnames and offices: what Badu says
is then his government's word, "Lie denies" is no lie, and the cantor who confesses is the one who admits it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor import data
from monitor.core.language import countries, lexicon, parties, speakers, speaking_verbs
from monitor.core.novelty import origins
from monitor.core.novelty.origins import Origin
from monitor.model import Article, StoryReport

SEED_CHARS_MAX = 4000  # characters of a seed in which people are presented (set)
TIMES_MIN = 2  # times that a seed has a name of one word that speaks by itself: a firm, a state (set)
_NAME = r"(?P<name>[A-Z][\w’'-]{1,20}(?:\s[A-Z][\w’'-]{1,20}){1,2})"
_PERSON = re.compile(rf"(?<![\w’'-]){_NAME}(?![\w’'-])")
# Whose office of state somebody holds: what he says is his government's word.
_OFFICIAL = re.compile(
    r"(?:\b(?P<owner>[A-Z][\w-]{2,20})(?:[’']s?)?\s)?(?i:\b(?:president|premier|prime\sminister|chancellor|(?:[a-z]{3,20}\s){0,2}minister"
    rf"|foreign\ssecretary|chief\svet|government\sspokes\w{{3,6}}))(?:\sof\s[a-z]+)?,?\s{_NAME}"
)
_SINGLE = re.compile(r"(?<![\w’'-])[A-Z][\w-]{2,20}(?![\w-])")
_LABEL = re.compile(r"(?P<who>[A-Z][\w’'-]{1,20}(?:\s[A-Z][\w’'-]{1,20}){0,2})(?P<mark>:\s|\s)(?P<next>[\w’'-]+)")
_BARE = frozenset(("ministry", "minister", "government", "president", "prime minister", "cabinet"))
_ADMITS = data.whole_words("admits")


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and firms that a story names in full, by their last word, and whose government's officials some are.

    `home` is the only country that the story's headline names, or "".
    """

    names: Mapping[str, str]
    governments: Mapping[str, str]
    home: str


@lru_cache(maxsize=64)
def of(title: str, body: str) -> Cast:
    """Whom a story's seed presents."""
    body = body[:SEED_CHARS_MAX]
    names, governments = dict[str, str](), dict[str, str]()
    for found in _PERSON.finditer(body):
        words = found["name"].split()
        if not lexicon.ordinary(lexicon.fold(words[0])) and not any(map(countries.find, words)):
            names.setdefault(words[-1], found["name"])
    single = Counter(found for found in _SINGLE.findall(f"{title} {body}") if not lexicon.ordinary(lexicon.fold(found)))
    names |= {word: word for word, times in single.items() if times >= TIMES_MIN and word not in names}
    named = {country for word in re.findall(r"[A-Z][\w’'-]+", title) if (country := countries.find(word))}
    home = named.pop() if len(named) == 1 else ""
    for found in _OFFICIAL.finditer(body):
        country = countries.find(found["owner"] or "") or home
        if country:
            governments.setdefault(found["name"].split()[-1], country)
    return Cast(names, governments, home)


def whose(origin: Origin, title: str, seed: Article | None) -> Origin:
    """An origin as the story knows it: who is named by surname alone, an official's and a bare office's government."""
    if seed is None:
        return origin
    cast = of(seed.title, seed.text)
    if not origin.stated and (who := _speaking(title, cast)):
        origin = Origin(who, origins.party(who), True, f"{who} speaks")
    country = cast.governments.get(origin.name.rpartition(" ")[2], "")
    if origin.name in _BARE:
        of_title = speakers.government(title)
        country = of_title.name.removesuffix("'s government") if of_title else cast.home
    if not country:
        return origin
    name = f"{country}'s government"
    return Origin(name, origins.party(name), True, f"{origin.name} speaks for {name}")


def _speaking(title: str, cast: Cast) -> str:
    """Whom the story knows that leads a headline as its speaker: "Sartori: ...", "Lie denies ..."."""
    found = _LABEL.match(title)
    if found is None:
        return ""
    words = found["who"].split()
    known = cast.names.get(words[-1], "")
    if not known or not f" {known} ".endswith(f" {found['who']} "):
        return ""
    labelled = found["mark"] == ": " and " " in known
    speaks = labelled or (found["mark"] == " " and found["next"].lower() in speaking_verbs.saying())
    return found["who"] if speaks else ""


def confesses(title: str, origin: Origin, told: Sequence[StoryReport]) -> bool:
    """Whether a report tells again that somebody admits his own deed: under whatever description, he is one party."""
    verb = _ADMITS.search(title)
    if verb is None or not _leads(origin.name, title[: verb.start()]):
        return False
    for member in told:
        before = _ADMITS.search(member.title)
        if before and (not member.origin or _leads(member.origin, member.title[: before.start()])):
            return True
    return False


def _leads(name: str, subject: str) -> bool:
    """Whether a speaker is the subject of a headline."""
    return bool(name) and (name.casefold() in subject.casefold() or parties.same(name, subject.strip()))
