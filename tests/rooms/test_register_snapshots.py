"""Order, absence, size and rejects: what the register does with what councils send, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lookup.model import Broker, Child, Kind, Outcome, Publication
from lookup.refusals import FileRefused
from lookup.register import Batch, RejectedRow
from tests.rooms.feeding import AUTHORITIES, HOUR, MARIGOLD, NOON, Office, child_called, open_office, publication

NOBODY = {"family_name": "Zebrano", "given_name": "Ignatius", "birth_date": "2013-02-14", "postcode": "SW1A 1AA"}
UNREADABLE = RejectedRow("line 9", (("$", "is not JSON that can be read"),), Child())
HERS = RejectedRow(
    "line 7",
    (("$.plan.started_on", "is no date"),),
    Child(family_name="QUILL", given_name="Marigold", birth_date="2016-11-30"),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as opened:
        yield opened


def others(many: int = 4) -> dict[str, Publication]:
    """Enough other plans that one may be missing from a snapshot."""
    return {f"S-{n}": publication(NOON - HOUR, child=child_called(f"Saffron{n}", n)) for n in range(many)}


def school(office: Office) -> str | None:
    return office.held()[0].plan.school


# ---- the owner's time decides ---------------------------------------------------------------------------------------


def test_a_version_that_is_not_newer_changes_nothing(office: Office) -> None:
    office.publish("Q-1", publication(NOON, school="Lark School"))
    assert office.publish("Q-1", publication(NOON - HOUR, school="Mill School")).counts == {"superseded": 1}
    assert office.publish("Q-1", publication(NOON, school="Mill School")).counts == {"contradicted": 1}
    assert school(office) == "Lark School"
    assert office.publish("Q-1", publication(NOON + HOUR, school="Mill School")).counts == {"taken": 1}
    assert school(office) == "Mill School"


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_the_same_words_again_are_unchanged_whatever_their_time(office: Office, hours: int) -> None:
    office.publish("Q-1", publication(NOON))
    taken = office.publish("Q-1", publication(NOON + hours * HOUR))
    assert (taken.counts, taken.row_hashes) == ({"unchanged": 1}, [])
    assert [held.version for held in office.held()] == [1]


@pytest.mark.bad_input(64)
def test_a_snapshot_older_than_a_live_write_does_not_undo_it(office: Office) -> None:
    office.snapshot({"Q-1": publication(NOON - 2 * HOUR, school="Mill School"), **others()}, NOON - 2 * HOUR)
    office.publish("Q-1", publication(NOON, school="Lark School"))
    office.publish("Q-2", publication(NOON, child=child_called("Goldie")))
    old = publication(NOON - HOUR, school="Mill School", ended_on=NOON.date() - timedelta(days=1))
    taken = office.snapshot({"Q-1": old, **others()}, NOON - HOUR)
    assert taken.counts == {"superseded": 1, "unchanged": 4}
    assert school(office) == "Lark School"
    assert office.outcome(child_called("Goldie")) is Outcome.ON_PLAN


def test_a_row_of_a_snapshot_with_the_time_of_the_version_held_is_quarantined(office: Office) -> None:
    office.publish("Q-1", publication(NOON, school="Lark School"))
    taken = office.snapshot({"Q-1": publication(NOON, school="Mill School"), **others()}, NOON + HOUR)
    assert taken.counts == {"contradicted": 1, "taken": 4, "rejected": 1}
    assert school(office) == "Lark School"
    ((_, ((path, _),)),) = office.rejects()
    assert path == "recorded_at"


def test_a_write_that_was_made_before_a_snapshot_confirmed_the_plan_comes_too_late(office: Office) -> None:
    """A row without its own time is known true at the snapshot's as-at, every night anew."""
    office.snapshot({"Q-1": publication(NOON - 24 * HOUR)}, NOON - 24 * HOUR)
    office.snapshot({"Q-1": publication(NOON)}, NOON)
    assert office.publish("Q-1", publication(NOON - HOUR, school="Mill School")).counts == {"superseded": 1}
    assert office.held()[0].recorded_at == NOON - 24 * HOUR


# ---- absence --------------------------------------------------------------------------------------------------------


