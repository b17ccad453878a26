"""Joining the rooms: what stops the start."""

from __future__ import annotations

import pytest

from lookup.demo.building import Demo
from lookup.house import open_house
from lookup.model import Particulars
from lookup.moments import now
from lookup.refusals import UnsafeSetting
from lookup.settings import read_settings


def test_a_directory_without_a_council_whose_plans_are_held_stops_the_start(demo: Demo) -> None:
    path = demo.folder / "directory.toml"
    path.write_text(path.read_text().replace('"FWC"', '"FWD"'))
    with pytest.raises(UnsafeSetting, match="FWC"):
        open_house(read_settings(demo.folder, {}))


def test_a_plan_put_under_another_council_by_hand_is_noticed(demo: Demo) -> None:
    house = open_house(read_settings(demo.folder, {}))
    try:
        with house.register.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE children SET authority = 'FWC'")
        details = demo.borough.kinds["on_plan"]

        outcome = house.enquiries.gathering.gather(Particulars(**details), now()).conclusion.outcome
    finally:
        house.close()
    assert outcome == "could_not_check"
