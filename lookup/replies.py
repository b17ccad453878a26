"""The shape of everything that the JSON API sends back, as types: the description of the API is made of them.

Promises: nothing is sent but what stands here, because the tests read every reply of the journeys strictly into these.
A member with a default is absent where there is nothing to say: never null, never false, never an empty list. Does not
promise who sees which member: config/sharing_agreement.toml does.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from lookup.model import Category, Kind, LeadWorker, Outcome, Plan, Professional

Demo = Annotated[bool, Meta(description="True in a demonstration: every child in it is invented. Else absent.")]


class _Reply(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Strict: a member that is not named is a mistake."""


# ---- beside every answer and most refusals --------------------------------------------------------------------------


class Receipt(_Reply, frozen=True):
    """Proof that this was recorded before it was sent; `lookup receipt verify` checks it offline."""

    version: Literal[1]
    origin: str
    index: int
    entry: Annotated[str, Meta(description="The entry, base64.")]
    epoch_body: str
    salt: str
    proof: Annotated[str | None, Meta(description="Null until a checkpoint covers the entry: fetch it later.")]


class WrongField(_Reply, frozen=True):
    """One field of the request that is not as it must be."""

    path: str
    problem: str


class Telephone(_Reply, frozen=True):
    """Whom to ring when the service cannot answer."""

    authority: str
    office_phone: str
    out_of_hours_phone: str


class Problem(_Reply, frozen=True):
    """A refusal (RFC 9457). `code` is stable; sentences may be reworded. No sentence repeats what was sent."""

    type: str
    title: str
    status: int
    code: str
    detail: str | UnsetType = UNSET
    fields: tuple[WrongField, ...] | UnsetType = UNSET
    telephone: tuple[Telephone, ...] | UnsetType = UNSET
    receipt: Receipt | UnsetType = UNSET
    demo: Demo | UnsetType = UNSET


# ---- the answer to an enquiry ---------------------------------------------------------------------------------------

Detail = Literal[
    "nhs_number",
    "family_name",
    "given_name",
    "birth_date",
    "postcode",
    "sex",
    "mother_nhs_number",
    "mother_birth_date",
]


class ShownChild(_Reply, frozen=True):
    """What the asker typed, and which of it agreed."""

    nhs_number: str | UnsetType = UNSET
    family_name: str | UnsetType = UNSET
    given_name: str | UnsetType = UNSET
    birth_date: str | UnsetType = UNSET
    agreed: tuple[Detail, ...] | UnsetType = UNSET
    removed_characters: Annotated[
        tuple[Detail, ...] | UnsetType, Meta(description="Fields in which characters that cannot be seen were typed.")
    ] = UNSET


class AsAt(_Reply, frozen=True):
    """How fresh one authority's register is; without `as_at` where it has not sent its register yet."""

    authority: str
    name: str
    stale: bool
    as_at: datetime | UnsetType = UNSET
    age_seconds: int | UnsetType = UNSET


class RingNow(_Reply, frozen=True):
    """The number for this hour."""

    label: Literal["Office hours", "Out of hours"]
    phone: str


class ShownBroker(_Reply, frozen=True):
    """Who answers for a restricted child: nobody else is named."""

    name: str
    phone: str


class Contact(_Reply, frozen=True):
    """Whom to ring: a council, or the broker of a restricted child."""

    authority: str | UnsetType = UNSET
    now: RingNow | UnsetType = UNSET
    office_phone: str | UnsetType = UNSET
    out_of_hours_phone: str | UnsetType = UNSET
    broker: ShownBroker | UnsetType = UNSET


class ShownAuthority(_Reply, frozen=True):
    code: str
    name: str


class ShownAction(_Reply, frozen=True):
    action: str
    owner: str
    due_on: date


class ShownNoContact(_Reply, frozen=True):
    name: str
    relationship: str
    rule: Literal["no_contact", "must_not_collect", "no_contact_and_must_not_collect"]


class ShownAddress(_Reply, frozen=True):
    lines: tuple[str, ...] | UnsetType = UNSET
    postcode: str | UnsetType = UNSET


class ShownMember(_Reply, frozen=True):
    relationship: str
    family_name: str | UnsetType = UNSET
    given_name: str | UnsetType = UNSET
    birth_date: str | UnsetType = UNSET


class ShownVersion(_Reply, frozen=True):
    """One version of a plan, whole: for its owner."""

    version: int
    recorded_at: datetime
    plan: Plan


