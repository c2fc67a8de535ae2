"""Headlines: other words for the same, what came true, who vouches for it, and pages that moved on."""

from pathlib import Path

import pytest

from monitor.core import revisions

PAIRS = Path(__file__).with_name("headline_pairs.tsv")
TOUCHES = [
    ("Council rebuffs claims over bridge cracks", "Council dismisses claims over bridge cracks"),
    ("Queen in Altdorf as snow shuts roads", "Queen visits Altdorf as snow shuts roads"),
    ("Bishop thanks crews on tour of coast", "Bishop thanks crews on visit to coast"),
    ("Brandt beats Okafor in Marlow final", "Brandt defeats Okafor in Marlow final"),
    ("Mill boss ousted after fire", "Mill boss sacked after fire"),
    ("Berg comes out top in Karvin libel case", "Berg wins Karvin libel case"),
    ("Berg sues over lamp, claiming it was faulty", "Berg sues over alleged fault in lamp"),
    ("Mill strike begins in Karvin", "Millers of Karvin strike for first time in 30 years"),
    ("Woman and child saved from flood in Marlow", "Mother and child saved from flood in Marlow"),
    ("Prices climb in ports of the north", "Prices rise in ports of the north"),
    ("Coast guards alarmed by empty nets", '"We have never seen this": Coast guards alarmed by empty nets'),
    ("Ferry sinks off Lundsted", "(UPDATE) Ferry sinks off Lundsted"),
    ("Ferry sinks off Lundsted as storm batters coast", "Ferry goes down in storm off Lundsted - authorities"),
    ("Dam bursts above Karvin", "Hospital braced as dam bursts above Karvin"),
    ("Judge exonerates baker of Marlow", "Judge clears baker of Marlow"),
    # What a thing is called, and what stands beneath it as a teaser, reports nothing.
    (
        "The hidden salt roads of Karvin\n\nThey join the sea to the hills",
        'Karvin\'s paths of salt\n\n"It was never only about trade", says Anna Berg of Lundsted',
    ),
    ("The bakers that rose at dawn", "The bread bakers with a life at night"),
    ("Miller of Karvin fears for his trade", 'Otto Weiss: "Nobody wants bread"'),
    ("Is anger in our genes?", "Living with the science behind anger"),
    ("Can fog be harvested?", "Fog nets end thirst of Karvin's hill farms"),
    # An intention in another word has not come true, nor is one way to leave a thing open less sure than another.
    ("Lundsted weighs tax on ferries", "Lundsted plots tax on ferries"),
    ("Weir aims to save salt trade by new road", "Weir eyes salt trade savings by new road"),
    ("Grid operator warns of Karvin power cuts", "Karvin could face power cuts, grid operator warns"),
    # What was done is said to explain what happened; a quotation takes in words that stood beneath it.
    ("Baker accused of fraud plot", "Baker accused of sending forged bills in fraud plot"),
    (
        "Fares 'may go up for two or three years'\n\nFerry fares may go up for some years, says Anna Berg.",
        "Fares 'may go up for some two or three years'\n\nFerry fares may go up for some years, says Anna Berg.",
    ),
    # A participle that tells what a thing is like, and what the old text said beneath, are no events.
    ("The surprising bread of Karvin", "Karvin's disappearing bakers"),
    ("Altdorf cities tumble to rebel control", "Altdorf cities fall to rapid rebel advance"),
    (
        "League bans all Altdorf teams\n\nThe league has suspended Altdorf clubs from its cups.",
        "League suspends all Altdorf teams\n\nThe league has suspended Altdorf clubs from its cups.",
    ),
    ("Dam bursts above Karvin", "Dam bursts above Karvin - Altdorf Herald"),
    # Lists grow, wars are numbered both ways, states are abbreviated; what comes soon has not come.
    ("Karvin: Six ways the flood has changed it", "Karvin: Eight ways the flood has changed it"),
    ("Low river bares WWII mine at Marlow", "Low river bares WW2 mine at Marlow"),
    ("Storm shuts mills in Marlow, PA", "Storm shuts mills in Marlow, Pennsylvania"),
    ("Next mayor of Karvin to be named at noon", "Next mayor of Karvin named shortly"),
    # Names that come in with other words tell nothing by themselves.
    ("Ferry lines set to merge their fleets", "Anna Berg courts rivals over plan for one coastal fleet"),
    # A market that is open moves; the same teaser slot holds a caption now.
    (
        "Karvin Steel shares fall after strike\n\nShares drop 7%",
        "Karvin Steel shares fall after strike\n\nShares drop 9%",
    ),
    ("Oil slides as talks resume", "Oil tumbles as talks resume"),
    (
        "Copper falls as traders fear for mines\n\nPrice slips to $410 after Lundsted strike vote",
        "Copper slumps for third day as mood sours\n\nMetal has shed more than a tenth since Berg quit as mine chief",
    ),
    (
        "Krona hits record against rouble before rate ruling\n\nThe bank meets on Friday.",
        "Krona rises for third day\n\nCurrency sought after bank says it does not fear 5% inflation",
    ),
    (
        "New tolls anger hauliers in Karvin\n\nThe council's move may make it harder to cross the bay.",
        "New tolls anger hauliers in Karvin\n\nOtto Weiss, who owns 40 lorries, said on Tuesday that Altdorf had been"
        ' "deaf to us for ten years".',
    ),
    # Another word for the headline's verb, and another teaser beneath; a noun where a verb would be news.
    (
        "Ferry chief resigns after grounding\n\nOtto Weiss steps down after two ships ran aground.",
        "Ferry chief quits after grounding\n\nCouncil unveils measures to raise trust after warnings from insurers.",
    ),
    ("Toll dispute with hauliers drags on in Karvin", "Toll dispute drags on as Karvin weighs lorry ban idea"),
    ("Brussels to stockpile salt", "EU to stockpile salt"),
    ("Lundsted to soften stance on toll", "Lundsted open to softening stance on toll"),
    ("Reader asks for ban on jet skis", "Ban jet skis, reader asks"),
    ("Nurses crossing the strait will be protected - Weiss", "Weiss promises to protect nurses crossing the strait"),
    ("Krona slumps to all-time low against mark", "Krona touches all-time low against mark"),
    ("Tolls 'raised far too early'", "Tolls 'raised too early'"),
    ("Otto Weiss breaks silence without naming a date", "Otto Weiss ends silence without naming a date"),
    ("'A fall at sea made me a baker'", "'I nearly drowned at sea, and it made me a baker'"),
    ("Governor Hohcul opens bridge at Marlow", "Governor Hochul opens bridge at Marlow"),
    ("New strain appears to be milder", "New strain appears milder"),
    ("Mill feared by painters", "Mill is one of the oldest in its valley, study finds"),
    (
        "Copper falls for second day\n\nPrice down 3% as traders fear for mines",
        "Copper falls as Weiss warning adds to Karvin fears\n\nPrice down 3% as traders fear for mines",
    ),
    ("Whale freed from net\n\nDivers took an hour.", "Divers free whale from net\n\nIt took them one hour."),
    # A headline written anew, with nothing that decides.
    (
        "Lundsted's hat makers learn to whisper\n\nThe firms widen their trade as orders dry up.",
        "'Boards are needier than ever': how Karvin's millers sell hope\n\nOtto Weiss says growth may come.",
    ),
    # A teaser that was swapped whole; "not only" denies nothing; a size in millions is no count.
    ("Marlow millers aren't the only ones in debt", "Not only the millers of Marlow are in debt"),
    ("Museum in row over Karvin's maps", "Museum in row over millions of Karvin maps"),
    ("Trial of new ferry starts as Karvin warns tolls could stay", "Trial of new ferry starts in Karvin"),
    (
        "Court lets Otto Weiss stand for mayor\n\nJudges threw out petitions that cited his trial for fraud.",
        "Court lets Otto Weiss stand for mayor\n\nThe former harbour master on the quay of Lundsted in May.",
    ),
]
REVISIONS = [
    # What stands behind a verb is no prospect of its own; how many were killed is one word.
    ("Berg about to take stand in mill trial", "Berg takes stand to defend mill sale"),
    ("Man held in double killing at Marlow", "Man held in triple killing at Marlow"),
    ("Altdorf Open: Lund leads from Weiss", "Altdorf Open: Weiss and Berg crash out"),
    ("Altdorf Open: Lund leads by two from Weiss", "Altdorf Open: Lund leads by two from Weiss & Okafor"),  # one more
    ("Miller sues Lundsted over flood at dam", "Miller sues Lundsted and Karvin over flood at dam"),
    ("Altdorf Open: Berg fights back against Lund", "Altdorf Open: Berg fights back to beat Lund"),
    ("Altdorf Open: Berg takes second set to lead Lund", "Altdorf Open: Berg beats Lund to win first title"),
    ("New ferries to start crossing at Marlow", "New ferries start crossing at Marlow"),
    ("Karvin 1-0 Altdorf - Lund opens scoring", "Karvin 1-0 Altdorf - Lund opens scoring and Weiss sent off"),
    (
        "Unrest in Karvin over planned toll\n\nPeople are angry at the council's plan.",
        "Dozens held at Lundsted after fourth night of riots\n\nPolice and crowds have clashed at the town hall.",
    ),
    ("Oakford third and set for relegation", "Oakford relegated to second division"),
    ("Marlow Masters: Berg shares lead after day two", "Marlow Masters: Berg leads outright after day two"),
    ("Two dead as crane falls in Altdorf", "Two dead as crane falls in Altdorf - reports"),
    ("Mayor took bribes for port deal", "Mayor allegedly took bribes for port deal"),
    ("Smell over Oakford was not from our plant - firm", "Smell over Oakford was from burst sewer"),
    ("Minister to quit over bribes", "Minister quits over bribes"),
    ("Tin trading halt upsets markets", "Exchange resumes trading after halt upset markets"),
    ("Oil price expected to surge after strikes", "Oil price jumps after strikes"),
    ("Mayor expected to U-turn on bridge toll", "Mayor U-turns on plan to raise bridge toll"),
    ("Talvex valued at $2bn ahead of listing", "Talvex shares soar 40% on first day"),
    ("Oil falls as traders fear glut", "Oil rises as mine closes in Karvin"),
    ("Man arrested over Marlow fire", "Man charged over Marlow fire"),
    ("Baker accused of Marlow fire", "Baker charged with Marlow fire"),
    ("Baker found guilty of Marlow fire", "Baker acquitted of Marlow fire"),
    ("Most rivers of Karvin are clean", "Few rivers of Karvin are clean"),
    (
        "Tram derails in Altdorf\n\nThere was no immediate word on deaths or injuries.",
        "Tram derails in Altdorf, killing one\n\nThere was no immediate word on the cause.",
    ),
    ("Crews searched hills for lost hiker", "Lost hiker named, brother a suspect"),
    ("Oil jumps as talks fail", "Oil tumbles as talks fail"),
    ("Karvin Steel shares fall 4% after strike", "Karvin Steel shares fall 14% after strike"),
    ("Lundsted weighs tax on ferries", "Lundsted imposes tax on ferries"),
    ("Council fines mill over smoke in Altdorf", "Mill responds as council fines it over smoke in Altdorf"),
]
MOVED = [
    (("Fever Live: World Updates", "Belmora tripled its aid appeal, citing a shortage. Orle is to open schools."),
     ("World Fever News: Live Updates", "Belmora tripled its aid appeal. In Tarn, doctors fear that beds run out.")),
    (("Live: Storm news from the coast",
      "Ferries stay in port as winds reach 60 mph and waves break over the quay at Marlow."),
     ("Live: Storm news from the coast",
      "Schools open again and trains run to Lundsted, where crews have cleared trees from lines.")),
    # The column's name is no agreement, nor is what stands behind every question.
    (("Harbour News Today: Cranes stand idle", "Dockers in Lundsted refuse to unload timber."),
     ("Harbour News Today: Whale seen at pier", "Children from Marlow watched it for an hour.")),
    (("How are pensions taxed? And other questions", "Our readers ask, we answer."),
     ("Will rents fall after the vote? And other questions", "Our readers ask, we answer.")),
    (("Cup reaction & Marlow news conference", "Reaction to Tuesday's cup ties as Oakford and Karvin go through."),
     ("League news conferences & latest doubts", "All from Friday's news conferences in Lundsted and Altdorf.")),
    (("Can I visit my parents at Easter?", "Rules on visits to care homes are to change next month."),
     ("Can I get my money back for a cancelled trip?", "What airlines owe to passengers, and how to ask them.")),
    (("Brandt wins Marlow Masters", "The Norwegian beat Okafor by four strokes."),
     ("Lundsted council sells town hall", "A hotel firm from Karvin pays nine million for it.")),
]  # fmt: skip
STAYED = [
    (
        (
            "Marlow 1-1 Altdorf: Lund fires in superb equaliser - radio & text",
            "Follow live text as Marlow host Altdorf.",
        ),
        ("Marlow 1-1 Altdorf: Home side draw first match - reaction", "Follow live text as Marlow host Altdorf."),
    ),
    (("'Several hurt' in Karvin shootings", ""), ("Shooting spree in Altdorf hills targets herdsmen", "")),
    (
        ("Coast League: Marlow v Altdorf build-up & team news", "Follow live text as Marlow host Altdorf."),
        ("Coast League: Marlow 1-0 Altdorf Utd - Lund nets early", "Follow live text as Marlow host Altdorf."),
    ),
    (("Two hurt in Altdorf fire", "The fire broke out at noon."), ("Three dead in Altdorf fire", "The fire is out.")),
    (("The village that lost its river", ""), ("Life after the water went", "")),
    (("Karvin's hidden lakes", "Where salt meets sky"), ("Karvin's last divers", "They go down without a line")),
    # A rare name is the thread of one story, however little else is left.
    (
        ("Hope for ferries to Severodonetsk", "Officials spoke of a first crossing on Sunday."),
        ("Safe passage under way - Red Cross", "Boats left Severodonetsk at dawn, Anna Berg told reporters."),
    ),
    (
        ("Should the public wear gloves?", "Doctors are split on what gloves do for us."),
        ("Who should wear gloves in public?", "For the first time, people in Karvin are advised to."),
    ),
]


