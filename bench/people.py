"""Made-up people of our own for a bench without the peers: 20,000, of whom 400 have a plan; seeded."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

PEOPLE, WITH_A_PLAN, ASKED = 20_000, 400, 1_600
BEGINNINGS = "Al Bel Cor Dar El Fen Gal Har Jo Kel Mar Nor Per Ros Tam Wil".split()  # noqa: SIM905 - read as words
ENDINGS = "a an en ia ie on".split()  # noqa: SIM905 - read as words
HALVES = "Ash Brook Carr Elm Gold Hart Kirk Lang Marsh North Penn Stan Thorn West".split()  # noqa: SIM905 - read as words
PLACES = "bury by croft den field ford ham ley man more".split()  # noqa: SIM905 - read as words
GIVEN = [beginning + ending for beginning in BEGINNINGS for ending in ENDINGS]
FAMILY = [half + place for half in HALVES for place in PLACES]


def make(folder: Path) -> Path:
    """people.jsonl and asked.jsonl in `folder`, as the peers have them."""
    rng = random.Random(20260101)
    numbers = _numbers(rng)
    everybody = [_person(rng, position, next(numbers)) for position in range(PEOPLE)]
    for person in rng.sample(everybody, WITH_A_PLAN):
        person["plan"] = _plan(rng)
    asked_about = [p for p in everybody if p["plan"]] + [p for p in everybody if not p["plan"]][: ASKED - WITH_A_PLAN]
    rng.shuffle(asked_about)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("people.jsonl", everybody), ("asked.jsonl", asked_about)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def asked(folder: Path) -> list[dict[str, Any]]:
    """Whom the bench asks about, in order."""
    with (folder / "asked.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _numbers(rng: random.Random) -> Any:
    for tail in rng.sample(range(1_000_000), PEOPLE * 5 // 4):
        nine = f"999{tail:06d}"
        digit = 11 - sum(int(d) * (10 - place) for place, d in enumerate(nine)) % 11
        if digit != 10:
            yield f"{nine}{digit % 11}"


def _person(rng: random.Random, position: int, number: str) -> dict[str, Any]:
    born = date(2010, 1, 1) + timedelta(days=rng.randrange(5400))
    postcode = f"ZH{rng.randrange(1, 99)} {rng.randrange(10)}{rng.choice('ABDEFGHJ')}{rng.choice('LNPQRSTU')}"
    names = {"given_name": rng.choice(GIVEN), "family_name": rng.choice(FAMILY)}
    return {
        "id": position + 1,
        "nhs_number": number,
        **names,
        "birth_date": born.isoformat(),
        "postcode": postcode,
        "plan": None,
    }


def _plan(rng: random.Random) -> dict[str, Any]:
    started = date(2024, 1, 1) + timedelta(days=rng.randrange(700))
    worker = {"name": f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}", "phone": "01632 960100"}
    roles = (("health visitor", "community health"), ("head teacher", "school"), ("police officer", "police"))
    core = [
        {"role": role, "agency": agency, "name": f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"} for role, agency in roles
    ]
    notes = [{"text": "The core group met and agreed that the plan should go on."} for _ in range(10)]
    plan = {"category": rng.choice(["neglect", "physical", "emotional", "sexual"]), "started": started.isoformat()}
    review = (started + timedelta(days=180)).isoformat()
    hidden = {"do_not_disclose_address_to": "nobody"}
    return {**plan, **hidden, "next_review": review, "allocated_worker": worker, "core_group": core, "notes": notes}
