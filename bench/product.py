"""The product as the bench serves it: an installation filled from the made-up people that the peers hold.

The register holds only children in scope, so the 2,000 who have a plan are published; the others are nobody it knows.
Nothing is switched off: policy, finding, sealing, trail, history and outbox are those of every installation.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import log2
from pathlib import Path
from time import sleep
from types import MappingProxyType
from typing import Any

import msgspec
import psutil
import requests

from lookup.audit_log import Draft, EntryType, create_trail
from lookup.demo.building import demo_client, directory_toml
from lookup.desk.accounts import Account, add_client, add_person
from lookup.house import House, open_house
from lookup.identity import hash_password
from lookup.keys.keyring import make_server_keys
from lookup.model import Agency, AgencyKind, Authority, Publication
from lookup.moments import iso, now
from lookup.publishing import feed_facts
from lookup.register import Batch, Put, Taken
from lookup.settings import read_settings, shipped_config

COUNCIL = Authority("HGC", "Harrow Green Council", "020 7946 0001", "020 7946 0002", 604_800)
AGENCIES = (
    Agency("HGC", "Harrow Green Council", AgencyKind.COUNCIL, "HGC"),
    Agency("RHG1", "North Green Hospital", AgencyKind.HOSPITAL, "HGC"),
)
ASKER = Account("bench.clinician", "Bench Clinician", "clinician", "RHG1", disabled=False)
CATEGORIES = {
    "neglect": "neglect",
    "physical": "physical_abuse",
    "emotional": "emotional_abuse",
    "sexual": "sexual_abuse",
}


def make_installation(folder: Path, people: Path) -> str:
    """A new installation in `folder`, filled; returns the bearer token of the measuring client."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    (folder / "lookup.toml").write_text('demo = true\npublic_url = "http://127.0.0.1:8000"\n')
    (folder / "directory.toml").write_text(directory_toml((COUNCIL,), AGENCIES))
    (folder / "matching.toml").write_text(_matching_of(people))
    agreement = (shipped_config() / "sharing_agreement.toml").read_text()
    (folder / "sharing_agreement.toml").write_text(agreement.replace("population = 49000", "population = 100000"))
    make_server_keys(folder / "keys")
    create_trail(folder, "bench.lookup.invalid/trail")
    house = open_house(read_settings(folder, {}))
    try:
        return _fill(house, people)
    finally:
        house.close()


def _matching_of(people: Path) -> str:
    """The shipped model with the frequencies of this population's names, as a council estimates them from its lists."""
    with people.open(encoding="utf-8") as lines:
        asked_about = list(map(json.loads, lines))
    shipped = (shipped_config() / "matching.toml").read_text()
    for table, field in (("given_names", "given_name"), ("family_names", "family_name")):
        names = {person[field].lower() for person in asked_about}
        known = f'\n[[{table}.class]]\nbits = {log2(len(names)):.1f}\nnames = """\n{" ".join(sorted(names))}\n"""\n'
        head = f"[[{table}.class]]"
        shipped = shipped.replace(head, known.strip() + "\n\n" + head, 1)
    return shipped


def _fill(house: House, people: Path) -> str:
    with house.desk.writing() as connection:
        add_person(connection, ASKER, hash_password(os.urandom(16).hex()))
        add_client(connection, demo_client("RHG1"), "RHG1")
    at = now()
    with people.open(encoding="utf-8") as lines:
        puts = [Put(f"B{p['id']}", _publication(p, at)) for p in map(json.loads, lines) if p["plan"]]
    for start in range(0, len(puts), 1000):
        batch = Batch("HGC", puts[start : start + 1000])
        house.register.take(batch, at, lambda taken: _record(house, taken, at))
    house.register.heartbeat("HGC", at)
    return house.identity.issue_token(demo_client("RHG1"), ASKER.user_id, at, timedelta(days=2))


def _record(house: House, taken: Taken, at: datetime) -> None:
    facts = {"at": iso(at), "door": "bench", "authority": taken.authority, **feed_facts(taken)}
    house.recorder.record(Draft(EntryType.FEED, facts, at))


