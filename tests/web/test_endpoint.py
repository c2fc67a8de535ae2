"""The endpoint against the people who should not use it: hosts, tokens, forms, hostile text."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from monitor import config
from monitor.app.build import App, build
from monitor.core.delivery.links import Links
from monitor.errors import ConfigError
from monitor.metrics import Metrics
from monitor.model import Alert, Delivery, Reason
from monitor.web import make

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script>\u202e\x1b[31m "><img src=x onerror=alert(1)>'
TEXT = """
[http]
{http}
[[source]]
id = "feed"
url = "https://feed.example/rss"
[[story]]
id = "nk"
title = "A story"
seed_text = '''North Korea sends soldiers to Russia

North Korea ordered companies in Russia to pick soldiers for occupied Ukraine, reporters said.
'''
"""


@dataclass
class Endpoint:
    app: App
    client: httpx.AsyncClient

    def form_token(self, page: str) -> str:
        found = re.search(r'name="token" value="([^"]+)"', page)
        assert found
        return found[1]


async def opened(folder: Path, http: str = "", environ: dict[str, str] | None = None) -> Endpoint:
    settings = config.parse(TEXT.format(http=http), folder / "config.toml", environ or {})
    app = build(settings, None, Metrics(), exclusive=False)
    alert = Alert(
        id="aone", kind="story.development", at=NOW, title=HOSTILE, story_id="nk", story_title="A story",
        article_title=HOSTILE, article_url="javascript:alert(1)", article_source=HOSTILE, summary=HOSTILE,
        reasons=(Reason("words", 1.0, 1.0, HOSTILE),), entry_key="e1", entry_id="e1",
    )  # fmt: skip
    app.store.add_alert(alert, [Delivery("mone", "aone", "desk", "", created_at=NOW, next_at=NOW)])
    transport = httpx.ASGITransport(app=make(app))
    return Endpoint(app, httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765"))


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncIterator[Endpoint]:
    made = await opened(tmp_path)
    yield made
    await made.client.aclose()
    await made.app.close()


async def test_every_page_answers_and_carries_safe_headers(endpoint: Endpoint) -> None:
    for path in ("/livez", "/readyz", "/metrics", "/", "/style.css", "/stories/nk", "/alerts/aone", "/feed/nk.atom"):
        answer = await endpoint.client.get(path)
        assert answer.status_code == 200, path
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in answer.headers


async def test_hostile_text_stays_text(endpoint: Endpoint) -> None:
    for path in ("/", "/alerts/aone", "/feed/nk.atom"):
        page = (await endpoint.client.get(path)).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "\u202e" not in page
        assert "\x1b" not in page
        assert "javascript:" not in page


async def test_an_alert_shows_where_its_article_is(endpoint: Endpoint) -> None:
    (alert, _) = endpoint.app.store.alerts(alert_id="aone")[0]
    told = replace(alert, id="atwo", article_url="https://ledger.example/2026/strike", article_source="Ledger")
    endpoint.app.store.add_alert(told, [])
    assert (
        'href="https://ledger.example/2026/strike" rel="noopener noreferrer">ledger.example</a>'
        in (await endpoint.client.get("/alerts/atwo")).text
    )


QUIET = """
[[story]]
id = "quiet"
title = "A story of which nothing was told"
seed_text = '''Dam breaks in the north
{line}
A dam broke in the north, the governor said.
'''
"""


@pytest.mark.parametrize("dated", [True, False])
async def test_the_feed_of_a_story_without_alerts_has_an_instant_of_its_own(tmp_path: Path, dated: bool) -> None:
    text = TEXT.format(http="") + QUIET.format(line="\n1 June 2026\n" if dated else "")
    app = build(config.parse(text, tmp_path / "config.toml", {}), None, Metrics(), exclusive=False)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=make(app)), base_url="http://127.0.0.1:8765")

    async def updated() -> datetime:
        found = re.search(r"<updated>([^<]+)", (await client.get("/feed/quiet.atom")).text)
        assert found
        return datetime.fromisoformat(found[1])

    began = datetime.now(UTC)
    if dated:
        assert (await updated()).date() == NOW.date(), "its article's day, for as long as nothing was read"
    else:
        assert began <= await updated() <= datetime.now(UTC)
    status = app.store.statuses(["feed"])["feed"]
    app.store.set_status(replace(status, baseline_at=NOW))
    assert await updated() == NOW, "when its sources were first read"
    await client.aclose()
    await app.close()


@pytest.mark.parametrize("path", ["/stories/none", "/alerts/none", "/feed/none.atom", "/../../etc/passwd", "/%2e%2e/x"])
async def test_what_is_not_there_is_a_404(endpoint: Endpoint, path: str) -> None:
    assert (await endpoint.client.get(path)).status_code == 404


async def test_other_host_names_are_refused(endpoint: Endpoint) -> None:
    """DNS rebinding: a page of the attacker's whose name now leads here sends its own Host."""
    answer = await endpoint.client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 421
    assert (await endpoint.client.get("/", headers={"host": "localhost:8765"})).status_code == 200


