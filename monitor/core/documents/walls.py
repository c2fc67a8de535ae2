"""Pages that stand in a reader's way: challenges for browsers and blocks of reader programs, told by their marks. Pure.

The marks are what the makers' pages carry whatever their language and status: script addresses, form fields, variables.
A publisher's own page for an error may have a captcha script in its footer: only what asks for something counts.
"""

from __future__ import annotations

import re

from monitor.core.text import clean

# Characters of an error's page that are looked at. Set here: every maker's challenge names itself in the first 8 KiB.
HEAD_CHARS = 32 * 1024
TITLE_CHARS_MAX = 100  # characters of a page's title that an operator is shown; set here: a line of a table
_MAKERS = (
    (
        "Cloudflare",
        r"challenge-platform/h/|_cf_chl_opt|cf-chl-|cf_captcha_kind|/cdn-cgi/l/chk_|attention required! \| cloudflare",
    ),
    ("DataDome", r"captcha-delivery\.com|datadome"),
    ("HUMAN", r"px-captcha|perimeterx|_pxappid|human\.security"),
    ("Imperva", r"_incapsula_resource|incapsula incident|imperva"),
    ("AWS WAF", r"awswaf\.com|awswafintegration|gokuprops"),
    ("Akamai", r"errors\.edgesuite\.net|akamai[^<>\n]{0,40}bot|_abck|sec-if-cpt-container"),
    ("Sucuri", r"sucuri website firewall|sucuri_cloudproxy_js"),
    ("Kasada", r"/149e9513-01fa-4fb0-aad4-566afd725d1b/|kpsdk"),
    ("Vercel", r"vercel security checkpoint|\.well-known/vercel/security"),
    ("Anubis", r"/\.within\.website/x/cmd/anubis|anubis_challenge"),
    ("DDoS-Guard", r"ddos-guard"),
    ("Fastly", r"/_fs-ch-|client challenge"),
    ("a captcha", r"h-captcha|g-recaptcha[\"' ]|cf-turnstile|friendly-?captcha|complete the captcha"),
    (
        "the site",
        r"just a moment\.\.\.|checking (?:if the site connection is secure|your browser)"
        r"|(?:verify(?:ing)?|confirm|prove)(?: that)? you(?:'re| are)(?: a)?(?: human| not a)"
        r"|are you (?:a )?(?:human|robot)|enable javascript and cookies|unusual traffic from your",
    ),
)  # fmt: skip
_MARKS = tuple((name, re.compile(pattern, re.I)) for name, pattern in _MAKERS)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,400})", re.I)


def maker(page: str) -> str:
    """Who asks for a browser on this page, in words; "" where nobody does."""
    head = page[:HEAD_CHARS]
    return next((name for name, marks in _MARKS if marks.search(head)), "")


def title(page: str) -> str:
    """What an error's page calls itself, for an operator; "" where it says nothing."""
    found = _TITLE.search(page[:HEAD_CHARS])
    return clean(found[1], TITLE_CHARS_MAX) if found else ""
