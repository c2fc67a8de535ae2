"""What `bench.looks` draws is there to be drawn, also where there is no browser to draw it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from bench import looks


def test_every_mail_and_page_is_there(tmp_path: Path) -> None:
    assert len(dict(looks.mails(tmp_path))) == 12
    with looks.played() as (app, base):
        pages = dict(looks.pages(app, base))
        answers = {name: httpx.get(address).status_code for name, address in pages.items()}
        assert answers.pop("page-missing") == 404
        assert set(answers.values()) == {200}, answers
        story = httpx.get(pages["page-story-nk-workers"]).text
        said = ("What is claimed", "25,000 to 30,000", "Not told", "told from 50", "Before you watched", "traced to ")
        for words in said:
            assert words in story
        alert = httpx.get(pages["page-alert-correction"]).text
        for words in ("Word by word", "The publisher says", "Still carrying the old", "Sent to", "1 attempt"):
            assert words in alert
        status = httpx.get(base).text
        for words in ("Coast Radio", "cannot be read", "its server answers with an error", "Looked at since"):
            assert words in status


def test_without_a_browser_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(looks, "found", lambda: "")
    assert looks.main(tmp_path) == 0
    assert "SKIPPED" in capsys.readouterr().err
