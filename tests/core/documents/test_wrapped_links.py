"""What redirectors, archives and caches lead to."""

from __future__ import annotations

import pytest

from monitor.core.documents import wrapped_links

INNER = "https://northernledger.example/2026/06/02/ferry"


@pytest.mark.parametrize(
    "link",
    [
        f"https://web.archive.org/web/20260604120000/{INNER}",
        f"https://web.archive.org/web/20260604120000id_/{INNER}",
        "https://web.archive.org/web/2026/https:/northernledger.example/2026/06/02/ferry",
        f"https://archive.ph/2026.06.02-101010/{INNER}",
        "https://www.google.com/amp/s/northernledger.example/2026/06/02/ferry",
        "https://northernledger-example.cdn.ampproject.org/c/s/northernledger.example/2026/06/02/ferry",
        f"https://www.google.com/url?q={INNER}&sa=D",
        "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fnorthernledger.example%2F2026%2F06%2F02%2Fferry&data=05",
        f"https://urldefense.com/v3/__{INNER}__;!!AB12",
        f"https://l.facebook.com/l.php?u=https://web.archive.org/web/2026/{INNER}",  # one in another
        INNER,
    ],
)
def test_what_a_wrapped_link_leads_to(link: str) -> None:
    assert wrapped_links.unwrapped(link) == INNER


@pytest.mark.parametrize(
    "link",
    [
        "https://web.archive.org/web/20260604120000*/ferry",
        "https://www.google.com/url?q=ferry",
        "https://www.google.com/search?q=javascript:alert(1)",
        "https://l.facebook.com/l.php?u=file:///etc/passwd",
        "https://northernledger.example/share?url=https://other.example/a",  # no redirector that is known
        "",
    ],
)
def test_what_leads_nowhere_stays(link: str) -> None:
    assert wrapped_links.unwrapped(link) == link
