"""What an address says in words."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from monitor.core import slugs


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://a.example/2026/05/03/world/harbour-fire-cause-found.html?x=1#top", "harbour fire cause found"),
        ("https://a.example/local/bridge-closed-for-repairs/71-39f6ebed-e0f4-48a6-9e70", "bridge closed for repairs"),
        (f"https://a.example/news/{quote('пожар-в-порту-одессы')}", "пожар порту одессы"),
        ("https://web.example/o/EWuvH/https://b.example/world/minister-quits-over-loan", "minister quits over loan"),
        ("https://a.example/news/uk-politics-58779160", ""),
        ("https://a.example/world/live-news/harbour-fire-05-03-26/h_8e0b6a89", ""),
        ("https://a.example/collections/harbour-fire-latest-news/", ""),
        ("https://news.example/rss/articles/CBMiWkFVX3lxTE-AbCdEf_GhIjKl-MnOp", ""),
        ("https://a.example", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_slug_is_read_where_there_is_one(url: str, words: str) -> None:
    assert slugs.words(url) == words


@pytest.mark.parametrize(
    ("url", "slot"),
    [
        ("https://a.example/live/harbour-fire", True), ("https://a.example/livenews/harbour-fire", True),
        ("https://a.example/news/live-updates/harbour-fire", True), ("https://a.example/tags/harbour", True),
        ("https://a.example/en-direct/incendie-au-port", True), ("https://t.example/aB3dE", True),
        ("https://a.example/news/live-music-is-back", False), ("https://a.example/news/live", False),
        ("live/harbour-fire", False), ("https://a.example/alive/harbour-fire", False),
        ("https://t.example/abcde", False), ("https://t.example/aB3dE/x", False),
        ("https://long-name-of-a-host.example/aB3dE", False),
    ],
)  # fmt: skip
def test_where_matters_follow_each_other_is_no_slug(url: str, slot: bool) -> None:
    assert slugs.is_slot(url) == slot


def test_an_address_is_read_to_its_limit_only() -> None:
    assert len(slugs.words("https://a.example/" + "word-" * 10_000)) <= slugs.ADDRESS_CHARS_MAX
