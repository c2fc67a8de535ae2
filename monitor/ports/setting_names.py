"""The names under which small values are kept in the state (`Store.setting`): all of them, and what each value is.

A name is what upgrades and other versions find a value by: it never changes.
"""

# When somebody said something last, and what (feedback, unsubscriptions): who finds it changed learns anew.
HEARD = "heard"
# When a verb changed the configuration's file last; and which of these changes the daemon took over, with its refusal.
CHANGED, TAKEN_OVER = "configuration-changed", "configuration-taken-over"
# Alerts up to this instant count as read, whatever nobody marked.
READ_UNTIL = "read-until"
# When the page of today was looked at last, and the time before.
LOOKED_AT, LOOKED_BEFORE = "looked-at", "looked-before"
# The number of the last row of the search index before it was begun anew.
SEARCH_BASE = "search-base"
# 32 random bytes in hexadecimal, by which links of this state are signed.
SIGNING_KEY = "signing-key"
# The day, UTC, on which old rows were last forgotten.
PRUNED = "pruned"


def baseline(story_id: str, source_id: str = "") -> str:
    """When the brief of a story's first polls was made; or that of a source that answered later."""
    return f"baseline:{story_id}:{source_id}" if source_id else f"baseline:{story_id}"


def founding(story_id: str) -> str:
    """The article that a story was founded on (`core.article_identity`)."""
    return f"founding:{story_id}"


def overdue(alert_id: str) -> str:
    """When it was told that a deadline passed in silence."""
    return f"overdue:{alert_id}"


def quiet(story_id: str) -> str:
    """When the summary was last made of what a story's limits kept quiet."""
    return f"quiet:{story_id}"


def ahead(story_id: str) -> str:
    """A story's dates that lie ahead, for the page (`core.presentation.dates_ahead`)."""
    return f"ahead:{story_id}"


def opinions(story_id: str) -> str:
    """What the reader's own judge thinks of a story's near misses (`core.presentation.opinions`)."""
    return f"opinions:{story_id}"


def series(story_id: str) -> str:
    """Of which series the keys are by which a story is shared; a new one calls the old keys in."""
    return f"keys:{story_id}"


def digested(channel_id: str, recipient: str) -> str:
    """When a place was last sent a digest or the statement of an empty day."""
    return f"digested:{channel_id}:{recipient}"
