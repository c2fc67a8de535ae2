"""Web addresses, read as browsers read them (WHATWG): one form to fetch, another to tell whether two are one page."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote_to_bytes

from monitor import data
from monitor.deferred import Deferred

# What lists what is kept reads no address.
if TYPE_CHECKING:
    import ada_url
    import publicsuffixlist
else:
    ada_url, publicsuffixlist = Deferred("ada_url"), Deferred("publicsuffixlist")

TRACKING = re.compile(data.patterns("tracking"), re.IGNORECASE)
URL_CHARS_MAX = 8192  # characters: RFC 9110, 4.1 asks for 8000 at least
_ALIASES = re.compile(r"^(?:(?:www\d?|m|mobile|amp|edition|rss|feeds)\.)+(?=[^.]+\.[^.]+)")
_SCHEMELESS = re.compile(
    r"(?://)?(?:(?:[^\s/?#@:.]+\.)+[^\s/?#@:.\d][^\s/?#@:.]*\.?|\d+(?:\.\d+){3}|\[[0-9a-fA-F:.]+\])(?::\d+)?(?=[/?#]|$)"
)
_WEB = ("http://", "https://")
_AUTHORITY = re.compile(r"(?:[^@]*@)?(\[[^]]*\]|[^:]*)(.*)")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.I)
_READER_SCHEME = re.compile(r"(feeds?|rss|itpc|pcast):(?://)?", re.I)
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~!$&'()*+,;=:@/-]*+")  # a path that is written in one way only
_BARE = re.compile(r"[A-Za-z0-9_.~-]*+")  # a part of a query that is
_SETTLED = re.compile(
    r"https?://(?:[a-z0-9-]++\.)++[a-z]{2,}+/[A-Za-z0-9_.~!$&'()*+,;=:@/-]*+(?:\?[A-Za-z0-9_.~!$&()*+,;=:@/?-]*+)?"
)
_AMP_PAGE = re.compile(r"(?<!\.amp)(?:\.amp)++(?=\.html?$)")
_SUFFIXES = ("/amp", ".amp", "/index.html", "/index.htm")


@lru_cache(maxsize=256)
def _public_suffixes(top: str) -> publicsuffixlist.PublicSuffixList:
    """The rules under one top-level domain: reading all ten thousand is a tenth of a short pass (measured)."""
    lines = data.public_suffixes()
    with suppress(UnicodeError):
        top = top.encode("ascii").decode("idna")
    return publicsuffixlist.PublicSuffixList([line for line in lines if line == top or line.endswith(f".{top}")])


def _read(url: str, base: str = "") -> ada_url.URL | None:
    try:
        return ada_url.URL(url.strip(), base) if base else ada_url.URL(url.strip())
    except (ValueError, UnicodeError):
        return None


def _is_settled(url: str) -> bool:
    """Whether an address is written in one way only: to read it would change nothing, and takes longest of all."""
    return _SETTLED.fullmatch(url) is not None and "/." not in url and "xn--" not in url


def fetchable(url: str, base: str = "") -> str:
    """The absolute http(s) address, normalised, without a fragment; "" where there is none.

    Without a user name as well: before an "@" stands whatever its writer wants to be taken for the site.
    """
    if not url or len(url) > URL_CHARS_MAX:
        return ""
    if _is_settled(url):
        return url
    parts = _read(url, base)
    href = str(parts.href) if parts else ""
    if not href.startswith(_WEB):
        return ""
    if parts and ("#" in href or "@" in href):  # seldom, and each part costs as much as reading the whole
        parts.hash = parts.username = parts.password = ""
        href = str(parts.href)
    return href


def web(url: str) -> str:
    """An address with the scheme that old readers mean: feed://, feed:https:// and their like are http(s)."""
    found = _READER_SCHEME.match(url.strip())
    if not found:
        return url.strip()
    rest = url.strip()[found.end() :]
    if re.match(r"https?:", rest, re.I):
        return rest
    return f"{'https' if found[1].lower().endswith('s') and found[1].lower() != 'rss' else 'http'}://{rest.lstrip('/')}"


