"""Nested furniture costs no more than its limit, and no ordinary page is cut."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from monitor.core.documents import page_extent, pages
from monitor.core.documents.feeds import sniff
from monitor.core.documents.seed import html as seed_html

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
ARTICLE = "<title>Bridge closed</title><h1>Bridge closed</h1>" + "".join(
    f"<p>Engineer {name} of Marlow said on Tuesday that pier {place} of the bridge has cracks and must be mended.</p>"
    for place, name in enumerate(("Berg", "Lund", "Osei", "Marsh", "Welk"), start=1)
)


def steps(html: str) -> int:
    """Elements around each element of a page, and so many for itself, as lxml nests them."""
    tree = sniff.html_tree(html)
    around = (sum(1 for _ in each.iterancestors()) for each in tree.iter(etree.Element))
    return sum(page_extent.ELEMENT_STEPS + depth + 1 for depth in around)


def page(nested: int, wide: int) -> str:
    """An article before furniture: so many boxes in each other, and so many links in the innermost."""
    box = "<div class='sidebar'>"
    return f"<html><body>{ARTICLE}{box * nested}{'<i><a href=/x>more</a></i>' * wide}{'</div>' * nested}</body></html>"


@pytest.mark.parametrize(("nested", "wide"), [(120, 6000), (1, 20_000), (240, 30_000)])
def test_a_page_of_nested_furniture_is_cut_at_its_limit(nested: int, wide: int) -> None:
    html = page(nested, wide)
    assert steps(html) > page_extent.STEPS_MAX
    tree = sniff.html_tree(html)
    cut = page_extent.within(tree, html)
    assert 0.9 * page_extent.STEPS_MAX < steps(cut) <= page_extent.STEPS_MAX
    assert etree.tostring(tree, encoding="unicode", method="html") == cut
    assert "Engineer Welk of Marlow" in cut


def test_the_article_before_such_furniture_is_read() -> None:
    html = page(240, 4000)
    assert "Engineer Welk of Marlow" in seed_html.read(html, "https://news.example/bridge", NOW).text
    read = pages.extract(html.encode(), "https://news.example/bridge", "text/html", NOW)
    assert (read.state, "Engineer Welk of Marlow" in read.text) == ("ok", True)


def test_a_page_within_its_limit_stays_byte_for_byte() -> None:
    for html in (page(2, 10), page(20, 2000)):
        assert steps(html) <= page_extent.STEPS_MAX
        assert page_extent.within(sniff.html_tree(html), html) is html