def test_a_plan_that_a_snapshot_no_longer_has_ended_on_an_unknown_day(office: Office) -> None:
    office.snapshot({"Q-1": publication(NOON - 2 * HOUR), **others()}, NOON - HOUR)
    assert office.snapshot(others(), NOON).counts == {"unchanged": 4, "absent": 1}
    found = office.ask(MARIGOLD)
    assert found.conclusion.outcome is Outcome.PLAN_ENDED
    assert [(held.plan.ended_on, held.absent_since) for held in found.conclusion.plans] == [(None, NOON)]
    assert office.counts() == {"plans": 5, "absent": 1, "rejected": 0}


def test_absence_counts_only_for_plans_untouched_since_the_as_at(office: Office) -> None:
    office.snapshot(others(), NOON - HOUR)
    office.publish("Q-1", publication(NOON))
    assert "absent" not in office.snapshot(others(), NOON).counts
    assert office.outcome(MARIGOLD) is Outcome.ON_PLAN


@pytest.mark.parametrize(("hours", "outcome"), [(-1, Outcome.PLAN_ENDED), (1, Outcome.ON_PLAN)])
def test_an_absent_plan_is_back_when_it_changed_after_the_snapshot(
    office: Office, hours: int, outcome: Outcome
) -> None:
    office.snapshot({"Q-1": publication(NOON - 3 * HOUR), **others()}, NOON - 2 * HOUR)
    office.snapshot(others(), NOON)
    taken = office.publish("Q-1", publication(NOON + hours * HOUR, school="Mill School"))
    assert taken.counts == {"taken": 1} | ({"returned": 1} if hours > 0 else {})
    assert office.outcome(MARIGOLD, NOON + 2 * HOUR) is outcome


def test_an_absent_plan_is_back_when_a_later_snapshot_has_it_again(office: Office) -> None:
    rows = {"Q-1": publication(NOON - 3 * HOUR), **others()}
    office.snapshot(rows, NOON - 2 * HOUR)
    office.snapshot(others(), NOON - HOUR)
    assert office.snapshot(rows, NOON).counts == {"unchanged": 5, "returned": 1}
    assert office.outcome(MARIGOLD) is Outcome.ON_PLAN


def test_another_authoritys_snapshot_makes_nothing_of_ours_absent(office: Office) -> None:
    office.snapshot({"Q-1": publication(NOON - HOUR)}, NOON - HOUR)
    office.snapshot(others(), NOON, authority="FWC")
    assert office.outcome(MARIGOLD) is Outcome.ON_PLAN


# ---- rejected rows --------------------------------------------------------------------------------------------------


@pytest.mark.bad_input(64)
def test_a_rejected_row_never_removes_the_last_good_plan(office: Office) -> None:
    office.snapshot({"Q-1": publication(NOON - 2 * HOUR), **others()}, NOON - HOUR)
    taken = office.snapshot(others(), NOON, [HERS])
    assert taken.counts == {"unchanged": 4, "rejected": 1, "kept": 1}
    assert office.outcome(MARIGOLD) is Outcome.ON_PLAN


def test_a_rejected_row_that_names_its_plan_keeps_that_plan_alone(office: Office) -> None:
    sister = publication(NOON - 2 * HOUR, child={**MARIGOLD, "given_name": "Goldie"})
    office.snapshot({"Q-1": publication(NOON - 2 * HOUR), "Q-2": sister, **others()}, NOON - HOUR)
    named = RejectedRow("line 7", HERS.problems, HERS.readable, "Q-1")
    assert office.snapshot(others(), NOON, [named]).counts == {"unchanged": 4, "rejected": 1, "absent": 1}
    assert office.outcome(MARIGOLD) is Outcome.ON_PLAN
    assert office.outcome({**MARIGOLD, "given_name": "Goldie"}) is Outcome.PLAN_ENDED


def test_while_a_row_says_too_little_nothing_becomes_absent(office: Office) -> None:
    office.snapshot({"Q-1": publication(NOON - 2 * HOUR), **others()}, NOON - HOUR)
    assert office.snapshot(others(), NOON, [UNREADABLE]).counts == {"unchanged": 4, "rejected": 1, "kept": 1}
    assert office.snapshot(others(), NOON + HOUR).counts == {"unchanged": 4, "mended": 1, "absent": 1}


