"""config.toml: every mistake is named with file, line and what to do; the shipped file is valid and complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import config
from monitor.app import stories
from monitor.errors import ConfigError
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
    "a file as address": ("[[source]]\nid = 'a'\nurl = 'file:///etc/passwd'\n", ["line 3", "http"]),
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


def test_every_setting_has_an_environment_twin() -> None:
    environ = {"MONITOR_FETCH__INTERVAL": "30m", "MONITOR_FETCH__ALLOW_PRIVATE": "127.0.0.1:80, ::1"}
    fetch = config.parse("[fetch]\ninterval = '15m'\n", PATH, environ).document.fetch
    assert (fetch.interval, fetch.allow_private) == (1800, ("127.0.0.1:80", "::1"))
    with pytest.raises(ConfigError, match="MONITOR_FETCH__INTERVALL"):
        config.parse("", PATH, {"MONITOR_FETCH__INTERVALL": "30m"})


def test_a_file_over_a_mebibyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("#" * (config.FILE_BYTES_MAX + 1))
    with pytest.raises(ConfigError, match="1 MiB"):
        config.load(path, {})


def test_secrets_come_from_the_environment_or_private_files(tmp_path: Path) -> None:
    loaded = config.parse("", tmp_path / "config.toml", {"TOKEN": "s3cret"})
    assert loaded.secret("TOKEN", "", ("http", "token_env")) == "s3cret"
    with pytest.raises(ConfigError, match="NO_TOKEN is not set"):
        loaded.secret("NO_TOKEN", "", ("http", "token_env"))
    (tmp_path / "token").write_text("s3cret\n")
    (tmp_path / "token").chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        loaded.secret("", "token", ("http", "token_file"))
    (tmp_path / "token").chmod(0o600)
    assert loaded.secret("", "token", ("http", "token_file")) == "s3cret"
