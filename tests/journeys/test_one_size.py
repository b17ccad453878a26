"""What somebody sees who has the trail's file and no key: the size of an enquiry's box does not tell its outcome."""

from __future__ import annotations

from contextlib import closing

import pysqlite3.dbapi2 as sqlite

from lookup.demo.building import Demo
from lookup.demo.running import make_fresh, make_stale
from tests.journeys.town import Device, Town


def outcome_and_size(town: Town, asker: Device, kind: str, **more: str) -> tuple[str, int]:
    """What the answer says, and how large the box of its entry is."""
    answer = asker.ask(town.kind(kind), **more).get_json()
    store = town.house.settings.trail.store
    with closing(sqlite.connect(f"file:{store}?mode=ro", uri=True)) as trail:
        row = trail.execute("SELECT length(body) FROM entries WHERE idx = ?", (answer["receipt"]["index"],)).fetchone()
    return answer["outcome"], row[0]


def test_the_size_of_a_box_does_not_tell_the_outcome(own_town: Town) -> None:
    nurse, owner = own_town["triage_nurse"], own_town["social_worker"]
    seen = [outcome_and_size(own_town, nurse, kind) for kind in own_town.borough.kinds]
    seen += [outcome_and_size(own_town, nurse, "on_plan", detail="plan"), outcome_and_size(own_town, owner, "on_plan")]
    demo = Demo(own_town.house.settings.folder, own_town.borough)
    make_stale(demo, "FWC")
    seen.append(outcome_and_size(own_town, nurse, "not_on_register"))
    make_fresh(demo, "FWC")
    assert {outcome for outcome, _ in seen} == {
        "on_plan", "looked_after", "plan_ended", "no_plan_found", "needs_more_detail", "could_not_check"
    }  # fmt: skip
    assert {size for _, size in seen} == {2048 + 16}