def test_a_reject_keeps_its_age_until_a_snapshot_no_longer_has_it(office: Office) -> None:
    moved = RejectedRow("line 3", HERS.problems, HERS.readable)
    assert office.snapshot(others(), NOON, [HERS]).rejects[0].first_seen == NOON
    (again,) = office.snapshot(others(), NOON + 24 * HOUR, [moved]).rejects
    assert (again.first_seen, again.row.where, again.days_old(NOON + 50 * HOUR)) == (NOON, "line 3", 2)
    assert [where for where, _ in office.rejects()] == ["line 3"]
    assert office.snapshot(others(), NOON + 48 * HOUR).counts == {"unchanged": 4, "mended": 1}
    assert office.outcome(MARIGOLD, NOON + 48 * HOUR) is Outcome.NO_PLAN_FOUND


def test_a_reject_that_was_changed_and_is_still_wrong_is_as_old_as_its_plans_first(office: Office) -> None:
    first = RejectedRow("line 7", HERS.problems, HERS.readable, "Q-1", "one text")
    second = RejectedRow("line 7", (("$.plan.kind", "is no kind"),), HERS.readable, "Q-1", "another text")
    office.snapshot(others(), NOON, [first])
    assert office.snapshot(others(), NOON + HOUR, [second]).rejects[0].first_seen == NOON


@pytest.mark.parametrize(("hours", "outcome"), [(-1, Outcome.COULD_NOT_CHECK), (1, Outcome.NO_PLAN_FOUND)])
def test_a_live_write_after_the_snapshot_mends_the_reject_of_its_plan(
    office: Office, hours: int, outcome: Outcome
) -> None:
    office.snapshot(others(), NOON, [RejectedRow("line 7", HERS.problems, HERS.readable, "Q-1")])
    ended = publication(NOON + hours * HOUR, ended_on=NOON.date() - timedelta(days=500))
    office.publish("Q-1", ended)
    assert office.outcome(MARIGOLD, NOON + 2 * HOUR) is outcome


@pytest.mark.bad_input(64)
def test_a_plan_that_stands_is_said_although_a_rejected_row_fits_too(office: Office) -> None:
    office.publish("Q-1", publication(NOON - HOUR))
    office.snapshot(others(), NOON, [HERS])
    assert office.outcome(MARIGOLD) is Outcome.ON_PLAN


def test_a_rejected_row_of_a_restricted_child_is_not_found_by_its_place(office: Office) -> None:
    hidden = publication(NOON - 2 * HOUR, broker=Broker(name="Records desk", phone="01632 960003"))
    office.snapshot({"Q-1": hidden, **others()}, NOON - HOUR)
    place = {"birth_date": "2016-11-30", "postcode": "DN16 3UJ", "family_name": "Somebody", "given_name": ""}
    told = Child(birth_date="2016-11-30", addresses=publication().child.addresses)
    office.snapshot(others(), NOON, [RejectedRow("line 7", HERS.problems, told, "Q-1")])
    assert office.outcome(place) is Outcome.NO_PLAN_FOUND
    office.snapshot(others(), NOON + HOUR, [RejectedRow("line 7", HERS.problems, told, "unheard-of")])
    assert office.outcome(place, NOON + HOUR) is Outcome.COULD_NOT_CHECK


# ---- size and order of snapshots ------------------------------------------------------------------------------------


@pytest.mark.bad_input(61)
@pytest.mark.parametrize(("left", "refused"), [(7, False), (6, True), (1, True), (0, True)])
def test_a_snapshot_that_lost_two_plans_in_five_is_refused_whole(office: Office, left: int, refused: bool) -> None:
    plans = others(10)
    office.snapshot(plans, NOON - HOUR)
    before = office.contents()
    rest = dict(list(plans.items())[:left])
    if refused:
        with pytest.raises(FileRefused):
            office.snapshot(rest, NOON)
        assert office.contents() == before
    else:
        assert office.snapshot(rest, NOON).counts == {"unchanged": 7, "absent": 3}


def test_plans_that_ended_may_be_missing_from_a_snapshot(office: Office) -> None:
    ended = {
        f"E-{n}": publication(NOON - HOUR, child=child_called(f"Sage{n}", n), ended_on=NOON.date() - timedelta(days=3))
        for n in range(10)
    }
    office.snapshot({**ended, **others()}, NOON - HOUR)
    assert office.snapshot(others(), NOON).counts == {"unchanged": 4, "absent": 10}


