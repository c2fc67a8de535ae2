"""Secrets and addresses as people copy them: read, or refused in plain words before anything is sent."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from monitor import config
from monitor.app.build import open_channels
from monitor.app.settings import read_channels
from monitor.errors import ConfigError

KEY = bytes(range(220, 252))
HOOK = '[[channel]]\nid = "h"\ntype = "webhook"\nurl = "https://hook.example/"\nsecret_env = "HS"\n'
MAIL = '[[channel]]\nid = "m"\ntype = "email"\nhost = "mail.example"\nfrom = "monitor@example.org"\nto = {to}\n'


def opened(secret: str) -> list[bytes]:
    loaded = config.parse(HOOK, Path("config.toml"), {"HS": secret})
    channels, _, _ = open_channels(loaded)
    return [signer._whsecret for signer in channels["h"]._signers]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "secret",
    [
        "whsec_" + base64.b64encode(KEY).decode(), "whsec_" + base64.urlsafe_b64encode(KEY).decode(),
        "whsec_" + base64.b64encode(KEY).decode().rstrip("="), base64.b64encode(KEY).decode(),
        base64.urlsafe_b64encode(KEY).decode().rstrip("="), f"  whsec_{base64.b64encode(KEY).decode()}\n",
    ],
)  # fmt: skip
def test_a_secret_is_the_same_key_however_it_is_written(secret: str) -> None:
    assert opened(secret) == [KEY]


@pytest.mark.parametrize(
    "secret",
    [
        "v1,whsec_" + base64.b64encode(KEY).decode(), "v1a,whsk_" + base64.b64encode(KEY).decode(),
        "whsk_" + base64.b64encode(KEY).decode(),
        '"whsec_' + base64.b64encode(KEY).decode() + '"', "whsec_not base64 at all, but quite long enough",
        "whsec_" + "é" * 40, "whsec_", "whsec_" + base64.b64encode(KEY[:10]).decode(),
        "whsec_" + base64.b64encode(KEY).decode() + " whsec_" + base64.b64encode(KEY).decode(),
    ],
)  # fmt: skip
def test_a_secret_that_no_receiver_would_have_is_refused_and_never_quoted(secret: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        opened(secret)
    said = str(refusal.value)
    assert "channel 'h'" in said
    assert base64.b64encode(KEY).decode()[:20] not in said


@pytest.mark.parametrize(
    "to",
    [
        '["a@x.example, b@x.example"]', '["a@x.example; b@x.example"]', '["a@x.example b@x.example"]',
        '["Anna <a@x.example>, Bert <b@x.example>"]', '["a@x.example,"]', '["a@x.example", "b@x.example,c@x.example"]',
        '["a@@x.example"]', '["a@x.example@y.example"]', '["nobody"]', '["@x.example"]', '["a@"]', '[""]',
        '["a@x.example\\nBcc: b@x.example"]',
    ],
)  # fmt: skip
def test_one_item_is_one_address_or_an_error_with_its_line(to: str) -> None:
    loaded = config.parse(MAIL.format(to=to), Path("config.toml"), {})
    with pytest.raises(ConfigError, match=r"config\.toml line 6"):
        read_channels(loaded)


@pytest.mark.parametrize(
    "to", ['["a@x.example", "b@x.example"]', '["Anna Ärger <a+b@x.example>"]', "['\"B, A\" <a@x.example>']"]
)
def test_addresses_and_names_are_taken(to: str) -> None:
    read_channels(config.parse(MAIL.format(to=to), Path("config.toml"), {}))
