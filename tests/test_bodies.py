"""What machines are sent: every kind of alert by the shipped schema, within its limits whatever comes; chat shapes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, get_args

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.delivery import messages
from monitor.core.delivery.links import Links
from monitor.core.delivery.messages import chat, words
from monitor.model import Alert, ClaimDelta, Delivery, Reason, Report, TextChange
from monitor.model.words import AlertKind
from tests import samples

KINDS = get_args(AlertKind)
TOLD = samples.told()
LINKS = Links("https://monitor.example", b"k" * 32)
VALIDATOR = jsonschema.Draft202012Validator(messages.schema(), format_checker=jsonschema.FormatChecker())


def links(alert: Alert) -> Any:
    return LINKS(Delivery("mone", alert.id, "desk", "desk@example.org"), alert)


def size(document: Any) -> int:
    return len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def test_there_is_a_sample_of_every_kind_and_the_schema_names_all() -> None:
    assert set(TOLD) == set(KINDS) == set(messages.schema()["properties"]["type"]["enum"])
    jsonschema.Draft202012Validator.check_schema(messages.schema())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_by_the_schema(kind: str) -> None:
    alert = TOLD[kind]
    document = messages.webhook(alert, 7, links(alert))
    VALIDATOR.validate(document)
    VALIDATOR.validate(messages.webhook(alert, 7, {}))  # as `replay --alerts` writes it
    assert document["type"] == kind
    data = document["data"]
    assert ("story" in data) != ("source" in data) or kind == "channel.test"
    assert data["omitted"] == {}
    if alert.entry_key:
        assert set(data["links"]["feedback"]) == {"no", "same_as", "important"}
        assert data["article"]["url"] == alert.article_url


def test_a_wrong_body_is_refused_by_the_schema() -> None:
    good = messages.webhook(TOLD["story.development"], 7, {})
    for path, value in (
        (("type",), "story.rumour"), (("data", "seq"), "7"), (("data", "phase"), "soon"), (("schema_version",), 2),
        (("data", "also_reported_by"), [{"title": "x"}]), (("data", "claims_changed"), [{"subject": "x"}]),
    ):  # fmt: skip
        bad = json.loads(json.dumps(good))
        place = bad
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        assert not VALIDATOR.is_valid(bad), path


TEXTS = st.text(max_size=40).map(lambda text: text * 100) | st.sampled_from(['"\\' * 2000, "Ж" * 2000, "😀" * 2000, ""])
URLS = st.sampled_from(["https://x.example/" + "ж" * 8000, "https://x.example/a", "javascript:alert(1)", ""])
REPORTS = st.lists(st.builds(Report, TEXTS, URLS, TEXTS, TEXTS, kind=st.sampled_from(KINDS), detail=TEXTS), max_size=3)


@settings(max_examples=30)
@given(st.sampled_from(KINDS), TEXTS, TEXTS, URLS, REPORTS, st.sampled_from([1, 7, 70]))
def test_a_body_fits_and_keeps_what_matters(
    kind: str, text: str, other: str, url: str, reports: list[Report], times: int
) -> None:
    alert = replace(
        TOLD[kind], title=text or "x", summary=other, article_title=text, article_url=url, article_source=other,
        story_title=text, entry_id=other, origin=text, also_reported_by=tuple(reports) * times,
        items=tuple(reports) * times, still_carrying=tuple(reports) * times, notes=(text, other) * times,
        deltas=(ClaimDelta("troops", "30,000", "50,000", text), ClaimDelta(text, other, text, other)),
        changes=(TextChange("figure", other, text, text),) * times, reasons=(Reason("words", 1, 1, text),) * times,
    )  # fmt: skip
    document = messages.webhook(alert, 7, links(alert))
    VALIDATOR.validate(document)
    assert size(document) <= 20 * 1024
    data = document["data"]
    assert data["alert"] == alert.id
    assert data["claims_changed"][0] | {"quote": ""} == {
        "subject": "troops", "before": "30,000", "after": "50,000", "quote": "",
    }  # fmt: skip
    for name, rows in (("items", alert.items), ("also_reported_by", alert.also_reported_by)):
        assert len(data[name]) + data["omitted"].get(name, 0) == len(rows)
    if alert.entry_key and url == "https://x.example/a":
        assert data["article"]["url"] == url
    assert data["links"] == links(alert)


def runs(card: Any) -> list[str]:
    return [run["text"] for block in card["body"] for run in block["inlines"]]


@pytest.mark.parametrize("kind", KINDS)
def test_chat_shapes_are_as_the_services_take_them(kind: str) -> None:
    """Limits as published: Slack blocks (50; text 3,000), Discord embeds (256, 4,096; 6,000 together), Teams 28 KB."""
    alert = replace(TOLD[kind], items=TOLD[kind].items * 200, title=TOLD[kind].title * 20)
    made = {name: shape(alert, links(alert)) for name, shape in messages.SHAPES.items()}
    slack, discord, mattermost, teams = (made[name] for name in ("slack", "discord", "mattermost", "teams"))
    assert slack["text"]
    assert len(slack["blocks"]) <= 50
    for block in slack["blocks"]:
        texts = [block["text"]] if block["type"] == "section" else block["elements"]
        assert all(0 < len(text["text"]) <= 3000 for text in texts)
        assert {text["type"] for text in texts} <= {"plain_text", "mrkdwn"}
    (embed,) = discord["embeds"]
    assert 0 < len(embed["title"]) <= 256
    assert len(embed["author"]["name"]) <= 256
    assert len(embed["title"]) + len(embed["description"]) + len(embed["author"]["name"]) <= 6000
    assert len(embed["description"]) <= 4096
    assert discord["allowed_mentions"] == {"parse": []}
    assert 0 < len(mattermost["text"]) <= 16383
    card = teams["attachments"][0]["content"]
    assert (teams["type"], card["type"]) == ("message", "AdaptiveCard")
    assert all(runs(card))
    assert size(teams) <= 28 * 1024
    assert all(action["url"].startswith("https://") for action in card["actions"])


def test_chats_say_what_changed_and_link_to_evidence_and_feedback() -> None:
    alert = TOLD["story.development"]
    for name, shape in messages.SHAPES.items():
        made = json.dumps(shape(alert, links(alert)), ensure_ascii=False).replace("\\\\", "")
        assert "sailors to be heard: up to 30 → 50" in made, name
        for url in (links(alert)["dashboard"], *links(alert)["feedback"].values(), alert.article_url):
            assert url in made, (name, url)


ATTACKS = (
    "@everyone @here <!channel> <@U1> <#C1> <https://evil.example|bank.example> [bank](https://evil.example) "
    "![x](https://evil.example/p.png) `code` **bold** <at>Ann</at> <script>x</script> &lt;!here&gt; \\[a](b)"
)


def test_nothing_from_outside_mentions_links_or_marks_up() -> None:
    alert = replace(
        TOLD["story.development"], title=ATTACKS, article_source=ATTACKS, story_title=ATTACKS, phase=None,
        deltas=(ClaimDelta(ATTACKS, ATTACKS, ATTACKS[::-1], ATTACKS),),
    )  # fmt: skip
    made = {name: shape(alert, links(alert)) for name, shape in messages.SHAPES.items()}
    for document in made.values():
        text = json.dumps(document, ensure_ascii=False)
        assert not re.search(r"@(?!\u200b)\w", text)
        assert not re.search(
            r"<(?!\u200b)[!@#/a-z]", text.replace("<https://monitor", "").replace("<https://ledger", "")
        )
    for markdown in (made["mattermost"]["text"], made["discord"]["embeds"][0]["description"]):
        ours = re.findall(r"(?<!\\)\[[^\]]*\]\(<?(https://[^)>]+)", markdown)
        assert {re.match(r"https://[a-z.]+", url).group() for url in ours} == {  # type: ignore[union-attr]
            "https://ledger.example", "https://monitor.example",
        }  # fmt: skip
        assert not re.search(r"(?<!\\)[`!~]", markdown.replace("\\\\", ""))
    slack = made["slack"]
    outside = [block for block in slack["blocks"] if "mrkdwn" not in json.dumps(block)]
    assert len(outside) == 3
    assert "<" not in slack["text"]


def test_mattermost_shows_no_backslash_of_ours() -> None:
    """Its Markdown knows one before some marks only; before a colon or `<` it would be read by people."""
    told = replace(TOLD["story.development"], title=r"Dam: gate jams at 08:32 :smile: <b> C:\dir \* 1.")
    text = messages.SHAPES["mattermost"](told, links(told))["text"]
    assert not re.search(r"\\(?![`*{}\[\]()#+\-.!_>|~]|\\(?!\w))(?!dir)", text.replace(r"\\", ""))
    assert "Dam: gate jams at 08:32 :\u200bsmile: <\u200bb" in text


def test_a_mail_says_what_the_publisher_says_once() -> None:
    """A summary that ends with the notice, as feeds write it, or that is a quoted sentence, repeats neither."""
    told = TOLD["story.correction"]
    notice = next(change.sentence for change in told.changes if change.kind == "notice")
    fact = next(change.sentence for change in told.changes if change.kind != "notice")
    for summary in (f"Divers went down on Monday. {notice}", notice, fact):
        page = messages.text(replace(told, summary=summary, diff_html=""), {})
        said = " ".join(page.split())
        assert said.count(" ".join(notice.split())) == 1, page
        assert said.count(f'"{fact}"') == 1, page
        assert f" {fact} " not in said.replace(told.title, ""), page
        assert ("Divers went down" in said) == summary.startswith("Divers")


def test_a_mail_reads_as_a_case_file_and_ends_with_what_was_covered() -> None:
    """What changed before who says so before why; the text part says all that the HTML says."""
    correction, digest = TOLD["story.correction"], TOLD["story.digest"]
    for render in (messages.text, messages.html):
        page = re.sub(
            r"<style>.*?</style>|<div style=\"display:none.*?</div>", "", render(correction, links(correction))
        )
        order = ("inquiry", "Correction", "sailors to be heard", "up to 30 sailors", "The publisher says",
                 "Word by word", "Still carrying the old fact", "Why you got this",
                 "https://monitor.example/feedback/")  # fmt: skip
        places = [page.casefold().find(words.casefold()) for words in order]
        assert places == sorted(places), list(zip(order, places, strict=True))
        assert -1 not in places
        summed = render(digest, links(digest))
        assert summed.index("Correction") < summed.index("New development") < summed.index("3 sources polled")
        assert summed.index("Confirmed by a second origin") < summed.index("Failing: Harbor Post")
        assert "feedback" not in summed


def test_a_mail_says_who_had_said_otherwise() -> None:
    told = TOLD["story.development"]
    assert told.article_source != "Harbor Post"
    for render in (messages.text, messages.html):
        assert "Harbor Post had said up to 30" in " ".join(render(told, links(told)).split())
    (row,) = messages.webhook(told, 1, {})["data"]["claims_changed"]
    assert (row["before"], row["before_source"]) == ("up to 30", "Harbor Post")
    same = replace(told, article_source="Harbor Post")
    assert "had said" not in messages.text(same, links(same))


def test_a_revision_shows_what_was_taken_out_and_put_in() -> None:
    revision = TOLD["story.revision"]
    page = messages.html(revision, {})
    assert re.search(r"<del[^>]*>up to 30</del>\s*<ins[^>]*>50</ins>", page)
    assert "[-up to 30-] {+50+}" in " ".join(messages.text(revision, {}).split())
    hostile = replace(revision, diff_html="a <ins>x<script>alert(1)</script></ins><img src=x><del>\u202e</del> b")
    assert not re.search(r"<(?:script|img)|\u202e", messages.html(hostile, {}))
    long = replace(revision, diff_html="word " * 9000 + "<del>30</del><ins>50</ins>" + " word" * 9000)
    assert len(messages.text(long, {})) < 6000


def test_subjects_thread() -> None:
    told = [alert for kind, alert in TOLD.items() if kind.startswith("story")]
    subjects = {messages.subject(alert) for alert in told}
    assert all(subject.startswith("[The Aldermoor ferry inquiry] ") for subject in subjects)
    assert len({messages.subject(alert, of_story=True) for alert in told}) == 1 < len(subjects)


def test_a_subject_says_where_a_headline_is_old_news_in_a_new_state_and_says_it_once() -> None:
    def subject(kind: AlertKind, title: str) -> str:
        return messages.subject(replace(TOLD[kind], title=title, story_title="Ferry"))

    assert subject("story.development", "Captain charged") == "[Ferry] Captain charged"
    assert subject("story.correction", "Nine aboard") == "[Ferry] Correction: Nine aboard"
    assert subject("story.correction", "Correction: Nine aboard") == "[Ferry] Correction: Nine aboard"
    assert subject("story.correction", "Retraction: nine aboard") == "[Ferry] Retraction: nine aboard"
    assert subject("story.correction", "Berichtigung: Neun an Bord") == "[Ferry] Berichtigung: Neun an Bord"
    assert subject("story.revision", "Nine aboard") == "[Ferry] Article changed: Nine aboard"
    assert subject("story.confirmation", "Nine aboard") == "[Ferry] Confirmed: Nine aboard"


def test_a_mail_gives_its_reasons_in_words_without_weights_and_scores() -> None:
    reasons = (
        Reason("names", 2.7, 1.0, "the names fit the story (+2.7)"),
        Reason("words", 1.0, 1.0, "shares 'ferry', 'captain' with your article; 1.00"),
        Reason("new", 0.9, 1.0, "new: nothing like it was told lately"),
    )
    told = replace(TOLD["story.development"], reasons=reasons)
    for body in (messages.text(told, {}), messages.html(told, {})):
        assert "captain" in body
        assert "nothing like it" in body
        assert "fit the story" not in body
        assert "1.00" not in body
    assert len(messages.webhook(told, 1, {})["data"]["reasons"]) == len(reasons), "programs are given all"


def test_a_brief_names_itself_once() -> None:
    brief = replace(TOLD["story.baseline"], title="Where this story stands: 2 developments so far")
    for body in (messages.text(brief, {}), messages.html(brief, {})):
        assert body.casefold().count("where this story stands") == 1


def test_what_we_saw_of_an_article_is_not_put_into_the_publishers_mouth() -> None:
    change = TextChange("notice", "", "The article is no longer at its address.", "")
    gone = replace(TOLD["story.correction"], changes=(change,), notes=(change.after,), deltas=(), diff_html="")
    for body in (messages.text(gone, {}), messages.html(gone, {})):
        assert body.count(change.after) == 1
        assert "The publisher says" not in body


def test_a_notification_begins_with_the_news_and_ends_with_its_story() -> None:
    told = replace(TOLD["story.correction"], title="Nine aboard", story_title="Ferry")
    assert messages.SHAPES["slack"](told, {})["text"] == "Correction: Nine aboard · Ferry"


def test_a_meaning_that_turned_is_called_so_to_people_alone() -> None:
    turned = TextChange("negation", "been inspected", "never been inspected", "")
    told = replace(TOLD["story.revision"], changes=(turned,), deltas=(), diff_html="")
    assert "meaning: been inspected -> never been inspected" in messages.text(told, {})
    assert messages.webhook(told, 1, {})["data"]["claims_changed"][0]["subject"] == "negation"


def test_what_is_only_new_or_only_gone_is_said_in_words() -> None:
    changes = (TextChange("figure", "", "41 men", ""), TextChange("name", "Captain Orr", "", ""))
    revised = replace(TOLD["story.revision"], changes=changes, deltas=(), diff_html="")
    body = messages.text(revised, {})
    assert "- new figure: 41 men\n" in body
    assert "- name no longer given: Captain Orr\n" in body


@pytest.mark.parametrize(
    ("subject", "quote", "shown"),
    [
        ("litre", "Pumps now move 26,000 litres a minute.", "litres"),
        ("bus", "A business said that 6,900 school buses are affected.", "buses"),
        ("child", "Nine children were hurt.", "children"),
        ("Haus", "In 40 Häusern fehlt Strom.", "Haus"),
        ("money", "The trust offers £6 million.", "money"),
        ("people killed", "Two people were killed.", "people killed"),
    ],
)
def test_what_is_counted_is_named_as_the_sentence_has_it(subject: str, quote: str, shown: str) -> None:
    delta = ClaimDelta(subject, "1", "2", quote, "")
    told = replace(TOLD["story.claim_changed"], deltas=(delta,), changes=())
    assert f"{shown}: 1 -> 2" in messages.text(told, {})
    assert messages.webhook(told, 1, {})["data"]["claims_changed"][0]["subject"] == subject


def test_who_told_what_was_corrected_has_not_reported_the_correction() -> None:
    fellow = (Report("Harbor Post", "https://post.example/1", "Ferry sinks"),)
    for kind in ("story.correction", "story.revision", "story.development"):
        told = replace(TOLD[kind], also_reported_by=fellow, still_carrying=())
        for body in (messages.text(told, {}), messages.html(told, {})):
            assert ("Also reported by" in body) == (kind == "story.development")
            assert "Ferry sinks" in body


def test_a_digest_of_several_stories_names_them_over_their_parts_and_a_brief_by_its_parts() -> None:
    here, there = TOLD["story.development"], replace(TOLD["story.baseline"], story_id="dam", story_title="The dam")
    brief = replace(there, items=(Report("Harbor Post", "https://post.example/2", "Dam cracks"),))
    made = messages.digest([here, brief], None, here.at)
    assert messages.subject(made) == "[2 stories] 1 development, 1 story begun"
    body = messages.text(made, {})
    assert body.count("Where this story stands") == 1
    assert "Where this story stands - The dam\n  - Dam cracks" in body
    assert "Dam cracks - Harbor Post (post.example)\n" in body
    watching = messages.digest([replace(there, items=(), title="Watching: nothing yet")], None, here.at)
    assert "- Watching: nothing yet\n" in messages.text(watching, {})
    empty = messages.digest([], None, here.at, stories=[("a", "The ferry"), ("b", "The dam")])
    assert messages.subject(empty) == "[The ferry, The dam] Nothing new"


def test_a_correction_says_in_a_chat_what_is_wrong() -> None:
    said = "An earlier version said that the firm had warned three times. It did so twice."
    by_headline = replace(TOLD["story.correction"], title="Correction: the firm's warning", changes=(), summary=said)
    noted = TextChange("notice", "", said, said)
    for alert in (by_headline, replace(by_headline, changes=(noted,), summary="The firm had warned twice.")):
        assert said in chat.plain(alert, {})
    assert said not in chat.plain(replace(by_headline, kind="story.development"), {})


def test_a_subject_does_not_say_correction_twice() -> None:
    alert = replace(TOLD["story.correction"], title="CORRECTED-Tenth victim found at arena")
    assert words.briefly(alert, 100) == alert.title
    assert words.briefly(replace(alert, title="Tenth victim found"), 100) == "Correction: Tenth victim found"
