"""Who sees what: typed by hand from the written design, never derived from the agreement's file.

S: in a status answer and in plan detail. P: only when plan detail is asked for. A dot: never. Whoever changes what
somebody may see changes this table and config/sharing_agreement.toml, each by hand; tests compare them cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

COLUMNS = (
    # role, purpose, circumstance
    ("triage_nurse", "unscheduled_care", ""),
    ("clinician", "unscheduled_care", ""),
    ("clinician", "direct_care", ""),
    ("gp", "direct_care", "on_list"),
    ("gp", "direct_care", "off_list"),
    ("gp", "plan_monitoring", "on_list"),
    ("practice_nurse", "direct_care", "on_list"),
    ("practice_nurse", "direct_care", "off_list"),
    ("practice_nurse", "plan_monitoring", "on_list"),
    ("police_officer", "police_enquiry", ""),
    ("police_officer", "police_protection", ""),
    ("social_worker", "plan_ownership", "own_plan"),
    ("social_worker", "plan_ownership", "other_authority"),
    ("social_worker", "duty_check", "own_plan"),
    ("social_worker", "duty_check", "other_authority"),
)

TABLE = """
                      nurse  clinician  gp             practice_nurse  police    social worker
                      uc     uc  dc     dc+  dc-  pm+  dc+  dc-  pm+   enq prot  own other duty duty
outcome               S      S   S      S    S    S    S    S    S     S   S     S   S     S    S
kind                  S      S   S      S    S    S    S    S    S     S   S     S   S     S    S
code                  S      S   S      S    S    S    S    S    S     S   S     S   S     S    S
started_on            S      S   S      S    S    S    S    S    S     S   S     S   S     S    S
ended_on              S      S   S      S    S    S    S    S    S     S   S     S   S     S    S
authority             S      S   S      S    S    S    S    S    S     S   S     S   S     S    S
contact               S      S   S      S    S    S    S    S    S     S   S     S   S     S    S
lead_worker           S      S   S      S    S    S    S    S    S     S   S     S   S     S    S
as_at                 S      S   S      S    S    S    S    S    S     S   S     S   S     S    S
household_plan        S      S   S      S    S    S    S    S    S     .   .     S   S     S    S
household_plan_count  .      .   .      .    .    .    .    .    .     S   S     .   .     .    .
enquiries             S      S   S      S    S    S    S    S    S     S   S     S   S     S    S
enquiries_full        .      .   .      .    .    .    .    .    .     .   .     S   .     .    .
safety_actions        S      S   S      P    .    P    P    .    P     S   S     S   S     S    S
no_contact_people     S      S   S      P    .    P    P    .    P     S   S     S   S     S    S
category              .      P   P      P    .    P    P    .    P     .   P     S   .     .    .
risk_summary          .      P   P      P    .    P    P    .    P     .   P     S   .     .    .
health_actions        .      P   P      P    .    P    P    .    P     .   .     S   .     .    .
medical_monitoring    .      P   P      P    .    P    P    .    P     .   .     S   .     .    .
police_actions        .      .   .      .    .    .    .    .    .     S   S     S   .     .    .
core_group            P      P   P      P    .    P    P    .    P     .   P     S   .     .    .
next_review_on        P      P   P      P    .    P    P    .    P     .   P     S   .     .    .
contingency           P      P   P      P    .    P    P    .    P     .   P     S   .     .    .
address               .      .   .      P    .    P    P    .    P     .   .     S   .     .    .
household_members     .      .   .      P    .    P    P    .    P     .   .     S   .     .    .
school                .      .   .      P    .    P    P    .    P     .   .     S   .     .    .
versions              .      .   .      .    .    .    .    .    .     .   .     S   .     .    .
rejects               .      .   .      .    .    .    .    .    .     .   .     S   .     .    .
"""

ROLES = (
    "triage_nurse",
    "clinician",
    "gp",
    "practice_nurse",
    "police_officer",
    "social_worker",
    "housing_officer",
    "safeguarding_lead",
    "auditor",
    "account_administrator",
    "operator",
)
PURPOSES = (
    "unscheduled_care",
    "direct_care",
    "plan_monitoring",
    "police_enquiry",
    "police_protection",
    "plan_ownership",
    "duty_check",
    "housing_cross_check",
    "audit_review",
    "subject_access",
)
DETAILS = ("status", "plan")

# Doors that are not enquiries: who may pass, for which purpose.
DOORS = {
    ("triage_nurse", "unscheduled_care"),
    ("clinician", "unscheduled_care"),
    ("clinician", "direct_care"),
    ("gp", "direct_care"),
    ("gp", "plan_monitoring"),
    ("practice_nurse", "direct_care"),
    ("practice_nurse", "plan_monitoring"),
    ("police_officer", "police_enquiry"),
    ("police_officer", "police_protection"),
    ("social_worker", "plan_ownership"),
    ("social_worker", "duty_check"),
    ("housing_officer", "housing_cross_check"),
    ("safeguarding_lead", "audit_review"),
    ("auditor", "audit_review"),
    ("auditor", "subject_access"),
}

# Off the practice's list `plan_monitoring` is refused; every other role with every other purpose is refused too.
REFUSED_CIRCUMSTANCES = (
    ("gp", "plan_monitoring", "off_list"),
    ("practice_nurse", "plan_monitoring", "off_list"),
)

# Whose enquiries the child's council is told of.
TELLS_OWNER = (
    ("triage_nurse", "unscheduled_care", ""),
    ("clinician", "unscheduled_care", ""),
    ("gp", "direct_care", "off_list"),
    ("practice_nurse", "direct_care", "off_list"),
)

# Where a field is in the JSON: these beside the plans, every other in `plan` and in each of `plans`.
BESIDE_THE_PLANS = (
    "outcome",
    "contact",
    "as_at",
    "household_plan",
    "household_plan_count",
    "enquiries",
    "enquiries_full",
)


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One square of the table. `seen` is None where the whole enquiry is refused."""

    role: str
    purpose: str
    circumstance: str
    detail: str
    field: str
    seen: bool | None

    @property
    def ask(self) -> tuple[str, str, str, str]:
        return self.role, self.purpose, self.circumstance, self.detail


def rows() -> dict[str, tuple[str, ...]]:
    """Each field's marks, in the order of `COLUMNS`."""
    lines = [line.split() for line in TABLE.strip().splitlines()[2:]]
    return {field: tuple(marks) for field, *marks in lines}


def cells() -> Iterator[Cell]:
    """Every cell: role × purpose × circumstance × detail × field, those of refused enquiries included."""
    for field, marks in rows().items():
        for (role, purpose, circumstance), mark in zip(COLUMNS, marks, strict=True):
            for detail in DETAILS:
                yield Cell(role, purpose, circumstance, detail, field, mark == "S" or (mark, detail) == ("P", "plan"))
        for role, purpose, circumstance in refused():
            for detail in DETAILS:
                yield Cell(role, purpose, circumstance, detail, field, None)


def refused() -> Iterator[tuple[str, str, str]]:
    """Every role, purpose and circumstance whose enquiry is refused."""
    yield from REFUSED_CIRCUMSTANCES
    allowed = {(role, purpose) for role, purpose, _ in COLUMNS}
    for role in ROLES:
        yield from ((role, purpose, "") for purpose in PURPOSES if (role, purpose) not in allowed)
