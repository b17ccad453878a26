"""Plans that tests publish: a child of one's own invention, and a plan with as much in it as the test needs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from lookup.model import Address, Child, Kind, LeadWorker, Plan, Publication
from lookup.moments import now

ROSALIND = {
    "nhs_number": "9990000034",
    "family_name": "Thistlewood",
    "given_name": "Rosalind",
    "birth_date": "2018-11-30",
    "postcode": "ZH4 7QX",
    "sex": "female",
}


def a_plan(
    given: dict[str, str] = ROSALIND, *, recorded_at: datetime | None = None, child: Any = None, **said: Any
) -> Publication:
    """The child that an enquiry with these details is about, with a plan that began in January."""
    who = dict(given)
    home = Address(lines=("4 Thistle Walk",), postcode=who.pop("postcode", ""))
    plan = {"kind": Kind.CHILD_PROTECTION, "started_on": date(2026, 1, 5), "lead_worker": a_worker(), **said}
    return Publication(
        recorded_at=recorded_at or now() - timedelta(hours=1),
        child=Child(**{**who, "addresses": (home,), **(child or {})}),
        plan=Plan(**plan),
    )


def a_worker() -> LeadWorker:
    return LeadWorker(name="Winifred Ashdown", work_phone="020 7946 0111")


def later(moment: datetime, seconds: int = 1) -> datetime:
    return moment + timedelta(seconds=seconds)
