"""The read-only API, its description, and feeds: real answers over a state that was recorded."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from lxml import etree, html

from monitor import config
from monitor.app.build import App, build
from monitor.core.revisions import versions
from monitor.metrics import Metrics
from monitor.model import Claim, Decision, Judgements, Score
from monitor.operations.questions import QUESTIONS
from monitor.serve import Reporter
from monitor.web import make
from tests.stores.made import NOW, alert, decision, delivery, member, outcome, sighting

TEXT = """
[http]
{http}
[[source]]
id = "herald"
name = "The Herald"
url = "https://herald.example/feed"
[[source]]
id = "post"
url = "https://post.example/feed"
[[story]]
id = "bridge"
title = "The bridge"
sources = ["herald"]
seed_text = '''The bridge at Vess loses three spans

Three spans of the bridge at Vess fell into the river on 3 May 2026, the ministry said.
'''
"""
LINK = re.compile(r'href="(/(follow|share)/[^"]+)"')
ATOM = "{http://www.w3.org/2005/Atom}"


def opened(folder: Path, http: str = "", environ: dict[str, str] | None = None) -> App:
    metrics, environ = Metrics(), environ or {}
    settings = config.parse(TEXT.format(http=http), folder / "config.toml", environ)
    app = build(settings, Reporter(metrics), metrics, exclusive=False)
    seen = tuple(sighting(number) for number in (1, 2, 3))
    told = alert("1", entry_key=seen[0].key)
    corrected = alert(
        "fix", kind="story.correction", entry_key=seen[0].key, deltas=(), revision=2,
        diff_html=versions.compare("Two spans fell.", "Three spans fell.").html,
    )  # fmt: skip
    miss: Decision = decision(seen[2], value=0.42)
    made = Judgements(
        decisions=(decision(seen[0], alert_id=told.id), decision(seen[1], verdict="repeat"), miss),
        members=(("bridge", member(seen[0], alert_id=told.id)), ("bridge", member(seen[1], verdict="repeat"))),
        claims=(("bridge", seen[0].key, Claim("quantity", "spans", "3 spans", "3", low=3.0, source="Herald", at=NOW)),),
        alerts=(told, corrected), deliveries=(delivery(told), delivery(corrected)),
    )  # fmt: skip
    assert miss.score == Score(0.42, 0.5, False, miss.score.reasons)
    recorded = outcome(1, 2, 3)
    app.store.record([type(recorded)(recorded.status, recorded.fetched, seen, made, entries_new=3, changed=True)])
    while app.store.index(100):
        pass
    return app


def client(app: App) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=make(app)), base_url="http://127.0.0.1:8765")


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    made = opened(tmp_path)
    yield made
    await made.close()


async def test_every_question_is_answered_and_described(app: App) -> None:
    async with client(app) as browser:
        described = (await browser.get("/api/v1/openapi.json")).json()
        assert described["openapi"].startswith("3.1")
        assert set(described["paths"]) == {question.path for question in QUESTIONS}
        told = app.store.alerts(limit=1)[0][0]
        values = {"story": "bridge", "alert": told.id, "entry": "urn:1", "text": "report"}
        for path, methods in described["paths"].items():
            assert set(methods) == {"get"}
            parameters = {each["name"]: each for each in methods["get"]["parameters"]}
            address = path
            for name in re.findall(r"{(\w+)}", path):
                assert parameters[name]["in"] == "path"
                assert parameters[name]["required"]
                address = address.replace(f"{{{name}}}", values[name])
            given = {n: values[n] for n, each in parameters.items() if each["required"] and each["in"] == "query"}
            answer = await browser.get(f"/api/v1{address}", params=given)
            assert answer.status_code == 200, (path, answer.text)
            assert answer.json(), path


async def test_answers_say_what_the_state_says(app: App) -> None:
    async with client(app) as browser:

        async def get(path: str, **given: str) -> object:
            return (await browser.get(f"/api/v1{path}", params=given)).json()

        (story,) = await get("/stories")  # type: ignore[misc]
        assert (story["id"], story["reports"], story["alerts"]) == ("bridge", 2, 2)
        found = await get("/search", text="report", decision="near")
        assert [(row["story"], row["verdict"], row["score"]) for row in found] == [("bridge", None, 0.42)]  # type: ignore[attr-defined]
        near = await get("/near-misses", story="bridge")
        assert [row["nearness"] for row in near] == [-0.08]  # type: ignore[attr-defined]
        assert len(await get("/alerts", limit="1")) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/stories/none/timeline", 404), ("/stories/none/claims", 404), ("/alerts/none", 404), ("/explain", 400),
        ("/explain?entry=none", 404), ("/search?limit=x", 400), ("/search?limit=-1", 400), ("/alerts?since=soon", 400),
        ("/alerts?stories=bridge", 400), ("/search?page=9999999", 400), ("/nothing", 404),
    ],
)  # fmt: skip
async def test_what_cannot_be_answered_is_said(app: App, path: str, status: int) -> None:
    async with client(app) as browser:
        answer = await browser.get(f"/api/v1{path}")
        assert answer.status_code == status
        if path != "/nothing":
            assert answer.json()["error"]


async def test_nothing_can_be_changed_by_it(app: App) -> None:
    async with client(app) as browser:
        for path in ("/stories", "/search", "/alerts"):
            for method in ("POST", "PUT", "DELETE", "PATCH"):
                headers = {"origin": "http://127.0.0.1:8765"}
                assert (await browser.request(method, f"/api/v1{path}", headers=headers)).status_code == 405


async def test_the_feed_carries_what_changed(app: App) -> None:
    async with client(app) as browser:
        root = etree.fromstring((await browser.get("/feed/bridge.atom")).content)
        contents = [node.text or "" for node in root.iter(f"{ATOM}content")]
        assert any("<del>Two</del> <ins>Three</ins>" in text for text in contents)
        assert any("spans: <del>2</del> <ins>3</ins>" in text for text in contents)
        for text in contents:
            tags = [node.tag for node in html.fragment_fromstring(text, create_parent=True).iter()]
            assert "pre" not in tags
            assert text.count("http") == tags.count("a"), "no address is spelled out"
        opml = etree.fromstring((await browser.get("/feed/bridge.opml")).content)
        assert [node.get("xmlUrl") for node in opml.iter("outline")] == ["https://herald.example/feed"]
        every = etree.fromstring((await browser.get("/sources.opml")).content)
        assert len(list(every.iter("outline"))) == 2


async def test_a_feed_with_its_key_needs_no_token_and_opens_nothing_else(tmp_path: Path) -> None:
    app = opened(tmp_path, 'token_env = "T"', {"T": "secret"})
    async with client(app) as browser:
        page = (await browser.get("/stories/bridge", headers={"authorization": "Bearer secret"})).text
        found = re.search(r'href="(/follow/[^"]+)"', page)
        assert found
        assert (await browser.get("/feed/bridge.atom")).status_code == 401
        assert (await browser.get("/api/v1/stories")).status_code == 401
        answer = await browser.get(found[1])
        assert answer.status_code == 200
        assert b"Two" in answer.content
        assert (await browser.get(found[1][:-3] + "xyz")).status_code == 401
        assert (await browser.get(found[1] + "/x")).status_code == 401
    await app.close()


async def test_links_to_read_only_show_one_story_and_are_called_in(tmp_path: Path) -> None:
    app = opened(tmp_path, 'token_env = "TOKEN"', {"TOKEN": "secret"})
    bearer = {"authorization": "Bearer secret"}
    async with client(app) as browser:
        page = (await browser.get("/stories/bridge", headers=bearer)).text
        paths = {purpose: path for path, purpose in LINK.findall(page)}
        assert set(paths) == {"follow", "share"}
        shared = await browser.get(paths["share"])
        assert shared.status_code == 200
        assert "Report 1" in shared.text
        assert "<form" not in shared.text
        assert "<script" not in shared.text
        inner = {path.split("/")[1] for path in re.findall(r'href="(/[^"]*)"', shared.text)}
        assert inner == {"follow"}, "no way on to pages that need the token"
        assert (await browser.get(paths["share"] + "?style.css")).headers["content-type"].startswith("text/css")
        assert (await browser.get(paths["share"].replace("/share/", "/follow/"))).status_code in (401, 404)
        assert (await browser.get("/stories/bridge")).status_code == 401
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        answer = await browser.post("/stories/bridge/call-in", data={"token": token[1]}, headers=bearer)
        assert answer.status_code == 303
        for path in paths.values():
            assert (await browser.get(path)).status_code == 404, "called in"
        page = (await browser.get("/stories/bridge", headers=bearer)).text
        for path, _ in LINK.findall(page):
            assert (await browser.get(path)).status_code == 200, "the new one leads there"
    await app.close()


async def test_a_slip_in_a_search_is_asked_about(app: App) -> None:
    async with client(app) as browser:
        page = (await browser.get("/search?q=reprot&source=herald")).text
        assert 'Did you mean <a href="?q=Report&amp;source=herald">Report</a>?' in page
        assert "Did you mean" not in (await browser.get("/search?q=zzzzzz")).text
