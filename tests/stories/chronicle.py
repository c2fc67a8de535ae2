"""A story of three years in our own words, played by three outlets, with the editor's sheet: what a watcher should hear.

Facts follow public reporting of 2022-2026; outlets are invented. A step is an instant, what is published (outlet, id, title,
text), and the sheet: the alerts that an editor would send, in order, each as (kind, words that its headline must have).
"""

from __future__ import annotations

from dataclasses import dataclass, field

SEED = """North Korea hesitates to send workers to occupied Ukraine

3 February 2023

Pyongyang promised Moscow 800 to 1,000 workers to rebuild the parts of Ukraine that Russia holds. They were to come early in
November 2022 and did not. On 20 January North Korea ordered its trading companies in Russia to pick soldiers and police
instead; a first group of 300 to 500 is expected in mid-February or March 2023. North Korean soldiers are easier to control
than civilians, a source in North Korea told the Northern Ledger. Russia and Ukraine are still at war.

Sources used:
- Northern Ledger
- Harbor Post
- Meridian Daily
"""

OUTLETS = {"ledger": "Northern Ledger", "harbor": "Harbor Post", "meridian": "Meridian Daily"}


@dataclass(frozen=True)
class Step:
    """One instant of the chronicle."""

    at: str
    published: tuple[tuple[str, str, str, str], ...]
    alerts: tuple[tuple[str, str], ...] = ()
    facts: dict[str, object] = field(default_factory=dict)


