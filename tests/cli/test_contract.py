"""The outside of the program, read off its contract: documents, keys, types, exit codes, and what goes where."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.command import Answer, monitor, process
from tests.loopback import Mailbox, Newsstand, rss

CANARY = "CANARYcanaryCANARYcanaryCANARY99"
SECRET = "whsec_" + base64.b64encode(CANARY.encode()).decode()
SEED = """North Korea sends soldiers to Russia

3 February 2023

North Korea ordered its trading companies in Russia to pick soldiers and police for occupied Ukraine. The soldiers
are to rebuild houses in Ukraine, North Korean workers told reporters in Russia. North Korea had promised 800 workers.

Sources used:
- Feed A: 'North Korea picks soldiers'
- The Unheard Courier: 'Workers wait'
"""
FIRST = "North Korean soldiers arrive in Russia's Kursk region"
SECOND = "North Korea to send 5,000 construction troops and 1,000 sappers to Russia, Shoigu says"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
# The words of the contract for what a value may be.
TEXT, COUNT, NUMBER, FLAG, LIST, TABLE = str, int, (int, float), bool, list, dict


@dataclass
class Watch:
    """A configuration on loopback servers, and the figures of its first two polls."""

    config: Path
    stand: Newsstand
    mailbox: Mailbox
    first: Answer
    second: Answer

    def ask(self, *words: object) -> Answer:
        """A verb on this configuration."""
        return monitor(*words, "--config", self.config, DESK_SECRET=SECRET)


def entry(number: int, title: str, at: str) -> dict[str, str]:
    return {"id": f"id-{number}", "title": title, "url": f"https://example.org/{number}", "at": at}


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    folder, stand, mailbox = tmp_path_factory.mktemp("watch"), Newsstand(), Mailbox()
    old = [entry(1, FIRST, "2026-11-01T10:00:00Z"), entry(2, "A bakery wins a prize", "2026-11-01T09:00:00Z")]
    stand.feeds["/a.xml"] = rss("Feed A", old)
    stand.feeds["/login"] = b"<!doctype html><html><body><form><input type=password></form></body></html>"
    (folder / "seed.txt").write_text(SEED)
    (folder / "config.toml").write_text(f"""