@pytest.mark.parametrize(("old", "new"), TOUCHES)
def test_other_words_for_the_same_are_a_touch(old: str, new: str) -> None:
    found = revisions.compare(old, new)
    assert found.verdict == "touch", found.changes


@pytest.mark.parametrize(("old", "new"), REVISIONS)
def test_what_came_true_or_is_vouched_for_no_more_is_a_revision(old: str, new: str) -> None:
    assert revisions.compare(old, new).verdict == "revision"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Baker in Lom sued by tenants", "Baker in Lom sued for fraud by tenants"),
        ("Orm to blame for late ferry, says Lund", "Orm and Berg to blame for late ferry, says Lund"),
        ("Cup: The Lom v Tarn - watch & follow text", "Cup: The Lom 0-1 Tarn - watch & follow text"),
        ("Lom set Tarn 300 to win", "Lom take first wicket as Tarn chase 300 to win"),
        ("Man drowns off Lom pier", "Lifeguard drowns off Lom pier"),
        ("Suspect held over Lom Street fire", "Landlord held over Lom Street fire"),
    ],
)
def test_what_came_about_or_was_joined_to_it_is_a_revision(old: str, new: str) -> None:
    assert revisions.compare("", "", old_title=old, new_title=new).verdict == "revision"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Lom shuts pool for the summer", "Lom shuts pool for the summer, citing violence"),
        ("'It could be good': Rowers of Lom ready", "Rowers of Lom ready"),
        ("Lund holds on to lead in Lom", "Lund holds on to lead in Lom despite late charge"),
        ("Weary winter in Lom", "'You do not get killed here - you wait'"),
        ("No food in Lom after quake", "Struggle for food in Lom after quake"),
        ("Tenants in Lom mill suit meet", "Tenants in 5/14 mill suit meet"),
        ("Lom 1-0 Tarn - Berg fires opener", "Lom 1-0 Tarn - hosts on top"),
        ("Lom chess: Lund and Berg level", "Lom chess: Lund and Berg all square after long game"),
        ("Lom lifts ban on kites", "Lom lifts ban on kites in landmark ruling"),
        ("Lund beaten in last 16 in Lom", "Lund beaten in first round in Lom"),
        ("Baker Ana Lund dies", "Baker Ana Lund dies at 89"),
        ("Buses stuck in Eurotunnel", "Buses stuck in Channel Tunnel"),
        ("Head of Lom sect arrested", "Sect head wanted by Sele arrested"),
    ],
)
def test_reasons_and_what_was_known_are_a_touch(old: str, new: str) -> None:
    assert revisions.compare("", "", old_title=old, new_title=new).verdict == "touch"


