"""How much of a page is read: elements, each counted with all that it stands in, up to a limit.

Extraction reads the text of an element again for each element around it, so that furniture nested a hundred deep costs
a hundred times its length (trafilatura, lxml's `text_content`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Steps of a page: elements around each element, and so many for itself (measured: a step is about a microsecond). Of
# 157 recorded pages the largest has 90,000; a million are ten thousand elements seventy deep (set).
STEPS_MAX, ELEMENT_STEPS = 1_000_000, 30
DEPTH_MAX = 256  # elements around one, at most: libxml2 nests no deeper


def within(tree: HtmlElement, html: str) -> str:
    """The page, without what stands behind its first million steps; the tree is cut as well."""
    if html.count("<") * (ELEMENT_STEPS + DEPTH_MAX) <= STEPS_MAX:
        return html
    depth = steps = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        steps += ELEMENT_STEPS + depth if event == "start" else 0
        if steps > STEPS_MAX:
            _cut_from(element)
            return str(etree.tostring(tree, encoding="unicode", method="html"))
    return html


def _cut_from(element: etree._Element) -> None:
    """Take an element out of its tree, and all that stands behind it."""
    gone = [element, *(behind for each in (element, *element.iterancestors()) for behind in each.itersiblings())]
    for each in gone:
        if (parent := each.getparent()) is not None:
            parent.remove(each)
