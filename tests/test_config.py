"""config.toml: every mistake is named with file, line and what to do; the shipped file is valid and complete."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
import tomlkit
from pydantic import BaseModel

from monitor import config
from monitor.app.build import open_channels
from monitor.app.settings import guard, read_channels, stories
from monitor.channels import load
from monitor.config import edit, secrets
from monitor.errors import ConfigError
from monitor.stores import open_store
from tests.data_at import ROOT

PATH = Path("config.toml")


def test_the_shipped_configuration_watches_the_first_story() -> None:
    loaded = config.load(ROOT / "config.toml", {})
    (story,) = stories(loaded)
    assert [citation.outlet for citation in story.seed.cited] == ["Daily NK", "The Daily Beast", "Business Insider"]
    assert story.seed.published_at is not None
    assert str(story.seed.published_at.date()) == "2023-02-03"


WRONG = {
    "an unknown key": ("[fetch]\nintervall = '15m'\n", ["line 2", "intervall", "did you mean 'interval'"]),
    "an unknown table": ("[fetsh]\n", ["fetsh", "did you mean 'fetch'"]),
    "an interval under the floor": ("[fetch]\ninterval = '1m'\n", ["line 2", "300"]),
    "a word for a duration": ("[fetch]\ninterval = 'often'\n", ["line 2", "duration"]),
    "a source without address": ("[[source]]\nid = 'a'\n", ["[[source]] 1", "url", "missing"]),
    "a file as homepage": (
        "[[source]]\nid = 'a'\nurl = 'https://a.example'\nhomepage = 'file:///etc/passwd'\n",
        ["line 4", "http"],
    ),
    "a password in an address": (
        "[[source]]\nid = 'a'\nurl = 'https://u:p@example.org/'\n",
        ["line 3", "password_env"],
    ),
    "an id used twice": (
        "[[source]]\nid = 'a'\nurl = 'https://a.example/'\n[[source]]\nid = 'a'\nurl = 'https://b.example/'\n",
        ["line 5", "twice"],
    ),
    "a story without seed": ("[[story]]\nid = 's'\ntitle = 't'\n", ["seed"]),
    "a story of an unknown source": (
        "[[source]]\nid = 'dailynk'\nurl = 'https://a.example/'\n"
        "[[story]]\nid = 's'\ntitle = 't'\nseed_text = 'x'\nsources = ['dailynx']\n",
        ["line 8", "did you mean 'dailynk'"],
    ),
    "another address without token": ("[http]\nlisten = '0.0.0.0:80'\n", ["token"]),
    "a source in single brackets": ("[source]\nid = 'a'\n", ["line 1", "[[source]]", "two brackets"]),
    "a word for a number": ("[fetch]\nconcurrency = 'many'\n", ["line 2", "whole number"]),
    "a word for a switch": ("[fetch]\nfollow_pages = 'perhaps'\n", ["line 2", "true or false"]),
    "a list for a text": ("[service]\nstate = ['a']\n", ["line 2", "in quotes"]),
    "a text for a table": ("fetch = 'x'\n", ["line 1", "table"]),
    "a contact that would add a header": ("[service]\ncontact = 'a@b.example\u2028X: y'\n", ["line 2", "header"]),
    "an unknown operators' channel": ("[service]\noperators = ['desk']\n", ["line 2", "no channel 'desk'"]),
    "a channel for an unknown story": (
        "[[channel]]\nid = 'c'\ntype = 'console'\nstories = ['nk']\n",
        ["line 4", "no story 'nk'"],
    ),
    "broken TOML": ("[fetch\n", ["line 1"]),
    "a deep bomb": ("a = " + "[" * 5000, ["config.toml"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_mistakes_are_named(name: str) -> None:
    text, words = WRONG[name]
    with pytest.raises(ConfigError) as caught:
        config.parse(text, PATH, {})
    for word in words:
        assert word in str(caught.value), str(caught.value)


CHANNELS = {
    "an unknown key": ("type = 'console'\nstyl = 'line'", ["line 4", "unknown key 'styl'", "did you mean 'style'"]),
    "an unknown type": ("type = 'emial'", ["line 3", "did you mean 'email'"]),
    "no type": ("", ["[[channel]] 1", "apprise, console, email, matrix, ntfy, teams"]),
    "a zone of another planet": ("type = 'console'\ntimezone = 'Mars/Phobos'", ["line 4", "Europe/Berlin"]),
    "an hour too many": ("type = 'console'\ndigest_at = '25:00'", ["line 4", "07:30"]),
    "hours without minutes": ("type = 'console'\nquiet = '22-7'", ["line 4", "22:00-07:00"]),
    "an unknown mode": ("type = 'console'\nmode = 'later'", ["line 4", "'now', 'digest'"]),
    "an unknown kind": ("type = 'console'\nkinds = ['story.developmnt']", ["line 4", "'story.development'"]),
    "no recipient": ("type = 'email'\nhost = 'h.example'\nfrom = 'a@b.example'", ["to", "missing"]),
    "one recipient as text": (
        "type = 'email'\nhost = 'h.example'\nfrom = 'a@b.example'\nto = 'a@b.example'",
        ["line 6", "list"],
    ),
    "mail in clear": (
        "type = 'email'\nhost = 'h.example'\ntls = 'none'\nfrom = 'a@b.example'\nto = ['a@b.example']",
        ["[[channel]] 1: tls", "loopback only"],
    ),
}


@pytest.mark.parametrize("name", CHANNELS)
def test_mistakes_in_channels_are_named(name: str) -> None:
    text, words = CHANNELS[name]
    with pytest.raises(ConfigError) as caught:
        read_channels(config.parse(f"[[channel]]\nid = 'c'\n{text}\n", PATH, {}))
    for word in ["config.toml", *words]:
        assert word in str(caught.value), str(caught.value)


HIDDEN = ("url", "proxy", "headers", "password", "secret", "token", "topic", "seed_text")
TABLES: dict[str, tuple[str, type[BaseModel]]] = {
    **{name: (f"[{name}]", table) for name, table in config.SECTIONS.items()},
    "source": ("[[source]]\nid = 'a'\nurl = 'https://a.example/'", config.schema.SourceTable),
    "story": ("[[story]]\nid = 'a'\ntitle = 'A'\nseed_text = 'A'", config.schema.StoryTable),
    "console": ("[[channel]]\nid = 'a'\ntype = 'console'", load("console", "").Settings),
    "webhook": ("[[channel]]\nid = 'a'\ntype = 'webhook'\nurl = 'https://a.example/'", load("webhook", "").Settings),
    "email": (
        "[[channel]]\nid = 'a'\ntype = 'email'\nhost = 'h.example'\nfrom = 'a@b.example'\nto = ['a@b.example']",
        load("email", "").Settings,
    ),
}


@pytest.mark.parametrize(
    ("table", "key"),
    [(name, field.alias or key) for name, (_, model) in TABLES.items() for key, field in model.model_fields.items()],
)
def test_what_is_wrong_is_repeated_but_for_what_may_be_secret(table: str, key: str) -> None:
    if key in ("id", "type"):
        return
    lines = [line for line in TABLES[table][0].splitlines() if not line.startswith(f"{key} =")]
    refused = []
    for wrong, shown in (("'Qq wrong !'", "'Qq wrong !'"), ("-987654", "-987654"), ("['a', -987654]", "-987654")):
        try:
            read_channels(config.parse("\n".join([*lines, f"{key} = {wrong}"]), PATH, {}))
        except ConfigError as error:
            refused.append((shown, str(error)))
    assert refused, "some value must be wrong for it"
    open_text = key == "public_url" or not any(word in key for word in HIDDEN)
    assert any((shown in words) == open_text for shown, words in refused), refused
    assert open_text or not any(shown in words for shown, words in refused), refused


@pytest.mark.parametrize("value", ["https://u:CANARY@x.example?", "ftp://x.example/?key=CANARY"])
def test_a_secret_in_an_address_is_not_repeated_wherever_it_stands(value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.parse(f"[http]\npublic_url = '{value}'\n", PATH, {})
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("section", ["fetch", "hooks"])
def test_a_wrong_network_is_named(section: str) -> None:
    with pytest.raises(ConfigError, match=rf"line 2, \[{section}\] allow_private: .*10\.0\.0\.0/99"):
        guard(config.parse(f"[{section}]\nallow_private = ['10.0.0.0/99']\n", PATH, {}), section)


def test_a_password_in_an_address_is_never_quoted() -> None:
    for url in ("https://u:CANARY@example.org/", "htp://u:CANARY@example.org", "//u:CANARY@"):
        with pytest.raises(ConfigError) as caught:
            config.parse(f"[[source]]\nid = 'a'\nurl = '{url}'\n", PATH, {})
        assert "CANARY" not in str(caught.value)


def test_a_wrong_variable_is_named_and_not_the_file() -> None:
    with pytest.raises(ConfigError, match=r"environment variable MONITOR_FETCH__INTERVAL, .*duration"):
        config.parse("[fetch]\ninterval = '15m'\n", PATH, {"MONITOR_FETCH__INTERVAL": "often"})
    with pytest.raises(ConfigError, match="line 1, fetch"):
        config.parse("fetch = 'x'\n", PATH, {"MONITOR_FETCH__INTERVAL": "15m"})


def test_a_byte_order_mark_and_other_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbf[fetch]\r\ninterval = '30m'\r\n")
    assert config.load(tmp_path / "config.toml", {}).document.fetch.interval == 1800


TWINS = {
    "state": ("other.db", "other.db"), "contact": ("mailto:a@b.example", "mailto:a@b.example"), "log": ("json", "json"),
    "log_level": ("debug", "debug"), "operators": ("c", ("c",)), "keep": ("100d", 8640000), "interval": ("30m", 1800),
    "allow_private": ("10.0.0.0/8, ::1", ("10.0.0.0/8", "::1")), "timeout": ("9s", 9), "connect_timeout": ("3s", 3),
    "idle_timeout": ("4s", 4), "body_max": ("1MiB", 2**20), "follow_pages": ("false", False),
    "host_spacing": ("1s", 1.0), "concurrency": ("7", 7), "poll_limit": ("5m", 300), "enabled": ("false", False),
    "listen": ("127.0.0.1:1", "127.0.0.1:1"), "token_env": ("T", "T"), "token_file": ("t", "t"),
    "public_url": ("https://m.example", "https://m.example"),
    "proxy": ("socks5://p.example:9", "socks5://p.example:9"), "proxy_env": ("P", "P"), "proxy_file": ("p", "p"),
    "ca_file": ("ca.pem", "ca.pem"), "include": ("feeds/*.toml", ("feeds/*.toml",)),
    "command": ("judge, --terse", ("judge", "--terse")),
    "url": ("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1"), "model": ("m", "m"), "asks_a_day": ("9", 9),
    "hosts": ("monitor, 10.0.0.0/8", ("monitor", "10.0.0.0/8")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("section", "key"), [(s, k) for s, table in config.SECTIONS.items() for k in table.model_fields]
)
def test_every_setting_has_a_twin(section: str, key: str) -> None:
    written, read = TWINS[key]
    text = "[[channel]]\nid = 'c'\ntype = 'console'\n"
    loaded = config.parse(text, PATH, {f"MONITOR_{section}__{key}".upper(): written}, ())
    assert getattr(getattr(loaded.document, section), key) == read


def test_a_twin_wins_over_the_file() -> None:
    environ = {"MONITOR_FETCH__INTERVAL": "30m", "MONITOR_FETCH__ALLOW_PRIVATE": "127.0.0.1:80, ::1"}
    fetch = config.parse("[fetch]\ninterval = '15m'\n", PATH, environ).document.fetch
    assert (fetch.interval, fetch.allow_private) == (1800, ("127.0.0.1:80", "::1"))
    with pytest.raises(ConfigError, match="MONITOR_FETCH__INTERVALL"):
        config.parse("", PATH, {"MONITOR_FETCH__INTERVALL": "30m"})


def test_a_file_over_a_mebibyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("#" * (config.included.FILE_BYTES_MAX + 1))
    with pytest.raises(ConfigError, match="1 MiB"):
        config.load(path, {})


def test_secrets_come_from_the_environment_or_private_files(tmp_path: Path) -> None:
    loaded = config.parse("", tmp_path / "config.toml", {"TOKEN": "s3cret"})
    assert loaded.secret("TOKEN", "", "token", "http") == "s3cret"
    with pytest.raises(ConfigError, match="NO_TOKEN is not set"):
        loaded.secret("NO_TOKEN", "", "token", "http")


# Mode, whether it is taken, whether a warning is given. 0440 is systemd's credential, 0444 Docker's, 0644 Kubernetes'.
MODES = [
    (0o600, True, False), (0o400, True, False), (0o440, True, False), (0o640, True, False), (0o444, True, True),
    (0o644, True, True), (0o660, False, False), (0o620, False, False), (0o666, False, False), (0o602, False, False),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "taken", "warned"), MODES)
def test_a_secret_file_is_refused_where_others_can_write_it(
    tmp_path: Path, mode: int, taken: bool, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    (tmp_path / "token").chmod(mode)
    loaded = config.parse("", tmp_path / "config.toml", {})
    caplog.set_level("WARNING", "monitor.config")  # a command that ran before in this process may have set another
    if taken:
        assert [loaded.secret("", "token", "token", "http") for _ in range(2)] == ["s3cret"] * 2
    else:
        with pytest.raises(
            ConfigError, match=r"\[http\] token_file: .*token can be written by others; run: chmod go-w"
        ):
            loaded.secret("", "token", "token", "http")
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == warned
    assert all("can be read by everybody" in text and "s3cret" not in text for text in warnings)


def test_a_secret_that_a_service_manager_handed_over_is_taken_as_it_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    (tmp_path / "token").chmod(0o444)
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    loaded = config.parse("", tmp_path / "config.toml", environ)
    assert loaded.secret("", "token", "token", "http") == "s3cret"
    assert not caplog.records


def test_a_file_on_a_mount_that_nobody_can_write_is_taken_whatever_its_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Making such a mount needs rights that tests have not: the file system's own answer is stood in for."""
    (tmp_path / "token").write_text("s3cret\n")
    (tmp_path / "token").chmod(0o666)
    found = list(os.statvfs(tmp_path))
    found[8] |= os.ST_RDONLY
    monkeypatch.setattr(secrets.os, "statvfs", lambda path: os.statvfs_result(found))
    assert secrets.read(tmp_path / "token", "here") == "s3cret"
    assert not caplog.records


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "is empty"), (b"\xff\xfe", "is not UTF-8"), (b"x" * 70_000, "64 KiB")]
)
def test_a_secret_file_that_holds_none_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "token").write_bytes(content)
    (tmp_path / "token").chmod(0o600)
    with pytest.raises(ConfigError, match=rf"here: .*token {words}|here: .*token.*{words}"):
        secrets.read(tmp_path / "token", "here")


