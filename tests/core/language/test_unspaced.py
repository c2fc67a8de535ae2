"""Scripts without spaces: where a word ends there, and that a story told in one of them is followed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core import relevance
from monitor.core.language import rarity, unspaced, words
from monitor.core.text import fold, words_of
from monitor.model import Article, Entry, Story

FERRY = {
    "ja": (
        "フェリー「アルダーモア号」がヴェス港沖で沈没、三百人乗船",
        "ヴェス港沖で20日、フェリー「アルダーモア号」が沈没した。海上保安庁によると、乗客乗員300人のうち42人の死亡が確認された。"
        "船首扉の故障が原因とみられ、運輸省は調査委員会を設置した。",
        ("アルダーモア号の船長を逮捕　業務上過失致死の疑い", "アルダーモア号沈没、死者四十二人に"),
        ("桜まつりに一万人", "首相が施政方針演説", "小学校で集団食中毒、42人が症状"),
    ),
    "zh": (
        "“奥尔德莫尔”号渡轮在维斯港外沉没 船上三百人",
        "“奥尔德莫尔”号渡轮11月20日在维斯港外沉没。海岸警卫队表示，船上300人中已有42人确认死亡。据信船首门故障是事故原因。",
        ("奥尔德莫尔号船首门曾发出警报", "奥尔德莫尔号渡轮沉没 遇难者增至42人"),
        ("总理发表新年讲话", "市长赢得连任", "42名学生食物中毒"),
    ),
    "th": (
        "เรือเฟอร์รีอัลเดอร์มัวร์จมนอกท่าเรือเวส มีผู้โดยสารสามร้อยคน",
        "เรือเฟอร์รีอัลเดอร์มัวร์จมลงนอกท่าเรือเวสเมื่อวันที่ 20 พฤศจิกายน หน่วยยามฝั่งระบุว่ามีผู้เสียชีวิต 42 คน",
        ("ยอดผู้เสียชีวิตเรือเฟอร์รีอัลเดอร์มัวร์จมเพิ่มเป็น 42 คน", "เริ่มกู้ซากเรืออัลเดอร์มัวร์นอกท่าเรือเวส"),
        ("นายกฯ แถลงนโยบายต่อสภา", "ตลาดหุ้นปิดบวก", "แผ่นดินไหวภาคเหนือ"),
    ),
}
AT = datetime(2026, 11, 20, tzinfo=UTC)


def follow_ups(title: str, text: str, headlines: Iterable[str]) -> list[str]:
    """Those that are of the story, a day later."""
    matcher = relevance.Matcher([relevance.profile(Story("s", title, Article(title, text, published_at=AT)))])
    at = AT + timedelta(days=1)
    found = {each: matcher.score(Entry(title=each), at) for each in headlines}
    return [each for each, made in found.items() if made and made[0].score.follow_up]


def taken_apart(text: str) -> list[str]:
    folded = fold(text)
    return unspaced.apart(words_of(folded), folded)


def test_japanese_words_end_where_the_script_changes() -> None:
    assert taken_apart("アルダーモア号が沈没した。海上保安庁、42人死亡") == [
        "アルダーモア", "号", "沈没", "海上", "上保", "保安", "安庁", "42", "人死亡",
    ]  # fmt: skip


def test_chinese_words_are_pairs_of_signs() -> None:
    assert taken_apart("渡轮沉没 BBC 42人") == ["渡轮", "轮沉", "沉没", "bbc", "42", "人"]


@pytest.mark.parametrize("text", ["", "Ferry sinks off Vess", "Паром затонул", "غرق العبارة", "페리 침몰"])
def test_scripts_with_spaces_stay_as_they_are(text: str) -> None:
    folded = fold(text)
    found = words_of(folded)
    assert unspaced.apart(found, folded) is found


def test_a_piece_says_less_than_a_name_nobody_used_yet() -> None:
    assert rarity.weight("沈没") < rarity.weight("アルダーモア") == rarity.weight("aldermoor")


def test_evidence_is_shown_in_the_words_that_were_compared() -> None:
    (term,) = words.terms("アルダーモア")
    assert words.surfaces(["フェリー「アルダーモア号」が沈没"], {term}) == {term: "アルダーモア"}


@pytest.mark.parametrize("language", FERRY)
def test_a_story_in_such_a_script_is_followed(language: str) -> None:
    """With words up to the next stop only what was copied to the letter was found."""
    title, text, follow, other = FERRY[language]
    assert follow_ups(title, text, follow) == list(follow)
    assert follow_ups(title, text, other) == []
