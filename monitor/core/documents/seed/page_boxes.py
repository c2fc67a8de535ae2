"""Whose an element of a page is: the article's, or a teaser's, a comment's, a box's beside it. Pure."""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import Any

from monitor.core.documents import article_links
from monitor.core.text import clean

TITLE_CHARS_MIN = 12  # characters of a headline; shorter ones are a logo or a section (set by reading)
TEASER_CHARS_MAX = 600  # characters of a teaser with its markup's blanks; an article has more (set)
OWN_CHARS_MAX = 120  # characters of an element that shows a date (set)
HEADINGS_MAX = 12  # headings of a box, tried (set)
# Elements of a box, and levels above a date, that are looked through for the box it stands in (set): a page of nested
# elements without a word would be read whole for each.
BOX_ELEMENTS_MAX, BOX_LEVELS_MAX = 400, 30


class Boxes:
    """The boxes of a page, seen from its article's headings; each element is judged once."""

    def __init__(self, headings: list[Any]) -> None:
        self._around = {up for head in headings for up in (head, *head.iterancestors())}
        self._furniture: dict[Any, bool] = {}

    def hold(self, node: Any) -> bool:
        """Whether an element that shows a date belongs to a teaser, a comment or a box beside the article."""
        nearest = None
        ups = takewhile(lambda up: up.tag not in ("head", "body") and up not in self._around, node.iterancestors())
        for level, up in enumerate(ups):
            if self._is_furniture(up):
                return True
            if nearest is None and level < BOX_LEVELS_MAX:
                more = _chars(up, OWN_CHARS_MAX) >= _chars(node, OWN_CHARS_MAX) + TITLE_CHARS_MIN
                nearest = up if more else None
        if nearest is None or _chars(nearest, TEASER_CHARS_MAX) >= TEASER_CHARS_MAX:
            return False
        heads = nearest.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//a[@href]")[:HEADINGS_MAX]
        return any(article_links.is_headline(clean(head.text_content(), 300)) for head in heads)

    def _is_furniture(self, node: Any) -> bool:
        if node not in self._furniture:
            # Whose text it is, and with it when, stands in an element with names of a box beside it.
            self._furniture[node] = article_links.is_furniture(node, article=True) and not re.search(
                "byline|author", str(node.get("class", ""))
            )
        return self._furniture[node]


def _chars(node: Any, most: int) -> int:
    """How many characters an element shows, up to `most`; what has more elements than a box shows that many."""
    count = 0
    for index, element in enumerate(islice(node.iter(), BOX_ELEMENTS_MAX)):
        own = "" if not isinstance(element.tag, str) else element.text or ""
        tail = "" if not index else element.tail or ""
        count += len(own.strip()) + len(tail.strip())
        if count >= most:
            return most
    return most if index + 1 == BOX_ELEMENTS_MAX else count
