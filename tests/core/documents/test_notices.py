"""Notices of correction and withdrawal in the styles of many publishers, and what only looks like one."""

from datetime import UTC, datetime

import pytest

from monitor.core import revisions
from monitor.core.documents import notices, pages

AT = datetime(2025, 11, 6, tzinfo=UTC)
NOTICES = [
    "For the record: The mill stood for six days, not nine.",
    "Correction: An earlier version of this article misstated the number of workers.",
    "CORRECTION: A previous version gave the wrong date.",
    "Correction (12 March): the dam is in the north of the country, not the south.",
    "Correction, 12 March 2025: The minister's first name is Ana, not Anna.",
    "Corrections & Clarifications: a chart gave figures in dollars instead of euros.",
    "Clarification: The company says it only supplied parts.",
    "CLARIFICATION: The quote was made in 2019.",
    "(Corrects spelling of minister's name in paragraph 3)",
    "(Corrects headline to say billions, not millions)",
    "(Corrects to read 300 workers, instead of 3,000, in first paragraph)",
    "(Corrects day of week in lead)",
    "(This March 12 story has been corrected to fix the spelling of the town in paragraph 4)",
    "(This story has been refiled to correct the dateline)",
    "(Refiles to fix typo in headline; corrects name in paragraph 2)",
    "(This version CORRECTS the number of dead to four)",
    "This version CORRECTS that the ship left on Monday, not Tuesday.",
    "This story has been corrected to show that the order came in March.",
    "This story has been corrected to reflect that 12 people were hurt.",
    "CORRECTED-Norland sends 300 workers, not 3,000",
    "CORRECTED - Norland sends 300 workers",
    "CORRECTED: Norland sends workers to the valley",
    "REFILE-CORRECTED-Norland sends workers to the valley",
    "CORRECTED-UPDATE 2-Norland sends workers to the valley",
    "(Corrected) Norland sends workers to the valley",
    "[Corrected] Norland sends workers to the valley",
    "Correction to This Story: Norland sends workers",
    "This article was amended on 3 May 2025. An earlier version said the firm was Dutch.",
    "This article was amended on 3 May to clarify that the minister spoke before the vote.",
    "This headline was amended on 3 May 2025 to better reflect the story.",
    "An earlier version of this article incorrectly stated that the dam was built in 1962.",
    "An earlier version of this story said 40 people had died; the figure is 14.",
    "A previous version of this article misidentified the governor.",
    "Because of an editing error, an earlier version of this article gave the wrong year.",
    "A picture caption with an earlier version of this article misidentified the bridge.",
    "This story has been updated to correct the name of the mayor.",
    "This article has been updated to clarify the company's position on the sale.",
    "This article has been updated to remove an incorrect reference to the ministry.",
    "Update 4 May: This article originally said the troops were sappers; they are engineers.",
    "Editor's note: This story has been corrected. The troops arrived in October.",
    "Editor's Note: An earlier version of this report gave a wrong figure for the dead.",
    "Editors' Note: After publication we learned that the document was forged.",
    "We have corrected the number of soldiers in this story.",
    "We apologise for the error.",
    "The Herald regrets the error.",
    "The article has been corrected.",
    "The story has been retracted.",
    "This story has been withdrawn.",
    "This report was removed after the ministry said it was false.",
    "RETRACTION: Norland workers in the valley",
    "Retraction: our report of 3 May on the workers could not be verified.",
    "WITHDRAWN: Norland workers in the valley",
    "This article has been removed because it did not meet our standards.",
    "This article has been taken down pending review.",
    "We have withdrawn our story on the valley because its source could not be confirmed.",
    "STORY REMOVED: Norland workers",
    "BC-EU--Norland-Workers, KILL: editors, please kill the story about workers slugged Norland.",
    "AP has withdrawn its story about the workers.",
    "CORRECTS: number of workers",
    "BULLETIN KILL",
    "The Tidings wishes to apologise for wrongly naming the valley.",
    "URGENT KILL NOTICE",
    "EDITORS: PLEASE HOLD THE VALLEY STORY. ITS FIGURES ARE IN DOUBT.",
    "[Clarification issued on 12 May: the workers were hired by a private firm.]",
    "Corrección publicada el 3 de mayo: eran tres obreros.",
    "Korrektur nachgetragen am 3. Mai: Es waren drei Arbeiter.",
    "CORRECTS number of workers to 300 from 3,000 in paragraph 2",
    "ADDS DETAILS, CORRECTS date of the order",
    "*clarifies that the troops are engineers in third paragraph",
    "AFP clarifies that the minister spoke of workers, not troops",
    "Korrektur: In einer früheren Fassung stand, der Damm sei 1962 gebaut worden.",
    "Richtigstellung: Die Ministerin hat den Brief nicht unterschrieben.",
    "Rectificatif : le barrage a été construit en 1962 et non en 1972.",
    "Correction : une première version de cet article indiquait 40 morts.",
    "Fe de errores: en una versión anterior de este artículo se decía que habían muerto 40 personas.",
    "Corrección: la ministra no firmó la carta.",
    "This story was updated at 10:00 to correct the spelling of the mayor's name.",
    "The headline of this article has been changed to reflect that no one was killed.",
    "A headline on an earlier version of this article overstated the size of the force.",
    "It was incorrectly reported in an earlier version that the minister had resigned.",
    "NOTE: This article previously stated that the workers were soldiers. This has been corrected.",
    "*This article has been edited to correct the number of workers sent abroad.",
    "* An earlier version of this report mistranslated the official's remark.",
    "**Correction**: the minister's age is 54.",
    "Erratum: the dam is 90 metres high.",
    "Note to readers: this story has been retracted.",
    "The following article has been corrected",
    "This post has been updated to reflect the correct name of the river.",
]
FALSE_FRIENDS = [
    "The airline wishes to apologise for the delays.",
    "Media hold the story close to their hearts.",
    "Editors: please hold for release at noon.",
    "A prison correctional officer was charged on Monday.",
    "The department of corrections said nothing.",
    "The correct answer is 42.",
    "It was the correct decision, the minister said.",
    "The ministry was asked to clarify its position.",
    "Norland clarifies stance on troops",
    "Minister clarifies remarks on war",
    "The foreign ministry clarified on Monday that no troops had been sent.",
    "Our correspondent reports from the valley.",
    "Updated at 10:00",
    "Updated 3 May 2025",
    "UPDATE 2-Norland sends workers to the valley",
    "UPDATE 1-Norland sends 300 workers; ministry denies report",
    "Update: two more people have died, police say.",
    "UPDATED: Norland sends workers to the valley",
    "WRAPUP 3-Norland and Ruritania trade blame",
    "REFILE-Norland sends workers to the valley",
    "Editor's note: This is a feature from our archive.",
    "Editor's note: Karla Brandt is a former minister. The views are her own.",
    "Editor's Note: This story contains descriptions of violence.",
    "Editor's note: Sign up for our science newsletter.",
    "Editor's note: This article was first published in 2023.",
    "Editor's note: This is the second part of a series.",
    "Anmerkung der Redaktion: Die Autorin ist Professorin in Bern.",
    "Hinweis der Redaktion: Dieser Text erschien zuerst im Januar.",
    "Mise à jour le 3 mai à 10h00",
    "Mis à jour à 10:00",
    "Aktualisiert am 3. Mai um 10:00 Uhr",
    "Stock markets see correction as tech shares fall",
    "A market correction: what investors should know",
    "Course correction: Norland turns its back on the deal",
    "Norland withdraws troops from the valley",
    "Troops withdrawn: Norland leaves the valley",
    "The army has withdrawn 300 men from the front.",
    "Minister withdraws claim about workers",
    "Minister retracts statement on troops",
    "The newspaper was ordered to retract its story, a court said.",
    "The minister apologised for the mistake.",
    "The army apologised for the error that killed 12 people.",
    "The company regrets any inconvenience to passengers.",
    "The pilot made an error, investigators said.",
    "The wrong man was arrested, police said.",
    "The man was wrongly convicted of murder in 1999.",
    "A report by the auditor misstated the cost, the opposition said.",
    "The minister was wrongly accused of theft, his lawyer said.",
    "The earlier report on the dam was withdrawn by the ministry.",
    "The bill was amended on Tuesday to include workers.",
    "The law was amended on 3 May to allow it.",
    "The constitution was amended in 2020.",
    "The charges were amended on Monday.",
    "The initial report said three people were killed, police said.",
    "Initial reports said 40 people had died; officials put the toll at 14.",
    "Officials corrected the death toll to 14 from 40.",
    "The ministry corrected its figure on Tuesday, saying 14 had died.",
    "The weather service corrected the magnitude to 6.1 from 6.4.",
    "An updated version of the drone was shown on Monday.",
    "An earlier version of the bill failed in the senate.",
    "An earlier version of the software had a bug, the firm said.",
    "A previous version of the plan called for 40 soldiers.",
    "The film's original version was cut by censors.",
    "The statue was removed after protests.",
    "The page of the ministry was taken down on Monday.",
    "The video was removed from the site after complaints.",
    "The candidate misstated his income, a rival said.",
    "The journalist was accused of fabricating a story.",
    "He said the story was false.",
    "The ministry called the article a fabrication.",
    "Fact check: no, the minister did not resign",
    "The story has been told many times in the valley.",
    "This story has been a gift to the opposition.",
    "This article is part of a series on dams.",
    "This article was written with help from a grant.",
    "This article was produced in partnership with the Valley Fund.",
    "This story will be updated.",
    "This is a developing story and will be updated.",
    "This story has been updated with new details.",
    "This story has been updated with comment from the ministry.",
    "The story has been updated throughout.",
    "Corrections officers went on strike in the north.",
    "House of Corrections: inside a jail in the valley",
    "Correction facility: three escape from the north wing",
    "Les services de correction ont été appelés.",
    "La ministra corrigió a un periodista.",
    "Der Minister korrigierte die Zahl der Toten auf 14.",
    "Korrektur der Märkte: Aktien fallen",
    "The government clarified the rules, an official said in a report.",
    "Ministry to clarify report on workers",
    "The name in the headline has been changed, the paper said.",
    "Advisory: story about flu withdrawn by ministry",
    "Our apologies for the delay, the airline said.",
    "The sentence was changed from 30 to 13 years.",
]
# Others who erred, apologised, corrected, removed: news, where a text ends with it as well.
BODY = """\
The governor of the valley said on Tuesday that 300 workers had been sent to the dam near Altdorf.

Twelve of them came home in May, Karla Brandt, a spokeswoman, told reporters. The dam was built in 1962.
"""


