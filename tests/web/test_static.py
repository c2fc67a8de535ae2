"""The files beside the pages: what others wrote is what they published, and names carry hashes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from monitor.web import drawing
from tests.web.test_api import client, opened

# htmx.org 4.0.1, dist/htmx.min.js of the npm package (0BSD).
HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
BYTES_MAX = {"style.css": 25_000, "keys.js": 3_000, "htmx.js": 40_000, "icon.svg": 1_000}


def test_htmx_is_as_published() -> None:
    assert sha256(drawing.static("htmx.js")[0]).hexdigest() == HTMX


@pytest.mark.parametrize("name", drawing.STATIC)
def test_files_are_small(name: str) -> None:
    assert len(drawing.static(name)[0]) <= BYTES_MAX[name]


async def test_pages_name_them_by_their_hash_and_browsers_keep_them(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with client(app) as browser:
        page = (await browser.get("/")).text
        for name, (kind) in drawing.STATIC.items():
            assert f"/{name}?{drawing.static(name)[1]}" in page
            answer = await browser.get(f"/{name}")
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["content-type"].startswith(kind)
    await app.close()
