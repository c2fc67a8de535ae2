"""On whom a report rests: the agency, authority or outlet it has its news from, as far as headline and text say.

A report that cites another is no second origin; neither are two voices of one party ("Kremlin" and "TASS").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor import data
from monitor.core.documents import outlets
from monitor.core.language import countries, parties, quotations, speakers, speaking_verbs
from monitor.model import StoryReport

LEAD_CHARS_MAX = 1200  # characters of a text that name its origin (set by reading)
SPOKEN_SENTENCES = 3  # first sentences of a text whose speaker is its origin; later ones answer him (set by reading)
LINKS_MAX = 3  # origins followed from one report to the next (set)

_FOLDED = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", " ": " "})
_CITED = rf"\b(?:{data.patterns('cites')})\s(?:the\s|reports?\s(?:by|from)\s)?(?P<who>NAME)(?!\w)"
_CITED_ANY = re.compile(
    r"\b(?:[Cc]iting|[Aa]ccording to|[Aa]s reported by|[Qq]uoting)\s(?:the\s|reports?\s(?:by|from|in)\s)*"
    r"(?P<who>(?:[A-Z]\.){2,}|[A-Z][\w&'-]*(?:[ ](?:of[ ]|the[ ])?[A-Z][\w&'-]*){0,4})"
)
_AHEAD = (
    r"(?:^|[.;:!?]\s|,\s)(?:the\s)?(?P<who>NAME)(?:'s\s(?!regulator|watchdog|prosecutors?|court|police|opposition|parliament|union)(?-i:[a-z])\w*)?(?:,[^,]{2,40},)?\s(?:has\s|also\s)?SAYS\b"
    r"|^(?P<led>NAME):\s"
)
_TAIL = (
    r"(?:\s-\s|:\s|\s\()(?:the\s)?(?P<who>NAME)\)?(?:\sSAYS)?\.?$|,\s(?:the\s)?(?P<said>NAME)\sSAYS\.?$"
    r"|\b(?:says|said)\s(?P<end>NAME)\.?$"
)
# "The Harbour Post first reported that": who had it first, listed or not.
_FIRST = re.compile(
    r"(?:^|[.;:]\s|,\s)(?:[Tt]he\s)?(?P<who>[A-Z][\w&'-]{1,30}(?:\s[A-Z][\w&'-]{1,30}){0,3})\s"
    rf"(?:{data.patterns('had_it_first')})\b"
)
_DESCRIBED = re.compile(
    r"\b(?:(?P<outlet>[A-Z][\w.&-]{0,40}+(?:\s[A-Z][\w.&-]{0,40}+){0,3})'s\s)?(?P<what>sources?)\s(?:inside\s|in\s|within\s)"
    r"(?P<where>(?:the\s)?[A-Z][\w-]+(?:\s[A-Z][\w-]+){0,2})"
    r"(?:\s(?:has\s)?told\s(?:the\s)?(?P<told>[A-Z][\w.&-]*(?:\s[A-Z][\w.&-]*){0,3}))?"
)
# "Sources close to the inquiry told Le Monde", "people familiar with the matter said"
_CLOSE = re.compile(
    r"\b(?:[Ss]ources?|[Pp]eople)\s(?P<how>(?:close\sto|familiar\swith|briefed\son|with\sknowledge\sof)\s(?:the\s)?[\w-]{1,30})\s"
    r"(?:(?:has|have)\s)?(?:told\s(?:the\s)?(?P<told>[A-Z][\w.&-]{0,30}(?:\s[A-Z][\w.&-]{0,30}){0,3})|say|said)\b"
)
# Who is not named at all: what they say others may confirm, and they confirm nobody.
_UNNAMED = re.compile(data.patterns("unnamed_speakers"), re.IGNORECASE)
_DATELINE = re.compile(r"\((?P<who>Reuters|AP|AFP|Yonhap|TASS|Kyodo|UPI|dpa|DPA|Bloomberg|ANI|PTI|Xinhua|KCNA|CNN)\)")
# A publisher's name behind a headline, as aggregators write it: who prints, not who speaks.
_SUFFIX = re.compile(r"\s-\s(?:\w+\s)*\w+\.?")
_PRINTED = data.words("outlet_names")
_ARCHIVES = data.words("archives")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_OWN = re.compile(
    r"\b(?:exclusive|has learn(?:ed|t)|told (?:us|our)|(?:seen|reviewed|obtained) by (?:us|our|this))\b", re.IGNORECASE
)
# "Documents seen by the Harbour Post": whose find it is, where that is an outlet; what the police have seen is theirs.
_SEEN = re.compile(
    r"\b(?:seen|reviewed|viewed|obtained)\sby\s(?:the\s)?"
    r"(?P<who>(?:[A-Z]\.){2,}|[A-Z][\w&'-]{0,30}(?:[ ](?:of[ ]|the[ ])?[A-Z][\w&'-]{0,30}){0,4})"
)
_STATE_MEDIA = re.compile(data.patterns("state_media"), re.IGNORECASE)
_STATE_MEDIA_OF = [(re.compile(rf"\b(?:{state})\b"), name) for name, state in data.rows("state_media.tsv")]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who a report rests on. `party` groups voices that do not confirm each other; `stated`: the report says so itself.

    `how` is the evidence for a person.
    """

    name: str
    party: str
    stated: bool
    how: str = ""


