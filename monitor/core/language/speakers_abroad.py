"""Who speaks in a headline of a language that sets its verb last or no spaces, as Korean, Japanese and Chinese do.

There no verb behind the subject tells who speaks. The office leads the headline, and a comma, a colon, a quotation or
the particle of a subject stands behind it (경찰 "용의자 도주"), or it ends the headline behind a colon.
"""

from __future__ import annotations

import re
from functools import cache

from monitor import data

BEFORE_CHARS_MAX = 12  # characters of whose office it is: "서울중앙" of "서울중앙지검" (set)
# Hebrew, Arabic, the scripts of India and South East Asia, Chinese, Japanese and Korean.
_SCRIPTS = re.compile(r"[\u0590-\u06ff\u0900-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BEHIND = (
    r"(?:들|측|当局|當局|은|는|이|가)?(?:\s?[,、:：，]|\s?[\"“”「『‘]|\s?(?:称|稱|表示|通报|通報|宣布|说|說|指出|证实|證實|否认|否認|发布|警告)"
    r"|\s(?:ने|নে)(?=\s)|\s(?:के अनुसार|का दावा|का बयान))"
)


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    forms = []
    for at, (role, words) in enumerate(data.rows("speaker_leads.tsv")):
        names[f"r{at}"] = role
        forms.append(f"(?P<r{at}>{words})")
    office = "|".join(forms)
    ends = re.sub(r"\?P<r(\d+)>", r"?P<e\1>", office)
    names |= {f"e{key[1:]}": role for key, role in names.items()}
    whose = rf"(?P<whose>[^\s,、:：，\"“”「『\[\]()]{{0,{BEFORE_CHARS_MAX}}}?\s?)"
    return re.compile(rf"^\W*{whose}(?:{office}){_BEHIND}|[:：]\s?(?:{ends})$"), names


def find(headline: str) -> tuple[str, str] | None:
    """The office that speaks in a headline, as its role and whose it is ("" where it does not say); None for nobody."""
    if not _SCRIPTS.search(headline):
        return None
    pattern, names = _pattern()
    found = pattern.search(headline.strip())
    if found is None:
        return None
    key = next(key for key, text in found.groupdict().items() if text and key != "whose")
    return names[key], (found["whose"] or "").strip()
