"""Outlets without a feed, followed for real: a sitemap of news, an index of such, and the page of a section."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import monitor
from tests.loopback import Newsstand

SPACE = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
SEED = "Everything at Port Alder\n\nWhatever the sources of this harbour report is part of this story.\n"


def sitemap(base: str, *titles: str) -> bytes:
    rows = "".join(
        f"<url><loc>{base}/a/{n}</loc><news:news><news:publication_date>2026-06-0{n + 1}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news></url>"
        for n, title in enumerate(titles)
    )
    return f"<urlset {SPACE}>{rows}</urlset>".encode()


def page(*titles: str) -> bytes:
    cards = "".join(
        f"<article><h2><a href='/2026/06/0{n + 1}/{title.lower().replace(' ', '-')}'>{title}</a></h2></article>"
        for n, title in enumerate(titles)
    )
    menu = "<nav><a href='/2026/06/09/what-the-menu-shows-us'>What the menu shows us</a></nav>"
    return f"<!doctype html><html><title>Ports</title><body>{menu}<main>{cards}</main></body></html>".encode()


FIRST = ("Ferry strike halts crossings", "Crane falls at Port Alder", "Council approves the new pier")


@pytest.fixture
def site() -> Iterator[Newsstand]:
    made = Newsstand()
    yield made
    made.close()


def configured(folder: Path, site: Newsstand, kind: str, path: str) -> Path:
    file = folder / "config.toml"
    file.write_text(
        f"[service]\nstate = 's.db'\n[http]\nenabled = false\n[fetch]\nallow_private = ['127.0.0.1:{site.port}']\n"
        f"host_spacing = '0s'\nfollow_pages = false\n[[source]]\nid = 'a'\nurl = '{site.url}{path}'\nkind = '{kind}'\n"
        f"[[story]]\nid = 's'\ntitle = 'Port Alder'\nthreshold = 0.0\nseed_text = '''{SEED}'''\n"
        "[[channel]]\nid = 'terminal'\ntype = 'console'\n"
    )
    return file


def poll(file: Path) -> dict[str, object]:
    assert monitor("poll", "--all", "--config", file, "--json").code == 0
    (row,) = monitor("sources", "--config", file, "--json").document
    return dict(row)


@pytest.mark.parametrize("kind", ["sitemap", "page"])
def test_new_entries_of_an_outlet_without_a_feed_are_told(kind: str, tmp_path: Path, site: Newsstand) -> None:
    """The first visit is its baseline, the next tells what is new, and `sources` says what is read."""
    make = page if kind == "page" else lambda *titles: sitemap(site.url, *titles)
    file = configured(tmp_path, site, kind, "/ports")
    site.feeds = {"/ports": make(*FIRST)}
    row = poll(file)
    assert (row["kind"], row["state"], row["error"], row["entries"]) == (kind, "ok", None, 3)
    site.feeds = {"/ports": make(*FIRST, "Dockers vote to end the walkout")}
    assert poll(file)["entries"] == 4
    told = [alert["title"] for alert in monitor("alerts", "--config", file, "--json").document]
    assert "Dockers vote to end the walkout" in told


def test_the_children_of_an_index_are_read_each_time(tmp_path: Path, site: Newsstand) -> None:
    """Although the index itself stays as it was, to the byte."""
    file = configured(tmp_path, site, "sitemap", "/index.xml")
    index = f"<sitemapindex {SPACE}><sitemap><loc>{site.url}/news.xml</loc></sitemap></sitemapindex>".encode()
    site.feeds = {"/index.xml": index, "/news.xml": sitemap(site.url, *FIRST)}
    assert poll(file)["entries"] == 3
    site.feeds["/news.xml"] = sitemap(site.url, *FIRST, "Dockers vote to end the walkout")
    assert poll(file)["entries"] == 4
    del site.feeds["/news.xml"]
    assert poll(file)["error"] == "http_status"


@pytest.mark.parametrize("kind", ["sitemap", "page"])
def test_robots_txt_is_honoured(kind: str, tmp_path: Path, site: Newsstand) -> None:
    file = configured(tmp_path, site, kind, "/ports")
    site.feeds = {"/ports": page(*FIRST), "/robots.txt": b"User-agent: *\nDisallow: /ports\n"}
    row = poll(file)
    assert (row["state"], row["error"]) == ("failing", "http_status")
    assert "robots.txt" in str(row["detail"])


def test_a_recording_of_a_page_replays(tmp_path: Path, site: Newsstand) -> None:
    file = configured(tmp_path, site, "page", "/ports")
    recording = tmp_path / "rec" / "a"
    recording.mkdir(parents=True)
    (recording / "20260601T100000Z.html").write_bytes(page(*FIRST))
    (recording / "20260601T120000Z.html").write_bytes(page(*FIRST, "Dockers vote to end the walkout"))
    alerts = tmp_path / "a.jsonl"
    summary = monitor("replay", tmp_path / "rec", "--config", file, "--alerts", alerts, "--json")
    assert summary.document["entries"] == 4
    urls = [json.loads(line)["data"]["article"]["url"] for line in alerts.read_text().splitlines()[1:]]
    assert urls == [f"{site.url}/2026/06/04/dockers-vote-to-end-the-walkout"]


def test_parse_reads_every_kind(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(page(*FIRST))
    (tmp_path / "news.xml").write_bytes(sitemap("https://post.example", *FIRST))
    base = ("--url", "https://post.example/ports", "--json")
    assert len(monitor("parse", tmp_path / "page.html", "--kind", "page", *base).document["entries"]) == 3
    assert monitor("parse", tmp_path / "news.xml", *base).document["format"] == "sitemap"
    assert monitor("parse", tmp_path / "page.html", *base).code == 1
    assert monitor("parse", tmp_path / "page.html", "--kind", "podcast", *base).code == 2
