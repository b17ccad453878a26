"""A store's file is deleted, or another is put in its place, while it is used: nothing goes on with what is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lookup.demo.building import Demo
from lookup.demo.running import beat
from lookup.house import open_house
from lookup.refusals import RegisterUnavailable
from lookup.settings import read_settings
from tests.journeys.town import Town


@pytest.fixture
def town(demo: Demo) -> Town:
    return Town(open_house(read_settings(demo.folder, {})), demo.borough)


def outcome(town: Town, kind: str = "on_plan") -> tuple[int, str]:
    said = town["triage_nurse"].ask(town.kind(kind))
    return said.status_code, said.get_json().get("outcome", said.get_json().get("code"))


def take_away(store: Path) -> None:
    for file in store.parent.glob(f"{store.name}*"):
        file.unlink()


def take_the_log(store: Path) -> None:
    """What was committed last lies in SQLite's log beside the file."""
    store.with_name(f"{store.name}-wal").unlink()


def put_another(store: Path) -> None:
    other = store.with_name("older")
    shutil.copyfile(store, other)
    other.replace(store)


@pytest.mark.bad_input(74)
@pytest.mark.parametrize("taken", [take_away, take_the_log, put_another])
def test_nothing_is_answered_whose_entry_would_go_into_a_trail_that_was_taken_away(town: Town, taken: object) -> None:
    assert outcome(town) == (200, "on_plan")
    assert callable(taken)
    taken(town.house.settings.trail.store)
    assert outcome(town) == (503, "cannot_record")
    assert town["triage_nurse"].get("/health/ready").status_code == 503


@pytest.mark.bad_input(73)
def test_a_desk_that_was_taken_away_stops_the_answer(town: Town) -> None:
    assert outcome(town) == (200, "on_plan")
    take_away(town.house.settings.desk_store)
    assert outcome(town) == (503, "cannot_record")


@pytest.mark.bad_input(73)
def test_a_register_that_was_taken_away_never_begins_again_as_an_empty_one(town: Town, demo: Demo) -> None:
    assert outcome(town, "not_on_register") == (200, "no_plan_found")
    take_away(town.house.settings.register_store)
    with pytest.raises(RegisterUnavailable):
        beat(demo)
    assert outcome(town) == (200, "could_not_check")
    again = Town(open_house(read_settings(demo.folder, {})), demo.borough)
    assert outcome(again) == (200, "could_not_check")
    assert outcome(again, "not_on_register") == (200, "could_not_check")
    again.house.close()


@pytest.mark.bad_input(73)
def test_a_register_that_was_emptied_is_not_begun_again(town: Town, demo: Demo) -> None:
    town.house.close()
    take_away(town.house.settings.register_store)
    town.house.settings.register_store.touch(mode=0o600)
    again = Town(open_house(read_settings(demo.folder, {})), demo.borough)
    assert outcome(again) == (200, "could_not_check")
    again.house.close()


def test_a_publication_is_not_acknowledged_into_a_register_that_was_taken_away(town: Town) -> None:
    authority, ref, publication = town.held("on_plan")
    assert town["social_worker"].publish(f"{authority}/{ref}", publication).status_code == 200
    take_away(town.house.settings.register_store)
    assert town["social_worker"].publish(f"{authority}/{ref}", publication).status_code == 503
