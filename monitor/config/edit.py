"""Writes into config.toml by way of tomlkit: what a person wrote and commented stays; always whole or not at all."""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, String, StringType, Table, Trivia, Whitespace

from monitor import data
from monitor.config.included import FILE_BYTES_MAX
from monitor.core import urls
from monitor.errors import ConfigError, NotFound

NOWHERE: Mapping[str, str] = {}  # what stands in other files, where there are none
ID_CHARS_MAX = 40  # characters of an id that we make from a title: readable in a table (set)


def slug(text: str, taken: Iterable[str] = (), other: str = "story") -> str:
    """An id of a-z, 0-9 and - made of a text; a number is added where it is taken.

    Of a text in another script, of which but a figure or a foreign name would be left, it is made of `other`.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    if 2 * sum(map(str.isalpha, plain)) < sum(map(str.isalpha, text)):
        plain = other.lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "story"
    # Cut between words, unless the first word alone is too long.
    whole = words[: ID_CHARS_MAX + 1].rpartition("-")[0] if len(words) > ID_CHARS_MAX else words
    made = whole or words[:ID_CHARS_MAX]
    used, number, found = set(taken), 2, made
    while found in used:
        found, number = f"{made}-{number}", number + 1
    return found


def load(path: Path) -> tomlkit.TOMLDocument:
    """The document with its comments; an empty one where there is no file yet."""
    try:
        return tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise ConfigError(f"{path}: {error}") from error


def save(path: Path, document: tomlkit.TOMLDocument) -> None:
    """Replace the file at once: a crash leaves the old one or the new one."""
    text = tomlkit.dumps(document)
    if len(text.encode()) > FILE_BYTES_MAX:
        raise ConfigError(f"{path} would be over 1 MiB: put sources and stories into files that it includes")
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".config-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error.strerror})") from error


def _tables(document: tomlkit.TOMLDocument, name: str) -> AoT:
    if isinstance(document.get(name), list) and not document[name]:
        document.remove(name)  # written as `story = []`
    if name not in document:
        document.append(name, tomlkit.aot())
    found = document[name]
    if not isinstance(found, AoT):
        raise ConfigError(f"[[{name}]] must be an array of tables")
    return found


def _append(tables: AoT, table: Table) -> None:
    """Put a table behind its fellows; what follows them after a blank line, such as the next heading, stays behind."""
    if tables:
        body, ends = tables[-1].value.body, _end(tables[-1])
        table.value.body.extend(body[ends:])
        del body[ends:]
    table.trivia.indent = "\n"  # a blank line before it
    tables.append(table)


def append_watch(
    path: Path, sources: Sequence[Mapping[str, str]], story: Mapping[str, Any],
    listed: Mapping[str, str] = NOWHERE, stories: Collection[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """Add a story and those of its sources that are not there yet; returns the ids that were written.

    `listed` are the ids of the sources of all files by address, `stories` those of all stories.
    """
    document = load(path) if path.exists() else tomlkit.parse(data.read("fresh_config.toml"))
    added = list(dict.fromkeys(_add_source(document, source, listed) for source in sources))
    tables = _tables(document, "story")
    taken = [*stories, *(str(table.get("id", "")) for table in tables)]
    table = tomlkit.table()
    table["id"] = slug(str(story.get("id") or story["title"]), taken)
    table["title"] = str(story["title"])
    if added and story.get("covered", True):
        table["sources"] = added
    else:
        # Not pinned: a [[source]] that is added later, for an outlet that is not covered yet, is read as well.
        table.add(tomlkit.comment(f"sources = {json.dumps(added)}  # default: all"))
    for key in ("ignore", "like", "unlike"):
        if story.get(key):
            table[key] = list(story[key])
    if story.get("seed_url"):
        table["seed_url"] = story["seed_url"]
    text = _quotable(str(story["seed_text"]))
    table["seed_text"] = String(StringType.MLB, text, f"\n{text}", Trivia())  # begins on a line of its own
    _append(tables, table)
    if "channel" not in document:  # a first watch is told on the terminal until its owner names another channel
        terminal = tomlkit.table()
        terminal.update({"id": "terminal", "type": "console"})
        _append(_tables(document, "channel"), terminal)
    save(path, document)
    return {"story": str(table["id"]), "sources": added}


def _quotable(text: str) -> str:
    """A text that stands in a multi-line string: no controls, no run of quotes that would end it."""
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char)[0] != "C")
    return text.replace("\\", "/").replace('"""', "'''").strip().rstrip('"') + "\n"