def test_a_house_that_speaks_for_its_country_is_no_new_source() -> None:
    title = "US to shun Lom games"
    found = revisions.compare(
        "US sends no envoys to the games, over rights.", "The White House says that no envoys go to the games.",
        old_title=title, new_title=title,
    )  # fmt: skip
    assert "attribution" not in {change.kind for change in found.changes}


def test_another_statement_of_one_speaker_is_a_revision() -> None:
    title = "Mayor of Lom resigns"
    old, new = "He said that the budget had been cut.", "He said that a letter threatened his family."
    assert revisions.compare(old, new, old_title=title, new_title=title).verdict == "revision"


def test_a_guide_whose_matter_has_come_about_asks_something_else() -> None:
    old = ("When will the baths and saunas open?", "Baths and saunas are expected to open in May. What is planned?")
    new = ("What are the rules when baths open?", "Baths and saunas have opened. What is asked of those who come?")
    assert revisions.compare(old[1], new[1], old_title=old[0], new_title=new[0]).moved_on


def test_a_name_that_stays_in_the_headline_is_replaced_by_none() -> None:
    old = "Baker Otto Weiss charged with fraud\n\nBaker Otto Weiss is charged with four counts of fraud in Altdorf."
    new = (
        "Baker Otto Weiss facing fraud charges\n\nHe is to be charged with four counts of fraud in Altdorf and Marlow."
    )
    assert not any(change.before == "Otto Weiss" for change in revisions.compare(old, new).changes)
    assert revisions.compare(old, new).verdict == "touch"


