"""The nouns: what the rooms hand to each other. Plain frozen values, detached from any database or framework.

What an authority publishes about a child (`Child`, `Plan`) is a strict msgspec struct: one definition validates the
body of a request, a line of a file and the sealed row, and gives the OpenAPI schema. Everything else is a dataclass.
Dates are ISO 8601 (``2021-03-09``); moments are aware UTC; telephone numbers are text as people dial them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

# ---- what an authority publishes -----------------------------------------------------------------------------------

NameText = Annotated[str, Meta(max_length=200, description="A name as it is written, 200 characters at most.")]
ShortText = Annotated[str, Meta(min_length=1, max_length=200)]
LongText = Annotated[str, Meta(min_length=1, max_length=2000)]
Phone = Annotated[str, Meta(min_length=3, max_length=40, description="A telephone number as people dial it.")]
NumberText = Annotated[
    str, Meta(max_length=40, description="An NHS number: ten digits, spaces and hyphens allowed, check digit right.")
]
# In both patterns: `$` alone would let a line break pass at the end.
PartialDate = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$(?!\n)",
        description="A date, or as much of it as is known: 2021, 2021-03.",
    ),
]
PostcodeText = Annotated[str, Meta(max_length=12, description="A postcode, with or without its space.")]
Sex = Literal["female", "male", "indeterminate", "unknown"]


class Audience(StrEnum):
    """Who may read a piece of free text. Unmarked means the owner alone."""

    HEALTH = "health"
    POLICE = "police"
    ALL = "all"
    OWNER = "owner"


class Kind(StrEnum):
    """What a plan is. Being looked after is not being on a child protection plan."""

    CHILD_PROTECTION = "child_protection"
    PRE_BIRTH = "pre_birth"
    LOOKED_AFTER = "looked_after"


class Category(StrEnum):
    """The category of abuse, as Working Together to Safeguard Children names them."""

    NEGLECT = "neglect"
    PHYSICAL = "physical_abuse"
    EMOTIONAL = "emotional_abuse"
    SEXUAL = "sexual_abuse"


class _Published(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, gc=False):
    """Strict on the way in, compact on the way out, and silent in a traceback or a log."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class PersonName(_Published, frozen=True):
    family_name: NameText = ""
    given_name: NameText = ""


class Address(_Published, frozen=True):
    """An address, present or former; `lines` as on an envelope, without the postcode."""

    lines: Annotated[tuple[ShortText, ...], Meta(max_length=6)] = ()
    postcode: PostcodeText = ""
    uprn: Annotated[str, Meta(pattern=r"^([0-9]{1,12})?$(?!\n)", description="Unique Property Reference Number.")] = ""


class Mother(_Published, frozen=True):
    """How an unborn child's plan is found; her number never lists her born children."""

    nhs_number: NumberText = ""
    birth_date: PartialDate | None = None
    postcode: PostcodeText = ""
    name: PersonName | None = None


class Child(_Published, frozen=True):
    """Who the child is. `addresses` begins with the present one; former names and addresses are searched too."""

    nhs_number: NumberText = ""
    merged_nhs_numbers: Annotated[tuple[NumberText, ...], Meta(max_length=5)] = ()
    family_name: NameText = ""
    given_name: NameText = ""
    other_names: Annotated[tuple[PersonName, ...], Meta(max_length=8)] = ()
    birth_date: PartialDate | None = None
    sex: Sex = "unknown"
    addresses: Annotated[tuple[Address, ...], Meta(max_length=8)] = ()
    mother: Mother | None = None


class FreeText(_Published, frozen=True):
    text: LongText
    audience: Audience = Audience.OWNER


class Action(_Published, frozen=True):
    """Something that somebody does by a day: every action has an owner and a date."""

    action: LongText
    owner: ShortText
    due_on: date
    audience: Audience = Audience.OWNER


class NoContactPerson(_Published, frozen=True):
    """Somebody who must not have contact with the child, or must not collect them."""

    name: ShortText
    relationship: ShortText
    rule: Literal["no_contact", "must_not_collect", "no_contact_and_must_not_collect"]
    audience: Audience = Audience.OWNER


