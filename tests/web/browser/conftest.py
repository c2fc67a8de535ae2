"""A browser, states that were filled by replaying the demonstration and real recordings, and an empty one."""

from __future__ import annotations

import lzma
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench import desk, looks
from monitor import config
from monitor.app.build import App, build
from monitor.metrics import Metrics
from monitor.serve import Server, listen
from monitor.web import make

# axe-core 4.14.1 as its publisher packs it (npm, MPL-2.0), compressed.
AXE = Path(__file__).with_name("axe-4.14.1.min.js.xz")
NAMES = ("chromium", "chromium-browser", "google-chrome")
Open = Callable[..., Page]
# How long a page may take to show what is waited for, in milliseconds: a machine with much else to do is slow.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, installed where apt can; nothing is downloaded from elsewhere.

    For a module only: its driver keeps an event loop in this thread, in which no other test could run one of its own.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None and shutil.which("apt-get"):
        patient = ["-o", "DPkg::Lock::Timeout=300"]  # seconds: another test may be installing its own
        install = ["apt-get", "install", *patient, "-y", "-q", "chromium"]
        subprocess.run(install, capture_output=True, check=False, timeout=600)
        program = shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium on this machine, and apt-get brings none")
    with sync_playwright() as played:
        browser = played.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Open]:
    """Opens pages; each fails the test at its end where it asked another host, or its console had an error."""
    contexts, wrong = [], list[str]()

    def opened(base: str, width: int = 1280, *, scripts: bool = True, dark: bool = False) -> Page:
        context = chromium.new_context(
            base_url=base, viewport={"width": width, "height": 800}, java_script_enabled=scripts,
            color_scheme="dark" if dark else "light", reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        made = context.new_page()
        made.set_default_timeout(PATIENCE_MS)
        made.on("console", lambda message: message.type == "error" and wrong.append(message.text))
        made.on("pageerror", lambda error: wrong.append(str(error)))
        made.on("request", lambda asked: None if asked.url.startswith(base) else wrong.append(f"asks {asked.url}"))
        return made

    opened.wrong = wrong  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    # A page that answers 400 or 404 on purpose is an error to the console as well.
    assert [text for text in wrong if "status of 40" not in text] == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return lzma.decompress(AXE.read_bytes()).decode()


@pytest.fixture(scope="session", params=["demonstration", "recordings"])
def replayed(request: pytest.FixtureRequest) -> Iterator[tuple[App, str]]:
    """The shipped recording, and real ones, each replayed through the lane over feeds on loopback; the endpoint."""
    if request.param == "recordings" and (absent := desk.missing()):
        print(f"no recorded data: {absent}")
        pytest.skip(f"no recorded data: {absent}")
    playing = looks.played() if request.param == "demonstration" else desk.replayed()
    # In a thread of its own: the browser's driver keeps an event loop in this one.
    with ThreadPoolExecutor(1) as aside:
        yield aside.submit(playing.__enter__).result()
        aside.submit(playing.__exit__, None, None, None).result()


@pytest.fixture
def filled(replayed: tuple[App, str]) -> tuple[App, str]:
    """The same as its reader comes to it: nothing read yet, or all of it until some days ago."""
    app, base = replayed
    with app.store._database.write() as session:  # type: ignore[attr-defined]
        session.change("DELETE FROM reads")
        session.change("DELETE FROM settings WHERE name IN ('read-until', 'looked-at', 'looked-before')")
    if len(app.pipeline.watchlist.stories) > 1:
        desk.as_left(app)
    return app, base


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An endpoint that watches nothing and has seen nothing."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "config.toml").write_text("")
    app = build(config.load(folder / "config.toml", {}), None, Metrics(), exclusive=False)
    listener = listen("127.0.0.1", 0, "")
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app.config = config.parse(f'[http]\nlisten = "{base[7:]}"\n', folder / "config.toml", {})
    server = Server(uvicorn.Config(make(app), log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield base
    server.should_exit = True
    thread.join(5)
    app.store.close()
