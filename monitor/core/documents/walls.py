"""Pages that stand in a reader's way: challenges for browsers and blocks of reader programs, told by their marks. Pure.

The marks are what the makers' pages carry whatever their language and status: script addresses, form fields, variables.
A publisher's own page for an error may have a captcha script in its footer: only what asks for something counts.
"""

from __future__ import annotations

import re
from functools import cache

from monitor import data
from monitor.core.text import clean

# Characters of an error's page that are looked at. Set here: every maker's challenge names itself in the first 8 KiB.
HEAD_CHARS = 32 * 1024
TITLE_CHARS_MAX = 100  # characters of a page's title that an operator is shown; set here: a line of a table
# Cloudflare's page and line for who asks too often: a queue, in the dress of its blocks.
_QUEUE = re.compile(r"you are being rate limited|error(?: code:)? 1015\b", re.I)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,400})", re.I)


@cache
def _makers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern, re.I)) for name, pattern in data.rows("challenges.tsv"))


def maker(page: str) -> str:
    """Who asks for a browser on this page, in words; "" where nobody does."""
    head = page[:HEAD_CHARS]
    return "" if _QUEUE.search(head) else next((name for name, marks in _makers() if marks.search(head)), "")


def title(page: str) -> str:
    """What an error's page calls itself, for an operator; "" where it says nothing."""
    found = _TITLE.search(page[:HEAD_CHARS])
    return clean(found[1], TITLE_CHARS_MAX) if found else ""
