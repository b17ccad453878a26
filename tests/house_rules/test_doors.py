"""Every address declares its lock, and keeps it: each is called as a stranger, and by nobody's leave."""

from __future__ import annotations

from collections.abc import Iterable

import pysqlite3.dbapi2 as sqlite
import pytest
from flask import Blueprint, Flask, Response
from werkzeug.test import Client, TestResponse

from lookup.app import app_of
from lookup.doors import LOCKS, Doors, Lock, front
from lookup.house import House

# What anybody may see. Whoever adds a line here says with it that nothing of anybody is behind the address.
OPEN_TO_ALL = {
    ("GET", "/"),
    ("GET", "/assets/<path:name>"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/v1/openapi.json"),
}
# What changes nothing but a cookie, or is refused before anybody is known: no entry of a stranger's attempt.
UNRECORDED = {("POST", "/sign-in"), ("POST", "/sign-out")}
WORDS = {"enquiry": "0" * 26, "authority": "HGC", "ref": "CP-1", "name": "nothing.css"}


@pytest.fixture(scope="module")
def app(module_house: House) -> Flask:
    return app_of(module_house)


def addresses(app: Flask) -> set[tuple[str, str]]:
    """Every method and address that the application answers at; HEAD goes where GET goes."""
    return {(method, rule.rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - {"HEAD"}}


def locks(app: Flask) -> dict[tuple[str, str], Lock]:
    found: dict[tuple[str, str], Lock] = app.extensions.get(LOCKS, {})
    return found


def undeclared(app: Flask) -> set[tuple[str, str]]:
    return addresses(app) - set(locks(app))


def call(app: Flask, method: str, rule: str, **headers: str) -> TestResponse:
    path = rule.replace("<path:", "<")
    for name, word in WORDS.items():
        path = path.replace(f"<{name}>", word)
    assert "<" not in path, f"add a word for {rule}"
    return app.test_client().open(path, method=method, headers=headers)


def ajar(app: Flask, locked: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The locked addresses that answer a stranger with anything but 401."""
    return {(method, rule) for method, rule in locked if call(app, method, rule).status_code != 401}


def locked(app: Flask) -> set[tuple[str, str]]:
    return {address for address, lock in locks(app).items() if lock is not Lock.NONE}


def test_every_address_declares_its_lock(app: Flask) -> None:
    assert undeclared(app) == set()
    assert set(locks(app)) == addresses(app)


def test_only_what_is_listed_here_is_open_to_all(app: Flask) -> None:
    assert {address for address, lock in locks(app).items() if lock is Lock.NONE} == OPEN_TO_ALL


def test_every_locked_address_refuses_a_stranger(app: Flask) -> None:
    assert len(locked(app)) > 5
    assert ajar(app, locked(app)) == set()


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer x"}, {"Cookie": "lookup_session=x; session=y"}])
def test_every_locked_address_refuses_an_invented_key(app: Flask, headers: dict[str, str]) -> None:
    for method, rule in locked(app):
        assert call(app, method, rule, **headers).status_code == 401, (method, rule)


def test_every_address_that_changes_something_records_even_a_strangers_attempt(app: Flask, module_house: House) -> None:
    changing = {(method, rule) for method, rule in addresses(app) if method not in ("GET", "OPTIONS")}
    silent = set()
    for method, rule in changing:
        before = entries(module_house)
        call(app, method, rule)
        if entries(module_house) == before:
            silent.add((method, rule))
    assert silent <= UNRECORDED


def entries(house: House) -> int:
    """How many entries the trail has."""
    with sqlite.connect(str(house.settings.trail.store)) as connection:
        count: int = connection.execute("SELECT count(*) FROM entries").fetchone()[0]
    return count


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PATCH", "DELETE", "CONNECT"])
def test_no_address_answers_a_method_that_it_did_not_declare(app: Flask, method: str) -> None:
    for _, rule in addresses(app):
        reply = call(app, method, rule)
        assert reply.status_code == 405, (method, rule)
        assert "Allow" in reply.headers


@pytest.mark.bad_input(68)
def test_the_access_log_is_given_the_pattern_of_an_address_and_not_what_was_filled_in(app: Flask) -> None:
    seen: dict[str, str] = {}

    def watch(asked: dict[str, str], start: object) -> object:
        reply = app.wsgi_app(asked, start)  # type: ignore[arg-type]
        seen[asked["PATH_INFO"]] = asked["lookup.rule"]
        return reply

    client = Client(watch)  # type: ignore[arg-type]
    for path in ("/v1/enquiries/SECRET?q=9990000018", "/nowhere/9990000018", "/v1/plans/HGC/SECRET"):
        client.get(path)
    assert set(seen.values()) == {"/v1/enquiries/<enquiry>", "none"}


# ---- the rules notice what is wrong ---------------------------------------------------------------------------------


@pytest.fixture
def crooked(module_house: House) -> Flask:
    """An application with an address that declares nothing, and one that does not keep what it declares."""
    app = front(module_house.settings, b"k" * 32)
    blueprint = Blueprint("crooked", __name__)
    doors = Doors(blueprint)

    @doors.at("GET", "/ajar", Lock.BEARER)
    def ajar_door() -> Response:
        return Response("come in")

    @blueprint.get("/undeclared")
    def undeclared_door() -> Response:
        return Response("come in")

    app.register_blueprint(blueprint)
    return app


def test_an_address_without_a_lock_would_be_noticed(crooked: Flask) -> None:
    assert undeclared(crooked) == {("GET", "/undeclared")}


def test_a_lock_that_does_not_hold_would_be_noticed(crooked: Flask) -> None:
    assert ajar(crooked, locked(crooked)) == {("GET", "/ajar")}
