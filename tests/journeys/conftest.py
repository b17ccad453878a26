"""The town of a file's tests, and a town of one test's own to break."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog

from lookup.demo.borough import Borough
from lookup.house import House
from tests.journeys.town import Town


@pytest.fixture(scope="module")
def town(module_house: House, borough: Borough) -> Town:
    """Shared by the tests of one file, which leave nothing behind that another would mind."""
    return Town(module_house, borough)


@pytest.fixture
def own_town(house: House, borough: Borough) -> Town:
    """The test's own: its register, desk and trail may be broken."""
    return Town(house, borough)


@pytest.fixture
def served_log(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.CaptureFixture[str]]:
    """Standard error and output, to which the log of this test goes; the other tests get theirs back."""
    monkeypatch.setattr("lookup.journal._log", structlog.get_logger("lookup"))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield capfd
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
