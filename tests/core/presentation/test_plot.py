"""Claims over time: lanes from claims, and a plot in which no label stands on another or outside."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

import pytest
from lxml import etree

from monitor.core.novelty import claims
from monitor.core.presentation import claim_lanes, plot
from monitor.core.presentation.claim_lanes import Lane, Statement
from monitor.model import Claim, TextChange
from tests.stores.made import DAY, NOW, alert


def claim(value: str, low: float, source: str, days: int, **changes: object) -> Claim:
    return Claim("quantity", "dead", f"{value} dead", value, low=low, source=source, at=NOW + days * DAY, **changes)  # type: ignore[arg-type]


def test_lanes_know_the_seed_repeats_and_corrections() -> None:
    fix = alert("fix", kind="story.correction", deltas=(), changes=(TextChange("figure", "41", "38", "It was 38."),))
    fixed = type(fix)(**{**{f: getattr(fix, f) for f in fix.__slots__}, "article_source": "Courier"})
    said = [
        claim("31", 31, "seed", 0), claim("41", 41, "Courier", 1), claim("41", 41, "Courier", 2),
        claim("38", 38, "Courier", 3), Claim("deadline", "report", "", "Friday", at=NOW),
    ]  # fmt: skip
    (lane,) = claim_lanes.lanes(said, [fixed])
    assert lane.seed == "31"
    assert [(each.shown, each.state) for each in lane.said] == [("41", "was"), ("38", "")]


def test_one_fact_is_one_lane_under_its_newest_words() -> None:
    said = [
        Claim(
            "quantity", subject, f"{low} to go", str(low), unit="troops", low=low, source="Courier", at=NOW + days * DAY
        )
        for days, (subject, low) in enumerate((("soldiers to be sent", 5000), ("troops to be sent", 6000)))
    ]
    (lane,) = claim_lanes.lanes(said, [])
    assert lane.subject == "troops to be sent"
    assert [each.shown for each in lane.said] == ["5000", "6000"]


def test_measures_of_two_things_are_two_lanes_and_one_in_two_spellings_is_one() -> None:
    said = [
        claim
        for days, (title, source) in enumerate((
            ("Boot found 2 kilometres from the campsite", "Courier"), ("Tailback on the motorway is 9 km long", "Post"),
            ("Tailback on the motorway now 14 kilometres", "Courier"),
        ))
        for claim in claims.extract("", NOW + days * DAY, title=title, source=source)
    ]  # fmt: skip
    tailback, boot = claim_lanes.lanes(said, [])
    assert [(each.shown, each.low) for each in tailback.said] == [("9", 9), ("14", 14)]
    assert (boot.subject, [each.shown for each in boot.said]) == ("kilometres", ["2"])


def random_lanes(seed: int) -> list[Lane]:
    chance = random.Random(seed)
    day = date(2026, 1, 1)
    return [
        Lane(f"subject {number} of some length", "12" if chance.random() < 0.5 else "", tuple(sorted((
            Statement(day + timedelta(days=chance.randint(0, 300)), low := chance.randint(0, 50_000),
                      low + chance.choice([0, 0, 5_000]), f"about {low:,}", chance.choice(["Herald", "The Daily Post"]),
                      state=chance.choice(["", "", "was"]))
            for _ in range(chance.randint(1, 12))), key=lambda each: each.day)))
        for number in range(chance.randint(1, 6))
    ]  # fmt: skip


@pytest.mark.parametrize("width", [plot.WIDE, plot.NARROW])
def test_no_label_stands_on_another_or_outside(width: int) -> None:
    for seed in range(40):
        drawn = etree.fromstring(plot.draw(random_lanes(seed), width))
        boxes = []
        for text in drawn.iter("text"):
            if not re.match(r"v|who$", text.get("class", "")):
                continue
            wide = len(text.text or "") * (plot.BOLD_PX if text.get("class", "").startswith("v") else plot.CHAR_PX)
            x, y, anchor = float(text.get("x", "")), float(text.get("y", "")), text.get("text-anchor")
            x -= wide if anchor == "end" else wide / 2 if anchor == "middle" else 0
            if text.get("class", "").startswith("v"):
                assert x >= -1 and x + wide <= width + 1, (seed, text.text)
                boxes.append((x, y - 10, x + wide, y))
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                apart = one[2] <= other[0] + 1 or other[2] <= one[0] + 1 or one[3] <= other[1] or other[3] <= one[1]
                assert apart, (seed, one, other)


def test_hostile_words_stay_words_and_nothing_is_nothing() -> None:
    said = Statement(date(2026, 1, 1), 1, 1, "<script>", '"><b>')
    drawn = plot.draw([Lane("<i>", "&", (said,))], plot.WIDE)
    assert etree.fromstring(drawn) is not None
    assert "<script>" not in drawn
    assert plot.draw([], plot.WIDE) == ""
    assert plot.draw([Lane("x", "", ())], plot.WIDE) == ""


def test_bars_of_days() -> None:
    drawn = plot.spark([0, None, 4])
    assert [bar.get("class") for bar in etree.fromstring(drawn)] == ["zero", "miss", ""]
