"""What is typed wrong, sent wrong or meant badly, at the JSON door: a clear refusal, recorded, and nothing repeated."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from lookup.audit_log import REFUSED
from lookup.finding import cleaned
from lookup.settings import read_settings
from tests.journeys.plans import ROSALIND, a_plan
from tests.journeys.town import Town, answer, everything_in, refusal

PAYLOADS = [
    "<script>alert(1)</script>", "{{7*7}}", "{%x%}", '" onload="x', "'; DROP TABLE children; --", "${jndi:x}",
    "=HYPERLINK(1)", "\r\nSet-Cookie: a=b", "\\u0000", "𝕏", "‮gnat",
]  # fmt: skip


def send(town: Town, body: bytes | str, **headers: str) -> Any:
    sent = {"X-Request-ID": str(uuid4()), **{name.replace("_", "-"): text for name, text in headers.items()}}
    return town["triage_nurse"].send("POST", "/v1/enquiries", body.encode() if isinstance(body, str) else body, sent)


def asked(town: Town, **details: Any) -> Any:
    return town["triage_nurse"].ask({"family_name": "Adeyinka", "birth_date": "2020-09-09", **details})


# ---- the body -------------------------------------------------------------------------------------------------------


@pytest.mark.bad_input(24)
def test_every_unknown_and_wrong_field_is_named_at_once_and_none_is_repeated(town: Town) -> None:
    reply = asked(town, nickname="Tam", nhs_number=9996873072, sex="girl", detail="everything", **{"9990000018": 1})
    assert refusal(reply) == (
        400,
        "malformed_request",
        ["$.nickname", "$", "$.detail", "$.nhs_number", "$.sex"],
    )
    said = everything_in(reply)
    assert not [word for word in ("Tam", "9996873072", "9990000018", "girl", "everything") if word in said]


@pytest.mark.bad_input(24)
def test_a_thousand_unknown_fields_are_refused_recorded_and_not_all_listed(town: Town) -> None:
    letters = "abcdefghij"
    names = ["".join(letters[int(digit)] for digit in f"{n:04}") * 8 for n in range(4000)]
    reply = asked(town, **dict.fromkeys(names, 1))
    assert refusal(reply)[:2] == (400, "malformed_request")
    assert 0 < len(reply.get_json()["fields"]) <= 100
    assert town.record_of(reply)["flags"] == REFUSED


@pytest.mark.bad_input(65)
@pytest.mark.parametrize("deep", ['{"a":', "["])
def test_json_that_is_nested_a_hundred_thousand_deep_is_refused(town: Town, deep: str) -> None:
    assert refusal(send(town, deep * 40_000 if deep != "[" else deep * 100_000)) == (400, "malformed_request", [])


@pytest.mark.bad_input(66)
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999999", "9" * 5000])
def test_numbers_that_json_does_not_have_are_refused(town: Town, number: str) -> None:
    body = f'{{"purpose":"unscheduled_care","family_name":"Adeyinka","birth_date":{number}}}'
    assert refusal(send(town, body))[:2] == (400, "malformed_request")


@pytest.mark.bad_input(66)
@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('{"family_name":"A","family_name":"B"}', "$.family_name"),
        ('{"family_name":"A","\\u0066amily_name":"B"}', "$.family_name"),
        ('{"break_glass":{"code":"other","code":"other"}}', "$.code"),
        ('{"x y":1,"x y":2}', "$"),
    ],
)
def test_a_key_that_is_given_twice_is_refused(town: Town, body: str, path: str) -> None:
    assert refusal(send(town, body)) == (400, "malformed_request", [path])


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"null", b"[]", b'"text"', b"1", b"{", b"{}}", b"\xff\xfe{}", b"\xef\xbb\xbf{}", b'{"a":"\xff"}',
     b'{"family_name":"\\ud800"}', b"nhs_number=9990000018", b"{'purpose':1}", b'{"a":1,}', b"\x00"],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_refused(town: Town, body: bytes) -> None:
    assert refusal(send(town, body))[:2] == (400, "malformed_request")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_of_another_kind_is_refused(town: Town, kind: str) -> None:
    assert refusal(send(town, b"{}", Content_Type=kind)) == (415, "wrong_media_type", [])


@pytest.mark.bad_input(67)
def test_a_body_that_is_too_large_is_refused(town: Town) -> None:
    assert refusal(send(town, b'{"reason":"' + b"x" * 300_000 + b'"}')) == (413, "request_too_large", [])


# ---- numbers and dates ----------------------------------------------------------------------------------------------

NUMBERS: list[tuple[int, Any, str]] = [
    (38, "1111111111", "Ten equal digits are not an NHS number."),
    (38, "0000000000", "Ten equal digits are not an NHS number."),
    (39, "９９９００００１８", ""),
    (39, "٩٩٩٠٠٠٠٠١٨", ""),
    (39, "9990000018\n", ""),
    (39, "9990000018\t", ""),
    (39, "999\u00a0000\u00a00018", ""),
    (40, 9990000018, "must be ten digits as text, in quotes: a number loses its leading zeros"),
    (40, "999000001", ""),
    (40, "9.99E+09", ""),
    (40, "9990000018.0", ""),
    (40, 9.99e9, "must be ten digits as text, in quotes: a number loses its leading zeros"),
    (42, "9900900018", ""),
    (42, "9990000081", ""),
    (38, "abcdefghij", ""),
    (38, "999000001８", ""),
]


@pytest.mark.bad_input(38, 39, 40, 42)
@pytest.mark.parametrize("field", ["nhs_number", "mother_nhs_number"])
@pytest.mark.parametrize(("_number", "typed", "problem"), NUMBERS)
def test_what_only_looks_like_an_nhs_number_is_refused_with_a_hint(
    town: Town, field: str, _number: int, typed: Any, problem: str
) -> None:
    reply = town["triage_nurse"].ask({field: typed, "birth_date": "2019-04-02", "mother_birth_date": "1990-01-01"})
    assert refusal(reply) == (400, "malformed_request", [f"$.{field}"])
    (said,) = reply.get_json()["fields"]
    assert said["problem"] == problem if problem else len(said["problem"]) > 20
    assert str(typed).strip() not in everything_in(reply)


@pytest.mark.parametrize("typed", ["999 000 0018", "999-000-0018", " 9990000018 "])
def test_spaces_and_hyphens_in_an_nhs_number_are_fine(town: Town, typed: str) -> None:
    reply = town["triage_nurse"].ask({"nhs_number": typed, "birth_date": "2019-04-02"})
    assert answer(reply)["child"]["nhs_number"] == typed


@pytest.mark.bad_input(41)
@pytest.mark.parametrize("number", ["9990000018", "9000000009"])
def test_outside_the_demo_a_test_number_is_refused(own_town: Town, number: str) -> None:
    house = own_town.house
    real = replace(
        house,
        settings=replace(house.settings, demo=False, public_url="https://lookup.example"),
        enquiries=replace(house.enquiries, demo=False),
    )
    reply = Town(real, own_town.borough)["triage_nurse"].ask({"nhs_number": number, "birth_date": "2019-04-02"})
    assert refusal(reply) == (400, "malformed_request", ["$.nhs_number"])
    assert "tests" in reply.get_json()["fields"][0]["problem"]
    assert "demo" not in reply.get_json()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("birth_date", "02/04/2019x"), ("birth_date", "2019-13-01"), ("birth_date", "2019-02-30"),
        ("birth_date", "2999-01-01"), ("birth_date", "1066-01-01"), ("birth_date", "yesterday"),
        ("postcode", "London"), ("postcode", "ZZ"), ("family_name", "Ade*"), ("family_name", "%"),
        ("given_name", "_"), ("given_name", "T?m"), ("family_name", "a\x00b"),
    ],
)  # fmt: skip
@pytest.mark.bad_input(34)
def test_a_detail_that_cannot_be_right_is_refused_by_its_path(town: Town, field: str, typed: str) -> None:
    assert refusal(asked(town, **{field: typed})) == (400, "malformed_request", [f"$.{field}"])


@pytest.mark.bad_input(34)
@pytest.mark.parametrize(
    "details",
    [{}, {"family_name": "Adeyinka"}, {"given_name": "Tamsin", "sex": "female"}, {"birth_date": "2020-09-09"},
     {"postcode": "ZH1 9DJ"}, {"postcode": "ZH1 9DJ", "birth_date": "2020-09-09"},
     {"family_name": "Adeyinka", "postcode": "ZH1 9DJ"}, {"family_name": "Adeyinka", "birth_date": "2020"}],
)  # fmt: skip
def test_too_little_to_search_by_is_refused(town: Town, details: dict[str, str]) -> None:
    assert refusal(town["triage_nurse"].ask(details)) == (400, "too_little_given", [])


# ---- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.bad_input(46)
@pytest.mark.parametrize(
    "name",
    ["Null", "Test", "O'Brien", "O\u2019Brien", "X", "n" * 200, "Baby", "Unknown", "None", "NaN", "undefined", "True",
     "李", "Ng", "de la Cruz-O'Neill", "Þórð", "ẞ", "İ"],
)  # fmt: skip
def test_a_name_is_whatever_it_is_and_comes_back_as_it_was_typed(town: Town, name: str) -> None:
    reply = asked(town, family_name=name, given_name=name)
    assert answer(reply)["child"]["family_name"] == name
    assert answer(reply)["child"]["given_name"] == name
    assert town.record_of(reply)["sought"]["family_name"] == name


@pytest.mark.bad_input(46)
def test_a_child_without_a_family_name_can_be_asked_about(town: Town) -> None:
    assert answer(asked(town, family_name="", given_name="Zoltan"))["outcome"] == "no_plan_found"


@pytest.mark.bad_input(46)
def test_a_name_of_201_characters_is_refused(town: Town) -> None:
    assert refusal(asked(town, family_name="n" * 201)) == (400, "malformed_request", ["$.family_name"])


@pytest.mark.bad_input(47)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_a_name_is_a_name_and_nothing_more(town: Town, payload: str) -> None:
    reply = asked(town, given_name=payload)
    assert reply.status_code == 200
    assert reply.content_type == "application/json"
    assert "<" not in payload or reply.headers["X-Content-Type-Options"] == "nosniff"
    assert json.loads(reply.data)["child"]["given_name"] == cleaned(payload)[0]
    assert town.record_of(reply)["sought"]["given_name"] == payload
    assert payload not in str(reply.headers)


@pytest.mark.bad_input(47)
def test_the_longest_that_can_be_asked_fits_its_entry(town: Town) -> None:
    wide = "\U0001f476"
    reply = town["police_officer"].ask(
        {"family_name": wide * 200, "given_name": wide * 200, "birth_date": "2019-04-02", "postcode": "ZH1 9DJ"},
        "police_enquiry",
        reference=wide * 64,
        reason=wide * 500,
        nhs_number="9990000018",
        mother_nhs_number="9990000026",
        mother_birth_date="1990-01-01",
    )
    assert reply.status_code == 200
    assert town.record_of(reply)["reason"] == wide * 500


@pytest.mark.bad_input(48)
def test_the_details_of_one_child_with_the_number_of_another_show_neither(own_town: Town) -> None:
    own_town["ruth.adjei"].publish("HGC/T-1", a_plan())
    mixed = {**own_town.kind("on_plan"), "nhs_number": ROSALIND["nhs_number"]}
    body = answer(own_town["triage_nurse"].ask(mixed))
    assert body["outcome"] == "needs_more_detail"
    assert "Rosalind" not in str(body)


# ---- addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.bad_input(68)
def test_a_query_is_neither_read_nor_repeated_nor_recorded(town: Town) -> None:
    body = b'{"family_name":"Tierney","given_name":"Oisin","birth_date":"2019-10-11"}'
    path = "/v1/enquiries?purpose=unscheduled_care&nhs_number=9996873072"
    reply = town["triage_nurse"].send("POST", path, body, {"X-Request-ID": str(uuid4())})
    assert refusal(reply) == (400, "malformed_request", ["$.purpose"])
    assert "9996873072" not in everything_in(reply) + str(town.record_of(reply))


@pytest.mark.bad_input(68)
def test_no_address_takes_an_identifier_of_a_child(town: Town) -> None:
    taken = {(rule.rule, name) for rule in town.app.url_map.iter_rules() for name in rule.arguments}
    assert {name for _, name in taken} <= {"enquiry", "authority", "ref", "name"}
    assert all(rule.startswith("/assets/") for rule, name in taken if name == "name")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/enquiries", 405, "wrong_method"),
        ("DELETE", "/v1/plans/HGC/CP-1", 405, "wrong_method"),
        ("POST", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1/children/9990000018", 404, "not_found"),
        ("POST", "/v1/enquiries/", 404, "not_found"),
    ],
)
def test_an_address_that_is_not_there_says_so_and_nothing_else(
    town: Town, method: str, path: str, status: int, code: str
) -> None:
    reply = town.app.test_client().open(path, method=method)
    assert (reply.status_code, reply.content_type) == (status, "application/problem+json")
    assert reply.get_json().keys() <= {"type", "title", "status", "code", "detail"}
    assert (reply.get_json()["code"], reply.headers["Cache-Control"]) == (code, "no-store")
    assert "9990000018" not in everything_in(reply)


@pytest.mark.parametrize("host", ["lookup.example", "127.0.0.1.nip.io", "10.0.0.1", "[::2]"])
def test_the_demo_answers_to_no_other_name_than_this_machines(town: Town, host: str) -> None:
    reply = town.app.test_client().get("/health/live", headers={"Host": host})
    assert (reply.status_code, reply.get_json()["code"]) == (403, "not_permitted")


def test_the_demo_answers_nobody_from_another_machine(town: Town) -> None:
    reply = town.app.test_client().get("/health/live", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert (reply.status_code, reply.get_json()["code"]) == (403, "not_permitted")


def test_settings_are_read_from_the_folder_as_they_are(town: Town) -> None:
    assert read_settings(town.house.settings.folder, {}) == town.house.settings


@pytest.mark.bad_input(44)
def test_characters_that_cannot_be_seen_are_removed_from_a_name_and_reported(town: Town) -> None:
    child = town.kind("on_plan")
    hidden = {**child, "family_name": f"\u202e{child['family_name']}\u200b"}
    said = answer(town["triage_nurse"].ask(hidden))
    assert said["outcome"] == "on_plan"
    assert said["child"]["family_name"] == child["family_name"]
    assert said["child"]["removed_characters"] == ["family_name"]
