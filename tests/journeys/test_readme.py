"""README.md: the commands that it prints work as they are printed, against the demo as `make run` starts it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lookup.demo.building import Demo

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PROGRAMS = Path(sys.executable).parent
ACTIVATE = "source .venv/bin/activate\n"  # the tests' own environment may be another


@pytest.fixture
def running(demo: Demo) -> Iterator[Mapping[str, str]]:
    """The environment of somebody who works beside a running demo."""
    environment = {**os.environ, "DEMO_DIR": str(demo.folder), "PORT": str(_free_port())}
    environment |= {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "WEB_CONCURRENCY": "1"}
    server = subprocess.Popen([PROGRAMS / "lookup", "demo", "run"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{environment['PORT']}/health/ready", server)
        yield environment
    finally:
        server.terminate()
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the demo ended"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server, on loopback
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the demo did not answer within 30 seconds")


def block(kind: str) -> str:
    """The one block of this kind in the README."""
    [found] = re.findall(rf"^```{kind}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    return str(found)


def keys_in(text: str) -> set[str]:
    """Every key of the JSON in this text, shortened or not."""
    return set(re.findall(r'"(\w+)":', text))


def test_the_enquiry_of_the_readme_is_answered_as_it_says(running: Mapping[str, str]) -> None:
    commands = block("sh")
    assert ACTIVATE in commands
    assert "127.0.0.1:8000" in commands
    script = commands.replace(ACTIVATE, "").replace("127.0.0.1:8000", f"127.0.0.1:{running['PORT']}")
    ran = subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=running, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer["outcome"] == "on_plan"
    printed = keys_in(block("text"))
    assert len(printed) > 20
    assert printed <= keys_in(ran.stdout)


def test_the_readme_names_every_kind_of_child(demo: Demo) -> None:
    [row] = [line for line in README.splitlines() if line.startswith("| `lookup demo child KIND`")]
    assert set(re.findall(r"`(\w+)`", row)) == set(demo.borough.kinds)
