"""A story as a feed (RFC 4287): one entry an alert, with what changed; sources as OPML."""

from __future__ import annotations

from datetime import datetime
from html import escape
from secrets import token_hex
from typing import Any

from lxml import etree
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.app.build import App
from monitor.app.settings import public_url
from monitor.core import urls
from monitor.core.delivery import messages, signed_links
from monitor.core.delivery.messages import worddiff, words
from monitor.core.delivery.messages.mail import grouped
from monitor.core.text import clean
from monitor.model import Alert, Report, Story
from monitor.operations import exporting
from monitor.ports import setting_names
from monitor.web.drawing import read, watched
from monitor.web.guard import app_of

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES_MAX = 50  # entries of a feed, the newest (set)


FOLLOW = "follow"
SHARE = "share"


async def feed(request: Request) -> Response:
    """The newest alerts of a story."""
    return await _answer(app_of(request), watched(request))


async def follow(request: Request) -> Response:
    """The same for readers that can send no token: the address is one, for this story's feed and nothing else."""
    app = app_of(request)
    return await _answer(app, await read(opened, app, FOLLOW, request.path_params["token"]))


def opened(app: App, purpose: str, token: str) -> Story:
    """The story that an address with a key of its own opens; 404 where the key was called in."""
    parts = signed_links.verify(app.signing_key, purpose, token)
    for story in app.pipeline.watchlist.stories:
        if parts == _parts(app, story.id):
            return story
    raise HTTPException(404, "This link is not one of ours, was called in, or its story is watched no longer.")


def keyed_path(app: App, purpose: str, story_id: str) -> str:
    """The path under which a story's feed (`follow`) or page (`share`) is its own credential."""
    return f"/{purpose}/{signed_links.sign(app.signing_key, purpose, *_parts(app, story_id))}"


def call_in(app: App, story_id: str) -> None:
    """Let every such path that was given away so far lead nowhere."""
    app.store.set_setting(setting_names.series(story_id), token_hex(8))


def _parts(app: App, story_id: str) -> tuple[str, ...]:
    series = app.store.setting(setting_names.series(story_id))
    return (story_id, series) if series else (story_id,)


async def opml(request: Request) -> Response:
    """The sources of a story, or all, for a feed reader."""
    app = app_of(request)
    listed = [*app.sources.values()]
    if "story" in request.path_params:
        found = watched(request)
        listed = [source for source in listed if found.reads(source.id)]
    return Response(exporting.opml(listed), media_type="text/x-opml")


async def _answer(app: App, found: Story) -> Response:
    rows = await read(lambda: app.store.alerts(story_id=found.id, limit=ENTRIES_MAX))
    base = public_url(app.config)
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    newest = max(told.at for told, _ in rows) if rows else await read(lambda: _begun(app, found))
    _put(root, "id", f"urn:monitor:story:{found.id}")
    _put(root, "title", found.title)
    _put(root, "updated", newest.isoformat())
    _link(root, "self", f"{base}/feed/{found.id}.atom")
    _link(root, "alternate", f"{base}/stories/{found.id}")
    _put(etree.SubElement(root, f"{{{ATOM}}}author"), "name", "monitor")
    for told, _ in rows:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _put(entry, "id", f"urn:monitor:alert:{told.id}")
        _put(entry, "title", messages.headed(told))
        _put(entry, "updated", told.at.isoformat())
        _put(entry, "summary", told.summary)
        _link(entry, "alternate", f"{base}/alerts/{told.id}")
        if link := urls.fetchable(told.article_url):
            _link(entry, "related", link)
        content = etree.SubElement(entry, f"{{{ATOM}}}content", type="html")
        content.text = _content(told)
    return Response(etree.tostring(root, xml_declaration=True, encoding="utf-8"), media_type="application/atom+xml")


def _begun(app: App, story: Story) -> datetime:
    """The instant of a story of which nothing was told: when its sources were first read, else its article's own."""
    statuses = app.store.statuses([name for name in app.sources if story.reads(name)]).values()
    begun = max((status.baseline_at for status in statuses if status.baseline_at), default=None)
    now = app.pipeline.clock.now()
    return min(begun or story.seed.published_at or now, now)


def _content(told: Alert) -> str:
    """The alert as plain HTML, for a reader that shows its title and links already."""
    byline = (words.shown(told.article_source, 80), words.when(told.published_at), words.coverage_line(told))
    parts = [_paragraph(" · ".join(filter(None, byline)))]
    for row in words.changed(told):
        old, new = f"<del>{escape(row.before)}</del> ", f"<ins>{escape(row.after)}</ins>"
        quote = f"<br>“{escape(row.quote)}”" if row.quote else ""
        parts.append(f"<p>{escape(row.subject)}: {old if row.before else ''}{new if row.after else ''}{quote}</p>")
    parts += [f"<blockquote>{escape(notice)}</blockquote>" for notice in words.notices(told)]
    tags = {"ins": "<ins>{}</ins>", "del": "<del>{}</del>", "": "{}"}
    diff = " ".join(tags[tag].format(escape(text)) for tag, text in worddiff.runs(told.diff_html))
    parts += [_paragraph(words.summary(told)), f"<p>{diff}</p>" if diff else "", *map(_paragraph, told.notes)]
    carrying, others = told.still_carrying, words.others(told)
    lists = [(heading, [*map(_report, items)]) for heading, items in grouped(told.items)]
    lists += [
        ("Still carrying the old fact", [*map(_report, carrying)]),
        (words.elsewhere(told), [*map(_report, others)]),
    ]
    lists.append(("Why you got this", [*map(escape, words.why(told))]))
    for heading, rows in lists:
        if rows:
            parts += [_paragraph(heading), "<ul>", *(f"<li>{row}</li>" for row in rows), "</ul>"]
    return "".join(parts)


def _paragraph(text: str) -> str:
    return f"<p>{escape(words.shown(text, 2000))}</p>" if text else ""


def _report(item: Report) -> str:
    url, title = urls.fetchable(item.url), escape(words.shown(item.title, 300))
    named = f'<a href="{escape(url)}">{title}</a>' if url else title
    return f"{named} - {escape(words.place(item))}"


def _put(parent: Any, tag: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{tag}").text = clean(text, 1000)


def _link(parent: Any, rel: str, href: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href)
