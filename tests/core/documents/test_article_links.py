"""Which addresses are articles, and which elements of a page are its site's."""

from __future__ import annotations

import pytest
from lxml import html

from monitor.core.documents import article_links

ARTICLES = [
    "https://post.example/2026/06/03/ferry-crews-walk-out", "https://post.example/world/ferry-crews-walk-out-again",
    "https://post.example/news/articles/c8xp1234567o", "https://post.example/story/1234567", "https://post.example/?p=1234",
    "https://post.example/a/2026-06/04/c_1310000000.htm", "https://post.example/view.php?idxno=24091",
    "https://post.example/новини/20260603/пороми-знову-стоять",
]  # fmt: skip
OTHERS = [
    "https://post.example/", "https://post.example/world", "https://post.example/world/asia/", "https://post.example/2026",
    "https://post.example/tag/the-ports-of-the-north", "https://post.example/author/ilse-brandt-of-the-post",
    "https://post.example/subscribe", "https://post.example/2026/06/03/", "https://post.example/about/how-we-work-here-now",
]  # fmt: skip


@pytest.mark.parametrize("link", ARTICLES)
def test_addresses_of_articles(link: str) -> None:
    assert article_links.is_article(link)


@pytest.mark.parametrize("link", OTHERS)
def test_addresses_of_anything_else(link: str) -> None:
    assert not article_links.is_article(link)


PARTS = [
    "<nav>x</nav>", "<aside>x</aside>", "<footer>x</footer>", "<div role='navigation'>x</div>",
    "<div class='ad-slot'>x</div>",
    "<div class='related'>x</div>", "<section id='most-read'>x</section>", "<div class='OUTBRAIN'>x</div>",
    "<ul class='lire-aussi'>x</ul>", "<div class='article__related'>x</div>", "<div class='werbung'>x</div>",
    "<div class='Newsletter signup'>x</div>",
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_furniture_goes_and_the_article_stays(part: str) -> None:
    tree = html.document_fromstring(f"<body><div class='story has-sidebar'><p>{'word ' * 99}</p>{part}</div></body>")
    article_links.strip_furniture(tree, article=True)
    assert tree.text_content().strip() == ("word " * 99).strip()


def test_what_holds_most_of_the_text_is_no_furniture() -> None:
    tree = html.document_fromstring(f"<body><div class='sidebar promo'><p>{'word ' * 99}</p></div></body>")
    article_links.strip_furniture(tree, article=True)
    assert "word" in tree.text_content()
