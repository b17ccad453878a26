"""Who has asked about this child: for everybody days and kinds of agency, for the owner who and where."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from lookup.desk.history import Notice
from lookup.desk.tables import enquiries, outbox
from lookup.moments import london_day, now
from tests.journeys.plans import ROSALIND, a_plan
from tests.journeys.town import Town, answer

SEALED_ROW = 512 + 28  # what is sealed is filled up, so that its size tells nothing
TODAY = london_day(now()).isoformat()


@pytest.fixture
def known(own_town: Town) -> Town:
    """A town where Rosalind has a plan, and nobody has asked yet."""
    own_town["ruth.adjei"].publish("HGC/T-1", a_plan())
    return own_town


def past(town: Town, who: str = "triage_nurse") -> Any:
    return answer(town[who].ask(ROSALIND)).get("enquiries")


def rows(town: Town, table: Any) -> int:
    with town.house.desk.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def notices(town: Town) -> list[Notice]:
    key = town.house.desk.key
    with town.house.desk.reading() as connection:
        sealed = connection.execute(select(outbox.c.enquiry, outbox.c.sealed).order_by(outbox.c.position)).all()
    assert {len(row.sealed) for row in sealed} == {SEALED_ROW}
    return [msgspec.json.decode(key.open(row.sealed, "outbox", row.enquiry.encode()), type=Notice) for row in sealed]


def test_the_first_enquiry_shows_no_history_and_not_itself(known: Town) -> None:
    assert past(known) is None


def test_later_enquiries_show_the_days_the_kinds_of_agency_and_how_many_sites(known: Town) -> None:
    for who in ("amara.okafor", "siobhan.keane", "amara.okafor", "helen.marsh"):
        past(known, who)
    assert past(known, "police_officer") == {
        "days": [
            {"on": TODAY, "agency_kind": "gp_practice", "count": 1},
            {"on": TODAY, "agency_kind": "hospital", "count": 3},
        ],
        "sites": 3,
    }


def test_the_owner_sees_who_asked_where_and_why_and_nobody_else_does(known: Town) -> None:
    past(known, "amara.okafor")
    known["owen.pritchard"].ask(ROSALIND, "police_enquiry", reference="4417/21NOV")
    full = answer(known["ruth.adjei"].ask(ROSALIND))["enquiries_full"]
    assert [{**each, "at": each["at"][:10]} for each in full] == [
        {
            "at": now().date().isoformat(), "name": "Amara Okafor", "role": "triage_nurse",
            "agency_name": "North Green Hospital", "purpose": "unscheduled_care", "outcome": "on_plan",
        },
        {
            "at": now().date().isoformat(), "name": "PC Owen Pritchard", "role": "police_officer",
            "agency_name": "Northern Metropolitan Police", "purpose": "police_enquiry", "outcome": "on_plan",
        },
    ]  # fmt: skip
    for who in ("graham.holt", "helen.marsh", "triage_nurse"):
        body = answer(known[who].ask(ROSALIND, detail="plan"))
        assert "enquiries_full" not in body
        assert "Pritchard" not in str(body)


def test_history_follows_a_child_to_another_council(known: Town) -> None:
    past(known)
    known["graham.holt"].publish("FWC/T-1", a_plan())
    assert past(known, "police_officer")["sites"] == 1
    assert len(answer(known["graham.holt"].ask(ROSALIND))["enquiries_full"]) == 2


def test_an_enquiry_of_more_than_a_year_ago_is_no_more_shown(known: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ago = [timedelta(days=400), timedelta(days=300)]
    for age in ago:
        monkeypatch.setattr("lookup.enquiry.now", lambda age=age: now() - age)
        past(known)
    monkeypatch.setattr("lookup.enquiry.now", now)
    (day,) = past(known)["days"]
    assert (day["on"], day["count"]) == (london_day(now() - ago[1]).isoformat(), 1)


@pytest.mark.parametrize("kind", ["not_on_register", "twin", "restricted", "on_plan", "plan_ended", "unborn"])
def test_every_enquiry_writes_the_same_rows_whatever_its_outcome(own_town: Town, kind: str) -> None:
    own_town["triage_nurse"].ask(own_town.kind(kind))
    assert (rows(own_town, enquiries), rows(own_town, outbox)) == (1, 1)
    with own_town.house.desk.reading() as connection:
        sizes = {len(row.sealed) for row in connection.execute(select(enquiries.c.sealed))}
    assert sizes == {SEALED_ROW}


@pytest.mark.parametrize("who", ["housing_officer", "auditor"])
def test_a_refused_enquiry_writes_no_rows(own_town: Town, who: str) -> None:
    own_town[who].ask(own_town.kind("on_plan"), "direct_care")
    assert (rows(own_town, enquiries), rows(own_town, outbox)) == (0, 0)


@pytest.mark.parametrize(
    ("who", "purpose", "why"),
    [
        ("amara.okafor", "unscheduled_care", "unscheduled_care"),
        ("daniel.osei", "direct_care", ""),
        ("tariq.mehmood", "direct_care", "direct_care"),
        ("owen.pritchard", "police_protection", ""),
        ("graham.holt", "duty_check", ""),
    ],
)
def test_the_owner_is_told_of_an_unplanned_attendance_and_of_a_practice_beside_its_list(
    known: Town, who: str, purpose: str, why: str
) -> None:
    reply = known[who].ask(ROSALIND, purpose)
    told = (why, ("HGC/T-1",), known.person(who).agency.code) if why else ("", (), "")
    (notice,) = notices(known)
    assert notice.enquiry == reply.get_json()["enquiry"]
    assert (notice.why, notice.plans, notice.by) == told


def test_there_is_nobody_to_tell_of_a_child_who_is_not_held(known: Town) -> None:
    known["triage_nurse"].ask(known.kind("not_on_register"))
    assert [notice.why for notice in notices(known)] == [""]
