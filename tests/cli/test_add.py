"""`monitor add` against sites on loopback: where feeds are found, what is believed, and what is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor import config
from monitor.app.settings import stories
from monitor.core import urls
from monitor.core.documents import autodiscovery, outlets
from monitor.core.documents.autodiscovery import Way
from monitor.model import Citation, Feed, Fetched, SourceKind
from monitor.net.discover import Resolver
from tests.cli.command import monitor
from tests.loopback import Newsstand, rss

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FEED = rss("A feed", [{"id": "1", "title": "Ferry sinks", "url": "https://x.example/1", "at": "2026-11-01T10:00:00Z"}])
JSON_FEED = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "A feed", "items": [{"id": "1", "content_text": "Ferry"}],
}).encode()  # fmt: skip
SOFT = b"<!doctype html><html><body><h1>Nothing here</h1><p>But with status 200.</p></body></html>"
BODY = """Ferry Aldermoor sinks off Vess with 300 on board

30 October 2026

The ferry Aldermoor sank off the port of Vess on Friday with 300 people on board. An inquiry into the sinking was
opened; the bow door of the ferry is said to have failed, and first findings are expected by the end of November.

Sources used:
"""


def page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Site</title>{head}</head><body>{body}</body></html>".encode()


def alternate(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f"<link rel='alternate' type='{kind}' title='{title}' href='{href}'>"


@pytest.fixture
def sites() -> Iterator[list[Newsstand]]:
    made = [Newsstand(), Newsstand()]
    yield made
    for site in made:
        site.close()


def added(folder: Path, sites: list[Newsstand], *words: str) -> dict[str, Any]:
    """The one source of an article that cites the first site."""
    allowed = ", ".join(f'"127.0.0.1:{site.port}"' for site in sites)
    (folder / "config.toml").write_text(f"# Mine.\n[fetch]\nallow_private = [{allowed}]\nhost_spacing = '0s'\n")
    (folder / "article.txt").write_text(f"{BODY}- The Vess Courier: 'Ferry sinks' {sites[0].url}/2026/10/ferry-sinks\n")
    answer = monitor("add", folder / "article.txt", "--config", folder / "config.toml", "--json", *words)
    assert answer.code == 0, answer.err
    (source,) = answer.document["sources"]
    assert source["name"] == "The Vess Courier"
    assert source["cited"] == [{"title": "Ferry sinks", "url": f"{sites[0].url}/2026/10/ferry-sinks"}]
    return dict(source)


def test_a_declared_feed(tmp_path: Path, sites: list[Newsstand]) -> None:
    comments = alternate("/comments/feed.xml", title="Comments")
    sites[0].feeds = {"/": page(comments + alternate("/news.xml")), "/news.xml": FEED, "/comments/feed.xml": FEED}
    source = added(tmp_path, sites, "--dry-run")
    assert (source["feed"], source["how"], source["validated"], source["error"]) == (
        f"{sites[0].url}/news.xml", "autodiscovery", True, None,
    )  # fmt: skip
    assert source["homepage"] == f"{sites[0].url}/"


def test_a_declared_json_feed(tmp_path: Path, sites: list[Newsstand]) -> None:
    sites[0].feeds = {"/": page(alternate("/feed.json", "application/feed+json")), "/feed.json": JSON_FEED}
    source = added(tmp_path, sites, "--dry-run")
    assert (source["feed"], source["how"], source["validated"]) == (f"{sites[0].url}/feed.json", "autodiscovery", True)


def test_a_feed_on_another_host(tmp_path: Path, sites: list[Newsstand]) -> None:
    sites[0].feeds = {"/": page(alternate(f"{sites[1].url}/all.xml"))}
    sites[1].feeds = {"/all.xml": FEED}
    source = added(tmp_path, sites, "--dry-run")
    assert (source["feed"], source["validated"]) == (f"{sites[1].url}/all.xml", True)


def test_a_feed_that_the_page_links_to(tmp_path: Path, sites: list[Newsstand]) -> None:
    sites[0].feeds = {"/": page(body="<a href='/service/rss'>RSS</a>"), "/service/rss": FEED}
    source = added(tmp_path, sites, "--dry-run")
    assert (source["feed"], source["how"]) == (f"{sites[0].url}/service/rss", "link")


def test_a_feed_in_a_list_of_feeds_that_the_page_links_to(tmp_path: Path, sites: list[Newsstand]) -> None:
    listing = page(body="<a href='/export/all.xml'>All news</a>")
    sites[0].feeds = {
        "/": page(body="<a href='/service/rss'>RSS</a>"),
        "/service/rss": listing,
        "/export/all.xml": FEED,
    }
    source = added(tmp_path, sites, "--dry-run")
    assert (source["feed"], source["how"]) == (f"{sites[0].url}/export/all.xml", "link")


def test_a_feed_that_only_the_cited_article_declares(tmp_path: Path, sites: list[Newsstand]) -> None:
    sites[0].feeds = {"/": page(), "/2026/10/ferry-sinks": page(alternate("/world.xml")), "/world.xml": FEED}
    source = added(tmp_path, sites, "--dry-run")
    assert (source["feed"], source["how"]) == (f"{sites[0].url}/world.xml", "autodiscovery")


def test_a_usual_place_behind_error_pages_with_status_200(tmp_path: Path, sites: list[Newsstand]) -> None:
    dead = alternate("/dead.xml")
    sites[0].feeds = {"/": page(dead), "/dead.xml": SOFT, "/feed/": SOFT, "/rss": SOFT, "/rss.xml": FEED}
    source = added(tmp_path, sites, "--dry-run")
    assert (source["feed"], source["how"], source["validated"]) == (f"{sites[0].url}/rss.xml", "well-known", True)


def test_what_has_no_feed_stays_listed_and_costs_few_requests(tmp_path: Path, sites: list[Newsstand]) -> None:
    sites[0].feeds = {"/": page(body="<a href='/rss/about'>RSS</a>" * 50)}
    source = added(tmp_path, sites, "--dry-run")
    assert (source["feed"], source["how"], source["validated"]) == (None, "none", False)
    assert len(sites[0].requests) <= 16
    shown = monitor("add", tmp_path / "article.txt", "--config", tmp_path / "config.toml", "--dry-run")
    assert "The Vess Courier is not covered" in shown.out
    assert '--source "The Vess Courier=ADDRESS"' in shown.out
    assert (tmp_path / "config.toml").read_text().startswith("# Mine.\n[fetch]")


def test_what_is_written_is_read_again_and_keeps_comments(tmp_path: Path, sites: list[Newsstand]) -> None:
    sites[0].feeds = {"/": page(alternate("/news.xml")), "/news.xml": FEED}
    added(tmp_path, sites)
    text = (tmp_path / "config.toml").read_text()
    assert text.startswith("# Mine.\n")
    written = config.load(tmp_path / "config.toml", {})
    (story,) = stories(written)
    assert story.title == "Ferry Aldermoor sinks off Vess with 300 on board"
    assert story.source_ids == ("the-vess-courier",)
    assert str(story.seed.published_at)[:10] == "2026-10-30"
    assert [(c.outlet, c.title) for c in story.seed.cited] == [("The Vess Courier", "Ferry sinks")]
    assert [source.url for source in written.document.source] == [f"{sites[0].url}/news.xml"]
    checked = monitor("check", "--config", tmp_path / "config.toml", "--json")
    assert (checked.code, checked.document["stories"][0]["not_covered"]) == (0, [])
    again = monitor("add", tmp_path / "article.txt", "--config", tmp_path / "config.toml", "--json").document
    assert again["written"]["sources"] == ["the-vess-courier"], "the source is there already"
    assert len(config.load(tmp_path / "config.toml", {}).document.source) == 1
    ids = [table.id for table in config.load(tmp_path / "config.toml", {}).document.story]
    assert len(set(ids)) == 2


def test_claims_are_shown_once_and_a_deadline_with_its_day(tmp_path: Path, sites: list[Newsstand]) -> None:
    (tmp_path / "strike.txt").write_text(
        "Dockers give port an ultimatum\n\n30 October 2026\n\n"
        "The union gave the port of Vess until Sunday to answer, said its head, Ana Orr. 300 dockers may walk out.\n"
    )
    shown = monitor("add", tmp_path / "strike.txt", "--config", tmp_path / "config.toml", "--dry-run").out
    assert re.search(r"^  deadline: .*Sunday \(2026-11-01\)$", shown, re.MULTILINE), shown
    assert "attribution" not in shown


def test_an_article_by_its_address(tmp_path: Path, sites: list[Newsstand]) -> None:
    said = "<p>The ferry Aldermoor sank off the port of Vess on Friday with 300 people on board, officials said.</p>"
    link = f"<p>More in <a href='{sites[1].url}/2026/10/the-bow-door-failed-again'>the Vess Courier's report</a>.</p>"
    sites[0].feeds = {"/ferry.html": page(body=f"<article><h1>Ferry Aldermoor sinks</h1>{said}{link}</article>")}
    (tmp_path / "config.toml").write_text(f"[fetch]\nallow_private = ['127.0.0.1:{sites[0].port}']\n")
    words = ("--config", tmp_path / "config.toml", "--json", "--dry-run")
    made = monitor("add", f"{sites[0].url}/ferry.html", *words)
    assert made.document["story"]["title"] == "Ferry Aldermoor sinks"
    refused = monitor("add", f"{sites[1].url}/ferry.html", *words)
    assert (refused.code, refused.out) == (1, "")
    assert "blocked_address" in refused.err
    missing = monitor("add", f"{sites[0].url}/none.html", *words)
    assert (missing.code, "http_status: its server answers with an error" in missing.err) == (1, True)
    (tmp_path / "short.txt").write_text("Ferry sinks")
    short = monitor("add", tmp_path / "short.txt", *words)
    assert (short.code, short.err.count("could not be read as the seed")) == (1, 1)


def planned(folder: Path, sites: list[Newsstand], article: str, *words: object, extra: str = "") -> Any:
    """What `add` answers for an article, with both sites allowed."""
    file = folder / "config.toml"
    allowed = ", ".join(f'"127.0.0.1:{site.port}"' for site in sites)
    if not file.exists():
        file.write_text(f"[fetch]\nallow_private = [{allowed}]\nhost_spacing = '0s'\n{extra}")
    (folder / "article.txt").write_text(article)
    answer = monitor("add", folder / "article.txt", "--config", file, "--json", *words)
    assert answer.code == 0, answer.err
    return answer.document


def test_a_configured_source_of_the_same_name_is_used(tmp_path: Path, sites: list[Newsstand]) -> None:
    """Also where the catalogue or the site knows another feed; and it is written no second time."""
    sites[0].feeds = {"/own.xml": FEED, "/": page(alternate("/news.xml")), "/news.xml": FEED}
    extra = f"[[source]]\nid = 'vc'\nname = 'Vess Courier'\nurl = '{sites[0].url}/own.xml'\n"
    made = planned(tmp_path, sites, f"{BODY}- The Vess Courier: 'Ferry sinks' {sites[0].url}/2026/a\n", extra=extra)
    (source,) = made["sources"]
    assert (source["feed"], source["source"], source["validated"]) == (f"{sites[0].url}/own.xml", "vc", True)
    assert made["written"]["sources"] == ["vc"]
    assert len(config.load(tmp_path / "config.toml", {}).document.source) == 1


def test_an_outlet_outside_the_catalogue_stays_listed_and_a_source_added_for_it_is_read(
    tmp_path: Path, sites: list[Newsstand]
) -> None:
    made = planned(tmp_path, sites, f"{BODY}- The Nowhere Gazette\n- The Vess Courier: 'Ferry' {sites[0].url}/2026/a\n")
    assert [source["name"] for source in made["sources"]] == ["The Nowhere Gazette", "The Vess Courier"]
    assert not any(source["validated"] for source in made["sources"])
    file = tmp_path / "config.toml"
    sites[0].feeds = {"/gazette.xml": FEED}
    file.write_text(
        f"{file.read_text()}\n[[source]]\nid = 'ng'\nname = 'Nowhere Gazette'\nurl = '{sites[0].url}/gazette.xml'\n"
    )
    (story,) = stories(config.load(file, {}))
    assert story.reads("ng")


def test_a_source_given_with_the_command_is_taken(tmp_path: Path, sites: list[Newsstand]) -> None:
    """For the outlet of its name, or beside those that are cited; a page is searched for its feed."""
    sites[0].feeds = {"/gazette.xml": FEED, "/home": page(alternate("/all.xml")), "/all.xml": FEED}
    given = ("--source", f"Nowhere Gazette={sites[0].url}/gazette.xml", "--source", f"Alder Echo={sites[0].url}/home")
    made = planned(tmp_path, sites, f"{BODY}- The Nowhere Gazette\n", "--id", "ferry", "--title", "The ferry", *given)
    assert [(source["name"], source["feed"]) for source in made["sources"]] == [
        ("The Nowhere Gazette", f"{sites[0].url}/gazette.xml"), ("Alder Echo", f"{sites[0].url}/all.xml"),
    ]  # fmt: skip
    assert (made["written"]["story"], made["story"]["title"]) == ("ferry", "The ferry")
    again = monitor("add", tmp_path / "article.txt", "--config", tmp_path / "config.toml", "--id", "ferry")
    assert (again.code, "already" in again.err) == (2, True)
    wrong = monitor("add", tmp_path / "article.txt", "--config", tmp_path / "config.toml", "--source", "x=ftp://y")
    assert wrong.code == 2


def test_a_section_s_link_gets_the_section_s_feed(tmp_path: Path, sites: list[Newsstand]) -> None:
    sites[0].feeds = {
        "/": page(alternate("/world.xml")), "/world.xml": FEED, "/ports/rss": FEED,
        "/ports": page(alternate("/world.xml") + alternate("/ports/rss")),
    }  # fmt: skip
    made = planned(tmp_path, sites, f"{BODY}- The Vess Courier {sites[0].url}/ports\n", "--dry-run")
    assert made["sources"][0]["feed"] == f"{sites[0].url}/ports/rss"


def test_an_outlet_without_a_feed_is_followed_through_its_sitemap_or_page(
    tmp_path: Path, sites: list[Newsstand]
) -> None:
    cards = "".join(
        f"<h2><a href='/2026/10/0{n}/a-story-of-the-port'>Story number {n} of the port</a></h2>" for n in "1234"
    )
    sites[0].feeds = {"/": page(body=f"<main>{cards}</main>")}
    (source,) = planned(tmp_path, sites, f"{BODY}- The Vess Courier {sites[0].url}/2026/a\n", "--dry-run")["sources"]
    assert (source["kind"], source["feed"], source["validated"]) == ("page", f"{sites[0].url}/", True)
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    space += " xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    row = "<n:news><n:title>Ferry</n:title><n:publication_date>2026-10-01</n:publication_date></n:news>"
    body = f"<urlset {space}><url><loc>https://x.example/1</loc>{row}</url></urlset>"
    sites[0].feeds |= {"/robots.txt": f"Sitemap: {sites[0].url}/news.xml".encode(), "/news.xml": body.encode()}
    made = planned(tmp_path, sites, f"{BODY}- The Vess Courier {sites[0].url}/2026/a\n")
    assert (made["sources"][0]["kind"], made["sources"][0]["how"]) == ("sitemap", "autodiscovery")
    assert config.load(tmp_path / "config.toml", {}).document.source[0].kind == "sitemap"


def test_the_article_s_own_outlet_is_proposed(tmp_path: Path, sites: list[Newsstand]) -> None:
    said = "<p>The ferry Aldermoor sank off the port of Vess on Friday with 300 people on board, officials said.</p>"
    head = "<meta property='og:site_name' content='Vess Courier'>"
    article = page(head, f"<article><h1>Ferry sinks off Vess</h1>{said}</article>")
    sites[0].feeds = {"/2026/ferry.html": article, "/": page(alternate("/all.xml")), "/all.xml": FEED}
    allowed = f"[fetch]\nallow_private = ['127.0.0.1:{sites[0].port}']\nhost_spacing = '0s'\n"
    (tmp_path / "config.toml").write_text(allowed)
    made = monitor("add", f"{sites[0].url}/2026/ferry.html", "--config", tmp_path / "config.toml", "--json").document
    assert made["sources"] == []
    assert (made["own"]["name"], made["own"]["feed"]) == ("Vess Courier", f"{sites[0].url}/all.xml")
    assert made["written"]["sources"] == ["vess-courier"]


def test_a_fresh_file_has_the_commented_shape_of_the_shipped_one(tmp_path: Path) -> None:
    """Every table and every setting of them, with its comment, and what is commented out of sources and channels."""
    (tmp_path / "article.txt").write_text(f"{BODY}- The Nowhere Gazette\n")
    assert monitor("add", tmp_path / "article.txt", "--config", tmp_path / "new.toml").code == 0
    fresh = (tmp_path / "new.toml").read_text()
    shipped = (Path(__file__).parents[2] / "config.toml").read_text()
    head = shipped[: shipped.index("# --- sources")]
    assert fresh.startswith(head)
    assert shipped[shipped.index("# [[channel]]") :].strip() in fresh
    (story,) = stories(config.load(tmp_path / "new.toml", {}))
    assert story.id == "ferry-aldermoor-sinks-off-vess-with-300"


async def test_the_catalogue_comes_first_and_is_not_believed_untried() -> None:
    asked: list[str] = []
    outlet = outlets.find("Daily NK")
    assert outlet is not None

    async def get(url: str) -> Fetched:
        asked.append(url)
        return Fetched("", url, at=NOW, status=200, body=b"feed" if "feed" in url else SOFT, final_url=url)

    async def parse(fetched: Fetched, *, kind: SourceKind = "feed") -> Feed:
        return Feed(format="rss20", title="Daily NK") if fetched.body == b"feed" else Feed(error="not_a_feed")

    async def links(fetched: Fetched) -> list[tuple[str, Way]]:
        return autodiscovery.declared(fetched.body, fetched.url)

    found = await Resolver(get, parse, links).resolve("Daily NK", (Citation("Daily NK", "Workers wait"),))
    assert (found.feed, found.how, found.validated) == (outlet.feeds[0], "catalogue", True)
    assert asked == [outlet.feeds[0]]

    async def nothing(fetched: Fetched, *, kind: SourceKind = "feed") -> Feed:
        return Feed(error="not_a_feed")

    failed = await Resolver(get, nothing, links).resolve("Daily NK", ())
    assert (failed.feed, failed.how, failed.validated, failed.error) == (
        outlet.feeds[0], "catalogue", False, "not_a_feed",
    )  # fmt: skip


CITED_AS = {
    "The Daily Beast": "The Daily Beast", "Daily Beast": "The Daily Beast", "daily beast": "The Daily Beast",
    "BBC": "BBC News", "BBC News": "BBC News", "the BBC": "BBC News", "bbc.co.uk": "BBC News",
    "https://www.bbc.co.uk/news/world-1": "BBC News", "Business Insider": "Business Insider", "AP": "Associated Press",
    "The Associated Press": "Associated Press", "AFP": "Agence France-Presse", "NYT": "The New York Times",
    "New York Times": "The New York Times", "WSJ": "The Wall Street Journal", "Guardian": "The Guardian",
    "DailyNK": "Daily NK", "Yonhap": "Yonhap News Agency", "RFE/RL": "Radio Free Europe/Radio Liberty",
    "Kyiv Independent": "The Kyiv Independent", "Deutsche Welle": "Deutsche Welle", "DW": "Deutsche Welle",
    "Le Monde": "Le Monde", "Der Spiegel": "Der Spiegel", "Al Jazeera": "Al Jazeera", "CNN": "CNN", "NPR": "NPR",
}  # fmt: skip


@pytest.mark.parametrize("name", CITED_AS)
def test_outlets_are_known_by_the_names_that_articles_use(name: str) -> None:
    found = outlets.find(name)
    assert found is not None
    assert found.name == CITED_AS[name]


def test_the_catalogue_is_sound() -> None:
    known = outlets.all_outlets()
    with_feed = [outlet for outlet in known if outlet.feeds]
    assert len(with_feed) >= 150
    assert len({outlet.id for outlet in known}) == len({outlet.name for outlet in known}) == len(known)
    feeds = [feed for outlet in known for feed in outlet.feeds]
    assert len(set(feeds)) == len(feeds)
    for outlet in known:
        assert urls.fetchable(outlet.homepage) == outlet.homepage, outlet
        assert len(outlet.language) == 2
        assert len(outlet.country) == 2
    for feed in feeds:
        assert urls.fetchable(feed), feed


@pytest.mark.parametrize("address", ["http://", "ftp://herald.example/a", "https:///a b"])
def test_what_is_no_web_address_is_not_asked_for(tmp_path: Path, address: str) -> None:
    said = monitor("add", address, "--config", tmp_path / "config.toml")
    assert said.code == 1 and "is no web address" in said.err
