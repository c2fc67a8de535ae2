"""What a story held back, and reads again once it has learnt more: a thread begins in words of its own.

"Minister's flat searched" shares nothing with an article on kickbacks; three certain follow-ups later it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from monitor.core.language import rarity
from monitor.core.relevance.features import Reading, read
from monitor.core.relevance.profile import Profile
from monitor.core.relevance.scoring import FIRST_CERTAIN
from monitor.core.relevance.story_model import LESSONS_MAX, is_name
from monitor.model import Entry, Reason, Score
from monitor.model.nouns import replace

# Set on nine long stories, each by weights that never saw it, and the open sheets: of what was taken within a week 50
# of 58 were right, within three days 40 of 47, within a fortnight 58 of 71.
WITHIN = timedelta(days=7)
# The nearest of them; a busy story had no more than these that came near it in a week (nine long stories).
REPORTS_MAX = 20
NEAR_MIN = 0.02  # below it a report shared nothing (from 0.05 on an eighth fewer were found, from 0.15 on a third)
# It is as sure as the first lessons have to be, and the article's own words agree, or a name: what was only learnt
# ("shutdown") took in whole neighbours. It teaches nothing, so that it draws no more of its like.
SURE = FIRST_CERTAIN
NAME_RARE = 0.7  # rarity of such a name, as of the one word that may teach alone (set)


def reads_again(profile: Profile) -> bool:
    """Whether a story that learnt something still learns what it is.

    With all the lessons that it keeps it knows: what it takes late from then on was wrong five times in six.
    """
    return len(profile.learnt.lessons) < LESSONS_MAX


def taken(
    profile: Profile, entry: Entry, everyday: Mapping[str, rarity.Weight], score: Score, before: float
) -> Score | None:
    """The score of a report that is taken after all, having been held back at `before`; None where it is not.

    `everyday` is what its source writes anyway.
    """
    if score.value < max(score.threshold, SURE) or not (score.certain or _names(profile, read(entry, everyday))):
        return None
    reason = Reason("learnt", before, 1.0, f"held back at {before:.2f} when it came; the story has learnt more since")
    return replace(score, certain=False, borderline=False, reasons=(reason, *score.reasons))


def _names(profile: Profile, reading: Reading) -> bool:
    """Whether a headline names somebody of the story whom hardly any news names; a place is nobody."""
    return any(
        weight.rarity >= NAME_RARE and is_name(profile.seed, profile.learnt, stem) and stem not in profile.seed.places
        for stem, weight in reading.weighed
    )