class Professional(_Published, frozen=True):
    """A member of the core group: professionals only, never family."""

    name: ShortText
    agency: ShortText
    role: ShortText
    work_phone: Phone


class LeadWorker(_Published, frozen=True):
    name: ShortText
    work_phone: Phone


class HouseholdMember(_Published, frozen=True):
    name: PersonName
    relationship: ShortText
    birth_date: PartialDate | None = None


class Broker(_Published, frozen=True):
    """Who answers for a restricted child: the only contact that is ever given."""

    name: ShortText
    phone: Phone


Actions = Annotated[tuple[Action, ...], Meta(max_length=20)]


class Plan(_Published, frozen=True):
    """A plan as its authority keeps it. `category` and the rest may be unknown; `kind` never is.

    `broker` marks a restricted child (adopted, protected identity, fleeing violence).
    """

    kind: Kind
    started_on: date | None = None
    ended_on: date | None = None
    expected_birth_on: date | None = None
    category: Category | None = None
    lead_worker: LeadWorker | None = None
    safety_actions: Actions = ()
    no_contact_people: Annotated[tuple[NoContactPerson, ...], Meta(max_length=10)] = ()
    risk_summary: FreeText | None = None
    health_actions: Actions = ()
    medical_monitoring: FreeText | None = None
    police_actions: Actions = ()
    core_group: Annotated[tuple[Professional, ...], Meta(max_length=20)] = ()
    next_review_on: date | None = None
    contingency: FreeText | None = None
    household_members: Annotated[tuple[HouseholdMember, ...], Meta(max_length=20)] = ()
    school: ShortText | None = None
    broker: Broker | None = None


class Publication(_Published, frozen=True):
    """One version of one plan as its authority sends it; `recorded_at` is the authority's own time of the change."""

    recorded_at: datetime
    child: Child
    plan: Plan


# ---- who asks -------------------------------------------------------------------------------------------------------


class Role(StrEnum):
    TRIAGE_NURSE = "triage_nurse"
    CLINICIAN = "clinician"
    GP = "gp"
    PRACTICE_NURSE = "practice_nurse"
    POLICE_OFFICER = "police_officer"
    SOCIAL_WORKER = "social_worker"
    HOUSING_OFFICER = "housing_officer"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    AUDITOR = "auditor"
    ACCOUNT_ADMINISTRATOR = "account_administrator"
    OPERATOR = "operator"


class AgencyKind(StrEnum):
    HOSPITAL = "hospital"
    GP_PRACTICE = "gp_practice"
    POLICE = "police"
    COUNCIL = "council"
    HOUSING = "housing"
    OVERSIGHT = "oversight"


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation that practitioners act for; `home_authority` is the council whose number it rings first."""

    code: str
    name: str
    kind: AgencyKind
    home_authority: str


@dataclass(frozen=True, slots=True)
class Practitioner:
    """The person who asks, as they are now; `client` is the system or device they ask through."""

    user_id: str
    name: str
    role: Role
    agency: Agency
    client: str


@dataclass(frozen=True, slots=True)
class Authority:
    """A council that owns plans: whom to ring, and how old its register may be (`stale_after_seconds`)."""

    code: str
    name: str
    office_phone: str
    out_of_hours_phone: str
    stale_after_seconds: int


# ---- what is asked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Particulars:
    """Everything that the practitioner gave about the child, as typed; empty where nothing was given.

    `number_is_traced` is set by the enquiry's path, never by a caller: the asking system is trusted by the agreement to
    have traced the number, so that the number alone is certain.
    """

    nhs_number: str = ""
    family_name: str = ""
    given_name: str = ""
    birth_date: str = ""
    postcode: str = ""
    sex: Sex = "unknown"
    mother_nhs_number: str = ""
    mother_birth_date: str = ""
    number_is_traced: bool = False

    def __repr__(self) -> str:
        return "Particulars(…)"


@dataclass(frozen=True, slots=True)
class Question:
    """One enquiry: whose, why, and in how much detail. `break_glass`: a coded reason was given.

    `particulars` are free of characters that cannot be seen; `typed` are as they came, for the record; `removed` names
    the fields that differ.
    """

    particulars: Particulars
    purpose: str
    detail: Literal["status", "plan"]
    reason: str = ""
    reference: str = ""
    break_glass: bool = False
    typed: Particulars | None = None
    removed: tuple[str, ...] = ()


# ---- what the register holds ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class HeldPlan:
    """One authority's plan for one child, opened. `absent_since`: the as-at of a snapshot that no longer had it."""

    child_id: bytes
    authority: str
    ref: str
    version: int
    recorded_at: datetime
    child: Child
    plan: Plan
    absent_since: datetime | None = None

    @property
    def restricted(self) -> bool:
        return self.plan.broker is not None

    def __repr__(self) -> str:
        return f"HeldPlan({self.authority}, version {self.version})"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Up to when an authority's register is known to be complete; `as_at` is None before its first feed."""

    authority: str
    as_at: datetime | None
    age_seconds: int
    stale: bool


