"""A story as a feed (RFC 4287): one entry an alert, with the text of its mail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from monitor.app import App, public_url
from monitor.core import urls
from monitor.core.delivery import messages
from monitor.core.text import clean
from monitor.web.drawing import read, watched

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES_MAX = 50


async def feed(request: Request) -> Response:
    """The newest alerts of a story."""
    app: App = request.app.state.app
    found = watched(request)
    rows = await read(lambda: app.store.alerts(story_id=found.id, limit=ENTRIES_MAX))
    base = public_url(app.config)
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    newest = max((told.at for told, _ in rows), default=datetime.fromtimestamp(0, UTC))
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
        lines = messages.text(told, {}).splitlines()
        content = etree.SubElement(entry, f"{{{ATOM}}}content", type="text")
        content.text = "\n".join(line[: len(line) - len(line.lstrip())] + clean(line, 2000) for line in lines)
    return Response(etree.tostring(root, xml_declaration=True, encoding="utf-8"), media_type="application/atom+xml")


def _put(parent: Any, tag: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{tag}").text = clean(text, 1000)


def _link(parent: Any, rel: str, href: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href)
