"""The words of the pages: one tag for each kind of thing, states and failures as people say them, and the glossary.

Two accents carry meaning and never alone: blue is new, red is wrong or needs somebody.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from monitor import data
from monitor.core.text import counted as counted


class Tag(NamedTuple):
    """A word on a page and its accent: "new" and "bad" are filled, "blue" and "red" drawn, "" plain."""

    word: str
    tone: str = ""


SELF = Tag("The monitor")
KINDS = {
    "story.development": Tag("New", "new"), "story.confirmation": Tag("Confirmed", "blue"),
    "story.revision": Tag("Article changed", "blue"), "story.correction": Tag("Correction", "bad"),
    "story.claim_changed": Tag("Figure moved", "blue"), "story.overdue": Tag("Deadline passed", "red"),
    "story.reawakened": Tag("Moves again", "blue"), "story.baseline": Tag("Where this story stands"),
    "story.digest": SELF, "source.trouble": SELF, "source.recovered": SELF, "channel.test": SELF,
}  # fmt: skip
VERDICTS = {
    "development": Tag("New", "new"), "confirmation": Tag("Confirmed", "blue"), "repeat": Tag("Same news"),
    "revision": Tag("Article changed", "blue"), "correction": Tag("Correction", "bad"), "touch": Tag("Wording only"),
}  # fmt: skip
NEAR = Tag("Near miss")
OTHER = Tag("Another story")
BEFORE = Tag("Before you watched")
# How a filter over kinds is called, in the order of the tabs.
FILTERS = {
    "new": ("New", ("story.development", "story.reawakened")), "correction": ("Corrections", ("story.correction",)),
    "confirmed": ("Confirmed", ("story.confirmation",)), "changed": ("Articles changed", ("story.revision",)),
    "figure": ("Figures", ("story.claim_changed",)), "deadline": ("Deadlines", ("story.overdue",)),
    "brief": ("Briefs", ("story.baseline",)), "monitor": ("The monitor", ("source.trouble", "source.recovered")),
}  # fmt: skip

# Failures of a visit, to follow "it cannot be read: ".
FAILURES = {
    "timeout": "its server does not answer in time", "too_large": "its answer is larger than allowed",
    "bad_http": "its server answers in no language that browsers know", "truncated": "its answer breaks off",
    "reset": "its server hangs up", "connect": "its server cannot be reached", "dns": "its host name is not found",
    "tls": "its certificate cannot be trusted", "decode": "its answer is packed in a way that cannot be read",
    "parse": "what it answers cannot be read", "not_a_feed": "what it answers is no feed",
    "challenge": "it asks for proof of being a person", "blocked_address": "its address is not allowed",
    "blocked_scheme": "its address is no web address", "redirect_limit": "it sends us in circles",
    "http_status": "its server answers with an error", "rate_limited": "it asks to come back later",
    "gone": "it says that the feed is gone for good", "bad_config": "its address in the configuration is wrong",
    "internal": "a fault of monitor's own, not of the source; the log has it",
}  # fmt: skip
# What failed on the way to a receiver, by the name that stands first in what is kept of an attempt.
UNDELIVERED = {name: FAILURES[name] for name in ("timeout", "connect", "dns", "tls", "reset", "bad_http")} | {
    "blocked_address": "its address is not allowed; [hooks] allow_private says which are",
    "ConnectionRefusedError": FAILURES["connect"], "SMTPConnectError": FAILURES["connect"],
    "gaierror": FAILURES["dns"], "TimeoutError": FAILURES["timeout"], "SMTPTimeoutError": FAILURES["timeout"],
    "SMTPConnectTimeoutError": FAILURES["timeout"], "SMTPReadTimeoutError": FAILURES["timeout"],
    "SMTPServerDisconnected": FAILURES["reset"], "ConnectionResetError": FAILURES["reset"],
    "SSLCertVerificationError": FAILURES["tls"],
}  # fmt: skip
SOURCE_STATES = {
    "new": "Not read yet", "ok": "Read on time", "failing": "Not readable", "paused": "Paused",
    "gone": "Gone for good", "moved": "Moved, and read at its new address",
    "review": "Another feed answers here; look at it before it is read on", "blocked": "Address not allowed",
}  # fmt: skip
DELIVERY_STATES = {
    "pending": "Waiting its turn", "held": "Waiting", "retrying": "Being tried", "dead": "Given up",
    "delivered": "Arrived", "cancelled": "Called off",
}  # fmt: skip
FEEDBACK = {
    "no": "this is not the story", "same-as": "this is the same as an earlier one", "important": "this is important",
    "yes": "this was one", "new": "this was new", "undo": "never mind",
}  # fmt: skip
LINE_POINTS = 100  # a score on pages is of 100 (design of the pages)
NEAR_MARGIN = 0.15  # of 1: how far below the line a miss is still near; design of the pages, set by eye


def glossary() -> tuple[tuple[str, ...], ...]:
    """Every word of the pages that is explained, with its meaning."""
    return data.rows("glossary.tsv")


def failure(error: str | None, detail: str | None) -> str:
    """Why a source cannot be read, in words, with what its server said."""
    said = f" (“{detail}”)" if detail else ""
    return f"{FAILURES.get(error or '', error or '')}{said}"


def undelivered(error: str) -> tuple[str, str]:
    """Why a message did not arrive, in words, and beside it what the machine said; ("", all) where it has words."""
    words = UNDELIVERED.get(error.partition(":")[0], "")
    return words, error


_RAW = re.compile(r"; \d\.\d\d$| \([+-]\d{1,3}\.\d\)$")


def weighed(evidence: str) -> str:
    """A reason as a sentence: without the raw figure at its end, which stands beside it where it is wanted."""
    return _RAW.sub("", evidence).replace(" -> ", " → ")


def points(value: float) -> int:
    """A score between 0 and 1 as people read it, of 100."""
    return round(value * LINE_POINTS)


def listed(names: list[str], most: int = 3) -> str:
    """ "A, B and C", "A, B and 4 others"."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} others"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
