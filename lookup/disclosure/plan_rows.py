"""A plan's fields: which field releases which key, and how it is worded. A field without a row cannot be released."""

from __future__ import annotations

from collections.abc import Iterable

from lookup.disclosure.scene import PlanView, Row, present
from lookup.model import Action, FreeText, Kind, Outcome
from lookup.moments import iso

SNOMED_CT = {
    Kind.CHILD_PROTECTION: "342191000000101",
    Kind.PRE_BIRTH: "818901000000100",
    Kind.LOOKED_AFTER: "764841000000100",
}


def _authority(view: PlanView) -> object:
    return {"code": view.held.authority, "name": view.scene.directory[view.held.authority].name}


def _end_unknown(view: PlanView) -> object:
    over = view.scene.facts.outcome is Outcome.PLAN_ENDED or view.held.absent_since is not None
    return over and view.plan.ended_on is None


def _actions(view: PlanView, actions: Iterable[Action]) -> object:
    return [
        {"action": action.action, "owner": action.owner, "due_on": action.due_on}
        for action in actions
        if action.audience in view.audiences
    ]


def _text(view: PlanView, written: FreeText | None) -> object:
    return written.text if written is not None and written.audience in view.audiences else None


def _no_contact_people(view: PlanView) -> object:
    return [
        {"name": person.name, "relationship": person.relationship, "rule": person.rule}
        for person in view.plan.no_contact_people
        if person.audience in view.audiences
    ]


def _address(view: PlanView) -> object:
    if not view.held.child.addresses:
        return None
    now = view.held.child.addresses[0]
    return present({"lines": now.lines, "postcode": now.postcode})


def _household_members(view: PlanView) -> object:
    return [
        present(
            {
                "family_name": member.name.family_name,
                "given_name": member.name.given_name,
                "relationship": member.relationship,
                "birth_date": member.birth_date,
            }
        )
        for member in view.plan.household_members
    ]


def _versions(view: PlanView) -> object:
    if not view.owned:
        return None  # the owner's alone, whatever the decision says
    return [
        {"version": old.version, "recorded_at": iso(old.recorded_at), "plan": old.plan}
        for old in view.scene.facts.versions
        if (old.authority, old.ref) == (view.held.authority, view.held.ref)
    ]


def _rejects(view: PlanView) -> object:
    if not view.owned:
        return None
    return [dict(row) for row in view.scene.facts.rejects if row.get("authority") == view.held.authority]


PLAN_ROWS: tuple[Row[PlanView], ...] = (
    # field, key, value
    ("kind", "kind", lambda view: view.plan.kind),
    ("code", "code", lambda view: SNOMED_CT[view.plan.kind]),
    ("authority", "authority", _authority),
    ("started_on", "started_on", lambda view: view.plan.started_on),
    ("ended_on", "ended_on", lambda view: view.plan.ended_on),
    ("ended_on", "ended_on_unknown", _end_unknown),
    ("lead_worker", "lead_worker", lambda view: view.plan.lead_worker),
    ("safety_actions", "safety_actions", lambda view: _actions(view, view.plan.safety_actions)),
    ("no_contact_people", "no_contact_people", _no_contact_people),
    ("category", "category", lambda view: view.plan.category),
    ("risk_summary", "risk_summary", lambda view: _text(view, view.plan.risk_summary)),
    ("health_actions", "health_actions", lambda view: _actions(view, view.plan.health_actions)),
    ("medical_monitoring", "medical_monitoring", lambda view: _text(view, view.plan.medical_monitoring)),
    ("police_actions", "police_actions", lambda view: _actions(view, view.plan.police_actions)),
    ("core_group", "core_group", lambda view: view.plan.core_group),
    ("next_review_on", "next_review_on", lambda view: view.plan.next_review_on),
    ("contingency", "contingency", lambda view: _text(view, view.plan.contingency)),
    ("address", "address", _address),
    ("household_members", "household_members", _household_members),
    ("school", "school", lambda view: view.plan.school),
    ("versions", "versions", _versions),
    ("rejects", "rejects", _rejects),
)
