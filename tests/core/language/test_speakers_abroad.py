"""Who speaks where the verb stands last or nothing stands between words."""

from __future__ import annotations

import pytest

from monitor.core.language import speakers, speakers_abroad


@pytest.mark.parametrize(
    ("headline", "office"),
    [
        ('경찰 "방화 가능성"', ("police", "")),
        ("서울중앙지방검찰청, 전 의원 소환", ("prosecutors", "서울중앙지방")),
        ("気象庁「余震に注意」", ("weather service", "")),
        ("警方称嫌犯已落网", ("police", "")),
        ("पुलिस ने तीन को पकड़ा", ("police", "")),
        ("الشرطة: لا إصابات في الحريق", ("police", "")),
        ("נפילת עצים בצפון: כבאות", ("fire service", "")),
        ("경찰서 지붕 무너져", None),
        ("消防車が横転", None),
        ("Police: two held", None),
    ],
)
def test_an_office_that_leads_a_headline_speaks(headline: str, office: tuple[str, str] | None) -> None:
    assert speakers_abroad.find(headline) == office


def test_whose_office_it_is_tells_it_from_others() -> None:
    one = speakers.find('해오름경찰 "단독 범행"', headline=True)
    assert one is not None and (one.name, one.role, one.marks) == ("해오름 police", "police", frozenset({"해오름"}))
    assert speakers.find('경찰 "단독 범행"') is None  # in running text the verb tells
