"""The JSON door: HTTP in, HTTP out. What an enquiry is, `lookup.enquiry` knows; this room knows headers and addresses.

No identifier of a child is ever in an address, a header or a log: every enquiry is a POST.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from lookup.doors import CUT_SHORT, LARGEST_BODY, Doors, Lock, correlation_id, request_id, send
from lookup.house import House
from lookup.openapi import describe
from lookup.refusals import Malformed, Refusal, TooLarge, WrongMediaType
from lookup.visit import Knock, Reply


def api_doors(house: House) -> Blueprint:
    """Every address of the JSON API, and the two for whoever watches the service."""
    blueprint = Blueprint("api", __name__)
    doors = Doors(blueprint)
    description = describe(demo=house.settings.demo)

    @doors.at("POST", "/v1/enquiries", Lock.BEARER)
    def ask() -> Response:
        return send(house.enquiries.ask(read_knock()))

    @doors.at("GET", "/v1/enquiries/<enquiry>", Lock.BEARER)
    def look_back(enquiry: str) -> Response:
        return send(house.looking_back.at_enquiry(read_knock(), enquiry))

    @doors.at("GET", "/v1/receipts/<enquiry>", Lock.BEARER)
    def receipt(enquiry: str) -> Response:
        return send(house.looking_back.at_receipt(read_knock(), enquiry))

    @doors.at("PUT", "/v1/plans/<authority>/<ref>", Lock.BEARER)
    def publish(authority: str, ref: str) -> Response:
        return send(house.publishing.put(read_knock(), authority, ref))

    @doors.at("GET", "/v1/openapi.json", Lock.NONE)
    def openapi() -> Response:
        return send(Reply(200, description))

    @doors.at("GET", "/health/live", Lock.NONE)
    def live() -> Response:
        return send(Reply(200, b'{"status":"live"}'))

    @doors.at("GET", "/health/ready", Lock.NONE)
    def ready() -> Response:
        return send(house.readiness.reply())

    return blueprint


def read_knock() -> Knock:
    """Who knocks and with what, as it was sent."""
    body, unreadable = _read_body()
    return Knock(
        door="api",
        body=body,
        bearer=_bearer(),
        request_id=request_id(),
        correlation_id=correlation_id(),
        unreadable=unreadable,
    )


def _bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _read_body() -> tuple[bytes, Refusal | None]:
    if request.method == "GET":
        return b"", None
    if request.mimetype != "application/json":
        return b"", WrongMediaType()
    try:
        body = request.get_data(cache=False)
        return (body, None) if len(body) <= LARGEST_BODY else (b"", TooLarge())
    except RequestEntityTooLarge:
        return b"", TooLarge()
    except CUT_SHORT:
        return b"", Malformed("The body did not arrive whole.")