def verdict(line: str) -> str:
    """What becomes of a report behind which this line is put."""
    return revisions.compare(
        BODY, f"{BODY}\n{line}", AT, old_title="Dam workers sent", new_title="Dam workers sent"
    ).verdict


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_is_known(notice: str) -> None:
    assert notices.find(notice)


@pytest.mark.parametrize("sentence", FALSE_FRIENDS)
def test_a_false_friend_is_none(sentence: str) -> None:
    assert notices.find(sentence) == ()


@pytest.mark.parametrize("place", ["{0}\n\n{1}", "{1}\n\n{0}"])
@pytest.mark.parametrize("notice", NOTICES[::7])
def test_it_makes_a_correction_at_the_top_and_at_the_end(notice: str, place: str) -> None:
    found = revisions.compare(f"Dam workers sent\n\n{BODY}", "Dam workers sent\n\n" + place.format(notice, BODY), AT)
    assert (found.verdict, found.unannounced, found.changes[-1].kind) == ("correction", False, "notice")
    assert found.changes[-1].after == notice
    assert "notice" not in {change.kind for change in found.changes[:-1]}


def test_what_is_so_is_told_with_what_was_wrong() -> None:
    text = "Correction: This article gave the height of the mill as 9 m. It was 6. Police hunt two men."
    assert notices.find(text) == ("Correction: This article gave the height of the mill as 9 m. It was 6.",)
    assert notices.find("Correction: The mill stands in Orve. Police hunt two men.") == (
        "Correction: The mill stands in Orve.",
    )