@dataclass(frozen=True, slots=True)
class _Names:
    party: dict[str, str]
    kind: dict[str, str]
    spelt: dict[str, str]
    domain: dict[str, str]
    acronyms: frozenset[str]


@cache
def _names() -> _Names:
    party: dict[str, str] = {}
    kind: dict[str, str] = {}
    spelt: dict[str, str] = {}
    domain: dict[str, str] = {}
    acronyms: set[str] = set()
    for row in data.rows("agencies.tsv"):
        name, group, sort, spellings = row[:4]
        party[name], kind[name] = group, sort
        for spelling in (name, *spellings.split("|")):
            spelt.setdefault(spelling.lower(), name)
            if spelling.isupper() and len(spelling) <= 5:
                acronyms.add(spelling.lower())
        for host in row[4].split("|") if len(row) > 4 else ():
            domain[host] = name
    return _Names(party, kind, spelt, domain, frozenset(acronyms))


@lru_cache(maxsize=8)  # forms: all that stand above
def _with_names(form: str) -> re.Pattern[str]:
    """One of the forms above, compiled for every listed name when a text is first read."""
    names = "|".join(re.escape(word) for word in sorted(_names().spelt, key=lambda word: (-len(word), word)))
    says = "|".join(sorted(speaking_verbs.saying()))
    return re.compile(form.replace("NAME", f"(?:{names})").replace("SAYS", f"(?:{says})"), re.IGNORECASE)


@lru_cache(maxsize=4096)
def outlet(source_name: str, url: str = "") -> str:
    """The canonical name of the outlet itself, from its name or the article's address; as given where unknown."""
    names = _names()
    url = _unwrapped(url)
    if _is_archive(source_name.strip().lower()):
        source_name = _host(url)
    for said in (source_name.strip().lower(), _host(url)):
        if said in names.spelt and names.kind[names.spelt[said]] != "authority":
            return names.spelt[said]
        host = said.removeprefix("www.")
        while "." in host:
            if host in names.domain:
                return names.domain[host]
            host = host.split(".", 1)[1]
    catalogued = outlets.find(source_name) or (outlets.find(url) if url else None)
    return catalogued.name if catalogued else source_name


def _host(url: str) -> str:
    found = re.match(r"https?://([^/?#:]+)", url)
    return found.group(1).lower() if found else ""


def _unwrapped(url: str) -> str:
    """The address of which an archive keeps a copy, as far as the copy's own address says; other addresses as given."""
    if not _is_archive(_host(url)):
        return url
    start = url.find("http", len("https://"))
    return url[start:] if start > 0 else ""


def _is_archive(host: str) -> bool:
    return ".".join(host.rsplit(".", 2)[-2:]) in _ARCHIVES or host.endswith(".webarchive.org.uk")


def party(origin_name: str) -> str:
    """The group in which an origin's voices do not confirm each other; an unlisted origin is its own."""
    return _names().party.get(origin_name, origin_name.casefold())


def find(
    title: str,
    text: str,
    source_name: str,
    url: str = "",
    members: Sequence[StoryReport] = (),
    copied: StoryReport | None = None,
) -> Origin:
    """Whom a report rests on, with the evidence: stated in headline or text, else by a quotation shared with a member.

    An outlet that is cited passes on its own origin where it is among the members: A citing B citing C is one origin.
    `copied` is a member with the same words, whose origin a report without one of its own takes over.
    """
    own = outlet(source_name, url)
    stated = _stated(title, text[:LEAD_CHARS_MAX], own)
    if stated is not None:
        return _passed_on(stated, own, members)
    if copied is not None and copied.origin and copied.origin != outlet(copied.source_name, copied.url):
        return Origin(copied.origin, party(copied.origin), True, f"copies {copied.source_name}")
    shared = _by_shared_quote(title, text, members)
    if shared is not None:
        return shared
    if _is_own(title, own):
        return Origin(own, party(own), True, f"own report of {own}")
    return Origin("", "", False, f"{own} names no origin")


