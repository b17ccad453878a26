"""An answer's fields beside the plans: which field releases which key. A field without a row cannot be released."""

from __future__ import annotations

from lookup.disclosure.scene import Row, Scene
from lookup.moments import iso


def _contact(scene: Scene) -> object:
    if scene.restricted:
        return {"broker": next(view.plan.broker for view in scene.plans if view.held.restricted)}
    code = scene.plans[0].held.authority if scene.plans else scene.facts.contact_authority
    return _whom_to_ring(scene, code) if code else None


def _whom_to_ring(scene: Scene, code: str) -> object:
    council = scene.directory[code]
    office, duty_team = council.office_phone, council.out_of_hours_phone
    now = ("Office hours", office) if scene.at_office_hours else ("Out of hours", duty_team)
    return {
        "authority": council.name,
        "now": {"label": now[0], "phone": now[1]},
        "office_phone": office,
        "out_of_hours_phone": duty_team,
    }


def _as_at(scene: Scene) -> object:
    return [
        {"authority": feed.authority, "name": scene.directory[feed.authority].name, "stale": feed.stale}
        | ({"as_at": iso(feed.as_at), "age_seconds": feed.age_seconds} if feed.as_at else {})
        for feed in scene.facts.freshness
    ]


def _enquiries(scene: Scene) -> object:
    history = scene.facts.history
    if not (history.days and scene.checked):
        return None
    days = [{"on": on, "agency_kind": kind, "count": count} for on, kind, count in history.days]
    return {"days": days, "sites": history.sites}


def _enquiries_full(scene: Scene) -> object:
    if not any(view.owned for view in scene.plans):
        return None  # the owner's alone, whatever the decision says
    return [dict(enquiry) for enquiry in scene.facts.history.full]


ANSWER_ROWS: tuple[Row[Scene], ...] = (
    # field, key, value
    ("outcome", "outcome", lambda scene: scene.facts.outcome),
    ("contact", "contact", _contact),
    ("as_at", "as_at", _as_at),
    ("household_plan", "household_plan", lambda scene: scene.household > 0),
    ("household_plan_count", "household_plan_count", lambda scene: scene.household),
    ("enquiries", "enquiries", _enquiries),
    ("enquiries_full", "enquiries_full", _enquiries_full),
)