def has_credentials(url: str) -> bool:
    """Whether an address carries a user name or a password."""
    parts = _read(url) if url else None
    return bool(parts and (parts.username or parts.password))


def untracked(url: str) -> str:
    """The canonical URL as people write it: `fetchable`, without tracking parameters; what is none, as it stands."""
    address = fetchable(url)
    if not address or "?" not in address:
        return address or url
    page, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not TRACKING.fullmatch(part.partition("=")[0])]
    return page + ("?" + "&".join(kept) if kept else "")


@lru_cache(maxsize=4096)
def canonical(url: str) -> str:
    """The identity of a page, never fetched: no scheme, www, port, tracking parameters or fragment; idempotent.

    What is no web address is its own identity, as it stands.
    """
    url = url.strip()
    if len(url) > URL_CHARS_MAX:
        return url
    href = url
    if not _is_settled(url):
        parts = _read("https://" + url.removeprefix("//")) if _SCHEMELESS.match(url) else _read(url)
        href = str(parts.href) if parts else ""
    if not href.startswith(_WEB):
        return url
    # As href is written, each sign below stands there for itself alone (WHATWG URL, 4.5); to ask for part by part costs
    # as much as all the rest.
    page, _, search = href.partition("://")[2].partition("#")[0].partition("?")
    authority, _, path = page.partition("/")
    found = _AUTHORITY.fullmatch(authority)
    assert found
    name, port = _ALIASES.sub("", found[1].rstrip(".")), found[2]
    path = _SESSION.sub("", f"/{path}") if ";" in path else f"/{path}"
    if not _UNRESERVED.fullmatch(path):
        path = "/".join(quote(_composed(part), safe="!$&'()*+,;=:@~") for part in path.split("/"))
    return f"{name}{port}{_shortened(path)}{_query(search) if search else ''}"


def _composed(escaped: str) -> bytes:
    """The bytes behind percent signs, in NFC where they are UTF-8; others (EUC-KR, windows-1251) stay as they are."""
    raw = unquote_to_bytes(escaped)
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return raw


def _quoted(part: str) -> str:
    return part if _BARE.fullmatch(part) else quote_plus(_composed(part))


def _shortened(path: str) -> str:
    path = _AMP_PAGE.sub("", path) if ".amp" in path else path
    while path.endswith(("/", *_SUFFIXES)):
        path = path.rstrip("/")
        for suffix in _SUFFIXES:
            path = path.removesuffix(suffix)
    return path


def _query(search: str) -> str:
    kept = []
    for part in filter(None, search.split("&")):
        key, _, value = part.removeprefix("amp;").replace("+", " ").partition("=")
        key = _quoted(key)
        if not TRACKING.fullmatch(key):
            kept.append(f"{key}={_quoted(value)}")
    return "?" + "&".join(sorted(kept)) if kept else ""


def host(url: str) -> str:
    """The host name in lower case, punycode where it is international; "" where there is none."""
    parts = _read(url)
    return str(parts.hostname) if parts else ""


def authority(url: str) -> str:
    """Host, and port where it is not the scheme's own: who answers there is one server; "" where there is none."""
    parts = _read(url)
    return str(parts.host) if parts else ""


def origin(url: str) -> str:
    """Scheme, host and port ("https://example.org"), or ""."""
    parts = _read(url)
    return str(parts.origin) if parts and parts.origin != "null" else ""


@lru_cache(maxsize=4096)
def registrable(url_or_host: str) -> str:
    """The registrable domain by the public suffix list ("bbc.co.uk"), or the host itself; an IP address is whole."""
    name = (host(url_or_host) if "://" in url_or_host else url_or_host.lower()).rstrip(".")
    top = name.rpartition(".")[2]
    if top.isdigit() or ":" in name:
        return name
    return str(_public_suffixes(top).privatesuffix(name) or name)


def display(url: str) -> str:
    """The host as people should see it: punycode, so that look-alike letters show."""
    return host(url).removeprefix("www.")
