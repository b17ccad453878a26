"""How the pages word what the answer and the agreement name: outcomes, roles, kinds, days, ages. Pure.

Plain English for somebody in a hurry. An outcome has its words, its shape and its colour here, in one table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from lookup.agreement import Purpose
from lookup.model import AgencyKind, Outcome, Role
from lookup.moments import LONDON

SERVICE = "Lookup"
NO_BREAK = "\N{NO-BREAK SPACE}"
SERVICE_NAME = "Lookup: child protection plans"


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """How an outcome looks: the heading, the line under it, the shape (icons.html), the colour (lookup.css)."""

    heading: str
    means: str
    shape: str


OUTCOMES = {
    Outcome.ON_PLAN: OutcomeWords("On a child protection plan", "", "octagon"),
    Outcome.LOOKED_AFTER: OutcomeWords("In care (looked after)", "Not on a child protection plan", "house"),
    Outcome.PLAN_ENDED: OutcomeWords("Plan ended", "In the last 12 months", "clock"),
    Outcome.NO_PLAN_FOUND: OutcomeWords("No plan found", "This does not mean that there are no concerns", "ring"),
    Outcome.NEEDS_MORE_DETAIL: OutcomeWords("More detail is needed", "Nothing has been decided yet", "question"),
    Outcome.COULD_NOT_CHECK: OutcomeWords("Could not check", "This says nothing about the child", "triangle"),
}

ROLES = {role: role.value.replace("_", " ").capitalize() for role in Role} | {Role.GP: "GP"}

ROLES_IN_A_SENTENCE = {role: title if title.isupper() else title.lower() for role, title in ROLES.items()}

AGENCY_KINDS = {
    AgencyKind.HOSPITAL: "Hospital",
    AgencyKind.GP_PRACTICE: "GP practice",
    AgencyKind.POLICE: "Police",
    AgencyKind.COUNCIL: "Council",
    AgencyKind.HOUSING: "Housing",
    AgencyKind.OVERSIGHT: "Oversight",
}

PURPOSES = {
    Purpose.UNSCHEDULED_CARE: "Unplanned care",
    Purpose.DIRECT_CARE: "Planned care",
    Purpose.PLAN_MONITORING: "Following the plans of our own patients",
    Purpose.POLICE_ENQUIRY: "Police enquiry",
    Purpose.POLICE_PROTECTION: "Police protection: immediate danger",
    Purpose.PLAN_OWNERSHIP: "Our own council’s plans",
    Purpose.DUTY_CHECK: "Duty check",
}

PLAN_KINDS = {
    "child_protection": "Child protection plan",
    "pre_birth": "Child protection plan (made before birth)",
    "looked_after": "In care (looked after)",
}

CATEGORIES = {
    "neglect": "Neglect",
    "physical_abuse": "Physical abuse",
    "emotional_abuse": "Emotional abuse",
    "sexual_abuse": "Sexual abuse",
}

RULES = {
    "no_contact": "Must not have contact with the child",
    "must_not_collect": "Must not collect the child",
    "no_contact_and_must_not_collect": "Must not have contact with the child, and must not collect them",
}

SHORT_OUTCOMES = {outcome.value: words.heading for outcome, words in OUTCOMES.items()}


def outcome_words(outcome: str) -> OutcomeWords:
    """How this outcome looks."""
    return OUTCOMES[Outcome(outcome)]


def day(iso: str) -> str:
    """``2021-03-09`` as 9 March 2021; what is known of it where only part is known; anything else as it is."""
    try:
        return day_of(date.fromisoformat(iso))
    except ValueError:
        return f"{date.fromisoformat(iso + '-01'):%B %Y}" if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", iso) else iso


def day_of(value: date) -> str:
    """A date as 9 March 2021."""
    return f"{value.day} {value:%B %Y}"


def clock(moment: datetime) -> str:
    """A moment as 22:40 on Saturday 21 November 2026, in London."""
    local = moment.astimezone(LONDON)
    return f"{local:%H:%M on %A} {day_of(local.date())}"


def clock_of(iso: str) -> str:
    """The same of ``2026-11-21T22:40:00Z``."""
    return clock(datetime.fromisoformat(iso))


def as_at(iso: str, now: datetime) -> str:
    """A moment as 22:40, with its day where that is not today's, in London."""
    then = datetime.fromisoformat(iso)
    same_day = then.astimezone(LONDON).date() == now.astimezone(LONDON).date()
    return f"{then.astimezone(LONDON):%H:%M}" if same_day else clock(then)


def age(seconds: int) -> str:
    """How long ago, in the largest unit that says enough."""
    for size, unit in ((172_800, "day"), (7_200, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // {"day": 86_400, "hour": 3_600, "minute": 60}[unit]
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "less than a minute ago"


def number(digits: str) -> str:
    """An NHS number in groups of 3, 3 and 4 that stay on one line, where it is ten digits; else as it was typed."""
    plain = digits.replace(" ", "").replace("-", "")
    return f"{plain[:3]}{NO_BREAK}{plain[3:6]}{NO_BREAK}{plain[6:]}" if len(plain) == 10 else digits


def dialled(phone: str) -> str:
    """A telephone number as a ``tel:`` address has it."""
    return "tel:" + "".join(sign for sign in phone if sign in "+0123456789")