def _add_source(document: tomlkit.TOMLDocument, source: Mapping[str, str], listed: Mapping[str, str]) -> str:
    if source["url"] in listed:
        return listed[source["url"]]
    tables = _tables(document, "source")
    for table in tables:
        if table.get("url") == source["url"] or table.get("id") == source.get("id"):
            return str(table["id"])
    taken = [*listed.values(), *(str(table.get("id", "")) for table in tables)]
    made = tomlkit.table()
    made["id"] = slug(source.get("id") or source["name"], taken, urls.host(source["url"]))
    made.update({"name": source["name"], "url": source["url"]})
    made.update({key: source[key] for key in ("homepage", "kind") if source.get(key, "") not in ("", "feed")})
    _append(tables, made)
    return str(made["id"])


def add_sources(
    path: Path, feeds: Iterable[tuple[str, str, str]], listed: Mapping[str, str] = NOWHERE
) -> list[dict[str, Any]]:
    """Add feeds given as (title, url, homepage) that are not there yet; returns the tables that were written."""
    document = load(path)
    there = {*listed, *(str(table.get("url")) for table in _tables(document, "source"))}
    added = []
    for title, url, homepage in feeds:
        if url not in there:
            there.add(url)
            source = {"name": title or urls.display(url) or url, "url": url, "homepage": homepage}
            added.append({"id": _add_source(document, source, listed), "url": url})
    if added:
        save(path, document)
    return added


def set_story(document: tomlkit.TOMLDocument, story_id: str, values: Mapping[str, Any]) -> None:
    """Set keys of a story; what is empty or None goes, so that the default holds. NotFound for no such story."""
    table = _story(document, story_id)
    for key, value in values.items():
        if value is None or value == [] or value == "":
            table.pop(key, None)
        elif table.get(key) != value:
            table[key] = value


def drop_story(document: tomlkit.TOMLDocument, story_id: str) -> None:
    """Take a story out. NotFound for no such story."""
    tables, story = _tables(document, "story"), _story(document, story_id)
    at = tables.body.index(story)
    behind = story.value.body[_end(story) :]  # a blank line and the next heading, say
    if at:
        tables.body[at - 1].value.body.extend(behind)
    else:
        _above(document, tables).extend(behind)
    tables.remove(story)
    if not tables:
        document.remove("story")  # an empty one would be written as `story = []`, before all else


def _end(table: Table) -> int:
    """Where what follows a table begins in its body: with the first blank line behind its last key."""
    body = table.value.body
    end = max((place for place, (key, _) in enumerate(body) if key is not None), default=-1) + 1
    while end < len(body) and not isinstance(body[end][1], Whitespace):
        end += 1
    return end


def _above(document: tomlkit.TOMLDocument, tables: AoT) -> list[Any]:
    """The body of the table that stands before these; of none, one that is thrown away."""
    above: list[Any] = []
    for _, item in document.body:
        if item is tables:
            break
        last = item.body[-1] if isinstance(item, AoT) and item.body else item
        above = last.value.body if isinstance(last, Table) else above
    return above


def _story(document: tomlkit.TOMLDocument, story_id: str) -> Table:
    for table in _tables(document, "story"):
        if isinstance(table, Table) and table.get("id") == story_id:
            return table
    raise NotFound(f"no story has the id {story_id!r}")