class ShownReject(_Reply, frozen=True):
    """A row of the owner's feed that could not be taken."""

    authority: str
    where: str
    first_seen: datetime
    problems: tuple[WrongField, ...]
    days_old: int


class ShownPlan(_Reply, frozen=True):
    """A plan, as far as this role may see it for this purpose."""

    kind: Kind
    code: Annotated[str, Meta(description="SNOMED CT.")]
    authority: ShownAuthority
    started_on: date | UnsetType = UNSET
    ended_on: date | UnsetType = UNSET
    ended_on_unknown: Literal[True] | UnsetType = UNSET
    lead_worker: LeadWorker | UnsetType = UNSET
    safety_actions: tuple[ShownAction, ...] | UnsetType = UNSET
    no_contact_people: tuple[ShownNoContact, ...] | UnsetType = UNSET
    category: Category | UnsetType = UNSET
    risk_summary: str | UnsetType = UNSET
    health_actions: tuple[ShownAction, ...] | UnsetType = UNSET
    medical_monitoring: str | UnsetType = UNSET
    police_actions: tuple[ShownAction, ...] | UnsetType = UNSET
    core_group: tuple[Professional, ...] | UnsetType = UNSET
    next_review_on: date | UnsetType = UNSET
    contingency: str | UnsetType = UNSET
    address: ShownAddress | UnsetType = UNSET
    household_members: tuple[ShownMember, ...] | UnsetType = UNSET
    school: str | UnsetType = UNSET
    versions: tuple[ShownVersion, ...] | UnsetType = UNSET
    rejects: tuple[ShownReject, ...] | UnsetType = UNSET


class EnquiriesOfADay(_Reply, frozen=True):
    on: date
    agency_kind: str
    count: int


class PastEnquiries(_Reply, frozen=True):
    """The enquiries of the last 12 months: days and kinds of agency, and from how many sites."""

    days: tuple[EnquiriesOfADay, ...]
    sites: int


class FullEnquiry(_Reply, frozen=True):
    """One past enquiry, who and where: for the owner of the plan."""

    at: datetime
    name: str
    role: str
    agency_name: str
    purpose: str
    outcome: Outcome


class Answer(_Reply, frozen=True):
    """The answer to one enquiry. `plan` is the first of `plans`, a current one where there is one."""

    enquiry: Annotated[str, Meta(description="The enquiry's id, a ULID.")]
    outcome: Outcome
    child: ShownChild
    advice: str
    receipt: Receipt
    contact: Contact | UnsetType = UNSET
    as_at: tuple[AsAt, ...] | UnsetType = UNSET
    checked: tuple[str, ...] | UnsetType = UNSET
    wanted: tuple[Detail, ...] | UnsetType = UNSET
    reasons: tuple[str, ...] | UnsetType = UNSET
    plans: tuple[ShownPlan, ...] | UnsetType = UNSET
    plan: ShownPlan | UnsetType = UNSET
    household_plan: Literal[True] | UnsetType = UNSET
    household_plan_count: int | UnsetType = UNSET
    enquiries: PastEnquiries | UnsetType = UNSET
    enquiries_full: tuple[FullEnquiry, ...] | UnsetType = UNSET
    not_for_family: Literal[True] | UnsetType = UNSET
    demo: Demo | UnsetType = UNSET


# ---- the other addresses --------------------------------------------------------------------------------------------


class OwnEnquiry(_Reply, frozen=True):
    """One's own enquiry again: its outcome and entry, never the child."""

    enquiry: str
    outcome: Outcome
    at: datetime
    purpose: str
    entry: str
    salt: str
    receipt: Receipt
    demo: Demo | UnsetType = UNSET


class OwnReceipt(_Reply, frozen=True):
    """Where the entry of one's own enquiry stands, and its proof once a checkpoint covers it."""

    enquiry: str
    entry: str
    index: int
    proof: str | UnsetType = UNSET


class Published(_Reply, frozen=True):
    """What became of a plan that its authority sent."""

    authority: str
    ref: str
    fate: Literal["taken", "unchanged"]
    receipt: Receipt
    demo: Demo | UnsetType = UNSET


class Live(_Reply, frozen=True):
    status: Literal["live"]


class Parts(_Reply, frozen=True):
    trail: Literal["ready", "cannot_record"]
    desk: Literal["ready", "cannot_record"]
    register: Literal["ready", "stale", "cannot_be_read"]


class Ready(_Reply, frozen=True):
    """Can an enquiry be recorded and answered now?"""

    status: Literal["ready", "not_ready"]
    parts: Parts
