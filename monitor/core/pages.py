"""Article pages: bytes -> title, text, date and correction notices, or the state that makes them unfit to compare."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.model import Page


def extract(body: bytes, url: str, content_type: str, at: datetime) -> Page:
    """Read an article page. Anything but state "ok" must never be compared with an earlier version. Never raises."""
    import trafilatura

    if not body.strip():
        return Page(url, at, state="empty")
    try:
        found = trafilatura.bare_extraction(body, url=url, include_comments=False, with_metadata=True)
    except Exception as error:
        return Page(url, at, state="failed", error="parse", title=type(error).__name__)
    if found is None or not found.text:
        return Page(url, at, state="empty")
    published = datetime.fromisoformat(found.date).replace(tzinfo=UTC) if found.date else None
    return Page(url, at, title=found.title or "", text=found.text, published_at=published)
