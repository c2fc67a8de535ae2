"""A profile as people read it: names, places, organisations, actions, terms; in words of the article, not in stems."""

from __future__ import annotations

import re
from collections import Counter
from itertools import dropwhile

from monitor import data
from monitor.core import times
from monitor.core.language import gazetteer, vocabulary, words
from monitor.core.relevance.profile import Profile
from monitor.core.text import fold, sentences

NAMES_MAX = 12  # names shown (set)
ACTIONS_MAX = 8  # actions shown (set)
TERMS_MAX = 15  # words shown (set)

_NAME = re.compile(r"\b[A-Z][\w’'-]*(?:\s+(?:(?:of|de|al)\s+)?[A-Z][\w’'-]*)*")
_LEADING = re.compile(r"^(?:(?:On|But|The|In|At|An?|And|For|From|By|With|It|This|That|He|She|They|We|I|If|As)\b\s*)+")
_CALENDAR = re.compile(rf"(?:{'|'.join((*times.MONTHS, *times.DAYS)).lower()})(?: \d+)?")


def describe(profile: Profile) -> dict[str, list[str]]:
    """What a person sees of a profile."""
    seed = profile.story.seed
    known = gazetteer.actor_names()
    kinds = {row[0]: row[1] for row in data.rows("actors.tsv")}
    actors = [profile.anchor, *sorted(profile.counterparts, key=lambda code: -profile.counterparts[code])]
    shown = words.surfaces((seed.title, seed.text))
    verbs = {words.stem(verb) for row in data.rows("action_words.tsv") for verb in row[1].split()}
    weighty = [
        term
        for term in sorted(profile.vector, key=lambda term: (-profile.vector[term], term))
        if not term[0].isdigit() and not _CALENDAR.fullmatch(shown.get(term, term))
    ]
    return {
        "names": _names(profile, set(map(fold, known.values()))),
        "places": [known[code] for code in actors if code and kinds.get(code) == "country"],
        "organisations": [known[code] for code in actors if code and kinds.get(code) == "organisation"],
        "actions": list(dict.fromkeys(shown.get(t, t) for t in weighty if t in verbs))[:ACTIONS_MAX],
        "terms": [
            *sorted(profile.people),
            *[shown.get(t, t) for t in weighty if t not in verbs and shown.get(t, t) not in profile.people][:TERMS_MAX],
        ],
    }


def _abroad(profile: Profile, name: str) -> str:
    """A name of another language without the grammar before it ("Die"); nothing where the story is not known by it.

    Where every noun has a capital, most runs of capitals name nothing.
    """
    if not profile.seed.background:
        return name
    parts = [*dropwhile(vocabulary.is_grammar, name.split())]
    known = any(term in profile.seed.names for part in parts for term in words.terms(part))
    return " ".join(parts) if known else ""


def _names(profile: Profile, countries: set[str]) -> list[str]:
    """Capitalised names: two words or more anywhere, a single one where it stands inside a sentence."""
    counted: Counter[str] = Counter()
    for sentence in sentences(f"{profile.story.seed.title}.\n{profile.story.seed.text}"):
        for match in _NAME.finditer(sentence):
            name = _abroad(profile, _LEADING.sub("", re.sub(r"['’]s?$", "", match.group())))
            single = " " not in name
            if (single and match.start() <= 1) or len(name) < 3 or _CALENDAR.fullmatch(fold(name)):
                continue
            counted[name] += 1
    own = {word for country in countries for word in country.split()}
    return [
        name
        for name, _ in counted.most_common()
        if fold(name) not in countries and not set(fold(name).removesuffix("n").split()) <= own | {"korea", "russia"}
    ][:NAMES_MAX]
