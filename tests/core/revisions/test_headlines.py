"""Headlines: other words for the same, what came true, who vouches for it, and pages that moved on."""

import pytest

from monitor.core import revisions

TOUCHES = [
    ("Council rebuffs claims over bridge cracks", "Council dismisses claims over bridge cracks"),
    ("Queen in Altdorf as snow shuts roads", "Queen visits Altdorf as snow shuts roads"),
    ("Bishop thanks crews on tour of coast", "Bishop thanks crews on visit to coast"),
    ("Brandt beats Okafor in Marlow final", "Brandt defeats Okafor in Marlow final"),
    ("Mill boss ousted after fire", "Mill boss sacked after fire"),
    ("Prices climb in ports of the north", "Prices rise in ports of the north"),
    ("Coast guards alarmed by empty nets", '"We have never seen this": Coast guards alarmed by empty nets'),
    ("Ferry sinks off Lundsted", "(UPDATE) Ferry sinks off Lundsted"),
]
REVISIONS = [
    ("Oakford third and set for relegation", "Oakford relegated to second division"),
    ("Marlow Masters: Berg shares lead after day two", "Marlow Masters: Berg leads outright after day two"),
    ("Two dead as crane falls in Altdorf", "Two dead as crane falls in Altdorf - reports"),
    ("Mayor took bribes for port deal", "Mayor allegedly took bribes for port deal"),
    ("Smell over Oakford was not from our plant - firm", "Smell over Oakford was from burst sewer"),
    ("Minister to quit over bribes", "Minister quits over bribes"),
    ("Man arrested over Marlow fire", "Man charged over Marlow fire"),
]
MOVED = [
    (("Live: Storm news from the coast",
      "Ferries stay in port as winds reach 60 mph and waves break over the quay at Marlow."),
     ("Live: Storm news from the coast",
      "Schools open again and trains run to Lundsted, where crews have cleared trees from lines.")),
    (("Can I visit my parents at Easter?", "Rules on visits to care homes are to change next month."),
     ("Can I get my money back for a cancelled trip?", "What airlines owe to passengers, and how to ask them.")),
    (("Brandt wins Marlow Masters", "The Norwegian beat Okafor by four strokes."),
     ("Lundsted council sells town hall", "A hotel firm from Karvin pays nine million for it.")),
]  # fmt: skip
STAYED = [
    (("Two hurt in Altdorf fire", "The fire broke out at noon."), ("Three dead in Altdorf fire", "The fire is out.")),
    (("The village that lost its river", ""), ("Life after the water went", "")),
]


@pytest.mark.parametrize(("old", "new"), TOUCHES)
def test_other_words_for_the_same_are_a_touch(old: str, new: str) -> None:
    found = revisions.compare(old, new)
    assert found.verdict == "touch", found.changes


@pytest.mark.parametrize(("old", "new"), REVISIONS)
def test_what_came_true_or_is_vouched_for_no_more_is_a_revision(old: str, new: str) -> None:
    assert revisions.compare(old, new).verdict == "revision"


def test_a_country_in_the_place_of_one_of_its_towns_moves_nothing() -> None:
    old = "Crowds at the coast\n\nFrom Ystad to Lomma people sought relief from the heat."
    new = "Crowds at the coast\n\nAcross Sweden people sought relief from the heat."
    assert revisions.compare(old, new).verdict == "touch"
    assert revisions.compare("Ship sinks off Spain", "Ship sinks off Italy").verdict == "revision"


def test_descriptions_and_possessives_are_no_names() -> None:
    body = "The mill in Altdorf burned on Monday. Nobody was there."
    new = f"{body} An Oscar-winning German-made film of it cost 12 million crowns, Anna Berg's firm said."
    found = revisions.compare(f"Mill burns\n\n{body}", f"Mill burns\n\n{new}")
    assert {change.after for change in found.changes if change.kind == "name"} <= {"Anna Berg"}


@pytest.mark.parametrize(("old", "new"), MOVED)
def test_a_page_that_moved_on_says_so(old: tuple[str, str], new: tuple[str, str]) -> None:
    found = revisions.compare(old[1], new[1], old_title=old[0], new_title=new[0])
    assert found.moved_on and revisions.to_dict(found)["moved_on"] is True


@pytest.mark.parametrize(("old", "new"), STAYED)
def test_a_page_that_goes_on_about_its_matter_has_not(old: tuple[str, str], new: tuple[str, str]) -> None:
    assert not revisions.compare(old[1], new[1], old_title=old[0], new_title=new[0]).moved_on