def test_the_address_of_a_hook_may_be_a_secret(tmp_path: Path) -> None:
    """It is read from the environment or a file, and never quoted."""
    (tmp_path / "hook").write_text("https://hooks.example/services/CANARY\n")
    (tmp_path / "hook").chmod(0o600)
    for key in ('url_env = "HOOK"', 'url_file = "hook"', 'url = "https://hooks.example/services/CANARY"'):
        text = f"[[channel]]\nid = 'c'\ntype = 'webhook'\n{key}\n"
        loaded = config.parse(text, tmp_path / "config.toml", {"HOOK": "https://hooks.example/services/CANARY"})
        opened, _, _ = open_channels(loaded)
        assert opened["c"]._server == "https://hooks.example/services/CANARY"
    for key, environ, words in (
        ('url_env = "HOOK"', {}, "HOOK is not set"),
        ('url_env = "HOOK"', {"HOOK": "ftp://CANARY"}, "HOOK holds no http"),
        ('url_file = "none"', {}, "cannot be read"), ("", {}, "write one of url, url_env and url_file"),
        ('url = "https://a.example"\nurl_env = "HOOK"', {"HOOK": "https://a.example"}, "write one of"),
    ):  # fmt: skip
        text = f"[[channel]]\nid = 'c'\ntype = 'webhook'\n{key}\n"
        with pytest.raises(ConfigError, match=words) as caught:
            open_channels(config.parse(text, tmp_path / "config.toml", environ))
        assert "CANARY" not in str(caught.value)


