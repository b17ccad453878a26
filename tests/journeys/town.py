"""The people of the borough at their devices: how journeys ask, and what holds of every reply, whatever it is about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import msgspec
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from lookup.app import app_of
from lookup.demo.borough import Borough
from lookup.demo.building import demo_client
from lookup.house import House
from lookup.model import Practitioner, Publication
from lookup.moments import now
from lookup.openapi import ADDRESSES, Address
from lookup.register import Batch, Put, RejectedRow
from lookup.replies import Problem
from lookup.settings import trail_files
from lookup.trail.reading import Wanted, load_auditor, read_trail

RECEIPT = {"version", "origin", "index", "entry", "epoch_body", "salt", "proof"}
ALWAYS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
PURPOSE_OF = {
    "triage_nurse": "unscheduled_care",
    "clinician": "unscheduled_care",
    "gp": "direct_care",
    "practice_nurse": "direct_care",
    "police_officer": "police_protection",
    "social_worker": "plan_ownership",
}


@dataclass(frozen=True, slots=True)
class Device:
    """Somebody who is signed in somewhere, and can ask from there."""

    who: Practitioner
    token: str
    door: FlaskClient

    def ask(self, details: Mapping[str, Any], purpose: str = "", **more: Any) -> TestResponse:
        """One enquiry. `more` is the rest of the body; `request_id` and `headers` go where they belong."""
        headers = {"X-Request-ID": more.pop("request_id", None) or str(uuid4()), **more.pop("headers", {})}
        asked = {**details, "purpose": purpose or PURPOSE_OF[self.who.role], **more}
        return self.send("POST", "/v1/enquiries", json.dumps(asked).encode(), headers)

    def publish(self, path: str, publication: Publication | Mapping[str, Any], **headers: str) -> TestResponse:
        """One live publication, to ``authority/ref``."""
        return self.send("PUT", f"/v1/plans/{path}", msgspec.json.encode(publication), headers)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, b"", headers)

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> TestResponse:
        """Anything at all. Every reply is held to the description of the API before anybody looks at it."""
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        reply = self.door.open(path, method=method, data=body, headers=sent)
        hold_to_the_description(method, path, reply)
        return reply


class Town:
    """The service, and everybody who may come to its doors."""

    def __init__(self, house: House, borough: Borough) -> None:
        self.house, self.borough = house, borough
        self.app = app_of(house)
        self._devices: dict[str, Device] = {}

    def __getitem__(self, name: str) -> Device:
        """The device of a person, by user id; or of the first person of a role."""
        if name not in self._devices:
            self._devices[name] = self.device_of(self.person(name))
        return self._devices[name]

    def person(self, name: str) -> Practitioner:
        return next(p for p in self.borough.practitioners if name in (p.user_id, p.role))

    def device_of(self, who: Practitioner) -> Device:
        token = self.house.identity.issue_token(demo_client(who.agency.code), who.user_id, now())
        return Device(who, token, self.app.test_client())

    def nightly_snapshot(self, authority: str, *rejected: RejectedRow, without: str = "") -> None:
        """The authority sends its whole register anew, with rows that cannot be taken, or without one plan."""
        sent = [Put(ref, plan) for code, ref, plan in self.borough.publications if code == authority and ref != without]
        batch = Batch(authority, sent, rejected, snapshot_as_at=now())
        self.house.register.take(batch, now(), lambda _taken: None)

    def kind(self, kind: str, *without: str) -> dict[str, str]:
        """The details of a child of `lookup demo child KIND`, less some of them."""
        return {key: text for key, text in self.borough.kinds[kind].items() if key not in without}

    def held(self, kind: str) -> tuple[str, str, Publication]:
        """Authority, reference and publication of the child of a kind."""
        number = self.borough.kinds[kind]["nhs_number"]
        return next(row for row in self.borough.publications if row[2].child.nhs_number == number)

    def records(self, since: int = 0) -> list[dict[str, Any]]:
        """What the trail says, opened with the auditor's and the custodian's keys; from this index on."""
        files = trail_files(self.house.settings.folder)
        always = (0, 2**40)
        _, found = read_trail(files, load_auditor(self.house.settings.folder), Wanted(), "a journey's check", always)
        return [{**seen.record, "flags": seen.header.flags} for seen in found if seen.index >= since]

    def record_of(self, reply: TestResponse) -> dict[str, Any]:
        """The record that this reply's receipt stands for."""
        return self.records(reply.get_json()["receipt"]["index"])[0]


def answer(reply: TestResponse) -> dict[str, Any]:
    """The body of a reply, without its receipt, which must be there."""
    body: dict[str, Any] = reply.get_json()
    assert body.pop("receipt").keys() == RECEIPT
    return body


def refusal(reply: TestResponse) -> tuple[int, str, list[str]]:
    """Status, code and the paths of the wrong fields of a refusal that was recorded."""
    body = answer(reply)
    return reply.status_code, body["code"], [wrong["path"] for wrong in body.get("fields", ())]


def everything_in(reply: TestResponse) -> str:
    """Status, headers and body as one text, receipt and all, to look for what must not be there."""
    return f"{reply.status}\n{reply.headers}\n{reply.get_data(as_text=True)}"


# ---- what holds of every reply --------------------------------------------------------------------------------------


def address_at(method: str, path: str) -> Address | None:
    """The address of the description that this path is at."""
    plain = path.partition("?")[0]
    for address in ADDRESSES:
        if address.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", address.path), plain):
            return address
    return None


def hold_to_the_description(method: str, path: str, reply: TestResponse) -> None:
    """Status, code, type and every member of the body as they are described, and the headers that are always there."""
    address = address_at(method, path)
    assert address is not None, f"{method} {path} is not described"
    assert {name: reply.headers.get(name) for name in ALWAYS} == ALWAYS
    if reply.status_code == 200 or address.says_no_with_its_reply:
        assert reply.content_type == "application/json"
        msgspec.json.decode(reply.data, type=address.reply, strict=True)
        return
    assert reply.content_type == "application/problem+json"
    problem = msgspec.json.decode(reply.data, type=Problem, strict=True)
    described = {(refusal.status, refusal.code, refusal.title) for refusal in address.refusals}
    assert (problem.status, problem.code, problem.title) in described
    assert problem.status == reply.status_code
    assert problem.type == f"/v1/problems/{problem.code}"


@contextmanager
def touches(house: House) -> Iterator[list[str]]:
    """Everything that is done to the register meanwhile: connections taken, transactions begun, statements run."""
    seen: list[str] = []
    engine = house.register.engine
    watched = [
        (engine.pool, "checkout", lambda *_: seen.append("connect")),
        (engine, "begin", lambda *_: seen.append("begin")),
        (engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: seen.append(statement)),
    ]
    quick = house.register._quick._cursor().connection  # this thread's own connection, past SQLAlchemy
    quick.set_trace_callback(seen.append)
    for target, name, note in watched:
        event.listen(target, name, note)
    try:
        yield seen
    finally:
        quick.set_trace_callback(None)
        for target, name, note in watched:
            event.remove(target, name, note)


def shown(value: Any) -> Any:
    """A value of the model as JSON has it."""
    return json.loads(msgspec.json.encode(value))


def texts(values: Sequence[Any]) -> list[str]:
    """Every text in nested JSON values."""
    found: list[str] = []
    for value in values:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, Mapping):
            found += texts(list(value.values()))
        elif isinstance(value, list | tuple):
            found += texts(list(value))
    return found