def cites(title: str, text: str) -> frozenset[str]:
    """The outlets and agencies that a report says it has its news from."""
    names = _names()
    lead = f"{title}\n{text[:LEAD_CHARS_MAX]}".translate(_FOLDED)
    found = {
        names.spelt[match.group("who").lower()] for match in filter(_is_origin, _with_names(_CITED).finditer(lead))
    }
    unlisted = {outlet(_trimmed(match.group("who"))) for match in _CITED_ANY.finditer(lead)}
    return frozenset(name for name in found if names.kind[name] != "authority") | unlisted


def _passed_on(stated: Origin, own: str, members: Sequence[StoryReport]) -> Origin:
    """Follow the citations through the members that were told by the outlets cited, a few links at most."""
    first, name = stated.name, stated.name
    for _ in range(LINKS_MAX if name != own else 0):
        told = {outlet(m.source_name, m.url).casefold(): m.origin for m in reversed(members) if m.origin}
        behind = told.get(name.casefold(), name)
        if behind in (name, own):
            break
        name = behind
    if name == first:
        return stated
    return Origin(name, party(name), True, f"{stated.how}, which has it from {name}")


@lru_cache(maxsize=2048)
def _stated(title: str, lead: str, own: str) -> Origin | None:
    title, lead = title.translate(_FOLDED), lead.translate(_FOLDED)
    if who := _spoken(title, own, headline=True):
        return who
    if (found := _CITED_ANY.search(title)) or (found := _seen(title, own)):
        return _unlisted(found)
    if _STATE_MEDIA.search(title):
        for pattern, name in _STATE_MEDIA_OF:
            if pattern.search(title):
                return Origin(name, party(name), True, f"the headline rests on state media ({name})")
        of = speakers.government(title)
        name = of.name if of else "state media"
        return Origin(name, party(name), True, f"the headline rests on state media ({name})")
    if described := _DESCRIBED.search(title) or _DESCRIBED.search(lead):
        teller = outlet((described.group("told") or described.group("outlet") or own).rstrip("."))
        name = f"{teller}'s source in {described.group('where')}"
        return Origin(name, name.casefold(), True, f"rests on {name}")
    if unnamed := _UNNAMED.search(title):
        return Origin("unnamed sources", "unnamed sources", False, f"“{unnamed.group()}”")
    if close := _CLOSE.search(lead):
        name = f"{outlet(close['told'] or own)}'s source {close['how']}"
        return Origin(name, name.casefold(), True, f"rests on {name}")
    for sentence in _SENTENCE.split(lead, maxsplit=SPOKEN_SENTENCES)[:SPOKEN_SENTENCES]:
        if who := _spoken(sentence, own, headline=False):
            return who
    for form in (_CITED, _AHEAD):
        for found in filter(_is_origin, _with_names(form).finditer(lead)):
            stated = _origin(found)
            if stated.name != own:
                return stated
    if found := _CITED_ANY.search(lead) or _FIRST.search(lead) or _seen(lead, own):
        return _unlisted(found)
    if found := _DATELINE.search(lead):
        return _origin(found)
    return None


def _seen(text: str, own: str) -> re.Match[str] | None:
    """Which other outlet has seen the papers that a text rests on."""
    for found in _SEEN.finditer(text):
        name = outlet(_trimmed(found["who"]))
        if not _is_seer(found, own) and (_is_outlet(name, own) or _sounds_printed(name)):
            return found
    return None


def _sounds_printed(name: str) -> bool:
    """Whether an unlisted name ends as outlets' do, and is no office's: "Harbour Post", not "Environment Agency"."""
    office = speakers.party(name)
    return " " in name and name.rpartition(" ")[2].lower() in _PRINTED and not (office and office.role)


def _is_seer(found: re.Match[str], own: str) -> bool:
    return outlet(_trimmed(found["who"])).casefold() == _trimmed(own).casefold()


def _is_own(title: str, own: str) -> bool:
    """Whether a headline says that the news is the outlet's own."""
    return _OWN.search(title) is not None or any(_is_seer(found, own) for found in _SEEN.finditer(title))


