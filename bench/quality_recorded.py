"""Stories in the recorded feeds of five newsrooms that were followed once the rules stood: some read, others counted.

Seeds are our own words; the gold is a pattern, as in `quality_chronicles`. What the program made of `READ` was read
line by line, and rules came from it; of `COUNTED` nobody reads more than the figures.
"""

from __future__ import annotations

from dataclasses import replace

from bench.quality_chronicles import Chronicle, feed_of, followed, recorded
from bench.quality_sets import Sample

READ = (
    Chronicle(
        id="narcotics-chief", date="2025-03-13",
        gold=r"granville|narcotics (chief|deputy)",
        unsure=r"sheriff garcia|internal affairs|macy|seaman|hit.and.run|crash probe",
        title="Lawmakers to look into sheriff's narcotics chief who hit parked cars",
        text=(
            'The Erie County Legislature will look into how the police treated Daniel "D.J." Granville, chief '
            "of narcotics and intelligence at the Erie County Sheriff's Office, who ran into several parked "
            "cars on Buffalo's West Side in April 2024 and drove on. Buffalo Police officers found him that "
            "night and drove him home; he was neither tested for alcohol nor charged. Sheriff John Garcia "
            "said Mr Granville had been tired and had paid for the damage. The district attorney has asked "
            "that another county's prosecutor take the case."
        ),
    ),
    Chronicle(
        id="refugee", date="2026-02-25",
        gold=r"shah alam|refugee.{0,3} death|rohingya",
        unsure=r"refugee|border patrol|new york for all|batavia|missing adult",
        title="Nearly blind refugee found dead in Buffalo days after Border Patrol let him out",
        text=(
            "A nearly blind Rohingya refugee from Myanmar was found dead on a Buffalo street on Tuesday, five "
            "days after Border Patrol agents dropped him off at a closed coffee shop miles from his home, "
            "city officials said. Nurul Amin Shah Alam, 56, had spent a year in the Erie County Holding "
            "Center and was handed to the Border Patrol on his release. His family and lawyers were not told. "
            "Mayor Sean Ryan called the death preventable. The Erie County medical examiner has yet to rule "
            "on the cause."
        ),
    ),
    Chronicle(
        id="transfer", date="2020-08-25",
        gold=r"messi.*(leave|transfer|stay|barcelona|barca|exit|fax)|(barcelona|barca).*messi",
        unsure=r"messi|barcelona|barca\b|koeman|bartomeu",
        title="Messi tells Barcelona he wants to go",
        text=(
            "Lionel Messi has told Barcelona by registered letter that he wants to leave the club at once, "
            "eleven days after an 8-2 defeat by Bayern Munich in the quarter-finals of the Champions League. "
            "The Argentine invokes a clause that lets him go for nothing at the end of each season. Barcelona "
            "says the clause ran out on 10 June and that any buyer must pay 700 million euros. President "
            "Josep Maria Bartomeu hired Ronald Koeman as coach last week. Manchester City and Paris "
            "Saint-Germain are said to be interested."
        ),
    ),
    Chronicle(
        id="reef", date="2020-08-07",
        gold=r"mauriti|wakashio|leak\w* tons of oil|oil leak",
        unsure=r"oil spill|dolphins|tons of oil",
        title="Stranded bulk carrier leaks oil on to reef of Mauritius",
        text=(
            "Oil is leaking into the lagoons off the south-east coast of Mauritius from the bulk carrier "
            "Wakashio, which ran aground on a coral reef at Pointe d'Esny on 25 July, the environment "
            "minister said. The Japanese-owned ship was carrying some 4,000 tonnes of fuel oil. Prime "
            "Minister Pravind Jugnauth asked France for help. Nagashiki Shipping, the owner, said it was "
            "doing its utmost. The twenty crew members were taken off unhurt."
        ),
    ),
    Chronicle(
        id="van", date="2021-09-15",
        gold=r"petito|laundrie",
        unsure=r"missing woman|fianc|north port|national forest",
        title="Police look for woman, 22, who vanished on cross-country van trip",
        text=(
            "Police in North Port, Florida, are looking for Gabrielle Petito, a 22-year-old woman from Long "
            "Island who vanished while crossing the American West in a van with her fiance, Brian Laundrie. "
            "He came home on 1 September without her and has hired a lawyer. Her family last heard from her "
            "in late August, when she was believed to be at Grand Teton National Park in Wyoming. The police "
            "chief, Todd Garrison, called Mr Laundrie a person of interest."
        ),
    ),
    Chronicle(
        id="adviser", date="2020-05-22",
        gold=(
            r"dominic cummings|cummings (row|inquiry|remarks)|maitlis|"
            r"(johnson|pm).{0,12}(top|chief|senior) (aide|adviser)"
        ),
        unsure=r"cummings|top aide|newsnight|durham|lockdown (trip|breach)",
        title="Johnson's adviser drove 260 miles with virus symptoms in lockdown",
        text=(
            "Dominic Cummings, the chief adviser of Prime Minister Boris Johnson, drove from London to his "
            "parents' home in Durham with his wife and young son at the end of March while his wife had "
            "symptoms of the coronavirus, the Guardian and the Mirror reported on Friday. The rules told "
            "everybody with symptoms to stay at home. Durham police said officers had spoken to the family. "
            "Labour and the Scottish National Party want him sacked; Downing Street said he had acted "
            "lawfully."
        ),
    ),
    Chronicle(
        id="crew", date="2020-05-22",
        gold=r"crew dragon|(spacex|nasa).*(astronaut|crew|splashdown|space station)|spacex launch|behnken|hurley",
        unsure=r"spacex|\bmusk|nasa|starship",
        title="NASA clears SpaceX to fly astronauts to space station",
        text=(
            "SpaceX may launch two NASA astronauts to the International Space Station on Wednesday, the space "
            "agency said after a review. It would be the first flight of people into orbit from American soil "
            "since 2011. Doug Hurley and Bob Behnken are to lift off from the Kennedy Space Center in Florida "
            "in a Crew Dragon capsule on a Falcon 9 rocket. Elon Musk's firm holds a contract of 2.6 billion "
            "dollars for six such flights; Boeing is to follow."
        ),
    ),
)  # fmt: skip
COUNTED = (
    Chronicle(
        id="helper", date="2020-07-02",
        gold=r"ghislaine|epstein.*maxwell|maxwell.*(epstein|bail|trial|charge)",
        unsure=r"maxwell|epstein|prince andrew",
        title="FBI arrests Ghislaine Maxwell at country house",
        text=(
            "Agents of the FBI arrested Ghislaine Maxwell, a British socialite, on Thursday at a house in "
            "Bradford, New Hampshire. Prosecutors in Manhattan charge her with recruiting girls for the "
            "financier Jeffrey Epstein, who died in jail last year, and with perjury. Ms Maxwell has always "
            "denied it. They want her held without bail."
        ),
    ),
    Chronicle(
        id="prisoner", date="2020-06-03",
        gold=r"mccann|madeleine",
        unsure=r"brueckner|praia da luz",
        title="German prisoner suspected in Madeleine McCann case",
        text=(
            "A German man of 43 who is in prison for another crime is the new suspect in the disappearance of "
            "Madeleine McCann, the British girl of three who vanished from a holiday flat in Praia da Luz, "
            "Portugal, in May 2007. Scotland Yard and the German police asked for witnesses who know two "
            "vehicles. Prosecutors in Braunschweig investigate on suspicion of murder."
        ),
    ),
    Chronicle(
        id="app", date="2020-08-01",
        gold=r"tiktok.*(trump|\bban|microsoft|oracle|\bsale|sell|deal|china|chinese)|(trump|microsoft|oracle).*tiktok",
        unsure=r"tiktok|bytedance|wechat|oracle",
        title="Trump says he will ban TikTok in the United States",
        text=(
            "President Donald Trump said he would forbid the Chinese video app TikTok in the United States as "
            "soon as Saturday. The administration fears that its owner, ByteDance, hands the data of "
            "Americans to Beijing. Microsoft is in talks to buy the American business. TikTok says it has "
            "never given data to China."
        ),
    ),
    Chronicle(
        id="author", date="2024-07-03",
        gold=r"rushdie|hadi matar",
        unsure=r"chautauqua institution|matar|stabb",
        title="Man accused of stabbing Salman Rushdie turns down plea offer",
        text=(
            "Hadi Matar, who is accused of stabbing the author Salman Rushdie on a stage at the Chautauqua "
            "Institution in August 2022, rejected a plea bargain that would have added a federal charge of "
            "terrorism. He has been in the Chautauqua County Jail in Mayville for two years. Mr Rushdie lost "
            "an eye. The trial is to begin in October."
        ),
    ),
    Chronicle(
        id="bus", date="2025-08-22",
        gold=r"(thruway|tour|pembroke).{0,60}\bbus\b|\bbus\b.{0,60}(thruway|tour|pembroke)",
        unsure=r"\bbus\b|pembroke",
        title="Five die as tour bus overturns on Thruway near Pembroke",
        text=(
            "A tour bus on its way from Niagara Falls to New York City overturned on the Thruway near "
            "Pembroke in Genesee County on Friday. Five people died and dozens were hurt; there were 54 on "
            "board, many of them from India, China and the Philippines. State Police believe the driver was "
            "distracted and lost control. Helicopters of Mercy Flight took the injured to Buffalo."
        ),
    ),
    Chronicle(
        id="parishes", date="2024-05-28",
        gold=r"diocese.*(parish|church|clos|merg|appeal|vatican)|(parish|church).*(clos|merg|diocese|vatican)",
        unsure=r"diocese|parish|bishop|church|catholic",
        title="Buffalo Diocese to close or merge a third of its parishes",
        text=(
            "The Catholic Diocese of Buffalo wants to merge some 34 percent of its 160 parishes, it said on "
            "Tuesday. Bishop Michael Fisher named falling attendance, a lack of priests and a settlement with "
            "victims of abuse that may cost 100 million dollars. Parishes have until August to propose other "
            "ways."
        ),
    ),
    Chronicle(
        id="agents", date="2020-07-17",
        gold=(
            r"portland.*(federal|agents|protest|troops|mayor|feds)|"
            r"federal (agents|officers|forces).*(portland|protest|cit(y|ies))"
        ),
        unsure=r"portland|federal agents|chad wolf",
        title="Federal agents in unmarked cars seize protesters in Portland",
        text=(
            "Federal officers in camouflage have pulled demonstrators into unmarked cars in Portland, Oregon, "
            "where people have protested against racism and the police every night since the killing of "
            "George Floyd. Governor Kate Brown and Mayor Ted Wheeler want them gone. Chad Wolf, the acting "
            "secretary of homeland security, calls the protesters a violent mob."
        ),
    ),
    Chronicle(
        id="network", date="2020-07-14",
        gold=r"huawei",
        unsure=r"\b5g\b",
        title="Britain bans Huawei from its 5G network",
        text=(
            "British telecoms firms may buy no equipment of the Chinese maker Huawei for their 5G networks "
            "from the end of the year and must remove what they have by 2027, Oliver Dowden, the digital "
            "secretary, said. American sanctions on chips had changed the matter. China's ambassador called "
            "it disappointing and wrong."
        ),
    ),
)  # fmt: skip


def read() -> Sample:
    """Those of which every line was read."""
    return replace(followed("recorded, read", READ, recorded()), source=feed_of)


def counted() -> Sample:
    """Those of which only figures are looked at."""
    return replace(followed("recorded, counted", COUNTED, recorded()), source=feed_of)