def test_a_snapshot_that_lost_most_of_its_rejected_rows_is_refused_too(office: Office) -> None:
    rows = [RejectedRow(f"line {n}", HERS.problems, Child(family_name=f"Name{n}", given_name="Sage")) for n in range(9)]
    office.snapshot(others(2), NOON - HOUR, rows)
    with pytest.raises(FileRefused):
        office.snapshot(others(2), NOON)


def test_rejected_rows_count_as_there_when_the_size_is_judged(office: Office) -> None:
    office.snapshot(others(4), NOON - HOUR)
    rows = [RejectedRow(f"line {n}", HERS.problems, HERS.readable, f"S-{n}") for n in range(4)]
    for night in range(3):
        taken = office.snapshot({}, NOON + night * HOUR, rows)
        assert taken.counts == {"rejected": 4}
    assert office.counts() == {"plans": 4, "absent": 0, "rejected": 4}


@pytest.mark.bad_input(62)
def test_yesterdays_snapshot_again_is_refused_as_out_of_order(office: Office) -> None:
    office.snapshot(others(), NOON)
    with pytest.raises(FileRefused, match="Out of order"):
        office.snapshot(others(), NOON - HOUR)
    with pytest.raises(FileRefused, match="another snapshot with this very as-at"):
        office.take(Batch("NLC", snapshot_as_at=NOON, snapshot_hash=b"other"), NOON)
    with pytest.raises(FileRefused, match="in the future"):
        office.take(Batch("NLC", snapshot_as_at=NOON + HOUR), NOON)


def test_a_snapshot_may_be_older_than_a_heartbeat(office: Office) -> None:
    office.register.heartbeat("NLC", NOON)
    assert office.snapshot(others(), NOON - HOUR).counts == {"taken": 4}
    with office.register.reading() as look:
        assert [fresh.as_at for fresh in look.freshness({"NLC": AUTHORITIES["NLC"]}, NOON)] == [NOON]


# ---- freshness ------------------------------------------------------------------------------------------------------


@pytest.mark.bad_input(64)
@pytest.mark.parametrize(
    ("hours", "outcome"), [(26, Outcome.NO_PLAN_FOUND), (27, Outcome.COULD_NOT_CHECK), (36, Outcome.COULD_NOT_CHECK)]
)
def test_a_feed_that_is_stale_turns_no_plan_found_into_could_not_check(
    office: Office, hours: int, outcome: Outcome
) -> None:
    office.snapshot({"Q-1": publication(NOON - HOUR), **others()}, NOON)
    later = NOON + hours * HOUR
    office.register.heartbeat("FWC", later)
    found = office.ask(NOBODY, later, beat=False)
    assert found.conclusion.outcome is outcome
    assert office.outcome(MARIGOLD, later, beat=False) is Outcome.ON_PLAN
    if outcome is Outcome.COULD_NOT_CHECK:
        assert found.conclusion.reasons == (
            f"The register of North Council was last complete {hours} hours ago, which is too old to rely on.",
        )


def test_a_live_write_is_no_proof_that_the_register_is_complete(office: Office) -> None:
    office.register.heartbeat("FWC", NOON)
    office.publish("Q-1", publication(NOON))
    assert office.outcome(NOBODY, beat=False) is Outcome.COULD_NOT_CHECK


# ---- transfers, and care beside a plan ------------------------------------------------------------------------------


def test_a_transferred_child_is_one_child_with_both_authorities_plans(office: Office) -> None:
    known = {**MARIGOLD, "nhs_number": "9990000018"}
    ended = publication(NOON - HOUR, child=known, ended_on=NOON.date() - timedelta(days=9))
    office.snapshot({"F-1": ended}, NOON, authority="FWC")
    office.snapshot({"Q-1": publication(NOON - HOUR, child=known)}, NOON)
    found = office.ask(MARIGOLD)
    assert found.conclusion.outcome is Outcome.ON_PLAN
    assert [(held.authority, held.ref) for held in found.conclusion.plans] == [("NLC", "Q-1"), ("FWC", "F-1")]


def test_a_child_in_care_and_on_a_plan_is_on_a_plan(office: Office) -> None:
    office.snapshot({"Q-1": publication(NOON - HOUR), "Q-2": publication(NOON, kind=Kind.LOOKED_AFTER)}, NOON)
    found = office.ask(MARIGOLD)
    assert found.conclusion.outcome is Outcome.ON_PLAN
    assert [held.plan.kind for held in found.conclusion.plans] == [Kind.CHILD_PROTECTION, Kind.LOOKED_AFTER]
