"""One changed fact at a time: what an editor would print as before and after, and what is the same in other words."""

from datetime import UTC, datetime

import pytest

from monitor.core import revisions

AT = datetime(2025, 11, 5, tzinfo=UTC)
ARTICLE = """\
Dam in the valley

The dam in the valley has stood for years and is watched by guards.

{0}

Nobody lives near it. Guards keep the road closed.
"""
PAIRS = [
    (
        "The ministry said about 1,000 workers are at work in the valley.",
        "The ministry said about 800 workers are at work in the valley.",
        ("figure", "about 1,000 workers", "about 800 workers"),
    ),
    (
        "About 1,000 are at work in the valley, the ministry said.",
        "About 800 are at work in the valley, the ministry said.",
        ("figure", "about 1,000", "about 800"),
    ),
    (
        "Norland plans to send 800 to 1,000 workers to the valley.",
        "Norland plans to send 300 to 500 workers to the valley.",
        ("figure", "800 to 1,000 workers", "300 to 500 workers"),
    ),
    (
        "Norland plans to send 800-1,000 workers to the valley.",
        "Norland plans to send between 800 and 1,000 workers to the valley.",
        None,
    ),
    (
        "Norland plans to send 800 to 1,000 workers to the valley.",
        "Norland plans to send eight hundred to one thousand workers to the valley.",
        None,
    ),
    (
        "Norland will send 30,000 soldiers to the valley this year.",
        "Norland will send up to 50,000 soldiers to the valley this year.",
        ("figure", "30,000 soldiers", "up to 50,000 soldiers"),
    ),
    (
        "Norland will send 30,000 soldiers to the valley this year.",
        "Norland will send up to 30,000 soldiers to the valley this year.",
        None,
    ),
    (
        "Norland will send 30,000 soldiers to the valley this year.",
        "Norland will send thirty thousand soldiers to the valley this year.",
        None,
    ),
    (
        "Norland will send 30,000 soldiers to the valley this year.",
        "Norland will send 30.000 soldiers to the valley this year.",
        None,
    ),
    (
        "Norland will send 30,000 soldiers to the valley this year.",
        "Norland will send 30 000 soldiers to the valley this year.",
        None,
    ),
    (
        "Norland will send 30,000 soldiers to the valley this year.",
        "Norland will send 30k soldiers to the valley this year.",
        None,
    ),
    ("Two dozen people were hurt when the dam broke.", "24 people were hurt when the dam broke.", None),
    (
        "A dozen people were hurt when the dam broke.",
        "Twenty people were hurt when the dam broke.",
        ("figure", "A dozen people", "Twenty people"),
    ),
    (
        "Dozens of people were hurt when the dam broke.",
        "Hundreds of people were hurt when the dam broke.",
        ("figure", "Dozens of people", "Hundreds of people"),
    ),
    ("Dozens of people were hurt when the dam broke.", "Some 40 people were hurt when the dam broke.", None),
    (
        "Half of the workers went home in May, the firm said.",
        "50 percent of the workers went home in May, the firm said.",
        None,
    ),
    (
        "Prices rose by 4.5 per cent in October, the bank said.",
        "Prices rose by 5.4 per cent in October, the bank said.",
        ("figure", "4.5 per cent", "5.4 per cent"),
    ),
    ("Prices rose by 4.5 per cent in October, the bank said.", "Prices rose by 4.5% in October, the bank said.", None),
    (
        "The deal is worth $2.5bn, the firm said in a letter.",
        "The deal is worth $2.5 billion, the firm said in a letter.",
        None,
    ),
    (
        "The deal is worth $2.5bn, the firm said in a letter.",
        "The deal is worth $3.5bn, the firm said in a letter.",
        ("figure", "$2.5bn", "$3.5bn"),
    ),
    (
        "The deal is worth $2.5bn, the firm said in a letter.",
        "The deal is worth €2.5bn, the firm said in a letter.",
        ("figure", "$2.5bn", "€2.5bn"),
    ),
    (
        "The road is 10 kilometres long and was built by convicts.",
        "The road is 10 km long and was built by convicts.",
        None,
    ),
    (
        "The road is 10 kilometres long and was built by convicts.",
        "The road is 10 miles long and was built by convicts.",
        ("figure", "10 kilometres", "10 miles"),
    ),
    (
        "The road is 10 kilometres long and was built by convicts.",
        "The road is 6.2 miles long and was built by convicts.",
        None,
    ),
    ("Recruits are aged between 19 and 27, the radio said.", "Recruits are aged 19 to 27, the radio said.", None),
    (
        "Recruits are aged between 19 and 27, the radio said.",
        "Recruits are aged between 20 and 27, the radio said.",
        ("figure", "between 19 and 27", "between 20 and 27"),
    ),
    (
        "More than 600 soldiers have died in the valley since spring.",
        "At least 600 soldiers have died in the valley since spring.",
        None,
    ),
    (
        "More than 600 soldiers have died in the valley since spring.",
        "Fewer than 600 soldiers have died in the valley since spring.",
        ("figure", "more than 600 soldiers", "fewer than 600 soldiers"),
    ),
    (
        "Nearly 600 soldiers have died in the valley since spring.",
        "More than 600 soldiers have died in the valley since spring.",
        ("figure", "nearly 600 soldiers", "more than 600 soldiers"),
    ),
    (
        "Some 5,000 troops rebuild the valley, the envoy said.",
        "Some 6,000 troops rebuild the valley, the envoy said.",
        ("figure", "some 5,000 troops", "some 6,000 troops"),
    ),
    (
        "The council voted 12-3 for the dam on Monday.",
        "The council voted 13-2 for the dam on Monday.",
        ("figure", "12-3", "13-2"),
    ),
    (
        "The third convoy left the port at dawn, the radio said.",
        "The fourth convoy left the port at dawn, the radio said.",
        ("figure", "third convoy", "fourth convoy"),
    ),
    (
        "The convoy needs 24 hours to reach the valley from the port.",
        "The convoy needs one day to reach the valley from the port.",
        None,
    ),
    (
        "The 3rd convoy left the port at dawn, the radio said.",
        "The third convoy left the port at dawn, the radio said.",
        None,
    ),
    (
        "The order was issued on 20 January, the radio said.",
        "The order was issued on 25 January, the radio said.",
        ("date", "20 January", "25 January"),
    ),
    (
        "The order was issued on 20 January, the radio said.",
        "The order was issued on January 20, the radio said.",
        None,
    ),
    ("The order was issued on 20 January, the radio said.", "The order was issued on Jan. 20, the radio said.", None),
    ("The minister spoke on Tuesday at the dam.", "The minister spoke on 4 November at the dam.", None),
    ("The minister spoke on Tuesday at the dam.", "The minister spoke yesterday at the dam.", None),
    (
        "The minister spoke on Tuesday at the dam.",
        "The minister spoke on Monday at the dam.",
        ("date", "Tuesday", "Monday"),
    ),
    (
        "Work is to begin in mid-February or March, the firm said.",
        "Work is to begin in April, the firm said.",
        ("date", "mid-February or March", "April"),
    ),
    (
        "Lists are due by the end of January, the radio said.",
        "Lists are due by the end of March, the radio said.",
        ("date", "the end of January", "the end of March"),
    ),
    (
        "The dam opened in 1962 after years of work.",
        "The dam opened in 1972 after years of work.",
        ("date", "1962", "1972"),
    ),
    ("The convoy left at 6pm from the northern port.", "The convoy left at 18:00 from the northern port.", None),
    (
        "The convoy left at 6pm from the northern port.",
        "The convoy left at 8pm from the northern port.",
        ("date", "6pm", "8pm"),
    ),
    ("Volodymyr Zelensky said the troops had come.", "Volodymyr Zelenskiy said the troops had come.", None),
    ("General Kim Yong-bok leads the men in the valley.", "General Kim Yong Bok leads the men in the valley.", None),
    (
        "General Kim Yong-bok leads the men in the valley.",
        "General Ri Chang-ho leads the men in the valley.",
        ("name", "Kim Yong-bok", "Ri Chang-ho"),
    ),
    ("The envoy was in Kyiv for talks on the dam.", "The envoy was in Kiev for talks on the dam.", None),
    (
        "The men dig trenches in Kursk region, the envoy said.",
        "The men dig trenches in Kursk oblast, the envoy said.",
        None,
    ),
    (
        "The men dig trenches in Kursk region, the envoy said.",
        "The men dig trenches in Belgorod region, the envoy said.",
        ("place", "Kursk", "Belgorod"),
    ),
    (
        "The men came from North Korea in the spring.",
        "The men came from South Korea in the spring.",
        ("place", "North Korea", "South Korea"),
    ),
    ("The men came from North Korea in the spring.", "The men came from the DPRK in the spring.", None),
    ("The United Nations sent an envoy to the valley.", "The UN sent an envoy to the valley.", None),
    (
        "The envoy flew to Vladivostok with the letter.",
        "The envoy flew to Pyongyang with the letter.",
        ("place", "Vladivostok", "Pyongyang"),
    ),
    ("Karla Brandt, the governor, opened the dam.", "Karla Brandt, the mayor, opened the dam.", None),
    (
        "The men will leave in May, Yonhap reported.",
        "The men will leave in May, Kyodo reported.",
        ("attribution", "Yonhap", "Kyodo"),
    ),
    (
        "The men will leave in May, according to the ministry.",
        "The men will leave in May, according to the opposition.",
        ("attribution", "the ministry", "the opposition"),
    ),
    ("The men will leave in May, the ministry said.", "The men will leave in May, the ministry told reporters.", None),
    (
        "The ministry has agreed to pay the workers in full.",
        "The ministry has not agreed to pay the workers in full.",
        ("negation", "agreed", "not agreed"),
    ),
    (
        "The ministry did not confirm that the men had died.",
        "The ministry confirmed that the men had died.",
        ("negation", "not confirm", "confirm"),
    ),
    ("The ministry didn't confirm that the men had died.", "The ministry did not confirm that the men had died.", None),
    (
        "No workers have been sent to the valley, the ministry said.",
        "Workers have been sent to the valley, the ministry said.",
        ("negation", "No workers", "workers"),
    ),
    (
        "The ministry cannot say when the men will leave.",
        "The ministry can say when the men will leave.",
        ("negation", "cannot say when the men", "say when the men"),
    ),
    (
        '"We will never send a single man," the minister said.',
        '"We will send every man we have," the minister said.',
        ("quote", "We will never send a single man,", "We will send every man we have,"),
    ),
    (
        '"We will never send a single man," the minister said.',
        "“We will never send a single man,” the minister said.",
        None,
    ),
    (
        "The minister was arrested on Monday at the dam.",
        "The minister was released on Monday at the dam.",
        ("text", "arrested", "released"),
    ),
    (
        "The workers arrived in the valley by train, the firm said.",
        "The workers came to the valley by train, the firm said.",
        None,
    ),
    (
        "Three men were killed in the tunnel on Monday.",
        "Four men were killed in the tunnel on Monday.",
        ("figure", "Three men", "Four men"),
    ),
    (
        "30 people were killed and 12 hurt in the blast.",
        "12 people were killed and 12 hurt in the blast.",
        ("figure", "30 people", "12 people"),
    ),
    (
        "The firm owes 1.5 million crowns to the workers.",
        "The firm owes 15 million crowns to the workers.",
        ("figure", "1.5 million crowns", "15 million crowns"),
    ),
    (
        "Wages are 40% lower than promised, the men said.",
        "Wages are 60% lower than promised, the men said.",
        ("figure", "40%", "60%"),
    ),
    (
        "A 19-year-old recruit died in the valley, his mother said.",
        "A 21-year-old recruit died in the valley, his mother said.",
        ("figure", "19-year-old", "21-year-old"),
    ),
    (
        "Up to 12,000 men serve there, Seoul says.",
        "At least 12,000 men serve there, Seoul says.",
        ("figure", "up to 12,000 men", "at least 12,000 men"),
    ),
    (
        "The first 500 men arrived in the valley on Sunday.",
        "The first 800 men arrived in the valley on Sunday.",
        ("figure", "500 men", "800 men"),
    ),
    (
        "The first 500 men arrived in the valley on Sunday.",
        "The first five hundred men arrived in the valley on Sunday.",
        None,
    ),
    (
        "Tens of thousands of people fled the valley.",
        "Thousands of people fled the valley.",
        ("figure", "Tens of thousands of people", "Thousands of people"),
    ),
    ("Work starts next week, the firm said in a note.", "Work starts this week, the firm said in a note.", None),
    ("He spoke on 5 November at the dam near the border.", "He spoke on Wednesday at the dam near the border.", None),
    (
        "He spoke in early March at the dam near the border.",
        "He spoke in late March at the dam near the border.",
        ("date", "early March", "late March"),
    ),
    (
        "He was born in 1962, the paper said in its report.",
        "He was born in 1926, the paper said in its report.",
        ("date", "1962", "1926"),
    ),
    (
        "Anna Kovač led the mission to the valley for two years.",
        "Ana Kovac led the mission to the valley for two years.",
        None,
    ),
    (
        "Anna Kovač led the mission to the valley for two years.",
        "Petra Novak led the mission to the valley for two years.",
        ("name", "Anna Kovač", "Petra Novak"),
    ),
    ("Erdogan met the envoy in the palace.", "Erdoğan met the envoy in the palace.", None),
    (
        "The EU sent an envoy to the valley in spring.",
        "The European Union sent an envoy to the valley in spring.",
        None,
    ),
    ("The ship sank near Rason in the night.", "The ship sank near Wonsan in the night.", ("place", "Rason", "Wonsan")),
    ("Russia says the men were paid in full.", "Russian officials say the men were paid in full.", None),
    (
        "“He is a hero of the valley,” she said.",
        "“He is no hero of the valley,” she said.",
        ("negation", "hero", "no hero"),
    ),
]


@pytest.mark.parametrize(("old", "new", "change"), PAIRS)
def test_in_an_article(old: str, new: str, change: tuple[str, str, str] | None) -> None:
    found = revisions.compare(ARTICLE.format(old), ARTICLE.format(new), AT)
    assert found.verdict == ("revision" if change else "touch")
    if change:
        assert (found.changes[0].kind, found.changes[0].before, found.changes[0].after) == change
        assert found.changes[0].sentence == new


@pytest.mark.parametrize(
    ("old", "new", "change"), [pair for pair in PAIRS if pair[2] and pair[2][0] not in ("text", "quote")]
)
def test_in_one_line(old: str, new: str, change: tuple[str, str, str]) -> None:
    found = revisions.compare(old, new, AT)
    assert found.verdict == "revision"
    assert change in [(each.kind, each.before, each.after) for each in found.changes]
