"""The terms of the sharing agreement as the program obeys them. Plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from lookup.model import AgencyKind, Audience, Role


class Purpose(StrEnum):
    """Why somebody asks."""

    UNSCHEDULED_CARE = "unscheduled_care"
    DIRECT_CARE = "direct_care"
    PLAN_MONITORING = "plan_monitoring"
    POLICE_ENQUIRY = "police_enquiry"
    POLICE_PROTECTION = "police_protection"
    PLAN_OWNERSHIP = "plan_ownership"
    DUTY_CHECK = "duty_check"
    HOUSING_CROSS_CHECK = "housing_cross_check"
    AUDIT_REVIEW = "audit_review"
    SUBJECT_ACCESS = "subject_access"


# fmt: off
FIELDS = frozenset({
    "outcome", "kind", "code", "started_on", "ended_on", "authority", "contact", "lead_worker", "as_at", "enquiries",
    "household_plan", "household_plan_count", "safety_actions", "no_contact_people", "category", "risk_summary",
    "health_actions", "medical_monitoring", "police_actions", "core_group", "next_review_on", "contingency",
    "address", "household_members", "school", "enquiries_full", "versions", "rejects",
})
# fmt: on

SignIn = Literal["aal2", "aal3"]
TellsOwner = Literal["always", "off_list", "never"]
OwnList = Literal["", "for_plan", "required"]
Count = Annotated[int, Meta(ge=1)]


@dataclass(frozen=True, slots=True)
class Party:
    """An agency that is served once it has signed."""

    code: str
    name: str
    kind: AgencyKind


@dataclass(frozen=True, slots=True)
class Grant:
    """One rule: these roles, at these kinds of agency, for this purpose. Without `status` fields it allows no search.

    `plan` is shown besides when plan detail is asked for, `own_plans` for plans of the asker's own authority.
    """

    purpose: Purpose
    roles: frozenset[Role]
    agencies: frozenset[AgencyKind]
    article: str
    duty: str
    sign_in: SignIn
    tells_owner: TellsOwner
    reference: str
    reads: frozenset[Audience]
    status: frozenset[str]
    plan: frozenset[str]
    own_plans: frozenset[str]
    own_list: OwnList


class Quotas(Struct, frozen=True, forbid_unknown_fields=True):
    """How many enquiries an hour or a day; past `freeze_practitioner_day` the account is frozen for asking."""

    practitioner_hour: Count
    practitioner_day: Count
    device_hour: Count
    agency_day: Count
    freeze_practitioner_day: Count


class Retention(Struct, frozen=True, forbid_unknown_fields=True):
    """How long things are kept; a legal hold stops each."""

    ended_plan_months: Count
    enquiry_history_months: Count
    housing_list_nights: Count
    trail_years: Count


@dataclass(frozen=True, slots=True)
class SharingAgreement:
    """The agreement in force. `hash` is the SHA-256 of the file's bytes, in hexadecimal: what the parties sign.

    `whole_plan` is what somebody asks for who asks for plan detail; `trusted_tracing` are the client ids of systems
    that may ask by a traced number alone; `fields` are the file's groups.
    """

    hash: str
    title: str
    valid_from: date
    review_by: date
    population: int
    parties: Mapping[str, Party]
    fields: Mapping[str, frozenset[str]]
    whole_plan: frozenset[str]
    means: Mapping[Purpose, str]
    grants: tuple[Grant, ...]
    no_purpose: frozenset[Role]
    trusted_tracing: frozenset[str]
    quotas: Quotas
    retention: Retention

    def review_overdue(self, today: date) -> bool:
        """Whether the day for its review has passed: a warning every day, and service goes on."""
        return today > self.review_by
