"""Stories of other kinds, found in the recorded feeds: chains of months, and one week's events.

Seeds are our own words. The gold is a pattern over title and summary, read through once: coarse, but it knows nothing
of the signals that are measured.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from bench import quality_sets
from bench.quality_sets import Sample
from monitor.core import slugs
from monitor.core.text import clean, plain
from monitor.model import Article, Entry, Story

RECORDINGS = quality_sets.SHARED / "data/recordings"
FEEDS = ("gesab-bbc", "gesab-cnn", "gesab-nytimes", "gesab-rnz", "jtw-wgrznews")


@dataclass(frozen=True, slots=True)
class Chronicle:
    """A story: its seed, its date, which texts are on it, and which cannot be told by a pattern (left out)."""

    id: str
    date: str
    gold: str
    unsure: str
    title: str
    text: str


LONG = (
    Chronicle(
        id="navalny", date="2020-08-20",
        gold="navaln",
        unsure="novichok|putin critic|kremlin critic",
        title="Kremlin critic Alexei Navalny in coma after suspected poisoning",
        text=(
            "The Russian opposition leader Alexei Navalny fell ill on a flight from Siberia to Moscow and is "
            "unconscious in a hospital in Omsk. His spokeswoman believes that something toxic was put into "
            "his tea. Doctors would not say whether he was poisoned. Supporters want him flown to Germany "
            "for treatment. Navalny has made his name by exposing corruption among officials close to "
            "President Vladimir Putin and has been jailed many times."
        ),
    ),
    Chronicle(
        id="beirut", date="2020-08-05",
        gold="beirut|leban",
        unsure="hezbollah",
        title="Huge explosion tears through the port of Beirut",
        text=(
            "A blast in the port of Lebanon's capital has killed at least 100 people and injured thousands. "
            "The president said 2,750 tonnes of ammonium nitrate had been stored without safety measures in "
            "a warehouse. Hospitals are overwhelmed, whole districts lie in ruins and many are missing. "
            "Lebanon was already in a deep economic crisis, and anger at its political leaders is growing."
        ),
    ),
    Chronicle(
        id="belarus", date="2020-08-10",
        gold="belarus|lukashenk|minsk|tikhanovsk",
        unsure="ryanair",
        title="Belarus police clash with protesters after disputed election",
        text=(
            "Police used stun grenades and rubber bullets against crowds in Minsk after state television "
            "said that President Alexander Lukashenko had won 80 percent of the vote. The opposition "
            "candidate Svetlana Tikhanovskaya does not accept the result. Thousands have been detained. "
            "Lukashenko, in power since 1994, has promised that there will be no revolution in Belarus."
        ),
    ),
    Chronicle(
        id="arbery", date="2020-05-06",
        gold="arbery",
        unsure="brunswick|glynn|mcmichael",
        title="Video of shooting of black jogger Ahmaud Arbery in Georgia causes outrage",
        text=(
            "A video appears to show two white men confronting and shooting dead Ahmaud Arbery, 25, as he "
            "ran through a neighbourhood near Brunswick, Georgia, in February. Gregory McMichael, a former "
            "investigator, and his son Travis told police they took him for a burglar. No one has been "
            "arrested. A prosecutor wants a grand jury to decide whether to bring charges; the family's "
            "lawyers call it murder."
        ),
    ),
    Chronicle(
        id="breonna", date="2020-05-14",
        gold="breonna|louisville",
        unsure="no-knock",
        title="Police shot Breonna Taylor in her own home, says family's lawsuit",
        text=(
            "The family of Breonna Taylor, a medical worker of 26, is suing three police officers in "
            "Louisville, Kentucky, who shot her eight times when they broke into her apartment at night with "
            "a no-knock warrant in a drug case. Her boyfriend had fired once, thinking them intruders. No "
            "drugs were found. None of the officers has been charged."
        ),
    ),
    Chronicle(
        id="christchurch", date="2020-03-26",
        gold="mosque.*(attack|shoot|gunman|terror|kill|sentenc)|tarrant|christchurch.*(terror|gunman|mosque)",
        unsure="mosque|christchurch|royal commission",
        title="Christchurch mosque gunman pleads guilty to 51 murders",
        text=(
            "The Australian who attacked two mosques in Christchurch, New Zealand, in March 2019 has pleaded "
            "guilty to 51 charges of murder, 40 of attempted murder and one of terrorism. Brenton Tarrant "
            "had denied them and was to stand trial in June. The High Court has not set a date for his "
            "sentencing. Survivors of the attacks on Al Noor and Linwood mosques and families of the victims "
            "spoke of relief."
        ),
    ),
    Chronicle(
        id="security-law", date="2020-05-22",
        gold=(
            "hong kong.*(security law|activist|pro-democracy|protest|dissident|crackdown)|jimmy lai|"
            "joshua wong"
        ),
        unsure="hong kong",
        title="China to impose national security law on Hong Kong",
        text=(
            "Beijing wants to pass a law for Hong Kong that bans secession, subversion and foreign "
            "interference, bypassing the city's own legislature. Pro-democracy lawmakers and activists such "
            "as Joshua Wong say it is the end of one country, two systems. After last year's mass protests "
            "China calls the security law necessary. The United States warned of a strong reaction."
        ),
    ),
    Chronicle(
        id="stadium", date="2024-04-02",
        gold="(bills|new|highmark).*stadium",
        unsure="stadium|highmark|orchard park|bills",
        title="Work on the new Bills stadium in Orchard Park is on schedule, team says",
        text=(
            "Construction of the new Highmark Stadium for the Buffalo Bills in Orchard Park goes on through "
            "the winter. The steel is rising and the stadium should open for the season of 2026. The cost "
            "has grown to 1.7 billion dollars; the state of New York and Erie County pay 850 million. "
            "Personal seat licences for season ticket holders go on sale this spring."
        ),
    ),
    Chronicle(
        id="tops", date="2024-01-12",
        gold="tops.*(shoot|massacre|attack|5/14|victim)|gendron|buffalo (mass )?shoot|5/14",
        unsure=r"\btops\b|mass shooting",
        title="Prosecutors seek death penalty for gunman of Buffalo supermarket shooting",
        text=(
            "The Justice Department will seek the death penalty against Payton Gendron, who shot dead ten "
            "Black people at the Tops supermarket on Jefferson Avenue in Buffalo on 14 May 2022. He is "
            "already serving life in prison without parole on state charges of murder and terrorism "
            "motivated by hate. Families of the victims are divided. A federal judge must now set a date for "
            "the trial."
        ),
    ),
)  # fmt: skip

SHORT = (
    Chronicle(
        id="louvre", date="2025-10-19",
        gold="louvre|jewel|crown|heist",
        unsure="france|paris|museum|thie|robber|napoleon",
        title="Thieves steal crown jewels from the Louvre in minutes",
        text=(
            "Masked robbers broke into the Louvre museum in Paris on Sunday morning and escaped on scooters "
            "with eight pieces of France's crown jewels. They used a lift mounted on a truck to reach the "
            "Apollo gallery, cut a window and smashed two display cases. It took seven minutes. A crown of "
            "Empress Eugenie was dropped outside. The museum closed; the interior minister spoke of "
            "priceless heritage."
        ),
    ),
    Chronicle(
        id="boats", date="2025-10-18",
        gold=(
            "(boat|vessel|submarine|submersible|ship|caribbean|pacific).*(strike|drug|kill|attack|survivor|"
            "colombia|cartel)|(strike|drug|attack|kill|bomb).*(boat|vessel|submersible|caribbean|pacific)"
        ),
        unsure="colombia|petro|venezuela|drug|narco|cartel|caribbean|ecuador|boat|maduro",
        title="US strikes another boat it says carried drugs in the Caribbean",
        text=(
            "American forces have attacked a sixth vessel in the Caribbean that Washington says was "
            "smuggling drugs. For the first time there were survivors, who are held on a Navy ship. At least "
            "27 people have been killed in such strikes on boats since September. President Donald Trump "
            "says the country is at war with cartels from Venezuela; lawyers and some in Congress call the "
            "killings illegal."
        ),
    ),
    Chronicle(
        id="takaichi", date="2025-10-20",
        gold=r"takaichi|japan.*(prime minister|\bpm\b|coalition|premier)",
        unsure="japan|tokyo|ishin|ldp",
        title="Sanae Takaichi set to become Japan's first female prime minister",
        text=(
            "Japan's Liberal Democratic Party and the Innovation Party, Ishin, agreed to form a coalition, "
            "which clears the way for Sanae Takaichi to be elected prime minister by parliament on Tuesday. "
            "The conservative admirer of Margaret Thatcher would be the first woman in the office. Her party "
            "lost its old partner Komeito this month."
        ),
    ),
    Chronicle(
        id="sarkozy", date="2025-10-19",
        gold="sarkozy",
        unsure=r"\bfrance|french|paris|prison",
        title="Former French president Nicolas Sarkozy prepares to go to prison",
        text=(
            "Nicolas Sarkozy will begin a five-year sentence in La Sante prison in Paris on Tuesday for "
            "conspiring to fund his campaign of 2007 with money from Libya's Muammar Gaddafi. He says he is "
            "innocent and has appealed. He would be the first former president of France behind bars in "
            "modern times."
        ),
    ),
    Chronicle(
        id="ballroom", date="2025-10-20",
        gold="east wing|ballroom|white house.*(demoli|construct|tear)",
        unsure="white house",
        title="Demolition of White House East Wing begins for Trump's ballroom",
        text=(
            "Workers have begun tearing down part of the East Wing of the White House to make room for a "
            "ballroom of 250 million dollars that President Donald Trump wants. He had said the existing "
            "building would not be touched. Trump says donors and he himself pay for it. Preservationists "
            "ask for a halt."
        ),
    ),
    Chronicle(
        id="cargo", date="2025-10-20",
        gold=(
            "(cargo|plane|jet|aircraft|emirates|boeing).*hong kong|hong kong.*(cargo|plane|jet|aircraft|"
            "runway|airport)"
        ),
        unsure="hong kong|runway|cargo",
        title="Cargo plane skids off runway into sea at Hong Kong airport, two killed",
        text=(
            "A Boeing 747 freighter arriving from Dubai left the runway at Hong Kong International Airport "
            "early on Monday, hit a patrol car and fell into the sea. Two men of the airport's ground staff "
            "in the car died; the four crew members were rescued. The plane was flown for Emirates by the "
            "Turkish carrier ACT Airlines."
        ),
    ),
    Chronicle(
        id="outage", date="2025-10-20",
        gold=r"\baws\b|amazon.*(outage|cloud|web services|down)|outage|internet.*(down|broke)",
        unsure="amazon|cloud|snapchat|internet",
        title="Amazon cloud outage takes down apps and websites around the world",
        text=(
            "A failure at Amazon Web Services on Monday disrupted Snapchat, Fortnite, banks and government "
            "websites worldwide. AWS traced it to the domain name system of its data centre region in "
            "Virginia. Most services recovered within hours. Experts said the outage shows how far the "
            "internet depends on three cloud companies."
        ),
    ),
    Chronicle(
        id="ireland", date="2025-10-21",
        gold="connolly|irish presiden|ireland.*(president|vote|elect)",
        unsure="ireland|irish|dublin",
        title="Left-wing outsider Catherine Connolly leads before Ireland votes for president",
        text=(
            "Ireland elects a new president on Friday. Polls show the independent Catherine Connolly, backed "
            "by the left, well ahead of Heather Humphreys of Fine Gael. The candidate of Fianna Fail, Jim "
            "Gavin, has given up. The office, held by Michael D. Higgins for 14 years, is largely ceremonial."
        ),
    ),
    Chronicle(
        id="border", date="2025-10-18",
        gold="(afghan|taliban|kabul).*pakistan|pakistan.*(afghan|taliban|kabul|durand)|pak-afghan",
        unsure="pakistan|afghan|taliban",
        title="Pakistan and Afghanistan meet in Doha after deadly border fighting",
        text=(
            "Officials of Pakistan and of Afghanistan's Taliban government are to hold talks in Qatar after "
            "a week of clashes along their border and Pakistani air strikes that killed dozens. Islamabad "
            "accuses Kabul of sheltering militants of the Pakistani Taliban. A truce of 48 hours was broken "
            "by another strike."
        ),
    ),
)  # fmt: skip


def long_chains() -> Sample:
    """Stories over months among the recorded feeds of five newsrooms."""
    return replace(followed("long chains", LONG, recorded()), source=feed_of)


def feed_of(entry: Entry) -> str:
    """The feed that an entry was recorded from: the beginning of its id."""
    return entry.id.partition(" ")[0]


def short_events() -> Sample:
    """Events of one week among all its headlines."""
    return followed("one week's events", SHORT, quality_sets.headlines("haystack.entries.jsonl"))


def recorded() -> list[tuple[Entry, datetime]]:
    """Every distinct headline of the recorded feeds with its summary, at the time when it was first served."""
    found: dict[str, tuple[Entry, datetime]] = {}
    for feed in FEEDS:
        for at, body in bodies(RECORDINGS / f"{feed}.tar.xz"):
            root = etree.fromstring(body, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
            for item in root.iter("{*}item") if root is not None else ():
                title = clean(plain(item.findtext("title") or ""), 500)
                summary = clean(plain(item.findtext("description") or ""), 600)
                key = f"{feed} {title}"
                if title and (key not in found or at < found[key][1]):
                    url = (item.findtext("link") or "").strip()
                    found[key] = (Entry(id=key, url=url, title=title, summary=summary, published_at=at), at)
    return sorted(found.values(), key=lambda pair: (pair[1], pair[0].id))


def bodies(archive: Path) -> Iterator[tuple[datetime, bytes]]:
    """What a recorded feed served, each with its time."""
    with tarfile.open(archive) as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            stamp = Path(member.name).stem
            if stream and re.fullmatch(r"\d{8}T\d{6}Z", stamp):
                yield datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), stream.read()


def followed(name: str, chronicles: tuple[Chronicle, ...], stream: list[tuple[Entry, datetime]]) -> Sample:
    """Chronicles as stories among a stream of headlines."""
    stories, yes, skipped = [], set(), set()
    for told in chronicles:
        began = datetime.fromisoformat(told.date).replace(tzinfo=UTC)
        stories.append(Story(told.id, told.title, Article(told.title, told.text, published_at=began)))
        gold, unsure = re.compile(told.gold, re.I), re.compile(told.unsure, re.I)
        for entry, at in stream:
            text = f"{entry.title} {entry.summary}"
            if at < began:
                skipped.add((told.id, entry.id))
            elif gold.search(text):
                yes.add((told.id, entry.id))
            elif unsure.search(text) or gold.search(slugs.words(entry.url)):  # the address alone may err
                skipped.add((told.id, entry.id))
    return Sample(name, tuple(stories), tuple(stream), frozenset(yes), skipped=frozenset(skipped))
