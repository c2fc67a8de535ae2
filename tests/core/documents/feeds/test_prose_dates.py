"""Dates in the words of many languages: the day and hour that are written, or none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.documents import feeds
from monitor.core.documents.feeds import dates, prose_dates
from monitor.core.times import WRITTEN_CHARS_MAX

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DATES = [
    ("Mon, 23 Sep 2024 2:05:00 PM GMT", "2024-09-23T14:05"),
    ("09/23/2024 02:05 PM", "2024-09-23T14:05"),
    ("2024年9月23日 14:05", "2024-09-23T14:05"),
    ("2024年9月23日 下午2:05", "2024-09-23T14:05"),
    ("2024년 9월 23일 오후 2시 5분", "2024-09-23T14:05"),
    ("2024년 9월 23일 (월) 14:05", "2024-09-23T14:05"),
    ("2024.09.23 오후 2:05", "2024-09-23T14:05"),
    ("2024. 9. 23. 오후 2:05", "2024-09-23T14:05"),
    ("令和6年9月23日 14時05分", "2024-09-23T14:05"),
    ("2024年9月23日星期一 14:05", "2024-09-23T14:05"),
    ("2024年9月23日(月) 午後2時5分", "2024-09-23T14:05"),
    ("民國113年9月23日", "2024-09-23T00:00"),
    ("中華民國113年9月23日", "2024-09-23T00:00"),
    ("۲ مهر ۱۴۰۳", "2024-09-23T00:00"),
    ("دوشنبه ۲ مهر ۱۴۰۳ - ۱۴:۰۵", "2024-09-23T14:05"),
    ("۱۴۰۳/۰۷/۰۲", "2024-09-23T00:00"),
    ("۲ میزان ۱۴۰۳", "2024-09-23T00:00"),
    ("1403/12/30", "2025-03-20T00:00"),
    ("۱ فروردین ۱۴۰۴", "2025-03-21T00:00"),
    ("09/05/2024 2:05 PM EDT", "2024-09-05T18:05"),
    ("23 أيلول/سبتمبر 2024", "2024-09-23T00:00"),
    ("Mon, 23 Sep 2024 14:05:00 GMT+3", "2024-09-23T11:05"),
    ("Mon, 23 Sep 2024 14:05:00 UTC+3", "2024-09-23T11:05"),
    ("Mon, 23 Sep 2024 14:05:00 +5:30", "2024-09-23T08:35"),
    ("2024-09-23T14:05:00+5:30", "2024-09-23T08:35"),
    ("2024-09-23 14:05:00.123 UTC", "2024-09-23T14:05"),
    ("2024-09-23 14:05 GMT-04:00", "2024-09-23T18:05"),
    ("Mon Sep 23 2024 14:05:00 GMT+0300 (Eastern European Summer Time)", "2024-09-23T11:05"),
    ("Mon Sep 23 14:05:00 UTC 2024", "2024-09-23T14:05"),
    ("Mon Sep 23 14:05:00 2024", "2024-09-23T14:05"),
    ("Sep 23, 2024", "2024-09-23T00:00"),
    ("September 23rd, 2024 at 2:05 pm", "2024-09-23T14:05"),
    ("Monday, September 23, 2024 - 14:05", "2024-09-23T14:05"),
    ("Published on September 23, 2024, 2:05 p.m.", "2024-09-23T14:05"),
    ("23 September 2024, 2.05pm", "2024-09-23T14:05"),
    ("2pm, 23 September 2024", "2024-09-23T14:00"),
    ("lundi 23 septembre 2024 à 14h05", "2024-09-23T14:05"),
    ("lun. 23 sept. 2024 14:05", "2024-09-23T14:05"),
    ("Le 23 septembre 2024 à 14 h 05", "2024-09-23T14:05"),
    ("1er septembre 2024", "2024-09-01T00:00"),
    ("mar. 24 sept. 2024", "2024-09-24T00:00"),
    ("12 mar 2024", "2024-03-12T00:00"),
    ("Montag, 23. September 2024, 14:05 Uhr", "2024-09-23T14:05"),
    ("23. Sept. 2024 um 14.05 Uhr", "2024-09-23T14:05"),
    ("Mo., 23.09.2024, 14:05 Uhr", "2024-09-23T14:05"),
    ("23.09.2024 14:05", "2024-09-23T14:05"),
    ("23. März 2024", "2024-03-23T00:00"),
    ("23 de septiembre de 2024, 14:05 hs", "2024-09-23T14:05"),
    ("lunes, 23 de septiembre de 2024 2:05 p. m.", "2024-09-23T14:05"),
    ("23 de setembro de 2024 às 14h05", "2024-09-23T14:05"),
    ("seg, 23 set 2024 14:05", "2024-09-23T14:05"),
    ("23 settembre 2024 ore 14:05", "2024-09-23T14:05"),
    ("Lunedì 23 settembre 2024", "2024-09-23T00:00"),
    ("23 сентября 2024, 14:05", "2024-09-23T14:05"),
    ("23 сентября 2024 г. в 14:05", "2024-09-23T14:05"),
    ("Понедельник, 23 сентября 2024 г.", "2024-09-23T00:00"),
    ("23 вересня 2024 року, 14:05", "2024-09-23T14:05"),
    ("пн, 23 вер 2024 14:05", "2024-09-23T14:05"),
    ("23 верасня 2024", "2024-09-23T00:00"),
    ("23 септември 2024 г.", "2024-09-23T00:00"),
    ("23. септембар 2024.", "2024-09-23T00:00"),
    ("poniedziałek, 23 września 2024, godz. 14:05", "2024-09-23T14:05"),
    ("23 września 2024 r.", "2024-09-23T00:00"),
    ("pondělí 23. září 2024 14:05", "2024-09-23T14:05"),
    ("23. septembra 2024", "2024-09-23T00:00"),
    ("ponedjeljak, 23. rujna 2024. 14:05", "2024-09-23T14:05"),
    ("2024. szeptember 23., hétfő 14:05", "2024-09-23T14:05"),
    ("luni, 23 septembrie 2024, ora 14:05", "2024-09-23T14:05"),
    ("maandag 23 september 2024 om 14:05 uur", "2024-09-23T14:05"),
    ("måndag 23 september 2024 kl. 14.05", "2024-09-23T14:05"),
    ("mandag den 23. september 2024 kl. 14:05", "2024-09-23T14:05"),
    ("23/9-2024", "2024-09-23T00:00"),
    ("23. syyskuuta 2024 klo 14.05", "2024-09-23T14:05"),
    ("23.9.2024 klo 14.05", "2024-09-23T14:05"),
    ("2024 m. rugsėjo 23 d. 14:05", "2024-09-23T14:05"),
    ("2024. gada 23. septembris 14:05", "2024-09-23T14:05"),
    ("23 Eylül 2024 Pazartesi 14:05", "2024-09-23T14:05"),
    ("23 Eylül 2024, 14:05", "2024-09-23T14:05"),
    ("23 Σεπτεμβρίου 2024, 2:05 μ.μ.", "2024-09-23T14:05"),
    ("23 בספטמבר 2024 14:05", "2024-09-23T14:05"),
    ("23 سبتمبر 2024 - 14:05", "2024-09-23T14:05"),
    ("الاثنين 23 أيلول 2024", "2024-09-23T00:00"),
    ("٢٣ سبتمبر ٢٠٢٤ ٢:٠٥ م", "2024-09-23T14:05"),
    ("23 सितंबर 2024 14:05", "2024-09-23T14:05"),
    ("२३ सितंबर २०२४", "2024-09-23T00:00"),
    ("২৩ সেপ্টেম্বর ২০২৪, ১৪:০৫", "2024-09-23T14:05"),
    ("23 กันยายน 2567 14:05 น.", "2024-09-23T14:05"),
    ("23 ก.ย. 2567", "2024-09-23T00:00"),
    ("Thứ Hai, 23/09/2024, 14:05 (GMT+7)", "2024-09-23T07:05"),
    ("23 tháng 9 năm 2024", "2024-09-23T00:00"),
    ("Senin, 23 September 2024 14:05 WIB", "2024-09-23T07:05"),
    ("23 September 2024 | 14.05 WIB", "2024-09-23T07:05"),
    ("Thứ Ba, 05/11/2024", "2024-11-05T00:00"),
    ("Tuesday, 05/11/2024", "2024-11-05T00:00"),
    ("05/11/2024", None),
    ("1402/12/30", None),
    ("05/11/2024 14:05 CET", None),
    ("05-11-2024", None),
    ("5.11.2024", "2024-11-05T00:00"),
    ("05/05/2024", "2024-05-05T00:00"),
    ("12:05 AM, 23 Sep 2024", "2024-09-23T00:05"),
    ("23 Sep 2024 12:05 PM", "2024-09-23T12:05"),
    ("15 listopada 2024", None),
    ("piątek, 15 listopada 2024", "2024-11-15T00:00"),
    ("2 hours ago", None),
    ("published 3 hours ago", None),
    ("yesterday 14:05", None),
    ("2024-11", None),
    ("2024", None),
    ("Sep 2024", None),
    ("23 Sep", None),
    ("23 Sep 24 14:05 GMT", "2024-09-23T14:05"),
    ("09/23/24", None),
    ("31 February 2024", None),
    ("23 Sep 2024 25:00", None),
    ("23 Sep 2024 14:65", None),
    ("14:05 - 23 September 2024", "2024-09-23T14:05"),
    ("14:05, 23/09/2024", "2024-09-23T14:05"),
    ("Mon, 23 Sep 2024 14:05:00 IST", None),
    ("Mon, 23 Sep 2024 14:05:00 XYZ", None),
    ("23 Sep 2024 - 25 Sep 2024", None),
    ("23 Sep 2024 14:05 15:05", None),
    ("Dec 2024 23 14:05 foo", None),
    ("23-Sep-2024 14:05:00", "2024-09-23T14:05"),
    ("23/Sep/2024:14:05:00 +0000", "2024-09-23T14:05"),
    ("2024/09/23 14:05", "2024-09-23T14:05"),
    ("2024/9/23", "2024-09-23T00:00"),
    ("Mon, 23 Sep 2024 14:05:00 -0400 (EDT)", "2024-09-23T18:05"),
    ("Mon, 23 Sep 2024 14:05:00 EDT", "2024-09-23T18:05"),
    ("2024-09-23T14:05:00.000000Z", "2024-09-23T14:05"),
    ("20240923T140500Z", "2024-09-23T14:05"),
    ("2024-09-23T14:05:00 Z", "2024-09-23T14:05"),
    ("2024-09-23 14:05:00 +0000 UTC", "2024-09-23T14:05"),
    ("2024-09-23 14:05:00 -0400", "2024-09-23T18:05"),
    ("Mon, 23 Sept 2024 14:05:00 GMT", "2024-09-23T14:05"),
    ("Mon,23 Sep 2024 14:05:00 GMT", "2024-09-23T14:05"),
    ("Monday, 23-Sep-24 14:05:00 GMT", "2024-09-23T14:05"),
    ("2024-W39-1", None),
    ("Last updated: 23 September 2024 at 14:05 BST", "2024-09-23T13:05"),
    ("Updated: 2024-09-23 14:05", "2024-09-23T14:05"),
    ("date: 2024-09-23", "2024-09-23T00:00"),
    ("23 eylul 2024", "2024-09-23T00:00"),
    ("23 KASIM 2023", "2023-11-23T00:00"),
    ("Isnin, 23 September 2024", "2024-09-23T00:00"),
    ("23 d’abril de 2024", "2024-04-23T00:00"),
    ("dilluns, 23 de setembre del 2024", "2024-09-23T00:00"),
    ("Dydd Llun 23 Medi 2024", None),
    ("23 Korrik 2024", "2024-07-23T00:00"),
    ("5 mai 2024 à 9h", "2024-05-05T09:00"),
    ("9月23日", None),
    ("2024年9月", None),
    ("上午", None),
    ("Q3 2024", None),
    ("23rd of September, 2024", "2024-09-23T00:00"),
    ("Sept. 23, 2024, 2:05 p.m. ET", None),
    ("Sept. 23, 2024 2:05 p.m. EDT", "2024-09-23T18:05"),
    ("00:00 23.09.2024", "2024-09-23T00:00"),
    ("24:00 23.09.2024", None),
    ("Thu, 01 Jan 1970 00:00:00 GMT", None),
    ("Mon, 23 Sep 2024 14:05:00 +9999", None),
    ("2024-09-23T14:05:00+14:00", "2024-09-23T00:05"),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_the_whole_text_is_one_date_or_none(text: str, expected: str | None) -> None:
    """Every part of a date counts: zone, half of the day, calendar; whatever is left over makes it none."""
    at = dates.read(text, NOW)
    assert (at.isoformat()[:16] if at else None) == expected


def _feed(*said: str) -> list[str]:
    items = "".join(f"<item><title>t{n}</title><pubDate>{text}</pubDate></item>" for n, text in enumerate(said))
    body = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"
    return [
        entry.published_at.date().isoformat() if entry.published_at else ""
        for entry in feeds.parse(body.encode(), now=NOW).entries
    ]


def test_other_dates_of_a_feed_settle_which_number_is_the_day() -> None:
    """05/11 alone is no date; beside 23/09 it is a day of November, beside 09/23 one of May, beside both none."""
    assert _feed("05/11/2024") == [""]
    assert _feed("05/11/2024", "23/09/2024") == ["2024-11-05", "2024-09-23"]
    assert _feed("05/11/2024 02:05 PM", "09/23/2024 02:05 PM") == ["2024-05-11", "2024-09-23"]
    assert _feed("05/11/2024", "23/09/2024", "09/23/2024") == ["", "2024-09-23", "2024-09-23"]


def test_what_was_read_before_still_settles_the_order() -> None:
    """An entry read alone, because its neighbours were read before, has the date that it has among them."""
    items = [f"<item><guid>{n}</guid><title>t{n}</title><pubDate>{d}/2024</pubDate></item>" for n, d in
             enumerate(("23/09", "05/11"))]  # fmt: skip
    body = f"<rss version='2.0'><channel><title>x</title>{''.join(items)}</channel></rss>".encode()
    marks = feeds.parse(body, now=NOW, read_before=()).marks
    left = feeds.parse(body, now=NOW, read_before=marks[:1]).entries
    assert [entry.published_at for entry in left] == [datetime(2024, 11, 5, tzinfo=UTC)]


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "1:", "a.m.", "mar ", "(", "2024-", "下午", " +", "23 Sep ", "thang ", "．"]
)
def test_no_text_takes_long_or_raises(unit: str) -> None:
    """What is longer than any date is not looked at; what is as long is read, whatever it repeats."""
    assert prose_dates.read(unit * 100_000) is None
    assert dates.read((unit * 100)[:WRITTEN_CHARS_MAX], NOW) is None