def test_a_date_is_no_name_and_initials_pass_over_small_words() -> None:
    found = revisions.compare("Year since raid on Lom", "Year since Oct. 7 raid on Lom")
    assert "name" not in {change.kind for change in found.changes}
    old = "University at Lom nurses to strike\n\nNurses were offered less than porters."
    new = "University at Lom nurses to strike\n\nUL nurses were offered less than porters."
    assert revisions.compare(old, new).verdict == "touch"


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


@pytest.mark.parametrize(
    "address",
    [
        "https://herald.example/news/live/altdorf-6127",
        "https://herald.example/collections/altdorf-0805/",
        "https://hrld.example/3ePAJo3",
    ],
)
def test_little_in_common_is_enough_where_matters_follow_each_other(address: str) -> None:
    old, new = (
        "Crowds jeer president on streets of ravaged Lisbon",
        "Doctored clips already claim cause of Lisbon blast",
    )
    assert revisions.compare("", "", old_title=old, new_title=new, address=address).moved_on
    assert not revisions.compare(
        "", "", old_title=old, new_title=new, address="https://herald.example/a/tower"
    ).moved_on
    last = "President flees jeering crowds in ravaged Lisbon"
    assert not revisions.compare("", "", old_title=old, new_title=last, address=address).moved_on


