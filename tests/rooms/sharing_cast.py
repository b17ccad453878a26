"""Invented people and plans for the tests of policy and disclosure. Every value that must not leak is unmistakable."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from lookup.agreement import load_agreement
from lookup.model import (
    Action,
    Address,
    Agency,
    AgencyKind,
    Agreement,
    Audience,
    Authority,
    Broker,
    Category,
    Child,
    Evidence,
    Facts,
    FreeText,
    Freshness,
    HeldPlan,
    History,
    HouseholdMember,
    Kind,
    LeadWorker,
    NoContactPerson,
    Outcome,
    Particulars,
    PersonName,
    Plan,
    Practitioner,
    Professional,
    Question,
    Role,
    Score,
)

AGREEMENT_FILE = Path(__file__).parents[2] / "config" / "sharing_agreement.toml"
SHIPPED = load_agreement(AGREEMENT_FILE)
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

AGENCIES = {
    "hospital": Agency("RHG1", "North Green Hospital", AgencyKind.HOSPITAL, "HGC"),
    "gp_practice": Agency("PG001", "Tidewell Practice", AgencyKind.GP_PRACTICE, "HGC"),
    "police": Agency("PLG", "Northern Metropolitan Police", AgencyKind.POLICE, "HGC"),
    "council": Agency("HGC", "Harrow Green Council", AgencyKind.COUNCIL, "HGC"),
    "housing": Agency("HHG", "Harrow Green Housing", AgencyKind.HOUSING, "HGC"),
    "oversight": Agency("OVG", "Harrow Green Safeguarding Partnership", AgencyKind.OVERSIGHT, "HGC"),
}
WORKS_AT = {
    Role.TRIAGE_NURSE: "hospital",
    Role.CLINICIAN: "hospital",
    Role.GP: "gp_practice",
    Role.PRACTICE_NURSE: "gp_practice",
    Role.POLICE_OFFICER: "police",
    Role.SOCIAL_WORKER: "council",
    Role.HOUSING_OFFICER: "housing",
    Role.SAFEGUARDING_LEAD: "hospital",
    Role.AUDITOR: "oversight",
    Role.ACCOUNT_ADMINISTRATOR: "hospital",
    Role.OPERATOR: "oversight",
}
DIRECTORY = {
    "HGC": Authority("HGC", "Harrow Green Council", "020 7946 0001", "020 7946 0002", 900),
    "FWC": Authority("FWC", "Fenwick Council", "020 7946 0003", "020 7946 0004", 93_600),
}
TYPED = Particulars(
    nhs_number="9990000018",
    family_name="Typed",
    given_name="Tessa",
    birth_date="2021-03-09",
    postcode="ZZ1 1ZZ",
)


def practitioner(role: Role | str, agency: Agency | None = None) -> Practitioner:
    role = Role(role)
    return Practitioner("u1", "A. Practitioner", role, agency or AGENCIES[WORKS_AT[role]], "c1")


def question(
    purpose: str, detail: Literal["status", "plan"] = "status", *, reference: str = "INC 42", break_glass: bool = False
) -> Question:
    return Question(TYPED, purpose, detail, reference=reference, break_glass=break_glass)


def for_all(text: str) -> FreeText:
    return FreeText(text=text, audience=Audience.ALL)


def full_plan(**changes: object) -> Plan:
    """A plan with something in every field, its free text open to everybody."""
    action = Action(action="Ring before discharge", owner="Ward", due_on=date(2026, 4, 1), audience=Audience.ALL)
    fields: dict[str, object] = {
        "kind": Kind.CHILD_PROTECTION,
        "started_on": date(2025, 11, 3),
        "ended_on": date(2027, 1, 1),
        "category": Category.NEGLECT,
        "lead_worker": LeadWorker(name="Leading Worker", work_phone="020 7946 0101"),
        "safety_actions": (action,),
        "no_contact_people": (
            NoContactPerson(name="Nobody Near", relationship="uncle", rule="no_contact", audience=Audience.ALL),
        ),
        "risk_summary": for_all("Summary of risk"),
        "health_actions": (action,),
        "medical_monitoring": for_all("Weigh each week"),
        "police_actions": (action,),
        "core_group": (Professional(name="Core Member", agency="School", role="teacher", work_phone="020 7946 0102"),),
        "next_review_on": date(2026, 5, 1),
        "contingency": for_all("If this, then that"),
        "household_members": (
            HouseholdMember(
                name=PersonName(family_name="Kin", given_name="Kim"), relationship="mother", birth_date="1990"
            ),
        ),
        "school": "Secret School",
    }
    return Plan(**(fields | changes))  # type: ignore[arg-type]


def held(authority: str = "HGC", plan: Plan | None = None, **changes: object) -> HeldPlan:
    child = Child(
        family_name="Heldname",
        given_name="Hidden",
        birth_date="2021-03-09",
        addresses=(Address(lines=("1 Planted Place",), postcode="YY9 9YY"),),
    )
    fields: dict[str, object] = {
        "child_id": b"c" * 16, "authority": authority, "ref": "P-1", "version": 3,
        "recorded_at": AT - timedelta(days=2), "child": child, "plan": plan or full_plan(),
    }  # fmt: skip
    return HeldPlan(**(fields | changes))  # type: ignore[arg-type]


def facts(outcome: Outcome = Outcome.ON_PLAN, plans: tuple[HeldPlan, ...] | None = None, **changes: object) -> Facts:
    """Facts with something for every field of the answer."""
    plans = (held(),) if plans is None else plans
    agreed = [Evidence(field, Agreement.AGREES, 9.0, "same") for field in ("given_name", "birth_date", "postcode")]
    fields: dict[str, object] = {
        "outcome": outcome,
        "at": AT,
        "particulars": TYPED,
        "score": Score(40.0, (*agreed, Evidence("family_name", Agreement.DIFFERS, -5.0, "differs"))),
        "plans": plans,
        "freshness": (Freshness("HGC", AT, 60, False), Freshness("FWC", AT - timedelta(hours=30), 108_000, True)),
        "checked": ("HGC", "FWC"),
        "households": 2,
        "history": History(
            days=(("2026-02-01", "hospital", 2),),
            sites=2,
            full=({"on": "2026-02-01", "who": "Enquirer Ellis", "where": "Saint Osyth Hospital"},),
        ),
        "wanted": ("birth_date",),
        "reasons": ("The register of Fenwick Council is old.",),
        "contact_authority": "FWC",
        "rejects": tuple({"authority": one.authority, "row": 0, "problem": "no birth date"} for one in plans),
        "versions": plans,
    }
    return Facts(**(fields | changes))  # type: ignore[arg-type]


def restricted(authority: str = "HGC") -> HeldPlan:
    return held(authority, full_plan(broker=Broker(name="Broker Bo", phone="020 7946 0999")))
