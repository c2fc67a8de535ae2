"""What a story held back, and reads again once it has learnt more: a thread begins in words of its own.

"Minister's flat searched" shares hardly a word with an article on kickbacks; three certain follow-ups later it does.
"""

from __future__ import annotations

from datetime import timedelta

from monitor.core.language import rarity
from monitor.core.relevance import elsewhere
from monitor.core.relevance.features import Reading, read
from monitor.core.relevance.profile import Profile
from monitor.core.relevance.scoring import FIRST_CERTAIN
from monitor.core.relevance.story_model import LESSONS_MAX, is_name
from monitor.model import Entry, Reason, Score
from monitor.model.nouns import replace

# Set on nine long stories, each by weights that never saw it, and four sets of sheets: of what was taken within a week
# 50 of 57 were right, within three days 39 of 45, within a fortnight 54 of 64.
WITHIN = timedelta(days=7)
# The nearest of them: a thousand at a time found no other (the same stories).
REPORTS_MAX = 20
NEAR_MIN = 0.02  # below it a report shared nothing (from 0.05 on 45 of the 50 were found, from 0.15 on 35)
# It is as sure as the first lessons have to be, and the article's own words agree, or a name: what was only learnt
# ("shutdown") took in whole neighbours. It teaches nothing, so that it draws no more of its like.
SURE = FIRST_CERTAIN
NAME_RARE = 0.7  # rarity of such a name, as of the one word that may teach alone (set)


def reads_again(profile: Profile) -> bool:
    """Whether a story that learnt something still learns what it is.

    With all the lessons that it keeps it knows: of what it would take late from then on 12 of 34 were right.
    """
    return len(profile.learnt.lessons) < LESSONS_MAX


def taken(profile: Profile, entry: Entry, everyday: rarity.Weigh, score: Score, before: float) -> Score | None:
    """The score of a report that is taken after all, having been held back at `before`; None where it is not.

    `everyday` is what its source writes anyway. What was held back as the article's event at another place stays so,
    though a story that has learnt more no longer asks where a new report is of.
    """
    if score.value < max(score.threshold, SURE):
        return None
    reading = read(entry, everyday)
    if elsewhere.happens_again(profile, reading) or not (score.certain or _names(profile, reading)):
        return None
    reason = Reason("learnt", before, 1.0, f"held back at {before:.2f} when it came; the story has learnt more since")
    return replace(score, certain=False, borderline=False, reasons=(reason, *score.reasons))


def _names(profile: Profile, reading: Reading) -> bool:
    """Whether a headline names somebody of the story whom hardly any news names; a place is nobody."""
    return any(
        weight.rarity >= NAME_RARE and is_name(profile.seed, profile.learnt, stem) and stem not in profile.seed.places
        for stem, weight in reading.weighed
    )