def test_a_label_by_itself_is_told_with_what_follows() -> None:
    found = revisions.compare(BODY, f"{BODY}\nCorrection\n\nThe dam was built in 1963.", AT)
    assert found.changes[0].after == "Correction The dam was built in 1963."


@pytest.mark.parametrize(
    "mark", ["CORRECTED-", "CORRECTED-UPDATE 2-", "Corrected: ", "[Corrected] ", "REFILE-CORRECTED-"]
)
def test_a_marked_headline_tells_its_changed_fact_too(mark: str) -> None:
    old, new = "Norland sends 3,000 workers abroad", f"{mark}Norland sends 300 workers abroad"
    found = revisions.compare(BODY, BODY, AT, old_title=old, new_title=new)
    assert found.verdict == "correction"
    assert ("figure", "3,000 workers", "300 workers") in [(c.kind, c.before, c.after) for c in found.changes]


def test_what_we_said_and_what_is_so_close_an_article_as_a_notice() -> None:
    assert verdict("We said the dam was built in 1962. It was built in 1926.") == "correction"
    assert verdict("We said the dam was safe. It is cracked, the engineer told the inquiry.") != "correction"


def test_an_update_mark_corrects_nothing() -> None:
    old, new = "UPDATE 1-Norland sends workers abroad", "UPDATE 2-Norland sends workers abroad"
    assert revisions.compare(BODY, BODY, AT, old_title=old, new_title=new).verdict == "touch"


