"""The links of an alert: to its page, to feedback, to no more of it; signed, so that the pages behind need no login."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.core.delivery import signed_links
from monitor.core.delivery.routing import EVERY_STORY
from monitor.model import Alert, Delivery

FEEDBACK = {"no": "no", "same_as": "same-as", "important": "important"}


@dataclass(frozen=True, slots=True)
class Links:
    """Makes the links of an alert for one recipient, signed so that the page behind them needs no login.

    None are made without a `base`, and only for the channels of `near` where it is set.
    """

    base: str
    key: bytes = field(repr=False)
    near: frozenset[str] | None = None

    def __call__(self, delivery: Delivery, alert: Alert) -> Mapping[str, Any]:
        """`dashboard`, `feedback` (no, same_as, important; of an alert about an entry) and `unsubscribe`.

        A digest of several stories unsubscribes from all of them; what operators are told of sources cannot be stopped.
        """
        if not self.base or (self.near is not None and delivery.channel_id not in self.near):
            return {}
        made: dict[str, Any] = {"dashboard": f"{self.base}/alerts/{alert.id}"}
        if alert.story_id and alert.entry_key:
            words = FEEDBACK if alert.development else {n: w for n, w in FEEDBACK.items() if w != "same-as"}
            made["feedback"] = {
                name: f"{self.base}/feedback/{signed_links.sign(self.key, 'feedback', alert.id, word)}"
                for name, word in words.items()
            }
        if alert.story_id or alert.kind == "story.digest":
            story = alert.story_id or EVERY_STORY
            stop = signed_links.sign(self.key, "unsubscribe", story, delivery.channel_id, delivery.recipient)
            made["unsubscribe"] = f"{self.base}/unsubscribe/{stop}"
        return made
