"""The description of the API is true: the same addresses as the application's, and whole in itself."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask

from lookup.app import app_of
from lookup.house import House
from lookup.openapi import ADDRESSES, describe

DOCUMENT: dict[str, Any] = json.loads(describe(demo=False))
OPERATIONS = [(path, method, op) for path, methods in DOCUMENT["paths"].items() for method, op in methods.items()]


@pytest.fixture(scope="module")
def app(module_house: House) -> Flask:
    return app_of(module_house)


def addresses_of(app: Flask) -> set[tuple[str, str]]:
    """Every method and address of the JSON API and of whoever watches the service, as the document writes them."""
    return {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(("/v1/", "/health/"))
    }


def refs_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(refs_in, value.values()))
    return set().union(*map(refs_in, value)) if isinstance(value, list) else set()


def test_the_document_describes_every_address_and_no_other(app: Flask) -> None:
    assert {(method.upper(), path) for path, method, _ in OPERATIONS} == addresses_of(app)


def test_an_address_that_is_not_described_would_be_noticed(app: Flask) -> None:
    undescribed = Flask("undescribed")
    undescribed.add_url_rule("/v1/children/<child>", view_func=lambda child: child)
    assert addresses_of(undescribed) - addresses_of(app) == {("GET", "/v1/children/{child}")}


def test_the_document_is_served_to_anybody(app: Flask) -> None:
    reply = app.test_client().get("/v1/openapi.json")
    assert (reply.status_code, reply.content_type) == (200, "application/json")
    assert reply.get_json() == json.loads(describe(demo=True))


def test_everything_that_the_document_refers_to_is_in_it() -> None:
    for ref in refs_in(DOCUMENT):
        part: Any = DOCUMENT
        for step in ref.removeprefix("#/").split("/"):
            part = part[step]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=lambda part: str(part)[:40])
def test_every_operation_says_who_may_pass_and_what_it_sends(path: str, method: str, operation: dict[str, Any]) -> None:
    locked = operation.get("security", DOCUMENT["security"]) != []
    assert locked == path.startswith(("/v1/enquiries", "/v1/receipts", "/v1/plans"))
    assert ("401" in operation["responses"]) == locked
    named = {ref.rsplit("/", 1)[1] for ref in refs_in(operation["parameters"])}
    assert set(re.findall(r"\{(\w+)\}", path)) | {"X-Correlation-ID"} <= named
    assert ("X-Request-ID" in named) == ((method, path) == ("post", "/v1/enquiries"))
    assert ("requestBody" in operation) == (method in ("post", "put"))
    assert all(response["content"] for response in operation["responses"].values())


def test_every_status_names_the_codes_that_it_is_sent_with() -> None:
    for address in ADDRESSES:
        responses = DOCUMENT["paths"][address.path][address.method.lower()]["responses"]
        for refusal in address.refusals:
            assert f"`{refusal.code}`: {refusal.title}" in responses[str(refusal.status)]["description"]
