"""Whether a headline is of elsewhere: of other countries than the story's, its event at another place, or leisure.

Boats sink, lenders fail and paintings are stolen everywhere; an article says enough beside, and is not asked.
"""

from __future__ import annotations

from functools import lru_cache

from monitor import data
from monitor.core.language import event_classes, words
from monitor.core.relevance import story_model
from monitor.core.relevance.features import TITLE_WORDS, Reading
from monitor.core.relevance.profile import Profile
from monitor.core.text import words as words_of

NAME_LITTLE = 0.1  # weight and strength of a name below which none of the story is met (set)
# Before so many lessons a story stays where its article has it; later its follow-ups know how far it spreads (set).
LESSONS_MAX = 5
AGAIN = 1.5  # of what happens in the story, at a place that it does not know: all its words are met (set)
FOUNDING_SHARE = 0.1  # of the seed's acts that its event has at least (set)
# In a headline of sport nobody dies who is beaten: what happens there happens in no other story.
SPORTS = frozenset(map(words.stem, data.words("sports")))
# A stadium is built, and people shelter in a sports hall: they are sport where the story is of them.
GROUNDS = frozenset(map(words.stem, data.words("sports_grounds")))
# Prizes, ribbons and jubilees are of no story of something else, whomever they name, unless something follows there.
# They have many of its names, so they count for more than sport: "Lemke's honey wins gold at fair" (set by reading).
OCCASION = 2.0
_OCCASION = data.whole_words("occasion")
_CHAPTERS = data.words("chapter_acts")
# What nature does to a country that a story names is another matter, whatever else the two share.
DISASTERS = frozenset(map(words.stem, data.words("disasters")))
_SAYING = data.words("saying_acts")


def measure(profile: Profile, reading: Reading, name: float) -> float:
    """1 where a headline or brief is of other countries than the story's, whose names it has none of (`name`), else 0.

    So it is of a disaster of nature where the story is of none. `AGAIN` where it tells the story's own event of another
    place. Of a story that names no country nobody knows where it is. What a region does about Chinese trawlers, others
    do as well: where the story is of a region, one of its countries must be named, or more than countries.
    """
    if reading.kind == "text":
        return 0.0
    if _is_of(DISASTERS, profile, reading):
        return 1.0
    home, actors = profile.ground.known, reading.actors.keys()
    if home and actors:
        if profile.region and profile.region.isdisjoint(actors) and not actors <= home:
            names = {stem for stem, _ in reading.weighed if story_model.is_name(profile.seed, profile.learnt, stem)}
            return float(names <= reading.nations)
        if name < NAME_LITTLE and home.isdisjoint(actors):
            return 1.0
    return AGAIN if len(profile.learnt.lessons) < LESSONS_MAX and happens_again(profile, reading) else 0.0


def leisure(profile: Profile, reading: Reading) -> float:
    """1 where a headline or brief is of sport, `OCCASION` of a prize or an opening, and the story is not; else 0."""
    if reading.kind == "text":
        return 0.0
    if _is_occasion(profile, reading):
        return OCCASION
    return float(_is_of(SPORTS, profile, reading, GROUNDS))


def _is_occasion(profile: Profile, reading: Reading) -> bool:
    if not _has_occasion(reading.entry.title) or not _CHAPTERS.isdisjoint(reading.acts):
        return False
    return not _has_occasion(profile.story.seed.title, profile.story.seed.text)


@lru_cache(maxsize=2048)
def _has_occasion(*parts: str) -> bool:
    """Looked for once for all stories that an entry comes near; texts of seeds are kept as they are, not copied."""
    return any(_OCCASION.search(part[: story_model.SEED_CHARS_MAX]) for part in parts)


def _is_of(stems: frozenset[str], profile: Profile, reading: Reading, or_of: frozenset[str] = frozenset()) -> bool:
    """Whether it has one of these stems, and the story none of them, nor of `or_of`."""
    if stems.isdisjoint(reading.seen.terms):
        return False
    known = profile.seed.shares, profile.learnt.stems
    return all(stems.isdisjoint(one) and or_of.isdisjoint(one) for one in known)


def happens_again(profile: Profile, reading: Reading) -> bool:
    """Whether what the article is about happens again at a place that it does not know: "Painting stolen in Ghent".

    A loot that turns up in Ghent is another matter: the act beside the place must be one of the article's event.
    """
    if not reading.actors.keys().isdisjoint(profile.ground.known | profile.region):
        return False
    seed, learnt, title = profile.seed, profile.learnt, reading.entry.title
    if any(story_model.is_name(seed, learnt, stem) and stem not in seed.common for stem in reading.names):
        return False
    places, again = story_model.placed(title), False
    acts = event_classes.find(words_of(title)[:TITLE_WORDS]) if places else ()
    for at, name in places:
        if any(stem in seed.shares or stem in learnt.stems for stem in words.terms(name)):
            return False
        place = len(words_of(title[:at]))
        beside = next((act for act in reversed(acts) if act.at < place), acts[0] if acts else None)
        again = beside is not None and any(
            seed.acts.get(act, 0.0) >= FOUNDING_SHARE for act in beside.classes - _SAYING
        )
    return again
