"""What the tests share: a demo borough built once, and copies of it to break."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lookup.demo.borough import Borough
from lookup.demo.building import SEED, Demo, build_demo, open_demo
from lookup.demo.running import beat
from lookup.house import House, open_house
from lookup.settings import read_settings
from tests.tried import note_numbers, tried_numbers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        note_numbers(item)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, built once for every process of the tests. Not to be written to: take `demo`."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared
    folder = shared / "demo"
    try:
        (shared / "building").mkdir()
    except FileExistsError:
        return _wait_for(folder)
    return build_demo(folder, seed=SEED)


def _wait_for(folder: Path) -> Demo:
    import time

    for _ in range(600):
        if (folder / "demo.toml").exists():
            return open_demo(folder)
        time.sleep(0.1)
    raise TimeoutError("the demo was not built")


@pytest.fixture
def demo(built: Demo, tmp_path: Path) -> Demo:
    """A demo of the test's own, its registers fresh."""
    return copy_of(built, tmp_path / "demo")


@pytest.fixture(scope="module")
def module_demo(built: Demo, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demo for the tests of one file that leave no trace another would mind."""
    return copy_of(built, tmp_path_factory.mktemp("module") / "demo")


def copy_of(built: Demo, folder: Path) -> Demo:
    shutil.copytree(built.folder, folder)
    copy = Demo(folder, built.borough)
    beat(copy)
    return copy


@pytest.fixture
def house(demo: Demo) -> Iterator[House]:
    """The rooms of the test's own demo."""
    opened = open_house(read_settings(demo.folder, {}))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def module_house(module_demo: Demo) -> Iterator[House]:
    """The rooms of the file's demo."""
    opened = open_house(read_settings(module_demo.folder, {}))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def borough(built: Demo) -> Borough:
    """The people of the demo."""
    return built.borough


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many of the numbered bad inputs were tried."""
    numbers = tried_numbers(terminalreporter)
    terminalreporter.write_line(f"bad inputs tried: {len(numbers)} ({', '.join(map(str, sorted(numbers)))})")
