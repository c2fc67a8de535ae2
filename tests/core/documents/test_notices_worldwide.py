"""Notices and furniture in many languages and in agencies' forms, seen through the whole comparison of two versions."""

import pytest

from monitor.core import revisions

HEADLINE = "Ferry strike halts crossings at Port Alder"
BODY = """\
Crews walked out at Port Alder on Monday, halting all crossings to Melkoria.

The union said its members had been without a contract since spring. A walkout in March lasted nine days."""
NOTICES = [
    "Editor's Note: The picture that ran with this article did not show Port Alder. It has been swapped.",
    "Retting: I en tidligere versjon av saken sto det at streiken varte i ni dager.",
    "I en tidligere versjon av artikkelen sto det feil antall dager.",
    "RETTELSE 4. juni: Streiken varte i seks dager.",
    "Oikaisu 4.6. klo 12.10: Lakko kesti kuusi päivää, ei yhdeksän.",
    "Jutussa kerrottiin aiemmin virheellisesti, että lakko kesti yhdeksän päivää.",
    "SPROSTOWANIE: strajk trwał sześć dni.",
    "W pierwotnej wersji tekstu błędnie podaliśmy liczbę dni. Przepraszamy.",
    "Ispravak: štrajk je trajao šest dana.",
    "U ranijoj verziji teksta pogrešno je naveden broj dana.",
    "Исправка: штрајк је трајао шест дана.",
    "Erată: greva a durat șase zile.",
    "Într-o versiune anterioară a articolului a fost scris greșit numărul de zile.",
    "HELYESBÍTÉS: a sztrájk hat napig tartott.",
    "Cikkünk korábbi változatában tévesen szerepelt a napok száma.",
    "Διόρθωση: η απεργία διήρκεσε έξι ημέρες.",
    "Σε προηγούμενη έκδοση του άρθρου αναφερόταν λανθασμένα ότι διήρκεσε εννέα.",
    "DÜZELTME: Grev altı gün sürdü.",
    "Haberin ilk halinde grevin süresi yanlış yazılmıştı, özür dileriz.",
    "اصلاحیه: اعتصاب شش روز طول کشید.",
    "در نسخه قبلی این خبر به اشتباه نه روز نوشته شده بود.",
    "Ralat: mogok berlangsung enam hari.",
    "Dalam versi sebelumnya artikel ini keliru menyebut sembilan hari.",
    "แก้ไข: การนัดหยุดงานกินเวลาหกวัน",
    "সংশোধনী: ধর্মঘট ছয় দিন চলেছিল।",
    "【訂正】ストは9日間ではなく6日間でした。",
    "記事の一部に誤りがありました。お詫びして訂正します。",
    "本報更正：罷工持續六天，而非九天。",
    "更正与致歉：罢工持续了六天。",
    "본지 기사에서 파업 기간을 잘못 표기해 바로잡습니다.",
    "Parandus: streik kestis kuus päeva.",
    "Labojums: streiks ilga sešas dienas.",
    "Patikslinimas: streikas truko šešias dienas.",
    "Fe d'errates: la vaga va durar sis dies.",
    "Popravek: stavka je trajala šest dni.",
    "Berichtigung vom 4. Juni: Der Ausstand dauerte sechs Tage.",
    "In diesem Artikel stand zunächst, der Ausstand habe neun Tage gedauert. Das war falsch.",
    "Wir hatten irrtümlich von neun Tagen berichtet.",
    "Dans une précédente version, nous écrivions par erreur que la grève avait duré neuf jours.",
    "Contrairement à ce que nous avons écrit par erreur, la grève a duré six jours.",
    "Por un error, en la primera versión de esta noticia publicamos que la huelga duró nueve días.",
    "Ao contrário do que informamos, por erro, a greve durou seis dias.",
    "Per un errore avevamo scritto che lo sciopero era durato nove giorni.",
    "In een eerdere versie van dit bericht stond abusievelijk negen dagen.",
    "I en tidigare version av texten uppgavs felaktigt att strejken pågick i nio dagar.",
    "Раніше в тексті помилково йшлося про дев'ять днів.",
    "Correction (June 4, 2026): The walkout lasted six days.",
    "Corrections and amplifications: the walkout lasted six days, not nine as an earlier version stated.",
    "Correction to our story of June 3: the walkout lasted six days.",
    "Erratum - the walkout lasted six days.",
    "*Clarification* The walkout was called by one union only.",
    "Our headline wrongly said all ports were shut.",
    "Due to a production error, part of a sentence was missing.",
    "The Ledger has corrected the length of the walkout in this story.",
    "An editing slip meant an earlier version gave the wrong month.",
    "In yesterday's story on the strike we named the wrong union. We apologise for the mistake.",
    "We originally reported that the walkout lasted nine days. This was incorrect.",
    "The image originally published with this story was of another port and has been removed.",
    "A quotation attributed to Ms Brandt has been removed from this article.",
    "EDS: Please disregard the previous story on the ferry strike.",
    "Story has been withdrawn.",
    "(Repeats to fix spelling of harbour in paragraph 2)",
    "(Removes incorrect reference to nine days in paragraph 3)",
    "ATTENTION - CORRECTS length of walkout",
    "This item was updated to correct the number of days.",
    "The error has been corrected and we regret it.",
]
HEADS = [
    "CORRECTION: {0}", "Corrected: {0}", "(Corrected) {0}", "{0} (corrected)", "{0} - CORRECTED", "CORRECTION-{0}",
    "(2nd LD) (CORRECTED) {0}", "UPDATE 3-CORRECTED-{0}", "CORRECTED (OFFICIAL)-{0}", "[Berichtigt] {0}",
    "{0} (Korrektur)",
    "RECTIFICATIF {0}", "Rectificatif: {0}", "(CORRIGE) {0}", "Corrección: {0}", "RETTELSE: {0}",
    "Oikaisu: {0}", "OPRAVA - {0}",
    "(Исправлено) {0}", "〈訂正〉{0}", "[정정] {0}", "（更正）{0}", "KILL: {0}", "WITHDRAWN: {0}", "RETRACTED: {0}",
    "Düzeltme | {0}",
]  # fmt: skip
FURNITURE = [
    "Reporting by Ann Lee in Port Alder; editing by Tom Roe",
    "Additional reporting by Ann Lee.",
    "Ann Lee in Melkoria contributed to this report.",
    "With files from The Canadian Press",
    "Mit Material der dpa",
    "Avec AFP",
    "Con información de EFE",
    "This article was originally published on The Conversation and is republished under a licence.",
    "This story originally appeared in the June issue.",
    "This story was produced by Alder Health News.",
    "Dieser Text erschien zuerst am 2. Juni.",
    "Cet article a été publié initialement le 2 juin.",
    "Spotted an error? Let us know.",
    "If you find a mistake, please write to our corrections desk.",
    "Read more about our corrections policy here.",
    "Vous avez repéré une erreur ? Écrivez-nous.",
    "Hai trovato un errore? Segnalacelo.",
    "Har du hittat ett fel i texten? Kontakta oss.",
    "Fant du en feil i saken? Tips oss.",
    "Znalazłeś błąd? Napisz do nas.",
    "Našli jste chybu v článku? Napište nám.",
    "Помітили помилку? Виділіть її та натисніть Ctrl+Enter.",
    "발견한 오류는 제보해 주세요.",
    "如发现错误，请联系我们。",
    "誤字・脱字のお知らせはこちら。",
    "Sign up for our morning newsletter.",
    "Follow us on all platforms.",
    "This is a breaking news story; check back for more.",
    "Editor's note: This story contains descriptions of self-harm.",
    "Copyright 2026 Alder Ledger. All rights reserved.",
    "Aktualisiert am 4. Juni 2026 um 10:12 Uhr",
    "Mis à jour le 4 juin à 10h12",
    "Обновлено: 04.06.2026 10:12",
]
PLAIN_MARKS = [
    "(LEAD) {0}", "(3rd LD) {0}", "(URGENT) {0}", "[Photo] {0}", "EXCLUSIVE: {0}", "Breaking: {0}",
    "VIDEO: {0}", "{0} - video",
    "EIL: {0}", "Última hora: {0}", "СРОЧНО: {0}", "【速報】{0}", "[속보] {0}", "快讯：{0}",
    "WATCH | {0}", "{0} [Photos]",
]  # fmt: skip


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_at_the_end_is_a_correction(notice: str) -> None:
    found = revisions.compare(BODY, f"{BODY}\n\n{notice}", old_title=HEADLINE, new_title=HEADLINE)
    assert found.verdict == "correction"


@pytest.mark.parametrize("mark", HEADS)
def test_a_marked_headline_is_a_correction(mark: str) -> None:
    found = revisions.compare(BODY, BODY, old_title=HEADLINE, new_title=mark.format(HEADLINE))
    assert found.verdict == "correction"
    assert {change.kind for change in found.changes} == {"notice"}


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_alerts_nobody(line: str) -> None:
    for new in (f"{BODY}\n\n{line}", f"{line}\n\n{BODY}"):
        found = revisions.compare(BODY, new, old_title=HEADLINE, new_title=HEADLINE)
        assert found.verdict == "touch", found.changes


@pytest.mark.parametrize("mark", PLAIN_MARKS)
def test_a_mark_of_the_trade_alerts_nobody(mark: str) -> None:
    found = revisions.compare(BODY, BODY, old_title=HEADLINE, new_title=mark.format(HEADLINE))
    assert found.verdict == "touch", found.changes
