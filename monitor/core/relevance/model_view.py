"""What a story's model knows, to be inspected: its names, acts, terms with weights, and what a follow-up takes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.core.language import gazetteer, words
from monitor.core.relevance.calibration import shipped
from monitor.core.relevance.features import read
from monitor.core.relevance.profile import Profile
from monitor.core.relevance.scoring import score
from monitor.model import Entry

NAMES_MAX = 20  # names shown (set)
ACTS_MAX = 12  # acts shown (set)
TERMS_MAX = 30  # words shown (set)
# A name that only follow-ups have is the story's when two of them have it.
LESSONS_MIN = 2
# So many of its foremost names and words are tried alone and together.
TRIED = 3


def view(profile: Profile, at: datetime) -> dict[str, Any]:
    """The model as plain values; `at` is when a headline would come."""
    seed, learnt = profile.seed, profile.learnt
    weights = _weights(profile)
    names = seed.names | {name for name, times in learnt.names.items() if times >= LESSONS_MIN}
    texts = [profile.story.seed.title, profile.story.title, profile.story.seed.text]
    texts += [cited.title for cited in profile.story.seed.cited] + [lesson.title for lesson in learnt.lessons]
    shown = words.surfaces(texts)
    ranked = sorted((stem for stem in weights if not stem[0].isdigit()), key=lambda stem: (-weights[stem], stem))

    def rows(stems: list[str]) -> list[dict[str, Any]]:
        return [
            {
                "term": shown.get(stem, stem), "weight": round(100 * weights[stem], 2),
                "rarity": round(seed.weight(stem), 2), "follow_ups": learnt.stems.get(stem, 0),
                "from": "seed" if stem in seed.shares else "follow-ups",
            }
            for stem in stems
        ]  # fmt: skip

    named, matters = [s for s in ranked if s in names], [s for s in ranked if s not in names]
    tried = [[shown.get(stem, stem) for stem in some[:TRIED]] for some in (named, matters)]
    return {
        "story": profile.story.id, "threshold": profile.threshold, "lessons": len(learnt.lessons),
        "learnt_share": round(learnt.share, 2), "refused": len(profile.refused), "names": rows(named[:NAMES_MAX]),
        "acts": _acts(profile), "terms": rows(matters[:TERMS_MAX]), "roles": _roles(profile),
        "takes": _takes(profile, at, *tried),
        "weights": {kind: dict(model.weights) for kind, model in shipped()._asdict().items()},
    }  # fmt: skip


def _weights(profile: Profile) -> dict[str, float]:
    """How much each stem counts: its share of the story times its rarity squared."""
    seed, learnt = profile.seed, profile.learnt
    share, size = learnt.share, max(1, learnt.size)
    return {
        stem: ((1 - share) * seed.shares.get(stem, 0.0) + share * learnt.stems.get(stem, 0) / size)
        * seed.weight(stem) ** 2
        for stem in seed.shares.keys() | learnt.stems.keys()
    }


def _roles(profile: Profile) -> dict[str, Any] | None:
    """Who, whom and which people, where they tell the story."""
    if not profile.roles:
        return None
    names = gazetteer.actor_names()
    return {
        "actor": names[profile.anchor], "counterparts": [names[code] for code in sorted(profile.counterparts)],
        "people": sorted(profile.people),
    }  # fmt: skip


def _acts(profile: Profile) -> list[dict[str, Any]]:
    """What happens in the story, most first: shares of the seed's acts and of the lessons that have them."""
    lessons = max(1, len(profile.learnt.lessons))
    of_seed, learnt = profile.seed.acts, profile.learnt.acts
    strength = {n: of_seed.get(n, 0.0) + learnt.get(n, 0.0) / lessons for n in of_seed.keys() | learnt.keys()}
    ranked = sorted(strength, key=lambda name: (-strength[name], name))
    return [
        {"act": name, "seed": round(of_seed.get(name, 0.0), 3), "follow_ups": round(learnt.get(name, 0.0) / lessons, 3)}
        for name in ranked[:ACTS_MAX]
    ]


def _takes(profile: Profile, at: datetime, names: list[str], matters: list[str]) -> list[dict[str, Any]]:
    """What bare headlines of the story's foremost names and words would score, alone and together."""
    tried = [*names, *matters[:1]]
    tried += [f"{one} {other}" for one in names[:2] for other in (*names[1:], *matters) if one != other]
    found = []
    for words_ in dict.fromkeys(tried):
        entry = Entry(title=words_.title())
        made = score(profile, read(entry), at)
        found.append({"headline": words_, "score": made.value, "follow_up": made.follow_up})
    return sorted(found, key=lambda row: (-row["score"], row["headline"]))