async def test_state_changes_need_our_own_form(endpoint: Endpoint) -> None:
    token = endpoint.form_token((await endpoint.client.get("/")).text)
    post = endpoint.client.post
    assert (await post("/sources/feed/pause", data={})).status_code == 403
    assert (await post("/sources/feed/pause", data={"token": "x" * 30})).status_code == 403
    foreign = {"origin": "https://evil.example"}
    assert (await post("/sources/feed/pause", data={"token": token}, headers=foreign)).status_code == 403
    fetched = {"sec-fetch-site": "cross-site"}
    assert (await post("/sources/feed/pause", data={"token": token}, headers=fetched)).status_code == 403
    assert (await endpoint.client.get("/sources/feed/pause")).status_code == 405
    assert not endpoint.app.store.statuses(["feed"])["feed"].paused
    assert (await post("/sources/feed/pause", data={"token": token})).status_code == 303
    assert endpoint.app.store.statuses(["feed"])["feed"].paused
    assert (await post("/sources/feed/resume", data={"token": token})).status_code == 303
    assert (await post("/sources/none/pause", data={"token": token})).status_code == 404


async def test_big_bodies_are_refused(endpoint: Endpoint) -> None:
    answer = await endpoint.client.post("/alerts/aone/feedback", content=b"x" * (65 * 1024))
    assert answer.status_code == 413


async def test_a_link_that_was_cut_says_so_on_a_page_with_its_style(endpoint: Endpoint) -> None:
    for kind in ("feedback", "unsubscribe"):
        answer = await endpoint.client.get(f"/{kind}/cut")
        assert (answer.status_code, "was cut" in answer.text, "?style.css" in answer.text) == (404, True, True)
        style = await endpoint.client.get(f"/{kind}/cut?style.css")
        assert (style.status_code, style.headers["content-type"].partition(";")[0]) == (200, "text/css")


async def test_signed_links_show_on_get_and_act_on_post(endpoint: Endpoint) -> None:
    app = endpoint.app
    links = Links("http://127.0.0.1:8765", app.signing_key)
    alert, (delivery,) = app.store.alerts(alert_id="aone")[0]
    made = links(delivery, alert)
    path = made["feedback"]["no"].removeprefix("http://127.0.0.1:8765")
    assert "Not this story?" in (await endpoint.client.get(path)).text
    assert app.store.feedback("nk") == []
    foreign = {"origin": "https://mail.example"}
    assert (await endpoint.client.post(path, headers=foreign)).status_code == 200
    assert [row.word for row in app.store.feedback("nk")] == ["no"]
    assert (await endpoint.client.get(path[:-2] + "xx")).status_code == 404
    stop = made["unsubscribe"].removeprefix("http://127.0.0.1:8765")
    one_click = await endpoint.client.post(stop, data={"List-Unsubscribe": "One-Click"}, headers=foreign)
    assert one_click.status_code == 200
    assert ("nk", "desk", "") in app.pipeline.watchlist.muted


async def test_a_token_is_asked_for_everywhere_but_livez(tmp_path: Path) -> None:
    made = await opened(tmp_path, 'token_env = "MONITOR_TOKEN"', {"MONITOR_TOKEN": "s3cret"})
    try:
        assert (await made.client.get("/livez")).status_code == 200
        for path in ("/", "/readyz", "/metrics", "/stories/nk", "/alerts/aone", "/feed/nk.atom", "/feedback/x"):
            assert (await made.client.get(path)).status_code == 401, path
            bearer = {"authorization": "Bearer s3cret"}
            assert (await made.client.get(path, headers=bearer)).status_code != 401, path
            assert (await made.client.get(path, auth=("any", "wrong"))).status_code == 401
            assert (await made.client.get(path, auth=("any", "s3cret"))).status_code != 401
    finally:
        await made.client.aclose()
        await made.app.close()


async def test_a_token_that_is_missing_is_said_before_anything_listens(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="MONITOR_TOKEN is not set"):
        await opened(tmp_path, 'token_env = "MONITOR_TOKEN"', {})