# ---- is this the same child? ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clue:
    """What becomes a blind token: a kind of token and its normalised fields. Never a single attribute of a person."""

    kind: str
    fields: tuple[str, ...]


class Agreement(StrEnum):
    """How one field of the enquiry compares with what is held."""

    AGREES = "agrees"
    CLOSE = "close"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One field's part in a score, in bits (log2 of how much likelier for the same person than for two)."""

    field: str
    agreement: Agreement
    bits: float
    how: str


@dataclass(frozen=True, slots=True)
class Score:
    bits: float
    evidence: tuple[Evidence, ...]


class Found(StrEnum):
    """One child for certain; not yet certain, and more detail would tell; undecidable; nobody fits."""

    CERTAIN = "certain"
    UNDECIDED = "undecided"
    UNDECIDABLE = "undecidable"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What finding says of the candidates: positions of the one linked child's records, or what detail would decide."""

    found: Found
    positions: tuple[int, ...] = ()
    score: Score | None = None
    wanted: tuple[str, ...] = ()
    data_quality: tuple[str, ...] = ()


# ---- what may be said -----------------------------------------------------------------------------------------------


class Outcome(StrEnum):
    ON_PLAN = "on_plan"
    LOOKED_AFTER = "looked_after"
    PLAN_ENDED = "plan_ended"
    NO_PLAN_FOUND = "no_plan_found"
    NEEDS_MORE_DETAIL = "needs_more_detail"
    COULD_NOT_CHECK = "could_not_check"


@dataclass(frozen=True, slots=True)
class Decision:
    """Policy's reply. Only `lookup.policy.decide` makes one; `lookup.disclosure.reveal` cannot do without it.

    `fields` are released for any plan; `own_fields` besides for plans of `own_authority`; `held_back` was asked for and
    is not granted; `audiences` are whose free text may be read; `tells_owner` has the child's authority told.
    """

    role: Role
    purpose: str
    detail: Literal["status", "plan"]
    agreement: str
    fields: frozenset[str]
    held_back: frozenset[str]
    audiences: frozenset[Audience]
    tells_owner: bool
    own_authority: str = ""
    own_fields: frozenset[str] = frozenset()
    own_audiences: frozenset[Audience] = frozenset()


@dataclass(frozen=True, slots=True)
class History:
    """The last 12 months' enquiries about one child: per day and kind of agency, and the number of different sites."""

    days: tuple[tuple[str, str, int], ...] = ()
    sites: int = 0
    full: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that an enquiry found out, before policy has taken its share away: what `disclosure.reveal` reads.

    `plans` are the linked child's, a current protection plan first; `households` is how many *other* children of the
    household have a current plan; `reasons` say why something could not be checked.
    """

    outcome: Outcome
    at: datetime
    particulars: Particulars
    score: Score | None
    plans: tuple[HeldPlan, ...]
    freshness: tuple[Freshness, ...]
    checked: tuple[str, ...]
    households: int
    history: History
    wanted: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    contact_authority: str = ""
    removed: tuple[str, ...] = ()
    rejects: tuple[Mapping[str, object], ...] = ()
    versions: tuple[HeldPlan, ...] = ()