[fetch]
allow_private = ["127.0.0.1:{stand.port}"]
host_spacing = "0s"
follow_pages = false
[hooks]
allow_private = ["127.0.0.1:{stand.port}"]
[http]
public_url = "https://desk.example.org"
[[source]]
id = "a"
name = "Feed A"
url = "{stand.url}/a.xml"
[[source]]
id = "login"
url = "{stand.url}/login"
[[source]]
id = "inner"
url = "http://0177.0.0.02/feed"
[[story]]
id = "nk"
title = "Soldiers"
seed = "seed.txt"
[[channel]]
id = "desk"
type = "webhook"
url = "{stand.url}/hook"
secret_env = "DESK_SECRET"
[[channel]]
id = "mail"
type = "email"
host = "127.0.0.1"
port = {mailbox.port}
tls = "none"
from = "monitor@example.org"
to = ["desk@example.org", "night@example.org"]
[[channel]]
id = "terminal"
type = "console"
""")
    words = ("poll", "--all", "--json", "--config", folder / "config.toml")
    first = monitor(*words, DESK_SECRET=SECRET)
    stand.feeds["/a.xml"] = rss("Feed A", [entry(3, SECOND, "2026-11-02T10:00:00Z"), *old])
    yield Watch(folder / "config.toml", stand, mailbox, first, monitor(*words, DESK_SECRET=SECRET))
    stand.close()
    mailbox.close()


def holds(value: dict[str, Any], shape: dict[str, Any]) -> None:
    """Every key of the shape is there and of its type; a shape in a list of one may be null."""
    for key, wanted in shape.items():
        assert key in value, key
        kinds = wanted[0] if isinstance(wanted, list) else wanted
        if isinstance(wanted, list) and value[key] is None:
            continue
        assert isinstance(value[key], kinds), (key, value[key])
        assert not (isinstance(value[key], bool) and kinds is not FLAG), key
        if key.endswith("_at") or key == "at":
            assert INSTANT.fullmatch(value[key]), (key, value[key])


POLL = dict.fromkeys(
    ("visited", "put_off", "left", "unchanged", "changed", "failed", "entries_new", "matched", "alerts", "delivered"),
    COUNT,
)
SOURCE = {
    "id": TEXT, "url": TEXT, "state": TEXT, "error": [TEXT], "last_ok_at": [TEXT], "next_at": [TEXT], "entries": COUNT,
    "gaps": COUNT, "failures": COUNT,
}  # fmt: skip
ALERT = {"id": TEXT, "story": TEXT, "kind": TEXT, "at": TEXT, "title": TEXT, "entry": [TEXT], "deliveries": LIST}
DELIVERY = {
    "id": TEXT, "channel": TEXT, "state": TEXT, "attempts": COUNT, "next_at": [TEXT], "error": [TEXT],
}  # fmt: skip
DECISION = {
    "entry": TEXT, "story": TEXT, "source": TEXT, "at": TEXT, "title": TEXT, "url": TEXT, "follow_up": FLAG,
    "score": NUMBER, "threshold": NUMBER, "verdict": [TEXT], "development": [TEXT], "origin": [TEXT],
    "folded_into": [TEXT], "revision": COUNT, "claims": LIST, "reasons": LIST, "key": TEXT,
}  # fmt: skip


def test_poll_prints_figures_alone_beside_a_console_channel(watch: Watch) -> None:
    for answer in (watch.first, watch.second):
        assert answer.code == 0, "also when sources fail"
        holds(answer.document, POLL | {"seconds": NUMBER})
    assert watch.first.document["failed"] == 2
    assert watch.second.document["entries_new"] == 1
    assert watch.second.document["alerts"] == 1
    assert watch.second.document["delivered"] == 4
    assert "NEW DEVELOPMENT" in watch.second.err, "the console channel speaks on standard error meanwhile"


def test_sources_say_how_they_stand(watch: Watch) -> None:
    rows = watch.ask("sources", "--json").document
    for row in rows:
        holds(row, SOURCE)
    assert [(row["id"], row["state"], row["error"], row["entries"]) for row in rows] == [
        ("a", "ok", None, 3), ("login", "failing", "challenge", 0), ("inner", "blocked", "blocked_address", 0),
    ]  # fmt: skip
    assert rows[1]["failures"] == 2


def test_alerts_list_a_delivery_for_every_recipient(watch: Watch) -> None:
    development, baseline = [row for row in watch.ask("alerts", "--json").document if "story" in row]
    holds(development, ALERT)
    holds(baseline, ALERT)
    assert (development["kind"], development["entry"]) == ("story.development", "id-3")
    assert baseline["kind"] == "story.baseline"
    for delivery in development["deliveries"]:
        holds(delivery, DELIVERY)
        assert delivery["state"] == "delivered"
    assert [row["channel"] for row in development["deliveries"]] == ["desk", "mail", "mail", "terminal"]


@pytest.mark.parametrize("name", ["id-3", "https://example.org/3", "https://example.org/3?utm_source=x", "key"])
def test_an_entry_is_explained_by_any_of_its_names(watch: Watch, name: str) -> None:
    known = watch.ask("explain", "id-3", "--json").document
    made = watch.ask("explain", known["key"] if name == "key" else name, "--json").document
    holds(made, DECISION)
    assert (made["entry"], made["follow_up"], made["verdict"]) == ("id-3", True, "development")
    for why in made["reasons"]:
        holds(why, {"signal": TEXT, "value": NUMBER, "weight": NUMBER, "evidence": TEXT})
    assert known == made


def test_what_is_no_follow_up_has_no_verdict(watch: Watch) -> None:
    made = watch.ask("explain", "id-2", "--json").document
    holds(made, DECISION)
    assert (made["follow_up"], made["verdict"], made["development"]) == (False, None, None)


def test_the_webhook_body_is_that_of_the_schema(watch: Watch) -> None:
    schema = monitor("schema", "--json").document
    bodies = watch.stand.bodies()
    for body in bodies:
        jsonschema.validate(body, schema)
    data = next(body for body in bodies if body["type"] == "story.development")["data"]
    holds(data, {
        "alert": TEXT, "seq": COUNT, "story": TABLE, "verdict": TEXT, "phase": [TEXT], "headline": TEXT,
        "summary": TEXT,
        "article": TABLE, "also_reported_by": LIST, "origins": COUNT, "claims_changed": LIST, "reasons": LIST,
        "links": TABLE,
    })  # fmt: skip
    holds(data["article"], {
        "title": TEXT, "url": TEXT, "source": TEXT, "published_at": TEXT, "first_seen_at": TEXT, "revision": COUNT,
    })  # fmt: skip
    holds(data["links"], {"dashboard": TEXT, "feedback": TABLE})


def test_the_mail_has_the_headers_of_the_contract(watch: Watch) -> None:
    mail = next(m for m in watch.mailbox.messages if m["X-Monitor-Verdict"] == "development")
    assert str(mail["Subject"]).replace("\n", "").startswith("[Soldiers] ")
    assert mail.get_content_type() == "multipart/alternative"
    for name in ("Message-ID", "References", "List-ID", "List-Unsubscribe", "X-Monitor-Alert"):
        assert mail[name], name
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail["Auto-Submitted"], mail["X-Monitor-Story"]) == ("auto-generated", "nk")


def test_every_verb_that_prints_prints_one_document(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(watch.stand.feeds["/a.xml"])
    (tmp_path / "old.txt").write_text("Up to 300 men\n\nThe ministry said that 300 men will go.\n")
    (tmp_path / "new.txt").write_text("Up to 500 men\n\nThe ministry said that 500 men will go.\n")
    (tmp_path / "x.opml").write_text(watch.ask("export", "opml").out)
    alert = watch.ask("alerts", "--json", "--story", "nk").document[0]["id"]
    for words in (
        ["stories"], ["timeline", "nk"], ["suppressed"], ["suppressed", "--since", "30d"], ["check"], ["doctor"],
        ["migrate"], ["backup", tmp_path / "copy.db"], ["export", "opml"], ["export", "jsonl"], ["export", "labels"],
        ["export", "bundle", "nk"], ["import", tmp_path / "x.opml"], ["pause", "a"], ["resume", "a"], ["pause", "nk"],
        ["resume", "nk"], ["feedback", alert, "important"], ["redeliver", alert], ["redeliver", "--dead"],
        ["redeliver", "--since", "1d"], ["test-alert", "terminal"], ["parse", tmp_path / "feed.xml"],
        ["diff", tmp_path / "old.txt", tmp_path / "new.txt"], ["schema"],
        ["add", watch.config.parent / "seed.txt", "--dry-run"],
    ):  # fmt: skip
        answer = watch.ask(*words, "--json")
        assert isinstance(answer.document, (dict, list)), words
        assert answer.code == (1 if words[0] in ("check", "doctor") else 0), (words, answer.err)


def test_what_a_watch_does_not_cover_is_named(watch: Watch) -> None:
    (story,) = watch.ask("check", "--json").document["stories"]
    assert (story["story"], story["not_covered"]) == ("nk", ["The Unheard Courier"])
    assert "Not covered for nk: The Unheard Courier" in watch.ask("check").out


def test_an_article_in_gives_the_plan_of_a_watch(watch: Watch) -> None:
    made = watch.ask("add", watch.config.parent / "seed.txt", "--json", "--dry-run").document
    holds(made, {"story": TABLE, "sources": LIST, "profile": TABLE, "claims": LIST})
    holds(made["story"], {"id": TEXT, "title": TEXT, "published_at": [TEXT]})
    for source in made["sources"]:
        holds(source, {
            "name": TEXT, "cited": LIST, "homepage": [TEXT], "feed": [TEXT], "how": TEXT, "validated": FLAG,
            "error": [TEXT],
        })  # fmt: skip
        holds(source["cited"][0], {"title": TEXT, "url": [TEXT]})
    holds(made["profile"], dict.fromkeys(("names", "places", "organisations", "actions", "terms"), LIST))
    for claim in made["claims"]:
        holds(claim, {"kind": TEXT, "text": TEXT, "quote": TEXT})
        assert {"value", "unit"} <= set(claim)


def test_a_feed_file_and_one_that_is_none(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "feed").write_bytes(watch.stand.feeds["/a.xml"])
    made = monitor("parse", tmp_path / "feed", "--url", "https://example.org/", "--json").document
    holds(made, {"format": TEXT, "title": TEXT, "link": [TEXT], "entries": LIST, "problems": LIST})
    assert "updated_at" in made
    for row in made["entries"]:
        holds(row, {
            "id": TEXT, "url": TEXT, "title": TEXT, "summary": TEXT, "authors": LIST, "published_at": [TEXT],
            "updated_at": [TEXT], "language": [TEXT],
        })  # fmt: skip
    (tmp_path / "page").write_bytes(watch.stand.feeds["/login"])
    answer = monitor("parse", tmp_path / "page", "--json")
    assert (answer.code, answer.document["error"]) == (1, "challenge")
    (tmp_path / "none").write_bytes(b"")
    assert monitor("parse", tmp_path / "none", "--json").document["error"] == "not_a_feed"


def test_a_revision_of_an_article(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("Men to go\n\nThe ministry said on Monday that 300 men will go to the coast.\n")
    (tmp_path / "new").write_text("Men to go\n\nThe ministry said on Monday that 500 men will go to the coast.\n")
    made = monitor("diff", tmp_path / "old", tmp_path / "new", "--json").document
    holds(made, {"verdict": TEXT, "changes": LIST, "html": TEXT})
    assert made["verdict"] == "revision"
    holds(made["changes"][0], {"kind": TEXT, "before": TEXT, "after": TEXT, "sentence": TEXT})
    assert made["changes"][0]["kind"] == "figure"
    same = monitor("diff", tmp_path / "old", tmp_path / "old", "--json").document
    assert (same["verdict"], same["changes"]) == ("none", [])


WRONG = {
    "no such verb": (["sourcs"], 2, "Did you mean 'sources'"),
    "no such option": (["sources", "--jsn"], 2, "--json"),
    "no argument": (["explain"], 2, "ENTRY"),
    "no such entry": (["explain", "none"], 1, "'none'"),
    "no such story": (["timeline", "none"], 1, "monitor stories"),
    "no such story to search": (["search", "troops", "--story", "none"], 1, "monitor stories"),
    "no such story told": (["alerts", "--story", "none"], 1, "monitor stories"),
    "no such story held back": (["suppressed", "--story", "none"], 1, "monitor stories"),
    "no such source to search": (["search", "troops", "--source", "none"], 1, "monitor sources"),
    "no such source": (["pause", "none"], 1, "monitor sources"),
    "no such alert": (["redeliver", "none"], 1, "monitor alerts"),
    "no such channel": (["test-alert", "none"], 1, "desk, mail, terminal"),
    "no such word": (["feedback", "none", "perhaps"], 2, "important"),
    "no instant": (["alerts", "--since", "yesterday"], 2, "7d"),
    "an impossible span": (["alerts", "--since", "99999999999d"], 2, "7d"),
    "nothing to send again": (["redeliver"], 2, "--dead"),
    "nothing to export": (["export", "csv"], 2, "export bundle STORY"),
    "no such file": (["parse", "none.xml"], 2, "none.xml"),
    "no such recording": (["replay", "none"], 1, "none"),
    "no such folder": (["backup", "/none/copy.db"], 2, "/none"),
    "no such article": (["add", "none.txt", "--dry-run"], 1, "none.txt"),
}


@pytest.mark.parametrize("name", WRONG)
def test_mistakes_are_told_on_standard_error(watch: Watch, name: str) -> None:
    words, code, hint = WRONG[name]
    answer = watch.ask(*words, *([] if name == "no such option" else ["--json"]))
    assert (answer.code, answer.out) == (code, ""), answer
    assert hint in answer.err
    assert "Traceback" not in answer.err


def test_the_configuration_is_found_by_option_variable_or_folder(watch: Watch, tmp_path: Path) -> None:
    folder = watch.config.parent
    assert process("stories", "--json", cwd=folder).document[0]["id"] == "nk"
    (tmp_path / "config.toml").write_text("")
    assert monitor("stories", "--json", MONITOR_CONFIG=str(watch.config)).document[0]["id"] == "nk"
    both = monitor("stories", "--json", "--config", tmp_path / "config.toml", MONITOR_CONFIG=str(watch.config))
    assert both.document == [], "the option wins over the variable"
    assert monitor("--config", watch.config, "stories", "--json", MONITOR_CONFIG="").document[0]["id"] == "nk"
    missing = monitor("stories", "--config", tmp_path / "none.toml")
    assert (missing.code, missing.err.count("\n")) == (2, 1)
    assert "none.toml" in missing.err


def test_a_reader_that_goes_away_ends_it_quietly(watch: Watch) -> None:
    import subprocess
    import sys

    words = [sys.executable, "-m", "monitor", "export", "bundle", "nk", "--config", str(watch.config)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as begun:
        assert begun.stdout is not None
        assert begun.stderr is not None
        begun.stdout.close()
        assert begun.stderr.read() == b""


def test_no_secret_is_shown_by_any_verb(watch: Watch) -> None:
    said = []
    for words in (
        ["sources"], ["stories"], ["alerts"], ["check"], ["doctor"], ["export", "bundle", "nk"], ["export", "opml"],
        ["test-alert", "desk"], ["export", "jsonl"], ["migrate"],
    ):  # fmt: skip
        for form in ([], ["--json"]):
            answer = watch.ask(*words, *form)
            said += [answer.out, answer.err]
    said.append(monitor("stories", "--config", watch.config, DESK_SECRET="whsec_" + CANARY + "!").err)
    said.append(monitor("check", "--config", watch.config, DESK_SECRET="whsec_" + CANARY + "!").err)
    for text in (*said, json.dumps(watch.stand.bodies())):
        assert CANARY not in text
        assert SECRET.removeprefix("whsec_") not in text
    state = watch.config.parent / "state" / "monitor.db"
    assert SECRET.removeprefix("whsec_").encode() not in state.read_bytes()
