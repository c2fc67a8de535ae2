"""What counts what: each clause keeps its own head, a part is no whole, an increment no total."""

import pytest

from monitor.core.novelty import claim_changes, claims
from monitor.model import Claim


def said(text: str) -> tuple[Claim, ...]:
    return claims.extract("", None, title=text)


def counts(text: str) -> list[tuple[str, float | None]]:
    return [(claim.subject, claim.low) for claim in said(text) if claim.kind == "quantity"]


def changed(old: str, new: str) -> list[tuple[str, str, str]]:
    return [(d.subject, d.before, d.after) for d in claim_changes.compare(said(old), said(new)).updates]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("48 people were found dead and 9 were still missing.", [("people killed", 48), ("people missing", 9)]),
        ("Landslide: 48 dead, nine missing", [("people killed", 48), ("people missing", 9)]),
        ("9 are missing and 48 have died.", [("people missing", 9), ("people killed", 48)]),
        ("The blast killed 48 people and injured 130, while 9 remain missing.",
         [("people killed", 48), ("people wounded", 130), ("people missing", 9)]),
        ("130 wounded as blast kills 48", [("people wounded", 130), ("people killed", 48)]),
        ("The death toll rose to 48, with 9 still missing.", [("people killed", 48), ("people missing", 9)]),
        ("48 people were killed, 9 of them children.", [("people killed", 48), ("children killed", 9)]),
        ("48 people were killed, including nine children.", [("people killed", 48), ("children killed", 9)]),
        ("Police arrested 15 people and charged six.", [("people arrested", 15), ("people charged", 6)]),
        ("15 held, six charged over coin theft", [("people charged", 6)]),
        ("Some 4,000 residents were evacuated and 48 were rescued.",
         [("residents evacuated", 4000), ("residents rescued", 48)]),
        ("A gang of nine robbed the bank.", [("gang size", 9)]),
    ],
)  # fmt: skip
def test_each_clause_keeps_its_own_head(text: str, wanted: list[tuple[str, float]]) -> None:
    assert counts(text) == wanted


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("48 people were found dead and 9 were still missing.", "Death toll rises to 55",
         [("people killed", "48", "55")]),
        ("48 people were killed, 9 of them children.", "55 people were killed, including 12 children.",
         [("people killed", "48", "55"), ("children killed", "9", "12")]),
        ("Police arrested 15 people over the theft.", "Two men charged over the theft", []),
        ("A gang of nine robbed the bank.", "Police arrest two people over the bank robbery", []),
        ("Eritrea has sent 2,000 soldiers to Sudan.", "Sudan expects Eritrea to send a further 7,000 soldiers", []),
        ("Eritrea is to send 2,000 soldiers to Sudan.", "Eritrea to send additional 7,000 soldiers to Sudan", []),
    ],
)  # fmt: skip
def test_only_like_is_compared_with_like(old: str, new: str, wanted: list[tuple[str, str, str]]) -> None:
    assert changed(old, new) == wanted


def test_a_denial_says_which_claim_it_denies() -> None:
    told = "Burhan expects Eritrea to send further 7,000 soldiers"
    denial = "Asmara denies Burhan's claim on additional soldiers"
    assert changed(told, denial) == [("soldiers to be sent", "7,000", "denied")]
    assert changed(told, "Asmara denies that its ministers quarrelled over soldiers") == []


def test_one_fact_is_one_fact_in_other_words() -> None:
    one, other = said("Eritrea to send 7,000 soldiers"), said("Eritrea to send 8,000 troops")
    assert claim_changes.fact(one[0]) == claim_changes.fact(other[0])
    assert claim_changes.fact(said("48 people were killed")[0]) != claim_changes.fact(said("9 people were injured")[0])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("43 people died when the ferry sank; 1,204 cars of the type are to be inspected.",
         [("people killed", 43), ("car", 1204)]),
        ("1,204 cars to be inspected after crash in which 43 people died", [("car", 1204), ("people killed", 43)]),
        ("Storm leaves 5 dead, 20,000 homes without power", [("people killed", 5), ("home", 20000)]),
        ("Bird flu: 30,000 chickens culled, two workers infected", [("chicken", 30000), ("workers infected", 2)]),
        ("Flood kills 3,000 cattle", [("cattle killed", 3000)]),
        ("Some 4,000 sheep were infected with bluetongue", [("sheep infected", 4000)]),
    ],
)  # fmt: skip
def test_what_was_done_to_people_is_not_said_of_things_beside_them(text: str, wanted: list[tuple[str, float]]) -> None:
    assert counts(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Nursing home fire leaves 20 residents homeless", ("homeless", 20)),
        ("Town raises over S$300,000 for tower fire victims", ("money", 300_000)),
        ("City gives 40,000 euros to each fire victim", ("money", 40_000)),
        ("Shipyard fires 300 workers", ("workers fired", 300)),
    ],
)
def test_a_fire_is_no_act_unless_it_stands_before_what_is_fired(text: str, wanted: tuple[str, float]) -> None:
    assert counts(text) == [wanted]
