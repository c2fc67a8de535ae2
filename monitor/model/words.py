"""The small sets of words that values are made of: states, classes of failure, verdicts, kinds."""

from __future__ import annotations

from typing import Literal

SourceState = Literal["new", "ok", "failing", "paused", "gone", "moved", "review", "blocked"]
SourceKind = Literal["feed", "sitemap", "page"]
ErrorClass = Literal[
    "timeout", "too_large", "bad_http", "truncated", "reset", "connect", "dns", "tls", "decode", "parse", "not_a_feed",
    "challenge", "blocked_address", "blocked_scheme", "redirect_limit", "http_status", "rate_limited", "gone",
    "bad_config", "internal",
]  # fmt: skip
PageState = Literal["ok", "unchanged", "paywall", "consent", "challenge", "empty", "forbidden", "gone", "failed"]
Verdict = Literal["development", "confirmation", "repeat", "revision", "correction", "touch"]
RevisionVerdict = Literal["none", "touch", "revision", "correction"]
ChangeKind = Literal[
    "figure", "date", "name", "place", "attribution", "negation", "quote", "headline", "text", "notice"
]
Phase = Literal["planned", "ordered", "delayed", "under way", "confirmed", "denied", "reversed"]
Outcome = Literal["delivered", "retry", "refused", "unknown"]
AlertKind = Literal[
    "story.development", "story.confirmation", "story.revision", "story.correction", "story.claim_changed",
    "story.overdue", "story.reawakened", "story.baseline", "story.digest", "source.trouble", "source.recovered",
    "channel.test",
]  # fmt: skip
DeliveryState = Literal["pending", "held", "delivered", "retrying", "dead", "cancelled"]
Severity = Literal["low", "normal", "high"]
How = Literal["catalogue", "autodiscovery", "well-known", "link", "given", "none"]  # how a feed was found
