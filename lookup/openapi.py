"""The JSON API described: one table of addresses, and OpenAPI 3.1 made from it and from the types that validate.

Promises: bodies are described by the very types that read them, replies by those that the tests read every reply with,
refusals by their own classes. A test holds the table's addresses to the application's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from lookup.model import Publication
from lookup.questions import EnquiryBody
from lookup.refusals import (
    CannotRecord,
    Fault,
    Malformed,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Refusal,
    RegisterUnavailable,
    RequestIdReused,
    Superseded,
    TooLarge,
    TooLittleGiven,
    WrongMediaType,
)
from lookup.replies import Answer, Live, OwnEnquiry, OwnReceipt, Problem, Published, Ready

Refs = Mapping[Any, Any]
Refusals = tuple[type[Refusal], ...]

UNREADABLE_BODY: Refusals = (Malformed, TooLarge, WrongMediaType)
ASKING: Refusals = (*UNREADABLE_BODY, TooLittleGiven, NotSignedIn, NotPermitted, RequestIdReused, CannotRecord, Fault)
LOOKING_BACK: Refusals = (NotSignedIn, NotFound, CannotRecord, Fault)
PUBLISHING: Refusals = (
    *UNREADABLE_BODY, NotSignedIn, NotPermitted, Superseded, RegisterUnavailable, CannotRecord, Fault
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """One address for one method: what it takes, what it gives, how it says no."""

    method: str
    path: str
    summary: str
    reply: type[Struct]
    body: type[Struct] | None = None
    refusals: Refusals = ()
    headers: tuple[str, ...] = ("X-Correlation-ID",)
    locked: bool = True
    says_no_with_its_reply: bool = False


class Document(Struct, frozen=True):
    """An OpenAPI 3.1 document."""

    openapi: str
    info: dict[str, str]
    paths: dict[str, Any]
    components: dict[str, Any]


ASKED = ("X-Request-ID", "X-Correlation-ID")
ADDRESSES = (
    Address("POST", "/v1/enquiries", "Ask about one child.", Answer, EnquiryBody, ASKING, ASKED),
    Address("GET", "/v1/enquiries/{enquiry}", "One's own enquiry: outcome and entry, no child.", OwnEnquiry,
            refusals=LOOKING_BACK),
    Address("GET", "/v1/receipts/{enquiry}", "The proof that one's own enquiry was recorded.", OwnReceipt,
            refusals=LOOKING_BACK),
    Address("PUT", "/v1/plans/{authority}/{ref}", "Publish a plan of one's own authority.", Published, Publication,
            PUBLISHING),
    Address("GET", "/v1/openapi.json", "This description.", Document, locked=False),
    Address("GET", "/health/live", "Does the process answer?", Live, locked=False),
    Address("GET", "/health/ready", "Can an enquiry be recorded and answered? 503 where not.", Ready,
            locked=False, says_no_with_its_reply=True),
)  # fmt: skip

PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "X-Request-ID": {
        "in": "header",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
        "description": "New for each enquiry. The same with the same body within 10 minutes is a repeat.",
    },
    "X-Correlation-ID": {
        "in": "header",
        "required": False,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
        "description": "Mirrored where it is short and plain; kept with the record.",
    },
    "enquiry": {"in": "path", "required": True, "schema": {"type": "string"}, "description": "An enquiry's id."},
    "authority": {"in": "path", "required": True, "schema": {"type": "string"}, "description": "Its code."},
    "ref": {
        "in": "path",
        "required": True,
        "schema": {"type": "string", "maxLength": 64},
        "description": "The authority's own reference of the plan. Let it not be an NHS number.",
    },
}
SENT_HEADERS: Mapping[str, Mapping[str, Any]] = {
    "Cache-Control": {"schema": {"const": "no-store"}},
    "X-Request-ID": {"schema": {"type": "string"}, "description": "As it was sent, where it was a UUID."},
    "X-Correlation-ID": {"schema": {"type": "string"}, "description": "As it was sent, where it was plain."},
}


def describe(*, demo: bool) -> bytes:
    """The document at ``/v1/openapi.json``."""
    bodies = [kind for address in ADDRESSES for kind in (address.body, address.reply) if kind]
    schemas, components = msgspec.json.schema_components([*bodies, Problem], ref_template="#/components/schemas/{name}")
    refs: Refs = dict(zip([*bodies, Problem], schemas, strict=True))
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Lookup", "version": "1", "description": _about(demo)},
        "security": [{"bearer": []}],
        "paths": {path: _methods(path, refs) for path in dict.fromkeys(address.path for address in ADDRESSES)},
        "components": {
            "schemas": components,
            "parameters": {name: {"name": name, **described} for name, described in PARAMETERS.items()},
            "headers": SENT_HEADERS,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }
    return msgspec.json.encode(document)


def _about(demo: bool) -> str:
    about = "Is there a plan for this child? No identifier of a child is ever in an address, a header or a log."
    return f"A DEMONSTRATION: every child in it is invented. {about}" if demo else about


def _methods(path: str, refs: Refs) -> dict[str, Any]:
    here = [address for address in ADDRESSES if address.path == path]
    return {address.method.lower(): _operation(address, refs) for address in here}


def _operation(address: Address, refs: Refs) -> dict[str, Any]:
    in_path = [name for name in PARAMETERS if f"{{{name}}}" in address.path]
    operation: dict[str, Any] = {
        "summary": address.summary,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in (*in_path, *address.headers)],
        "responses": {"200": _sent(address.summary, "application/json", refs[address.reply])},
    }
    if address.body is not None:
        content = {"application/json": {"schema": refs[address.body]}}
        operation["requestBody"] = {"required": True, "content": content}
    if not address.locked:
        operation["security"] = []
    if address.says_no_with_its_reply:
        operation["responses"]["503"] = _sent("Not ready.", "application/json", refs[address.reply])
    return operation | {"responses": operation["responses"] | _refused(address.refusals, refs)}


def _refused(refusals: Refusals, refs: Refs) -> dict[str, Any]:
    return {
        str(status): _sent(
            "\n".join(f"`{refusal.code}`: {refusal.title}" for refusal in refusals if refusal.status == status),
            "application/problem+json",
            refs[Problem],
        )
        for status in sorted({refusal.status for refusal in refusals})
    }


def _sent(description: str, content_type: str, schema: Any) -> dict[str, Any]:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in SENT_HEADERS}
    return {"description": description, "headers": headers, "content": {content_type: {"schema": schema}}}