def _publication(person: dict[str, Any], at: datetime) -> Publication:
    """The peers' plan in our words, of about its size."""
    plan, worker = person["plan"], person["plan"]["allocated_worker"]
    text = " ".join(note["text"] for note in plan["notes"])
    body = {
        "recorded_at": iso(at),
        "child": {
            "nhs_number": person["nhs_number"],
            "family_name": person["family_name"],
            "given_name": person["given_name"],
            "birth_date": person["birth_date"],
            "addresses": [{"postcode": person["postcode"]}],
        },
        "plan": {
            "kind": "child_protection",
            "started_on": plan["started"],
            "next_review_on": plan["next_review"],
            "category": CATEGORIES[plan["category"]],
            "lead_worker": {"name": worker["name"], "work_phone": worker["phone"]},
            "risk_summary": {"text": text, "audience": "health"},
            "core_group": [
                {"name": p["name"], "role": p["role"], "agency": p["agency"], "work_phone": worker["phone"]}
                for p in plan["core_group"]
            ],
            "contingency": {
                "text": f"Do not disclose the address to {plan['do_not_disclose_address_to']}.",
                "audience": "all",
            },
        },
    }
    return msgspec.convert(body, Publication)


@contextmanager
def served(folder: Path, port: int) -> Iterator[int]:
    """The installation under gunicorn, 2 workers of 4 threads like the peers; yields the master's process id."""
    with serving("lookup.app:create_app()", port, {"LOOKUP_FOLDER": str(folder)}) as master:
        _await(f"http://127.0.0.1:{port}/health/ready", psutil.Process(master))
        yield master


@contextmanager
def serving(application: str, port: int, environment: Mapping[str, str] = MappingProxyType({})) -> Iterator[int]:
    """Any application under the same gunicorn."""
    gunicorn = Path(sys.executable).with_name("gunicorn")
    settings = ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--no-control-socket"]
    if environment:
        settings = ["--config", str(shipped_config() / "gunicorn.py")]
    command = [str(gunicorn), *settings, "--bind", f"127.0.0.1:{port}", application]
    server = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)
    sleep(1)
    try:
        yield server.pid
    finally:
        server.terminate()
        server.wait(20)


def _await(url: str, server: psutil.Process) -> None:
    for _ in range(100):
        if not server.is_running():
            raise SystemExit("gunicorn did not start")
        try:
            requests.get(url, timeout=2).raise_for_status()
        except requests.RequestException:
            sleep(0.1)
        else:
            return
    raise SystemExit("gunicorn was not ready in time")


# About one child in a hundred has the postcode of nobody's home (ZZ99 …), which is no evidence, or a near namesake: by
# name they are rightly told what else would decide. bench/RESULTS.md says how many.
UNDECIDED = '"outcome":"needs_more_detail"'
TEMPLATES = {
    "body.json": '{"nhs_number": "$nhs_number", "birth_date": "$birth_date", '
    '"purpose": "unscheduled_care", "detail": "plan"}',
    "name.json": '{"given_name": "$given_name", "family_name": "$family_name", "birth_date": "$birth_date", '
    '"postcode": "$postcode", "purpose": "unscheduled_care", "detail": "plan"}',
    "expect.json": json.dumps(
        {
            "on_plan": {"status": 200, "matches": f'"outcome":"on_plan".*"risk_summary"|{UNDECIDED}'},
            "not_on_plan": {"status": 200, "matches": f'"outcome":"no_plan_found"|{UNDECIDED}'},
            "unknown": {"status": 200, "matches": f'"outcome":"no_plan_found"|{UNDECIDED}'},
        }
    ),
}


def write_templates(folder: Path) -> None:
    """What the peers' runner sends to the product, and what it must get."""
    for name, text in TEMPLATES.items():
        (folder / name).write_text(text)


def today() -> str:
    """The day of a measurement."""
    return datetime.now(UTC).date().isoformat()
