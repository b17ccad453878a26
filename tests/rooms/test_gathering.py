"""What is gathered about a child, where finding alone cannot tell."""

from __future__ import annotations

from datetime import date

from lookup.house import House
from lookup.model import Address, Child, Kind, Outcome, Particulars, Plan, Publication
from lookup.moments import now
from lookup.register import Batch, Put

NOT_HELD = Particulars(nhs_number="9990000018", birth_date="2019-04-03")


def publish_all_with_numbers(house: House) -> None:
    """Both councils' registers anew, with one numbered child."""
    child = Child(
        nhs_number="9990000026",
        family_name="Quillfeather",
        given_name="Ada",
        birth_date="2018-02-01",
        addresses=(Address(postcode="ZH1 9ZZ"),),
    )
    plan = Plan(kind=Kind.CHILD_PROTECTION, started_on=date(2026, 1, 5))
    house.register.take(
        Batch("HGC", [Put("CP-1", Publication(recorded_at=now(), child=child, plan=plan))]), now(), _silent
    )


def _silent(_taken: object) -> None:
    """Nothing is recorded here: the register alone is tried."""


def test_a_number_that_finds_nobody_does_not_exclude_a_child_who_is_held_without_one(house: House) -> None:
    gathered = house.enquiries.gathering.gather(NOT_HELD, now())
    assert gathered.conclusion.outcome is Outcome.NEEDS_MORE_DETAIL
    assert gathered.conclusion.wanted == ("family_name", "given_name")


def test_a_number_with_a_name_that_finds_nobody_is_an_answer(house: House) -> None:
    named = Particulars(
        nhs_number="9990000018", birth_date="2019-04-03", family_name="Nemo", given_name="Nobody", postcode="ZH1 1AA"
    )
    assert house.enquiries.gathering.gather(named, now()).conclusion.outcome is Outcome.NO_PLAN_FOUND


def test_a_number_is_enough_where_everybody_is_held_with_one(house: House) -> None:
    with house.register.engine.begin() as connection:
        for table in ("clues", "versions", "children"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - three fixed words
    publish_all_with_numbers(house)
    assert house.enquiries.gathering.gather(NOT_HELD, now()).conclusion.outcome is Outcome.NO_PLAN_FOUND
