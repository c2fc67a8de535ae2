"""A "not" that comes or goes outside English."""

from __future__ import annotations

import pytest

from monitor.core.revisions import versions

# Beneath each pair stands a sentence that tells the language and stays.
BODIES = {
    "de": "Die Gewerkschaft teilte mit, die Besatzungen seien seit dem Frühjahr ohne Vertrag und wollten nun streiken.",
    "cs": "Odbory uvedly, že jejich členové jsou od jara bez smlouvy a že budou jednat s ředitelkou přístavu.",
    "tr": "Sendika, üyelerinin bahardan beri sözleşmesiz olduğunu ve bu hafta görüşmeler için hazır olduğunu söyledi.",
    "fa": "اتحادیه گفت که اعضایش از بهار بدون قرارداد هستند و با مدیر بندر گفتگو می‌کنند.",
    "hu": "A szakszervezet szerint a tagok tavasz óta szerződés nélkül vannak, és ez így nem mehet tovább.",
    "ja": "組合は組合員が春から無契約だと述べた。",
    "zh": "工会表示，其成员自春季以来一直没有合同。",
    "ko": "노조는 조합원들이 봄부터 계약 없이 일해 왔다고 밝혔다.",
    "th": "สหภาพกล่าวว่าสมาชิกไม่มีสัญญามาตั้งแต่ฤดูใบไม้ผลิ",
    "cs2": "Odbory uvedly, že jejich členové jsou od jara bez smlouvy.",
}


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Werft in Karvin wird nicht verkauft", "Werft in Karvin wird verkauft"),
        ("cs", "Loděnice v Karvinu nedostane pomoc od vlády", "Loděnice v Karvinu dostane pomoc od vlády"),
        ("tr", "Karvin tersanesi hükümetten yardım almayacak", "Karvin tersanesi hükümetten yardım alacak"),
        ("fa", "کارخانه کاروین تعطیل نخواهد شد", "کارخانه کاروین تعطیل خواهد شد"),
        ("hu", "A kormány nem segít a karvini hajógyárnak", "A kormány segít a karvini hajógyárnak"),
        ("ja", "所長は造船所を閉鎖しないと述べた。", "所長は造船所を閉鎖すると述べた。"),
        ("zh", "负责人表示，船厂不会关闭。", "负责人表示，船厂将会关闭。"),
        ("ko", "책임자는 조선소를 폐쇄하지 않겠다고 말했다.", "책임자는 조선소를 폐쇄하겠다고 말했다."),
        ("th", "ผู้จัดการกล่าวว่าอู่ต่อเรือจะไม่ปิด", "ผู้จัดการกล่าวว่าอู่ต่อเรือจะปิด"),
    ],
)
def test_the_contrary_is_a_revision_either_way(language: str, one: str, other: str) -> None:
    for before, after in ((one, other), (other, one)):
        found = versions.compare(f"{before}\n\n{BODIES[language]}", f"{after}\n\n{BODIES[language]}")
        assert found.verdict == "revision"
        assert "negation" in {change.kind for change in found.changes}


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Kein Ende des Streiks in Sicht", "Streik: Ein Ende ist nicht in Sicht"),
        ("cs2", "Neděle přinese déšť na pobřeží", "Déšť přinese neděle na pobřeží"),
        ("zh", "罢工不断扩大，港口瘫痪", "罢工持续扩大，港口瘫痪"),
        ("ja", "ストは月曜日も続く、合意なし", "ストは月曜日も続く 合意に至らず"),
    ],
)
def test_a_no_in_other_words_turns_nothing(language: str, one: str, other: str) -> None:
    found = versions.compare(f"{one}\n\n{BODIES[language]}", f"{other}\n\n{BODIES[language]}")
    assert "negation" not in {change.kind for change in found.changes}
