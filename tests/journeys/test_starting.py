"""The service does not start with a key that is missing, wrong, short or open to others; it says which."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lookup.app import create_app
from lookup.demo.borough import Borough
from lookup.demo.building import Demo
from lookup.house import House, open_house
from lookup.refusals import UnsafeSetting
from lookup.settings import read_settings
from tests.journeys.breaking import overwritten
from tests.journeys.town import Town, answer

KEYS = ("service.key", "clues.key", "desk.key", "session.key", "host.key", "log.key")
WRONG: dict[str, Callable[[Path], object]] = {
    "missing": lambda key: key.unlink(),
    "short": lambda key: key.write_bytes(key.read_bytes()[:-1]),
    "long": lambda key: key.write_bytes(key.read_bytes() + b"\n"),
    "empty": lambda key: key.write_bytes(b""),
    "open to others": lambda key: key.chmod(0o644),
    "open to the group": lambda key: key.chmod(0o640),
    "another": lambda key: key.write_bytes(os.urandom(len(key.read_bytes()))),
}


pytestmark = pytest.mark.usefixtures("served_log")


def start(folder: Path) -> House:
    house: House = create_app({"LOOKUP_FOLDER": str(folder)}).extensions["lookup_house"]
    return house


@pytest.fixture
def folder(module_demo: Demo) -> Iterator[Path]:
    """The demo's folder; what a test does to one file of it is undone."""
    files = [path for path in (*module_demo.folder.glob("*.toml"), *module_demo.folder.glob("keys/*"))]
    kept = {path: (path.read_bytes(), path.stat().st_mode) for path in files}
    yield module_demo.folder
    for path, (held, mode) in kept.items():
        path.write_bytes(held)
        path.chmod(mode)


@pytest.mark.bad_input(76)
@pytest.mark.parametrize(
    ("key", "wrong"),
    [(key, wrong) for key in KEYS for wrong in WRONG if (key, wrong) != ("session.key", "another")],
)
def test_the_service_does_not_start_with_a_key_that_cannot_be_used_and_names_it(
    folder: Path, key: str, wrong: str
) -> None:
    WRONG[wrong](folder / "keys" / key)
    with pytest.raises(UnsafeSetting, match=key.replace(".", r"\.")):
        start(folder)


@pytest.mark.bad_input(76)
@pytest.mark.parametrize("key", ["clues.key", "service.key"])
def test_a_register_that_comes_back_under_another_key_is_never_read_as_empty(
    demo: Demo, borough: Borough, key: str
) -> None:
    """Blind tokens under another key lead to nobody: that must not look like "no plan found"."""
    WRONG["another"](demo.folder / "keys" / key)
    with overwritten(demo.folder / "register.sqlite3"):
        house = open_house(read_settings(demo.folder, {}))
    town = Town(house, borough)
    assert answer(town["triage_nurse"].ask(town.kind("on_plan")))["outcome"] == "could_not_check"
    house.close()


@pytest.mark.bad_input(73)
def test_the_service_starts_while_the_register_is_away_and_reads_it_when_it_is_back(
    demo: Demo, borough: Borough
) -> None:
    with overwritten(demo.folder / "register.sqlite3"):
        house = open_house(read_settings(demo.folder, {}))
        town = Town(house, borough)
        assert answer(town["triage_nurse"].ask(town.kind("on_plan")))["outcome"] == "could_not_check"
        house.register.engine.dispose()
    assert answer(town["triage_nurse"].ask(town.kind("on_plan")))["outcome"] == "on_plan"
    house.close()


@pytest.mark.bad_input(19)
@pytest.mark.parametrize("name", ["FLASK_LOGIN_DISABLED", "LOGIN_DISABLED", "FLASK_DEBUG", "FLASK_TESTING"])
def test_the_service_does_not_start_where_the_environment_would_weaken_it(folder: Path, name: str) -> None:
    with pytest.raises(UnsafeSetting, match=name):
        create_app({"LOOKUP_FOLDER": str(folder), name: "1"})


def test_the_service_does_not_start_without_its_folder() -> None:
    with pytest.raises(UnsafeSetting, match="LOOKUP_FOLDER"):
        create_app({})


@pytest.mark.parametrize("file", ["lookup.toml", "directory.toml", "sharing_agreement.toml", "matching.toml"])
@pytest.mark.parametrize("said", [None, "", "unknown = 1\n", "= broken", "\ufffd\x00"])
@pytest.mark.bad_input(30)
def test_the_service_does_not_start_with_a_file_that_is_missing_or_malformed(
    folder: Path, file: str, said: str | None
) -> None:
    path = folder / file
    path.unlink() if said is None else path.write_text(said, "utf-8")
    with pytest.raises(UnsafeSetting, match=f"{file}|The sharing agreement"):
        start(folder)


def test_the_service_starts_in_the_folder_of_the_demo(demo: Demo, borough: Borough) -> None:
    house = start(demo.folder)
    town = Town(house, borough)
    assert answer(town["triage_nurse"].ask(town.kind("on_plan")))["outcome"] == "on_plan"
    house.close()
