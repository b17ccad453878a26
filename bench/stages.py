"""Where each tenth of a millisecond of an enquiry goes: CPU of one process, step by step, on one thread.

The steps are those of `lookup.enquiry`; each is timed around the very call that the path makes. The recorder's thread
is timed by its own clock. What gunicorn and Flask cost besides is peer A of the rotation.
"""

from __future__ import annotations

import statistics
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lookup import enquiry, gathering
from lookup.audit_log import AuditLog
from lookup.desk import Desk
from lookup.house import House, open_house
from lookup.settings import read_settings
from lookup.visit import Answer, Knock, Visit

ASKED = 1500
ROUNDS = 5
STEPS: tuple[tuple[str, Any, str], ...] = (
    ("who asks (token, from the desk)", enquiry.Enquiries, "_who"),
    ("asked before? (from the desk)", enquiry.Enquiries, "_request"),
    ("what exactly (strict JSON, checks)", enquiry.Enquiries, "_question"),
    ("may they (policy)", enquiry.Enquiries, "_decide"),
    ("register: blind tokens, rows, opening", gathering.Reading, "search"),
    ("register: freshness", gathering.Reading, "freshness"),
    ("the same child? (finding)", gathering.finding, "judge"),
    ("history (from the desk)", enquiry.Enquiries, "_history"),
    ("permitted fields (disclosure)", enquiry, "reveal"),
    ("canonical answer, receipt, JSON", Answer, "with_receipt"),
    ("record: hand over and wait (this thread)", Visit, "_recorded"),
)


def stages(folder: Path, token: str, people: list[dict[str, Any]], body: Callable[[dict[str, Any]], str]) -> str:
    """A table: the median of the rounds' means, in microseconds of CPU."""
    house = open_house(read_settings(folder, {}))
    try:
        rounds = [_round(house, token, people, body) for _ in range(ROUNDS + 1)][1:]
    finally:
        house.close()
    names = [*(name for name, _, _ in STEPS), "recorder: seal, sign, commit the entry", "recorder: the desk's rows"]
    lines = ["| step | µs of CPU |", "| --- | ---: |"]
    lines += [f"| {name} | {statistics.median(r[name] for r in rounds):.0f} |" for name in names]
    whole = statistics.median(r["whole"] for r in rounds)
    known = sum(statistics.median(r[name] for r in rounds) for name in names)
    lines.append(f"| the rest: gluing, transactions, switching threads | {whole - known:.0f} |")
    lines.append(f"| **whole, without Flask and gunicorn** | **{whole:.0f}** |")
    return "\n".join(lines)


def _round(
    house: House, token: str, people: list[dict[str, Any]], body: Callable[[dict[str, Any]], str]
) -> dict[str, float]:
    knocks = [
        Knock("api", body=body(person).encode(), bearer=token, request_id=str(uuid.uuid4()))
        for person in people[:ASKED]
    ]
    spent: dict[str, float] = defaultdict(float)
    recording = (
        (AuditLog, "append", "recorder: seal, sign, commit the entry"),
        (Desk, "write_enquiries", "recorder: the desk's rows"),
    )
    watched = [(owner, attribute, name) for name, owner, attribute in STEPS] + list(recording)
    originals = [(owner, attribute, getattr(owner, attribute)) for owner, attribute, _ in watched]
    for owner, attribute, name in watched:
        _watch(owner, attribute, name, spent)
    try:
        start = time.process_time()
        for knock in knocks:
            if house.enquiries.ask(knock).status != 200:
                raise SystemExit("an enquiry of the bench was not answered")
        spent["whole"] = time.process_time() - start
    finally:
        for owner, attribute, original in originals:
            setattr(owner, attribute, original)
    return {name: seconds / len(knocks) * 1e6 for name, seconds in spent.items()}


def _watch(owner: Any, attribute: str, name: str, spent: dict[str, float]) -> None:
    original = getattr(owner, attribute)

    def timed(*arguments: Any, **named: Any) -> Any:
        start = time.thread_time()
        try:
            return original(*arguments, **named)
        finally:
            spent[name] += time.thread_time() - start

    setattr(owner, attribute, timed)