STEPS = (
    Step(
        "2024-10-10T08:00:00Z",
        (
            (
                "ledger",
                "a1",
                "North Korea delays sending workers to occupied Ukraine",
                "The first group of 300 to 500 never left, a source in North Korea said.",
            ),
            ("harbor", "b1", "Pyongyang tests a long-range missile", "The launch was the third this year."),
            (
                "meridian",
                "c1",
                "Putin and Kim Jong Un sign a partnership treaty",
                "The pact promises help in case of war.",
            ),
        ),
        (("story.baseline", "Where this story stands: 1 development"),),
    ),
    Step(
        "2024-10-18T09:00:00Z",
        (
            (
                "ledger",
                "a2",
                "North Korea has sent 1,500 soldiers to Russia's far east, Seoul's spy agency says",
                "Ships took them to Vladivostok for training, the National Intelligence Service said.",
            ),
        ),
        (("story.development", "1,500 soldiers"),),
        {"origin": "South Korea's spy agency"},
    ),
    Step(
        "2024-10-18T12:30:00Z",
        (
            (
                "harbor",
                "b2",
                "Seoul: 1,500 North Korean soldiers are training in Russia",
                "South Korea's spy agency said ships took them to Vladivostok.",
            ),
            (
                "meridian",
                "c2",
                "North Korea sends troops to Russia, South Korean intelligence says",
                "Some 1,500 special forces are in Vladivostok, according to the National Intelligence Service.",
            ),
        ),
        (),
    ),
    Step(
        "2024-10-23T15:00:00Z",
        (
            (
                "meridian",
                "c3",
                "Pentagon confirms North Korean troops are in Russia",
                "The United States has evidence of their presence, the defence secretary said.",
            ),
        ),
        (("story.", "Pentagon confirms"),),
    ),
    Step(
        "2024-10-28T14:00:00Z",
        (
            (
                "harbor",
                "b3",
                "About 10,000 North Korean soldiers are in Russia, the Pentagon says",
                "Some of them have moved closer to Ukraine.",
            ),
            ("harbor", "b4", "South Korea's president calls for talks with the North", "Pyongyang has not answered."),
        ),
        (("story.development", "10,000"),),
    ),
    Step(
        "2024-10-28T18:00:00Z",
        (
            (
                "ledger",
                "a3",
                "Pentagon: some 10,000 North Korean troops now in Russia",
                "They are expected near Ukraine within weeks.",
            ),
        ),
        (),
    ),
    Step(
        "2024-11-05T10:00:00Z",
        (
            (
                "ledger",
                "a4",
                "North Korean troops have fought Ukrainian forces in Kursk for the first time, Kyiv says",
                "Ukraine's defence minister said the clashes were small.",
            ),
        ),
        (("story.development", "fought"),),
    ),
    Step(
        "2025-01-11T13:00:00Z",
        (
            (
                "meridian",
                "c4",
                "Ukraine captures two North Korean soldiers in Russia's Kursk region, Zelensky says",
                "The prisoners of war are being treated in Kyiv.",
            ),
            (
                "harbor",
                "b5",
                "Hackers from North Korea stole 659 million dollars in 2024",
                "Three governments said so in a statement.",
            ),
        ),
        (("story.", "captures two North Korean soldiers"),),
    ),
    Step(
        "2025-01-11T16:00:00Z",
        (
            (
                "ledger",
                "a5",
                "Two North Korean prisoners of war are in Kyiv, Zelensky says",
                "They were captured in Kursk.",
            ),
        ),
        (),
    ),
    Step(
        "2025-01-13T09:00:00Z",
        (
            (
                "harbor",
                "b6",
                "300 North Korean soldiers killed fighting for Russia, Seoul's spy agency estimates",
                "Another 2,700 were wounded, lawmakers were told.",
            ),
        ),
        (("story.development", "300 North Korean soldiers killed"),),
    ),
    Step(
        "2025-01-13T15:00:00Z",
        (
            (
                "harbor",
                "b6",
                "300 North Korean soldiers killed fighting for Russia, Seoul's spy agency estimates",
                "Lawmakers were told that another 2,700 were wounded.",
            ),
        ),
        (),
    ),
    Step(
        "2025-04-28T07:00:00Z",
        (
            (
                "ledger",
                "a6",
                "North Korea confirms for the first time that it sent soldiers to fight for Russia",
                "State media praised the troops of the Kursk operation.",
            ),
            ("meridian", "c5", "North Korea builds its largest warship", "Satellite pictures show it at Nampo."),
        ),
        (("story.", "confirms for the first time"),),
    ),
    Step(
        "2025-06-17T10:00:00Z",
        (
            (
                "meridian",
                "c6",
                "North Korea to send 5,000 construction troops and 1,000 sappers to Russia's Kursk region, Shoigu says",
                "Russia's security chief said so in Pyongyang.",
            ),
        ),
        (("story.", "5,000 construction troops"),),
    ),
    Step(
        "2025-06-17T14:00:00Z",
        (
            (
                "ledger",
                "a7",
                "Shoigu: Kim Jong Un will send 1,000 sappers and 5,000 military builders to Kursk",
                "He spoke in Pyongyang.",
            ),
            (
                "harbor",
                "b7",
                "Russia says 5,000 North Korean construction soldiers and 1,000 deminers are coming to Kursk",
                "The Meridian Daily first reported the figures.",
            ),
        ),
        (),
    ),
    Step(
        "2025-07-02T12:00:00Z",
        (
            (
                "harbor",
                "b8",
                "North Korea to send up to 30,000 more troops to Russia, Ukrainian intelligence says",
                "They could arrive in the coming months.",
            ),
        ),
        (("story.development", "30,000"),),
        {"after": "up to 30,000"},
    ),
    Step(
        "2025-07-02T16:00:00Z",
        (
            (
                "ledger",
                "a8",
                "Kyiv: up to 30,000 more North Korean troops may go to Russia",
                "Ukrainian military intelligence gave the figure.",
            ),
        ),
        (),
    ),
    Step(
        "2025-07-03T09:00:00Z",
        (
            (
                "harbor",
                "b8",
                "North Korea to send 25,000 to 30,000 more troops to Russia, Ukrainian intelligence says",
                "They could arrive in the coming months. Correction: an earlier version of this article gave the number as up to 30,000.",
            ),
        ),
        (("story.correction", "25,000 to 30,000"),),
        {"carrying": "Kyiv: up to 30,000"},
    ),
    Step(
        "2025-07-04T09:00:00Z",
        (
            (
                "ledger",
                "a8",
                "Kyiv: up to 30,000 more North Korean soldiers may go to Russia",
                "Ukrainian military intelligence gave the figure.",
            ),
        ),
        (),
    ),
    Step(
        "2025-07-12T18:00:00Z",
        (
            (
                "meridian",
                "c7",
                "Lavrov meets Kim Jong Un at a beach resort",
                "Russia's foreign minister thanked North Korea for its support.",
            ),
        ),
        (),
    ),
    Step(
        "2025-09-12T08:00:00Z",
        (
            (
                "ledger",
                "a9",
                "North Korean sappers have begun clearing mines in Russia's Kursk region, Seoul says",
                "About 1,000 are at work, the spy agency told lawmakers.",
            ),
        ),
        (("story.", "begun clearing mines"),),
    ),
    Step(
        "2025-09-20T11:00:00Z",
        (
            (
                "meridian",
                "c8",
                "North Korea will send 50,000 more troops to Russia, Zelensky says",
                "The president named no source.",
            ),
        ),
        (("story.development", "50,000"),),
        {"delta": ("troops to be sent", "25,000 to 30,000", "50,000"), "origin": "Ukraine's government"},
    ),
    Step(
        "2025-09-21T10:00:00Z",
        (
            (
                "harbor",
                "b9",
                "Kim Yo Jong denies that North Korea will send 50,000 more troops to Russia",
                "The report is a fabrication, she said.",
            ),
        ),
        (("story.development", "denies"),),
        {"phase": "denied"},
    ),
    Step(
        "2025-09-21T14:00:00Z",
        (
            (
                "ledger",
                "a10",
                "Pyongyang denies plan to send 50,000 troops to Russia",
                "Kim Yo Jong called it a fabrication.",
            ),
        ),
        (),
    ),
    Step(
        "2025-10-23T12:00:00Z",
        (
            (
                "ledger",
                "a11",
                "Kim Jong Un breaks ground for a museum to North Korean soldiers killed fighting for Russia",
                "The memorial stands in Pyongyang.",
            ),
            ("harbor", "b10", "Seoul reports a North Korean soldier crossed the border", "He is being questioned."),
        ),
        (("story.", "museum"),),
    ),
    Step(
        "2025-12-13T09:00:00Z",
        (
            (
                "harbor",
                "b11",
                "Kim Jong Un welcomes back North Korean engineers from Kursk and says nine were killed",
                "The regiment cleared mines for three months.",
            ),
        ),
        (("story.", "welcomes back"),),
    ),
    Step(
        "2025-12-13T13:00:00Z",
        (
            (
                "meridian",
                "c9",
                "North Korea's leader greets returning sappers, mourns nine dead in Kursk",
                "The engineers came home on Friday.",
            ),
        ),
        (),
    ),
)
