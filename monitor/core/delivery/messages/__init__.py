"""An alert in words: subject, text, HTML, the webhook's JSON, one line; and digests. Each sink encodes for itself."""

from __future__ import annotations

from monitor.core.delivery.messages.chat import SHAPES, plain
from monitor.core.delivery.messages.digest import Coverage, digest, part
from monitor.core.delivery.messages.json import schema, webhook
from monitor.core.delivery.messages.mail import html, subject, text
from monitor.core.delivery.messages.words import evidence, headed, label, line

__all__ = [
    "SHAPES", "Coverage", "digest", "evidence", "headed", "html", "label", "line", "part", "plain", "schema", "subject",
    "text", "webhook",
]  # fmt: skip