def test_a_state_in_another_kind_of_database_is_told_what_to_write_instead() -> None:
    with pytest.raises(ConfigError, match=r"mysql:// is no kind of state; give a path, .* or postgresql://USER@HOST"):
        open_store("mysql://monitor:secret@db.example/monitor")


@pytest.mark.parametrize(("line", "value"), [('interval = "5x"', "'5x'"), ('body_max = "ten"', "'ten'")])
def test_a_wrong_value_is_repeated_in_its_message(line: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=value):
        config.parse(f"[fetch]\n{line}\n", tmp_path / "config.toml", {})


def test_a_story_that_is_dropped_takes_no_heading_along_and_leaves_room_for_the_next() -> None:
    above = '# ours\n[[source]]\nid = "a"\n\n# --- stories ---\n\n'
    document = tomlkit.parse(
        above + '[[story]]\nid = "b"\n# threshold\n\n# --- channels ---\n\n[[channel]]\nid = "c"\n'
    )
    edit.drop_story(document, "b")
    left = tomlkit.dumps(document)
    assert [line for line in left.splitlines() if line] == [
        "# ours", "[[source]]", 'id = "a"', "# --- stories ---", "# --- channels ---", "[[channel]]", 'id = "c"',
    ]  # fmt: skip
    assert "story" not in tomllib.loads(left)


def test_a_watch_is_added_to_a_file_whose_last_story_was_dropped_by_an_older_version(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('story = []\n[[source]]\nid = "a"\nurl = "https://a.example/feed"\n')
    edit.append_watch(path, [], {"id": "b", "title": "B", "seed_text": "B"})
    assert [table["id"] for table in tomllib.loads(path.read_text())["story"]] == ["b"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[service]\nkeep = "30d"', "write at least 90d (7776000 seconds) (it is '30d')"),
        ('[fetch]\ninterval = "48h"', "write at most 1d (86400 seconds) (it is '48h')"),
        ('[fetch]\nhost_spacing = "5m"', "write at most 1m (60 seconds) (it is '5m')"),
        ('[[source]]\nid = "a"\nurl = "https://a.example/f"\ninterval = "1m"', "write at least 5m (300 seconds)"),
    ],
)
def test_a_duration_out_of_bounds_is_told_as_durations_are_written(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as failed:
        config.parse(text, Path("config.toml"), {})
    assert words in str(failed.value)
