"""How the world writes its numbers: the same figure written otherwise is no change, another figure is one."""

import pytest

from monitor.core import revisions
from monitor.core.language import quantities

TAIL = " The council will meet again on the matter, the operator said."
SAME = [
    ("The mine shipped 48'250 tonnes of ore.", "The mine shipped 48,250 tonnes of ore."),
    ("The mine shipped 48 250 tonnes of ore.", "The mine shipped 48.250 tonnes of ore."),
    ("The scheme reached 7,65,43,210 farmers.", "The scheme reached 76,543,210 farmers."),
    ("Rs 3.5 crore was spent on boats.", "Rs 35 lakh was spent on boats.".replace("35", "350")),
    ("The bank lent ₹2 lakh crore to ports.", "The bank lent ₹2 trillion to ports."),
    ("Some 1¾ million homes lost power.", "Some 1.75 million homes lost power."),
    ("Some 3 1/2 million homes lost power.", "Some 3.5 million homes lost power."),
    ("Three in four voters stayed away.", "75% of voters stayed away."),
    ("Nine out of ten voters stayed away.", "90 per cent of voters stayed away."),
    ("1 in 4 boats was checked.", "A quarter of the boats was checked."),
    ("⅔ of owners agreed.", "Two-thirds of owners agreed."),
    ("The mine paid half of them in cash.", "The mine paid 50% of them in cash."),
    ("Half the owners agreed.", "50 per cent of the owners agreed."),
    ("In the second half the team scored.", "In the half before the break the team scored."),
    ("The rate went up by a full percentage point.", "The rate went up by 100 basis points."),
    ("Output rose threefold in a year.", "Output tripled in a year."),
    ("The rate went up by half a percentage point.", "The rate went up by 0.5 percentage points."),
    ("The rate went up by 25 basis points.", "The rate went up by a quarter point."),
    ("The fleet has 2,5 million tonnes of hold.", "The fleet has 2.5 million tonnes of hold."),
    ("It was −12C on the pier.", "It was minus 12C on the pier."),
    ("The mast is 310m tall.", "The mast is 310 metres tall."),
    ("Rents went up by a fifth.", "Rents went up by 20%."),
    ("Sales rose by half in May.", "Sales rose 50 per cent in May."),
    ("Sales fell by more than two thirds.", "Sales fell by more than 66.7 per cent."),
    ("Between 20 and 30 boats sank.", "20-30 boats sank."),
    ("The deal is worth $4bn.", "The deal is worth 4 billion dollars."),
    ("The deal is worth €12mn.", "The deal is worth 12 million euros."),
    ("He led the port from 1998 to 2006.", "He led the port from 1998–2006."),
    ("The talks open at 0930 GMT.", "The talks open at 9.30am GMT."),
    ("They must go by 01.02.2027.", "They must go by 1 February 2027."),
    ("They must go by 2027-02-01.", "They must go by 1 February 2027."),
    ("The storm killed both sailors.", "The storm killed the two sailors."),
    ("Die Bahn zahlt 3,2 Milliarden Euro für die Strecke.", "Die Bahn zahlt 3,2 Mrd. Euro für die Strecke."),
    ("In der Stadt leben zweiundvierzig Menschen.", "In der Stadt leben 42 Menschen."),
    ("Le port a coûté 2,4 milliards d'euros.", "Le port a coûté 2 400 millions d'euros."),
    ("La ville compte soixante-quinze bateaux.", "La ville compte 75 bateaux."),
    ("El puerto costó 3 mil millones de euros.", "El puerto costó 3.000 millones de euros."),
    ("Il porto è costato 1,5 miliardi di euro.", "Il porto è costato 1.500 milioni di euro."),
    ("De haven kostte 1,5 miljard euro en is klaar.", "De haven kostte 1.500 miljoen euro en is klaar."),
    ("Порт обошёлся в 1,5 млрд рублей.", "Порт обошёлся в 1,5 миллиарда рублей."),
    ("Hamnen kostade 12 500 kronor att bygga.", "Hamnen kostade 12.500 kronor att bygga."),
    ("Der Zug fährt um 14 Uhr ab und kommt an.", "Der Zug fährt um 14:00 Uhr ab und kommt an."),
    ("Le train part à 14h30 de la gare.", "Le train part à 14:30 de la gare."),
    ("Die Wahl ist am 7. März 2027 in der Stadt.", "Die Wahl ist am 07.03.2027 in der Stadt."),
]
OTHER = [
    ("The mine shipped 48'250 tonnes of ore.", "The mine shipped 42'850 tonnes of ore.", "42'850 tonnes"),
    ("The scheme reached 7,65,43,210 farmers.", "The scheme reached 7,65,432 farmers.", "7,65,432 farmers"),
    ("Rs 3.5 crore was spent on boats.", "Rs 3.5 lakh was spent on boats.", "3.5 lakh"),
    ("Some 1¾ million homes lost power.", "Some 1¼ million homes lost power.", "1¼ million"),
    ("Three in four voters stayed away.", "Three in five voters stayed away.", "three in five"),
    ("2/3 of owners agreed.", "3/4 of owners agreed.", "3/4"),
    ("Output rose threefold in a year.", "Output rose fourfold in a year.", "fourfold"),
    (
        "The rate went up by a quarter point.",
        "The rate went up by three-quarters of a point.",
        "three-quarters of a point",
    ),
    ("It was -12C on the pier.", "It was 12C on the pier.", "12C"),
    ("The rate went up by a half point.", "The rate went up by a full point.", "a full point"),
    ("More than 100 boats sank.", "A count found that 120 boats sank.", "120 boats"),
    ("Between 20 and 30 boats sank.", "Between 20 and 40 boats sank.", "between 20 and 40 boats"),
    ("The deal is worth $4bn.", "The deal is worth $4m.", "$4m"),
    ("Support fell by 3 per cent.", "Support fell by 3 percentage points.", "3 percentage points"),
    ("He led the port from 1998 to 2006.", "He led the port from 1998 to 2008.", "2008"),
    ("The talks open at 0930 GMT.", "The talks open at 1930 GMT.", "1930"),
    ("They must go by 01.02.2027.", "They must go by 01.12.2027.", "01.12.2027"),
    ("Scores were hurt on the quay.", "A total of 57 were hurt on the quay.", "57"),
    (
        "Die Bahn zahlt 3,2 Milliarden Euro für die Strecke.",
        "Die Bahn zahlt 2,3 Milliarden Euro für die Strecke.",
        "2,3",
    ),
    ("La ville compte soixante-quinze bateaux.", "La ville compte quatre-vingt-quinze bateaux.", "quatre-vingt-quinze"),
    ("Порт обошёлся в 1,5 млрд рублей.", "Порт обошёлся в 1,5 млн рублей.", "1,5 млн"),
    ("全长12公里的大桥。", "全长15公里的大桥。", "15"),
    ("사업비는 3천억 원이다.", "사업비는 5천억 원이다.", "5천억"),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_the_same_figure_written_otherwise_is_no_change(old: str, new: str) -> None:
    for before, after in ((old, new), (new, old)):
        found = revisions.compare(before + TAIL, after + TAIL)
        assert found.verdict in ("none", "touch"), found.changes


@pytest.mark.parametrize(("old", "new", "told"), OTHER)
def test_another_figure_is_told(old: str, new: str, told: str) -> None:
    found = revisions.compare(old + TAIL, new + TAIL)
    assert found.verdict == "revision"
    assert any(told.lower() in change.after.lower() for change in found.changes if change.kind in ("figure", "date"))


@pytest.mark.parametrize(
    "text",
    [
        "Lender had hoped to secure an Altdorf licence",
        "Marlow v Oakford: O'Dowd on to serve",
        "An orchard v the motorway: fire and pet owners to meet",
        "★★★☆☆ Fire on stage to delight Lundsted",
    ],
)
def test_words_of_english_are_no_numbers_of_other_languages(text: str) -> None:
    assert quantities.find(text) == ()


def test_a_name_before_v_does_not_make_a_slavic_headline_english() -> None:
    (figure,) = quantities.find("Pet mrtvih v Ljubljani po požaru")
    assert (figure.low, figure.high) == (5, 5)


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("3,000 cattle killed in storm", "cattle"),
        ("Train kills 80 reindeer near Altdorf", "reindeer"),
        ("40 wild geese found dead", "geese"),
        ("12 aircraft missing", "aircraft"),
        ("500 sheep farmers march", "farmers"),
    ],
)
def test_what_has_a_plural_without_an_s_is_counted_for_itself(text: str, noun: str) -> None:
    (figure,) = quantities.find(text)
    assert figure.noun == noun and figure.family != "people"
