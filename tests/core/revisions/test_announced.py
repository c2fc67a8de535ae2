"""Which notices a new version has that the old one had not."""

from __future__ import annotations

from monitor.core.revisions import announced

TITLE = "Ferry aground off Port Ellis"
BODY = "The ferry Marigold ran aground on Sunday. Forty people were taken off."
BEFORE = f"{TITLE}\n\n{BODY}"


def test_what_was_put_in_is_given_in_runs_of_whole_new_sentences() -> None:
    after = f"{TITLE} again\n\n{BODY.replace('Forty', 'Fourteen')} She was towed. She sank.\n\nPhoto: L. Ruiz"
    assert list(announced.runs(BEFORE, after)) == ["She was towed. She sank.", "Photo: L. Ruiz"]


def test_a_sentence_that_is_broken_off_is_not_put_in() -> None:
    assert list(announced.runs(BEFORE, f"{BEFORE.removesuffix(' were taken off.')}...")) == []


def test_news_that_a_report_goes_on_with_is_no_notice() -> None:
    line = "The harbour master said she did not know whether the captain had tried to call the coastguard."
    assert announced.fresh(BEFORE, f"{BEFORE}\n\n{line}") == []


def test_a_headline_alone_has_nothing_put_in() -> None:
    assert list(announced.runs(TITLE, BEFORE)) == []


def test_a_notice_in_words_that_no_rule_knows_is_one_by_what_speaks_for_it() -> None:
    line = "Our first take placed the wreck off Port Allis by mistake, an error now put right."
    assert announced.fresh(BEFORE, f"{BEFORE}\n\n{line}") == [line]


def test_a_notice_that_stood_before_is_not_new() -> None:
    noted = f"{BEFORE}\n\nCorrection: Forty people were taken off, not fourteen."
    assert announced.fresh(noted, f"{noted}\n\nShe was towed to Port Ellis.") == []


def test_how_an_outlet_handles_errors_is_no_notice() -> None:
    for line in (
        "Газета исправляет ошибки, как только узнаёт о них.",
        "Wo uns Fehler unterlaufen, steht es unter dem Text.",
    ):
        assert announced.fresh(BEFORE, f"{BEFORE}\n\n{line}") == []


def test_who_else_errs_and_what_else_bears_words_tells_a_mistake_from_a_notice() -> None:
    for line, noticed in (
        ("Readers wrote in to say the month was wrong, and we have changed it.", True),
        ("Passengers told the company that the month on the sign was wrong.", False),
        ("We mixed up the winter and the summer crossings here.", True),
        ("The crew had mixed up the winter and the summer crossings.", False),
        ("Am Schild stand ein falsches Datum.", False),
        ("Экипаж перепутал зимние рейсы с летними.", False),
        ("Мы перепутали зимние рейсы с летними.", True),
    ):
        assert (announced.fresh(BEFORE, f"{BEFORE}\n\n{line}") == [line]) is noticed, line


def test_what_a_desk_withholds_is_no_mistake_of_its_own() -> None:
    for line, noticed in (
        ("A synthetic voice reads this text; it may mispronounce names.", False),
        ("Die Namen der Passagiere nennt die Redaktion nicht.", False),
        ("Redaktionen skriver inte ut passagerarnas namn.", False),
        ("The film that we first showed here was of another wreck; we have removed it.", True),
        ("Das zuerst gezeigte Bild war von einem anderen Wrack, wir haben es gelöscht.", True),
    ):
        assert (announced.fresh(BEFORE, f"{BEFORE}\n\n{line}") == [line]) is noticed, line


def test_what_stood_far_down_a_long_page_is_no_new_notice() -> None:
    page = "\n\n".join(f"Reader {number} remembers the ferry." for number in range(300))
    notice = "An earlier version of this article misstated the name of the ferry."
    before = f"{BEFORE}\n\n{page}\n\nCorrection: The ferry left at six.\n\n{notice} Thank you for the hint, reader."
    assert announced.fresh(before, before.replace("Forty", "Fourteen")) == []
    assert list(announced.runs(before, before.replace("Forty", "Fourteen"))) == []
    assert announced.fresh(before.replace(notice, ""), before) == [notice]


def test_a_label_that_stood_is_given_with_what_it_now_says() -> None:
    before = f"{BEFORE}\n\nCorrection\n\nThe ferry left at six."
    assert announced.fresh(before, before.replace("six", "nine")) == ["Correction The ferry left at nine."]


def test_of_very_many_notices_those_at_both_ends_are_weighed() -> None:
    many = "\n\n".join(f"Correction: The ferry left pier {number} at six." for number in range(3000))
    found = announced.fresh(BEFORE, f"{BEFORE}\n\n{many}")
    assert len(found) <= announced.NOTICES_MAX + announced.RUNS_MAX
    assert all(f"pier {number} " in " ".join(found) for number in (0, 2999))
