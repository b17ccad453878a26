"""A restricted child whose row could not be taken: the doubt is said, and not which council has the child."""

from __future__ import annotations

import io
import json
from typing import Any

import msgspec
import pytest

from lookup.feed_entries import Operator
from lookup.importing import Importing, Sent
from lookup.moments import iso, now
from tests.journeys.town import Town, answer, everything_in

HIDDEN = {
    "nhs_number": "9990002037",
    "family_name": "Sentinelhidden",
    "given_name": "Kestrel",
    "birth_date": "2018-08-08",
}
BROKER = {"name": "Protected records desk", "phone": "020 7946 0999"}


def send_with(town: Town, **plan: Any) -> None:
    """Fenwick's whole register, and one row more that cannot be taken."""
    house, at = town.house, now()
    held = [(ref, publication) for code, ref, publication in town.borough.publications if code == "FWC"]
    rows = [{"ref": ref, **json.loads(msgspec.json.encode(publication))} for ref, publication in held]
    rows.append({"ref": "FW-HIDDEN", "recorded_at": iso(at), "child": HIDDEN, "plan": plan})
    text = "\n".join(json.dumps(row) for row in (*rows, {"rows": len(rows)}))
    authorities = house.settings.directory.authorities
    importing = Importing(
        house.register, house.recorder, house.keys.blinder, authorities, house.agreement.hash, demo=True
    )
    importing.take(Sent(io.BytesIO(text.encode()), "FWC", at), Operator("operator", "host"), at)


@pytest.mark.bad_input(28)
@pytest.mark.parametrize(
    "plan",
    [{"kind": "child_protection", "category": "none", "broker": BROKER}, {"kind": "child_protection", "broker": {}}],
    ids=["another field is wrong", "the broker is wrong"],
)
def test_the_council_of_a_restricted_child_whose_row_was_rejected_is_not_named(
    own_town: Town, plan: dict[str, Any]
) -> None:
    send_with(own_town, **plan)
    reply = own_town["triage_nurse"].ask(HIDDEN)
    said = answer(reply)
    assert said["outcome"] == "could_not_check"
    assert said["reasons"] == ["A council sent a record we could not read, and it may be this child's."]
    assert said["contact"]["authority"] == "Harrow Green Council"
    said.pop("as_at")  # every council, always
    said.pop("checked")
    assert "Fenwick" not in json.dumps(said)
    assert "FW-HIDDEN" not in everything_in(reply)


def test_the_council_of_another_child_whose_row_was_rejected_is_who_to_ring(own_town: Town) -> None:
    send_with(own_town, kind="child_protection", category="none")
    said = answer(own_town["triage_nurse"].ask(HIDDEN))
    assert said["contact"]["authority"] == "Fenwick Council"
