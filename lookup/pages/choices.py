"""What the form offers somebody: the purposes that the agreement gives their role, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lookup.agreement import Grant, SharingAgreement
from lookup.model import Practitioner
from lookup.pages.words import PURPOSES


@dataclass(frozen=True, slots=True)
class PurposeChoice:
    """One reason to ask, in words; `reference` must be quoted, with `has_plan` there is more than a status."""

    purpose: str
    title: str
    means: str
    reference: str
    has_plan: bool


def purposes_of(agreement: SharingAgreement, who: Practitioner) -> Sequence[PurposeChoice]:
    """The purposes for which this person may search; none for a role that does not. Policy decides again."""
    party = agreement.parties.get(who.agency.code)
    if party is None or party.kind is not who.agency.kind:
        return ()
    granted = (g for g in agreement.grants if g.status and who.role in g.roles and party.kind in g.agencies)
    return tuple(_choice(agreement, grant) for grant in granted)


def _choice(agreement: SharingAgreement, grant: Grant) -> PurposeChoice:
    title = PURPOSES.get(grant.purpose, grant.purpose.replace("_", " ").capitalize())
    means = agreement.means[grant.purpose]
    return PurposeChoice(grant.purpose.value, title, means, grant.reference, bool(grant.plan))
