"""Walls are told by what their makers' pages carry, in any language; a publisher's own error page is none."""

from __future__ import annotations

import pytest

from monitor.core.documents import walls

WALLS = {
    "Cloudflare": [
        "<html><title>Just a moment...</title><script>window._cf_chl_opt={cvId:'3'}</script>",
        "<html lang='de'><title>Nur einen Moment…</title><script src='/cdn-cgi/challenge-platform/h/g/orchestrate/x'>",
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
    ],
    "DataDome": ["<script>var dd={'host':'geo.captcha-delivery.com'}</script>"],
    "HUMAN": ["<div id='px-captcha'></div><p>Pressione e segure</p>"],
    "Imperva": [
        "<iframe src='/_Incapsula_Resource?SWUDNSAI=31'>Request unsuccessful. Incapsula incident ID: 1-2</iframe>"
    ],
    "AWS WAF": ["<script src='https://x.token.awswaf.com/x/challenge.js'></script>"],
    "Akamai": ["<H1>Access Denied</H1><P>Reference #18.2f https://errors.edgesuite.net/18.2f</P>"],
    "Sucuri": ["<title>Sucuri WebSite Firewall - Access Denied</title>"],
    "Vercel": ["<title>Vercel Security Checkpoint</title>"],
    "Anubis": ["<link rel='stylesheet' href='/.within.website/x/cmd/anubis/static/a.css'><title>확인 중</title>"],
    "a captcha": ["<form><div class='h-captcha' data-sitekey='x'></div></form>", '<div class="g-recaptcha"></div>'],
    "the site": ["<p>Please verify that you are human</p>", "<p>Enable JavaScript and cookies to continue</p>"],
}
PLAIN = [
    "", "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr>nginx",
    "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
    "<title>Wartung</title><p>Wir sind gleich wieder da.</p>",
    # A publisher behind Cloudflare: its own page, with the script that is added to every page.
    "<title>Nicht gefunden</title><script>window.__CF$cv$params={r:'1'}</script>"
    "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
    "<title>Zugriff verweigert</title><footer><script src='https://www.google.com/recaptcha/api.js'></script></footer>",
    '{"error":"subscription required"}', "<title>Bezahlinhalt</title><p>Subscribe to read</p>",
]  # fmt: skip


@pytest.mark.parametrize(("who", "page"), [(who, page) for who, pages in WALLS.items() for page in pages])
def test_a_wall_is_known_by_its_maker(who: str, page: str) -> None:
    assert walls.maker(page) == who


@pytest.mark.parametrize("page", PLAIN)
def test_an_error_page_is_no_wall(page: str) -> None:
    assert walls.maker(page) == ""


def test_titles_are_shown_plain() -> None:
    assert (
        walls.title("<TITLE lang=x>Access\n to \u202ethis is\x1b[31m denied</TITLE>") == "Access to this is[31m denied"
    )
    assert walls.title("<title></title>") == walls.title("nothing") == ""
    assert len(walls.title("<title>" + "x" * 5000)) <= 100
