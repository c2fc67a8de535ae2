"""Web addresses, read as browsers read them (WHATWG): one form to fetch, another to tell whether two are one page."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode

import ada_url
import publicsuffixlist

TRACKING = re.compile(
    r"utm_\w*|at_(?:medium|campaign|link|format|bbc|custom|ptr|type)\w*|ns_\w+|mc_[ce]id|pk_\w+|itm_\w+|wt\.\w+"
    r"|(?:fb|g|y|ms|tw|dc|igs|ttc)cl(?:id|src)|gbraid|wbraid|_ga|_gl|_hs\w+|xtor|cmp|cmpid|icid|ito|cid|ocid|smid|sref"
    r"|partner|emc|ftag|rss|ref|ref_src|referrer|source|src|feed|traffic_source|taid|sh|share|output|ftcamp|spm|amp",
    re.IGNORECASE,
)
_ALIASES = re.compile(r"^(?:www\d?|m|mobile|amp|edition|rss|feeds)\.(?=[^.]+\.[^.]+)")


@lru_cache(maxsize=8)
def _suffixes() -> publicsuffixlist.PublicSuffixList:
    return publicsuffixlist.PublicSuffixList()


def _read(url: str, base: str = "") -> ada_url.URL | None:
    try:
        return ada_url.URL(url.strip(), base) if base else ada_url.URL(url.strip())
    except (ValueError, UnicodeError):
        return None


def fetchable(url: str, base: str = "") -> str:
    """The absolute http(s) address, normalised, without a fragment; "" where there is none."""
    if not url or len(url) > 8192:
        return ""
    parts = _read(url, base)
    if parts is None or parts.protocol not in ("http:", "https:") or not parts.hostname:
        return ""
    parts.hash = ""
    return str(parts.href)


@lru_cache(maxsize=4096)
def canonical(url: str) -> str:
    """The identity of a page, never fetched: no scheme, www, port, tracking parameters or fragment; idempotent."""
    parts = _read(url) or _read(f"https://{url}")
    if parts is None or parts.protocol not in ("http:", "https:"):
        return url.strip()
    name = _ALIASES.sub("", parts.hostname.rstrip("."))
    port = f":{parts.port}" if parts.port else ""
    path = re.sub(r"/(?:amp|index\.html?)/?$|\.amp$", "/", quote(unquote(parts.pathname), safe="/:@!$&'()*+,;=~-._"))
    kept = sorted(
        (key, value)
        for key, value in parse_qsl(parts.search.lstrip("?"), keep_blank_values=True)
        if not TRACKING.fullmatch(key)
    )
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{name}{port}{path.rstrip('/')}{query}"


def host(url: str) -> str:
    """The host name in lower case, punycode where it is international; "" where there is none."""
    parts = _read(url)
    return str(parts.hostname) if parts else ""


def origin(url: str) -> str:
    """Scheme, host and port ("https://example.org"), or ""."""
    parts = _read(url)
    return str(parts.origin) if parts else ""


def registrable(url_or_host: str) -> str:
    """The registrable domain by the public suffix list ("bbc.co.uk"), or the host itself."""
    name = host(url_or_host) if "://" in url_or_host else url_or_host.lower()
    return str(_suffixes().privatesuffix(name) or name)


def display(url: str) -> str:
    """The host as people should see it: punycode, so that look-alike letters show."""
    return host(url).removeprefix("www.")
