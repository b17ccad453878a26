"""Signing in and out, by password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import URLSafeTimedSerializer

from lookup.desk.accounts import set_disabled, set_role
from lookup.house import House
from lookup.identity import IDLE_LIMIT
from lookup.moments import now
from lookup.settings import trail_files
from lookup.trail.reading import Wanted, load_auditor, read_trail
from tests.rooms.visitor import Visitor, heading_of, words_of

NURSE = "amara.okafor"
COOKIE = "lookup_session"


def cookie_of(visitor: Visitor) -> str:
    kept = visitor.client.get_cookie(COOKIE)
    assert kept is not None
    return kept.value


def with_cookie(app: Flask, value: str) -> Visitor:
    visitor = Visitor(app)
    visitor.client.set_cookie(COOKIE, value)
    return visitor


def test_the_right_password_opens_the_form(stranger: Visitor) -> None:
    reply = stranger.sign_in(NURSE)
    assert (reply.status_code, reply.location) == (303, "/check")
    page = stranger.client.get("/check")
    assert (page.status_code, heading_of(page.text)) == (200, "Check a child")
    assert "Amara Okafor Triage nurse, North Green Hospital" in words_of(page.text)


@pytest.mark.bad_input(1)
def test_an_unknown_user_and_a_wrong_password_get_the_same_page(app: Flask) -> None:
    pages = []
    for user_id, password in ((NURSE, "not-this-one"), ("nobody.atall", "not-this-one")):
        reply = Visitor(app).sign_in(user_id, password)
        assert reply.status_code == 401
        pages.append(words_of(reply.text))
    assert pages[0] == pages[1]
    assert "The user name or the password is not right." in pages[0]


@pytest.mark.bad_input(18)
@pytest.mark.parametrize(("size", "status"), [(1025, 413), (1_000_000, 413)])
def test_a_huge_password_is_refused_before_hashing(
    stranger: Visitor, monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    monkeypatch.setattr("lookup.identity._is_right", lambda *_: pytest.fail("it was hashed"))
    reply = stranger.sign_in(NURSE, "x" * size)
    assert (reply.status_code, heading_of(reply.text)) == (status, "Sign in to check a child")


@pytest.mark.bad_input(6)
def test_the_old_cookie_after_signing_out_opens_nothing(app: Flask) -> None:
    visitor = Visitor(app)
    visitor.sign_in(NURSE)
    old = cookie_of(visitor)
    assert visitor.sign_out().location == "/sign-in"
    for stranger in (visitor, with_cookie(app, old)):
        assert stranger.client.get("/check").status_code == 401
        assert stranger.client.post("/check", data={}).status_code == 401


@pytest.mark.bad_input(7)
def test_a_session_ends_when_its_user_is_disabled(app: Flask, module_house: House) -> None:
    visitor = Visitor(app)
    visitor.sign_in("marcus.tully")
    with module_house.desk.writing() as connection:
        set_disabled(connection, "marcus.tully", True)
    assert visitor.client.get("/check").status_code == 401
    assert Visitor(app).sign_in("marcus.tully").status_code == 401


@pytest.mark.bad_input(25)
def test_a_role_taken_away_in_mid_session_is_gone_at_the_next_request(app: Flask, module_house: House) -> None:
    visitor = Visitor(app)
    visitor.sign_in("siobhan.keane")
    with module_house.desk.writing() as connection:
        set_role(connection, "siobhan.keane", "operator")
    reply = visitor.ask(family_name="Adeyinka", birth_year="2020", postcode="ZH1 9DJ")
    assert (reply.status_code, heading_of(reply.text)) == (403, "The sharing agreement does not permit this")


@pytest.mark.bad_input(8)
def test_a_planted_session_is_changed_at_sign_in_and_ended(app: Flask) -> None:
    attacker = Visitor(app)
    attacker.sign_in("priya.raman")
    planted = cookie_of(attacker)
    victim = with_cookie(app, planted)
    victim.sign_in(NURSE)
    assert cookie_of(victim) != planted
    assert "Amara Okafor" in victim.client.get("/check").text
    assert with_cookie(app, planted).client.get("/check").status_code == 401


@pytest.mark.bad_input(9)
@pytest.mark.parametrize(
    ("after", "uses", "status"),
    [
        (IDLE_LIMIT - timedelta(seconds=5), 1, 200),
        (IDLE_LIMIT + timedelta(seconds=5), 1, 401),
        (timedelta(minutes=14), 50, 200),
        (timedelta(minutes=14), 52, 401),
    ],
)
def test_a_session_ends_after_15_minutes_idle_and_12_hours_in_all(
    app: Flask, monkeypatch: pytest.MonkeyPatch, after: timedelta, uses: int, status: int
) -> None:
    visitor = Visitor(app)
    visitor.sign_in(NURSE)
    began = now()
    for use in range(1, uses + 1):
        monkeypatch.setattr("lookup.pages.sessions.now", lambda use=use: began + use * after)
        reply = visitor.client.get("/check")
    assert reply.status_code == status
    if status == 401:
        assert "Your session has ended" in words_of(reply.text)


def test_the_cookie_names_nobody_and_is_kept_from_scripts(stranger: Visitor) -> None:
    cookie = stranger.sign_in(NURSE).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    payload = cookie.split("=", 1)[1].split(";")[0].rsplit(".", 2)[0].encode()
    content = URLSafeTimedSerializer("", serializer=TaggedJSONSerializer()).load_payload(payload)
    assert set(content) <= {"_user_id", "csrf_token"}
    assert NURSE not in str(content)


def test_every_try_to_sign_in_is_in_the_trail(app: Flask, module_house: House) -> None:
    Visitor(app).sign_in("daniel.osei", "not-this-one")
    Visitor(app).sign_in("daniel.osei")
    folder, always = module_house.settings.folder, (0, 2**40)
    wanted = Wanted(practitioner="daniel.osei")
    _, found = read_trail(trail_files(folder), load_auditor(folder), wanted, "a test of signing in", always)
    tried = [shown.record for shown in found if shown.record["purpose"] == "sign_in"]
    assert [(r["outcome"], r.get("refusal"), r["door"]) for r in tried] == [
        ("refused", "not_signed_in", "pages"),
        ("signed_in", None, "pages"),
    ]


def test_a_stranger_is_asked_to_sign_in(stranger: Visitor) -> None:
    for method, address in (("GET", "/check"), ("POST", "/check"), ("POST", "/sign-out")):
        reply = stranger.client.open(address, method=method)
        assert (reply.status_code, heading_of(reply.text)) == (401, "Sign in to check a child")
        assert "WWW-Authenticate" in reply.headers
    assert stranger.client.get("/").location == "/sign-in"


def test_a_sign_in_from_another_sites_page_is_refused(stranger: Visitor) -> None:
    given = {"user_id": NURSE, "password": "harrow-green-amara"}
    reply = stranger.client.post("/sign-in", data=given)
    assert reply.status_code == 400
    assert "did not come from here" in words_of(reply.text)
    assert stranger.client.get("/check").status_code == 401
