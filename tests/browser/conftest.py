"""A real browser in front of a real gunicorn, which serves a demo of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from lookup.demo.building import Demo
from tests.browser.triage import Triage
from tests.conftest import copy_of

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NEEDED = (
    f"There is no browser at {CHROMIUM}. Type: sudo apt-get install --no-install-recommends chromium "
    "(or set CHROMIUM=/path)"
)


@pytest.fixture(scope="session")
def shown_demo(built: Demo, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo that the browser sees."""
    return copy_of(built, tmp_path_factory.mktemp("shown") / "demo")


@pytest.fixture(scope="session")
def address(shown_demo: Demo) -> Iterator[str]:
    """Where gunicorn serves it: a free port of this machine."""
    port = _free_port()
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [gunicorn, "--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}", "lookup.app:create_app()"]
    environment = {**os.environ, "LOOKUP_FOLDER": str(shown_demo.folder), "WEB_CONCURRENCY": "1"}
    root = Path(__file__).parents[2]
    server = subprocess.Popen(command, env=environment, cwd=root)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/ready", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium; without one the tests fail and say what to type."""
    if not os.access(CHROMIUM, os.X_OK):
        pytest.fail(NEEDED)
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield started
    started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody's browser, empty, the size of a desk's screen."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="Europe/London")
    yield opened
    opened.close()


@pytest.fixture
def triage(context: BrowserContext, address: str, shown_demo: Demo) -> Iterator[Triage]:
    """The pages on that screen. Whatever a page asks of another address, or complains of, fails the test."""
    opened = Triage(context.new_page(), address, shown_demo)
    yield opened
    assert opened.elsewhere == []
    assert opened.complaints == []


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        assert server.poll() is None, "gunicorn ended"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server, on loopback
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("gunicorn did not answer within 15 seconds")
