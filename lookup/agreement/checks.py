"""What a sharing agreement may not say: each check stops the service from starting, and names the place in the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from lookup.agreement.terms import Grant, SharingAgreement
from lookup.model import Audience, Role
from lookup.refusals import UnsafeSetting

IN_EVERY_ANSWER = frozenset({"outcome", "contact", "as_at"})
OWNER_ALONE = frozenset({"enquiries_full", "versions", "rejects"})


def unsafe(place: str, problem: str) -> UnsafeSetting:
    """The refusal to start, for this place in the file (``purposes.direct_care.rules[0].roles``)."""
    return UnsafeSetting(f"The sharing agreement{f', at {place}' if place else ''}: {problem}")


def known_words(given: Sequence[str], known: Collection[str], place: str) -> Sequence[str]:
    """`given`, once it is neither empty nor doubled and every word of it is known."""
    if not given:
        raise unsafe(place, "an empty rule. Name at least one, or take the rule out.")
    refuse_doubles(given, place)
    for word in given:
        if word not in known:
            raise unsafe(place, f"unknown word {word!r}. Use one of: {', '.join(sorted(known))}.")
    return given


def refuse_doubles(given: Iterable[str], place: str) -> None:
    for word, times in Counter(given).items():
        if times > 1:
            raise unsafe(place, f"'{word}' is there {times} times. Keep one.")


def refuse_missing(wanted: Iterable[str], given: Collection[str], place: str) -> None:
    missing = sorted(str(word) for word in wanted if word not in given)
    if missing:
        raise unsafe(place, f"missing: {', '.join(missing)}. Say what holds for each.")


def refuse_consent(grant: Grant, place: str) -> None:
    basis = f"{grant.article} {grant.duty}".lower()
    if "consent" in basis or re.search(r"\b(6\(1\)|9\(2\))\s*\(a\)", basis):
        raise unsafe(place, "rests on consent, which is never the basis here. Name another article and duty.")


def refuse_half_rules(grant: Grant, place: str) -> None:
    shown = grant.plan | grant.own_plans
    if not grant.status:
        if shown or grant.reads or grant.own_list or grant.reference:
            raise unsafe(place, "has no `status`, so it allows no search. Add `status` or take out the rest.")
        return
    refuse_missing(IN_EVERY_ANSWER, grant.status, f"{place}.status")
    if not grant.reads:
        raise unsafe(place, "does not say whose free text is read. Add `reads`.")
    if Audience.OWNER in grant.reads or OWNER_ALONE & (grant.status | grant.plan):
        raise unsafe(place, "gives to others what is the owner's alone. Move it to `own_plans`.")


def refuse_idle_notice(grants: Sequence[Grant], place: str) -> None:
    """`grants` are those of one purpose."""
    told = any(grant.tells_owner == "off_list" for grant in grants)
    if told != any(grant.own_list == "for_plan" for grant in grants):
        raise unsafe(place, 'tells_owner = "off_list" and own_list = "for_plan" go together. Write both or neither.')


def refuse_forgotten_roles(agreement: SharingAgreement) -> None:
    granted = frozenset(role for grant in agreement.grants for role in grant.roles)
    refuse_missing(list(Role), granted | agreement.no_purpose, "no_purpose")
    if both := granted & agreement.no_purpose:
        raise unsafe("no_purpose", f"{', '.join(sorted(both))} has a rule as well. Keep one of the two.")


def refuse_bad_dates(agreement: SharingAgreement, today: date) -> None:
    if agreement.valid_from >= agreement.review_by:
        raise unsafe("review_by", "is not after valid_from. Correct the dates.")
    if today < agreement.valid_from:
        raise unsafe("valid_from", f"not valid before {agreement.valid_from}. Keep the old agreement until then.")