def _spoken(sentence: str, own: str, *, headline: bool) -> Origin | None:
    """The party that speaks in a sentence, else the agency or outlet credited in it; never the outlet itself."""
    names = _names()
    forms = (_CITED, _TAIL, _AHEAD) if headline else (_CITED, _AHEAD)
    credits = (found for form in forms for found in _with_names(form).finditer(sentence))
    listed = [_origin(found) for found in filter(_is_origin, credits)]
    listed = [who for who in listed if who.name != own]
    for who in listed:
        if names.kind[who.name] == "authority":
            return who
    speaker = speakers.find(sentence, headline=headline)
    if speaker is not None and speaker.role != "state media" and not _is_outlet(speaker.name, own):
        name = _listed(speaker.name)
        return Origin(name, party(name), True, f"{name} speaks")
    return listed[0] if listed else None


def _listed(name: str) -> str:
    """The listed name of a speaker; who is named with his country, as listed or by a part of it, is its government."""
    spelt = _names().spelt
    country, who = countries.of(name)
    office = spelt.get(f"{country}'s government".lower())
    if office and any(f" {who.lower()} " in f" {each} " for each, listed in spelt.items() if listed == office):
        return office
    return spelt.get(name.lower(), name)


def _is_outlet(name: str, own: str) -> bool:
    """Whether a name is the outlet itself or another one, which passes on what others say."""
    names = _names()
    listed = names.spelt.get(name.lower())
    if listed is not None:
        return names.kind[listed] != "authority"
    return name.casefold() == own.casefold() or outlets.find(name) is not None


def _is_origin(found: re.Match[str]) -> bool:
    """Not a pronoun ("who says"), not one of several who speak together, not somebody who was told something."""
    word, names = _word(found), _names()
    if word.lower() in names.acronyms and not word.isupper():
        return False
    if names.kind[names.spelt[word.lower()]] != "authority" and _SUFFIX.fullmatch(found.group()):
        return False
    if found.group().endswith(" states"):
        return False  # "US states prepare lawsuit"
    if found.group()[:4].lower() == "told":
        return names.kind[names.spelt[word.lower()]] != "authority"
    return not (found.group().rpartition(" ")[2].lower() in speaking_verbs.plain() and word[-1] != "s")


def _word(found: re.Match[str]) -> str:
    return next(value for value in found.groupdict().values() if value)


def _origin(found: re.Match[str]) -> Origin:
    word = _word(found)
    name = _names().spelt[word.lower()]
    return Origin(name, party(name), True, f"“{' '.join(found.group().split())}”")


def _unlisted(found: re.Match[str]) -> Origin:
    name = outlet(_trimmed(found.group("who")))
    return Origin(name, party(name), True, f"“{' '.join(found.group().split())}”")


def _trimmed(name: str) -> str:
    return re.sub(r"^(?:the|The)\s|'s$|(?<![.,;:])[.,;:]+$", "", name)


def _by_shared_quote(title: str, text: str, members: Sequence[StoryReport]) -> Origin | None:
    said = _quotes(title, text[:LEAD_CHARS_MAX])
    for member in members if said else ():
        if not said.isdisjoint(_quotes(member.title, member.text[:LEAD_CHARS_MAX])) and member.origin:
            return Origin(member.origin, party(member.origin), True, f"shares a quotation with {member.source_name}")
    return None


@lru_cache(maxsize=2048)
def _quotes(title: str, lead: str) -> frozenset[str]:
    return quotations.find(f"{title}\n{lead}")


@lru_cache(maxsize=4096)  # each alert of a development asks of all its reports
def stated(name: str, source_name: str, url: str = "", title: str = "") -> bool:
    """Whether an origin was named: it is another than the outlet, or the outlet says that the news is its own.

    `source_name` may be the outlet's name or its id: "daily-post" is the Daily Post.
    """
    if not name:
        return False
    own = {re.sub(r"\W", "", said).casefold() for said in (source_name, outlet(source_name, url))}
    return re.sub(r"\W", "", name).casefold() not in own or _is_own(title, name)


def independent(names: Iterable[str]) -> int:
    """How many parties that may confirm each other bear these names."""
    apart: list[str] = []
    for name in dict.fromkeys(filter(None, names)):
        if not any(one_party(name, other) for other in apart):
            apart.append(name)
    return len(apart)


def one_party(name: str, other: str) -> bool:
    """Whether two origins do not confirm each other: voices of one party, an office with and without its place."""
    if party(name) == party(other):
        return True
    return _is_by_office(name) and _is_by_office(other) and parties.same(name, other)


def _is_by_office(name: str) -> bool:
    """Whether a name says itself whose voice it is: what is not listed, and a listed country's government."""
    return name not in _names().party or name.endswith("'s government")