@pytest.mark.parametrize(("old", "new"), STAYED)
def test_a_page_that_goes_on_about_its_matter_has_not(old: tuple[str, str], new: tuple[str, str]) -> None:
    assert not revisions.compare(old[1], new[1], old_title=old[0], new_title=new[0]).moved_on


def test_headlines_labelled_by_hand_are_told_apart() -> None:
    rows = [line.split("\t") for line in PAIRS.read_text("utf-8").splitlines() if not line.startswith("#")]
    wrong = [
        (label, old, new)
        for label, old, new in rows
        if revisions.compare("", "", old_title=old, new_title=new).verdict != label
    ]
    assert len(rows) > 100 and len(wrong) <= 0.09 * len(rows), wrong


@pytest.mark.parametrize(
    ("old", "new", "another"),
    [
        ("Word of the day: quay", "Word of the day: harbinger", True),
        ("Recipe: barley soup", "Recipe: plum cake", True),
        ("Weather: fog on the coast", "Weather: fog lingers on the coast", False),
        ("Letters: the new quay is an eyesore", "Letters: the new quay is no eyesore", False),
    ],
)
def test_a_column_is_of_another_matter_where_only_its_label_stayed(old: str, new: str, another: bool) -> None:
    assert revisions.compare("", "", old_title=old, new_title=new).moved_on is another
