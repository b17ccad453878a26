"""May they ask, and which fields may they see? Pure: the policy itself is config/sharing_agreement.toml, this obeys it.

Promises: no is the default; a decision is made from the asker and the agreement alone, before the register is read, so
that a refusal is the same for every child. Does not promise who the asker is (identity does) or that they asked within
their quota. Trusts the agreement it is given to have been checked by `lookup.agreement`.
"""

from __future__ import annotations

from dataclasses import replace

from lookup.agreement import Grant, Purpose, SharingAgreement
from lookup.model import Audience, Decision, Practitioner, Question
from lookup.refusals import Field, Malformed, NotPermitted


def needs_practice_list(agreement: SharingAgreement, who: Practitioner, purpose: str) -> bool:
    """Whether the decision hangs on the child being on the practice's own list."""
    grant = _grant(agreement, who, purpose)
    return grant is not None and grant.own_list != ""


def may(agreement: SharingAgreement, who: Practitioner, purpose: str) -> None:
    """Raise `NotPermitted` unless the agreement has a rule for this person and purpose. For doors without an enquiry.

    It does not say whose plans: that an authority publishes only its own is checked where it publishes.
    """
    _granted(agreement, who, purpose)


def decide(
    agreement: SharingAgreement, who: Practitioner, question: Question, *, on_own_list: bool | None = None
) -> Decision:
    """Which fields this person may see in the answer to this question.

    Only `on_own_list=True` counts as on the practice's list. Raises `Malformed` for a missing or unknown purpose or
    detail and a missing reference, `NotPermitted` for whatever the agreement does not grant.
    """
    _refuse_unknown_words(question)
    grant = _granted(agreement, who, question.purpose)
    _refuse_where_no_search(grant, who)
    _refuse_break_glass(question)
    _refuse_without_reference(grant, question)
    on_list = on_own_list is True
    if grant.own_list == "required" and not on_list:
        raise NotPermitted("For this purpose you may ask only about children on your practice's own list.")
    return _decision(agreement, grant, who, question, off_list=grant.own_list == "for_plan" and not on_list)


def off_the_list(agreement: SharingAgreement, who: Practitioner, question: Question) -> Decision:
    """The decision once more for a child who turned out not to be on the list that the words named.

    The register has been read by then, so this refuses nothing: it leaves the status fields, and the owner is told.
    Raises `NotPermitted` only where `decide` would have.
    """
    grant = _granted(agreement, who, question.purpose)
    return replace(_decision(agreement, grant, who, question, off_list=True), tells_owner=True)


def _decision(
    agreement: SharingAgreement, grant: Grant, who: Practitioner, question: Question, *, off_list: bool
) -> Decision:
    asks_for_plan = question.detail == "plan"
    fields = grant.status | grant.plan if asks_for_plan and not off_list else grant.status
    owns = bool(grant.own_plans and who.agency.home_authority)
    return Decision(
        role=who.role,
        purpose=question.purpose,
        detail=question.detail,
        agreement=agreement.hash,
        fields=fields,
        # what is shown of the asker's own plans is not held back: the record must never deny what was released
        held_back=agreement.whole_plan - fields - grant.own_plans if asks_for_plan else frozenset(),
        audiences=grant.reads,
        tells_owner=grant.tells_owner == "always" or (grant.tells_owner == "off_list" and off_list),
        own_authority=who.agency.home_authority if owns else "",
        own_fields=grant.own_plans if owns else frozenset(),
        own_audiences=frozenset(Audience) if owns else frozenset(),
    )


def _grant(agreement: SharingAgreement, who: Practitioner, purpose: str) -> Grant | None:
    """The one rule for this person and purpose, if their agency is a party of the kind it says it is."""
    party = agreement.parties.get(who.agency.code)
    if party is None or party.kind is not who.agency.kind:
        return None
    for grant in agreement.grants:
        if grant.purpose == purpose and who.role in grant.roles and party.kind in grant.agencies:
            return grant
    return None


def _granted(agreement: SharingAgreement, who: Practitioner, purpose: str) -> Grant:
    grant = _grant(agreement, who, purpose)
    if grant is not None:
        return grant
    if who.agency.code not in agreement.parties:
        raise NotPermitted("Your agency is not a party to the sharing agreement.")
    raise NotPermitted("The sharing agreement does not give your role this purpose.")


def _refuse_unknown_words(question: Question) -> None:
    if not question.purpose:
        raise Malformed("Say why you ask.", [Field("$.purpose", f"Give one purpose: {', '.join(Purpose)}.")])
    if question.purpose not in list(Purpose):
        raise Malformed("This purpose is not known.", [Field("$.purpose", f"Use one of: {', '.join(Purpose)}.")])
    if question.detail not in ("status", "plan"):
        raise Malformed("This detail is not known.", [Field("$.detail", "Use status or plan.")])


def _refuse_where_no_search(grant: Grant, who: Practitioner) -> None:
    if not grant.status:
        role = who.role.replace("_", " ")
        raise NotPermitted(f"For this purpose the role of {role} does not search for a child.")


def _refuse_break_glass(question: Question) -> None:
    if question.break_glass:
        raise NotPermitted(
            "Asking beyond your grant is not open here. If a child is at risk, telephone children's services now."
        )


def _refuse_without_reference(grant: Grant, question: Question) -> None:
    if grant.reference and not question.reference.strip():
        raise Malformed(
            f"This purpose needs its {grant.reference}.", [Field("$.reference", f"Give the {grant.reference}.")]
        )