def test_a_withdrawn_article_is_a_correction_and_its_page_no_empty_one() -> None:
    withdrawn = "<html><body><article><h1>Dam workers</h1><p>This story has been withdrawn.</p></article></body></html>"
    page = pages.extract(withdrawn.encode(), "https://news.example.org/dam", "text/html", AT)
    assert page.state == "ok"
    assert revisions.compare(BODY, page.text, AT).verdict == "correction"


@pytest.mark.parametrize(
    "line",
    [
        "This report was revised on Friday with the union's reply.",
        "Cet article a été modifié à 18 h pour intégrer la réaction du syndicat.",
        "Artiklen er ændret klokken 18 med ministerens svar.",
        "Erramos: veja todas as correções publicadas em maio.",
        "Fehlerhafte Angaben berichtigen wir unter dem Beitrag.",
        "Ошибки исправляются с пометкой под текстом.",
    ],
)
def test_what_was_added_and_how_errors_are_handled_is_no_notice(line: str) -> None:
    assert verdict(line) != "correction"


def test_a_quotation_that_goes_on_has_no_newsroom_in_it() -> None:
    assert verdict("“The dam is old. We had confused two valves. It is safe.”") != "correction"


@pytest.mark.parametrize(
    "line",
    [
        "The article gave her age as 54. She is 45.",
        "Readers point out that the church dates from 1290. They are right.",
        "The picture showed another lake. It has been swapped.",
        "Names of two divers were swapped under the pictures.",
        "In the version sent to subscribers at 6am the pool held 6,000.",
        "We quoted her as saying never. She said ever.",
        "We are obliged to the parish for putting us right on the date.",
        "Since this went out we have learned that the valve was never broken.",
        "Toppbilden visade ett annat bad och är utbytt.",
        "Leser weisen darauf hin, dass die Kirche älter ist. Sie haben recht.",
    ],
)
def test_a_mistake_told_in_passing_is_a_notice(line: str) -> None:
    assert verdict(line) == "correction"


@pytest.mark.parametrize(
    "line",
    [
        "The line has been cut off at times when relations have soured.",
        "AI was used to help translate this report. It was checked by an editor before publication.",
        "Readers say that the church is cold.",
    ],
)
def test_what_sounds_like_a_mistake_told_in_passing_is_none(line: str) -> None:
    assert verdict(line) != "correction"
