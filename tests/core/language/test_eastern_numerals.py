"""Numbers in words, in scripts without spaces and in languages that write them apart or as one."""

from __future__ import annotations

import pytest

from monitor.core.language import eastern_numerals, quantities


@pytest.mark.parametrize(
    ("text", "value", "counter"),
    [
        ("事故造成十二人受伤。", 12, "人"),
        ("洪水造成两千人失踪。", 2000, "人"),
        ("工程耗资一亿两千万元。", 120_000_000, "元"),
        ("乗客百二十人が救助された。", 120, "人"),
        ("스물한 명이 다쳤다.", 21, "명"),
        ("쉰 명이 다쳤다.", 50, "명"),
        ("ลูกเรือสามสิบห้าคนได้รับการช่วยเหลือ", 35, "คน"),
    ],
)
def test_a_number_in_signs_counts_before_a_classifier(text: str, value: float, counter: str) -> None:
    assert [(found.value, found.counter) for found in eastern_numerals.find(text)] == [(value, counter)]


@pytest.mark.parametrize(
    "text", ["三峡大坝附近的一些居民离开了。", "第一回の会議が開かれた。", "백화점이 문을 닫았다.", "12人が"]
)
def test_signs_of_other_words_count_nothing(text: str) -> None:
    assert not list(eastern_numerals.find(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Vinte e um passageiros ficaram feridos.", 21),
        ("Treinta y un pasajeros resultaron heridos.", 31),
        ("Veintidós pasajeros resultaron heridos.", 22),
        ("Yirmi bir yolcu yaralandı.", 21),
        ("Femogtredive søfolk blev reddet.", 35),
        ("Vijfendertig zeelieden werden gered.", 35),
        ("Drieëntwintig zeelieden werden gered.", 23),
        ("Trettiofem sjömän räddades.", 35),
        ("Harmincöt tengerészt mentettek ki.", 35),
        ("Hai mươi hành khách bị thương.", 20),
        ("أصيب خمسة وعشرون راكبا في الحادث.", 25),
        ("بیست و یک مسافر زخمی شدند.", 21),
        ("पैंतीस नाविकों को बचाया गया।", 35),
        ("বিশ জন যাত্রী আহত হন।", 20),
        ("שלושים וחמישה מלחים חולצו.", 35),
        ("Пострадали полторы тысячи пассажиров.", 1500),
        ("Varvet kostar staten 2,4 mdkr.", 2.4e9),
    ],
)
def test_number_words_of_other_languages(text: str, value: float) -> None:
    assert [found.low for found in quantities.find(text)] == [value]
