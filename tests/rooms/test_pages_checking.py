"""The search form and its answer, without a browser: for each outcome, each role, and whatever goes wrong."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from flask import Flask

from lookup.demo.borough import Borough
from lookup.demo.building import Demo
from lookup.demo.running import make_fresh, make_stale
from lookup.house import House
from lookup.pages.words import OUTCOMES
from lookup.settings import trail_files
from lookup.trail.reading import Wanted, load_auditor, read_trail
from tests.rooms.visitor import Visitor, heading_of, typed_of, words_of

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "' onfocus='alert(1)' autofocus='",
    "</title><svg/onload=alert(1)>",
)


def kind(borough: Borough, name: str, *without: str) -> dict[str, str]:
    return typed_of({key: text for key, text in borough.kinds[name].items() if key not in without})


def elements_of(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """Every element of the page with its attributes, as a browser's parser sees them."""
    found: list[tuple[str, dict[str, str | None]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))  # type: ignore[method-assign]
    parser.feed(page)
    return found


def record_of(house: House, page: str) -> dict[str, object]:
    """What the trail says of the answer on this page."""
    index = re.search(r"entry (\d+) of the audit trail", words_of(page))
    assert index
    folder = house.settings.folder
    _, found = read_trail(trail_files(folder), load_auditor(folder), Wanted(), "a test of a page", (0, 2**40))
    return next(shown.record for shown in found if shown.index == int(index[1]))


@pytest.mark.parametrize(
    ("child", "without", "heading", "said"),
    [
        ("on_plan", (), "On a child protection plan", "Ring now Harrow Green Council"),
        ("looked_after", (), "In care (looked after)", "Not on a child protection plan"),
        ("plan_ended", (), "Plan ended", "If you are worried, ring Harrow Green Council"),
        ("not_on_register", (), "No plan found", "This does not mean that there are no concerns"),
        ("on_plan", ("family_name", "given_name", "birth_date", "postcode"), "More detail is needed", "date of birth"),
        ("unborn", (), "On a child protection plan", "a plan made before birth"),
        ("restricted", (), "On a child protection plan", "Protected records desk 020 7946 0003"),
        ("sibling_not_on_register", (), "No plan found", "Another child of this household has a child protection plan"),
        ("twin", (), "More detail is needed", "What would help: given name"),
    ],
)
def test_each_outcome_is_said_at_the_top(
    nurse: Visitor, borough: Borough, child: str, without: tuple[str, ...], heading: str, said: str
) -> None:
    reply = nurse.ask(**kind(borough, child, *without))
    assert (reply.status_code, heading_of(reply.text)) == (200, heading)
    assert said in words_of(reply.text)


def test_a_stale_register_is_could_not_check_and_says_why(nurse: Visitor, borough: Borough, module_demo: Demo) -> None:
    make_stale(module_demo, "FWC")
    try:
        reply = nurse.ask(**kind(borough, "not_on_register"))
    finally:
        make_fresh(module_demo, "FWC")
    assert heading_of(reply.text) == "Could not check"
    said = words_of(reply.text)
    assert "The register of Fenwick Council was last complete 36 hours ago" in said
    assert "36 hours ago too old to rely on" in said
    assert "Registers checked" not in said


def test_no_two_outcomes_share_a_heading_or_a_shape() -> None:
    assert len({words.heading for words in OUTCOMES.values()}) == len({w.shape for w in OUTCOMES.values()}) == 6


def test_the_answer_says_whom_it_is_about_and_what_agreed(nurse: Visitor, borough: Borough) -> None:
    said = words_of(nurse.ask(**kind(borough, "on_plan")).text)
    assert "You asked about: Tamsin Adeyinka , born" in said
    assert "Agrees with the register NHS number, Family name, Given name, Date of birth, Postcode" in said


@pytest.mark.bad_input(28)
def test_a_restricted_childs_page_names_no_council_but_the_broker(nurse: Visitor, borough: Borough) -> None:
    said = words_of(nurse.ask(**kind(borough, "restricted")).text)
    assert "Council" not in said
    assert "020 7946 0002" not in said


def test_every_answer_on_a_page_was_recorded_through_the_same_path(
    nurse: Visitor, borough: Borough, module_house: House
) -> None:
    record = record_of(module_house, nurse.ask(**kind(borough, "on_plan")).text)
    named = {name: record[name] for name in ("door", "user_id", "purpose", "outcome")}
    assert named == {
        "door": "pages",
        "user_id": "amara.okafor",
        "purpose": "unscheduled_care",
        "outcome": "on_plan",
    }


@pytest.mark.bad_input(69)
def test_the_same_form_sent_twice_is_one_enquiry(nurse: Visitor, borough: Borough) -> None:
    asked = {**kind(borough, "on_plan"), "request_id": str(uuid4())}
    first, second = (re.findall(r"Enquiry (\w{26})", nurse.ask(**asked).text) for _ in range(2))
    assert first == second
    changed = nurse.ask(**asked | {"given_name": "Tamsyn"})
    assert (changed.status_code, heading_of(changed.text)) == (422, "Check a child")
    assert "sent once already" in words_of(changed.text)


# ---- who may see what, in the words of the page


@pytest.mark.parametrize(
    ("user_id", "purpose", "shown", "hidden"),
    [
        ("amara.okafor", "unscheduled_care", ("Safety actions now", "Core group"), ("Risk", "What health does")),
        ("daniel.osei", "unscheduled_care", ("Risk", "What health does"), ("What police do", "Address", "Versions")),
        ("helen.marsh", "direct_care", ("What health does", "Address", "School"), ("What police do", "Versions")),
        ("owen.pritchard", "police_protection", ("Risk", "What police do"), ("What health does", "Monitoring")),
        ("ruth.adjei", "plan_ownership", ("Versions", "What police do", "Who asked, and why"), ()),
        ("graham.holt", "plan_ownership", ("Safety actions now",), ("Risk", "Core group", "Versions")),
    ],
)  # fmt: skip
def test_each_role_reads_its_own_part_of_the_plan(
    app: Flask, borough: Borough, user_id: str, purpose: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    visitor = Visitor(app)
    visitor.sign_in(user_id)
    page = visitor.ask(**kind(borough, "on_plan"), purpose=purpose, detail="plan").text
    captions = [words_of(found) for found in re.findall(r"<(?:dt|h2|h3)[^>]*>(.*?)</(?:dt|h2|h3)>", page, re.DOTALL)]
    assert [caption for caption in shown if caption not in captions] == []
    assert [caption for caption in hidden if caption in captions] == []


@pytest.mark.parametrize(
    ("user_id", "logo"), [("amara.okafor", 1), ("helen.marsh", 1), ("owen.pritchard", 0), ("ruth.adjei", 0)]
)
def test_police_and_council_see_the_services_own_name_not_the_nhs_logo(app: Flask, user_id: str, logo: int) -> None:
    visitor = Visitor(app)
    visitor.sign_in(user_id)
    page = visitor.client.get("/check").text
    assert page.count("nhsuk-header__logo") == logo
    assert "Lookup" in words_of(page)


@pytest.mark.parametrize("user_id", ["denise.farrow", "judith.elms", "colin.varley", "samira.naqvi", "miriam.cole"])
def test_a_role_without_a_search_is_told_so_and_refused_if_it_tries(app: Flask, user_id: str) -> None:
    visitor = Visitor(app)
    visitor.sign_in(user_id)
    assert "no search for a child" in words_of(visitor.client.get("/check").text)
    reply = visitor.ask(family_name="Adeyinka", birth_year="2020", postcode="ZH1 9DJ")
    assert (reply.status_code, heading_of(reply.text)) == (403, "The sharing agreement does not permit this")


@pytest.mark.bad_input(23, 26)
@pytest.mark.parametrize(("purpose", "status"), [("", 400), ("nosiness", 400), ("direct_care", 403)])
def test_a_purpose_that_is_missing_unknown_or_not_theirs_is_refused(app: Flask, purpose: str, status: int) -> None:
    visitor = Visitor(app)
    visitor.sign_in("owen.pritchard")
    reply = visitor.ask(family_name="Adeyinka", birth_year="2020", postcode="ZH1 9DJ", purpose=purpose)
    assert reply.status_code == status


def test_a_police_enquiry_asks_for_its_incident_number(app: Flask, borough: Borough) -> None:
    visitor = Visitor(app)
    visitor.sign_in("owen.pritchard")
    reply = visitor.ask(**kind(borough, "on_plan"), purpose="police_enquiry")
    assert reply.status_code == 400
    assert "Incident number: Give the incident number." in words_of(reply.text)
    assert heading_of(visitor.ask(**kind(borough, "on_plan"), purpose="police_enquiry", reference="4417/26").text)


# ---- what is wrong


def test_an_error_names_its_box_and_keeps_what_was_typed(nurse: Visitor) -> None:
    reply = nurse.ask(nhs_number="999 123", family_name="O’Brien", birth_day="9", birth_year="2021")
    assert (reply.status_code, heading_of(reply.text)) == (400, "Check a child")
    assert 'href="#nhs_number"' in reply.text
    assert 'href="#birth-birth_day"' in reply.text
    assert "<title>Error: Check a child" in reply.text
    assert all(f'value="{typed}"' in reply.text for typed in ("999 123", "O’Brien", "9", "2021"))


@pytest.mark.bad_input(34)
def test_a_name_alone_is_too_little(nurse: Visitor) -> None:
    reply = nurse.ask(family_name="Adeyinka")
    assert reply.status_code == 400
    assert "Give at least a name and a date of birth" in words_of(reply.text)


@pytest.mark.bad_input(46)
@pytest.mark.parametrize("name", ["Null", "Test", "O'Brien", "X", "A" * 200, "Baby", "Unknown", "Ünal-Şahin", "ß"])
def test_odd_names_are_taken_and_shown_as_they_were_typed(nurse: Visitor, name: str) -> None:
    reply = nurse.ask(family_name=name, given_name="Sam", birth_year="2019", birth_month="4", birth_day="1")
    assert reply.status_code == 200
    assert f"Sam {name}" in words_of(reply.text)


@pytest.mark.bad_input(47)
@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("born", ["2019", "2o19"])
def test_markup_in_a_name_is_inert_in_the_answer_and_in_the_form(nurse: Visitor, payload: str, born: str) -> None:
    page = nurse.ask(family_name=payload, given_name=payload, birth_year=born, postcode="ZH1 9DJ").text
    elements = elements_of(page)
    assert [attributes for tag, attributes in elements if tag in ("script", "img") and "nonce" not in attributes] == []
    assert [name for _, attributes in elements for name in attributes if name.startswith("on")] == []
    assert payload in words_of(page) or payload in [attributes.get("value") for _, attributes in elements]
    assert "49" not in words_of(page).split()


@pytest.mark.bad_input(38, 39)
@pytest.mark.parametrize("number", ["9" * 10, "0000000000", "９９９６８７３０７２", "9996873073"])
def test_a_number_that_is_none_is_refused_in_plain_words(nurse: Visitor, number: str) -> None:
    reply = nurse.ask(nhs_number=number, birth_year="2020")
    assert reply.status_code == 400
    assert "NHS number:" in words_of(reply.text)


def test_a_field_sent_twice_is_refused_and_recorded(nurse: Visitor) -> None:
    page = nurse.client.get("/check").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    form = {"csrf_token": token, "request_id": str(uuid4()), "purpose": ["unscheduled_care", "direct_care"]}
    reply = nurse.client.post("/check", data=form)
    assert reply.status_code == 400
    assert "given twice" in words_of(reply.text)


def test_a_post_from_another_sites_page_gets_a_plain_page_and_no_answer(nurse: Visitor, borough: Borough) -> None:
    form = {**kind(borough, "on_plan"), "purpose": "unscheduled_care", "csrf_token": "forged"}
    reply = nurse.client.post("/check", data=form)
    assert (reply.status_code, heading_of(reply.text)) == (400, "Check a child")
    assert "did not come from here" in words_of(reply.text)


@pytest.mark.bad_input(67)
def test_a_body_that_is_too_large_gets_the_form_again(nurse: Visitor) -> None:
    reply = nurse.ask(family_name="A" * 300_000)
    assert (reply.status_code, heading_of(reply.text)) == (413, "Check a child")


def test_other_methods_are_not_taken(nurse: Visitor) -> None:
    assert nurse.client.head("/check").status_code == 200
    assert nurse.client.head("/check").data == b""
    for method in ("PUT", "DELETE", "PATCH"):
        assert nurse.client.open("/check", method=method).status_code == 405
    assert nurse.client.get("/sign-out").status_code == 405


@pytest.mark.bad_input(68)
def test_nothing_of_an_address_is_put_into_the_form(nurse: Visitor) -> None:
    assert "Adeyinka" not in nurse.client.get("/check?family_name=Adeyinka").text


@pytest.mark.bad_input(73)
def test_when_nothing_can_be_recorded_the_page_says_whom_to_ring(app: Flask, module_house: House) -> None:
    visitor = Visitor(app)
    visitor.sign_in("amara.okafor")
    pages = []
    with module_house.desk.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE enquiries RENAME TO away")
    try:
        pages += [visitor.ask(family_name="Adeyinka", birth_year="2020", given_name=name) for name in ("A", "Tamsin")]
    finally:
        with module_house.desk.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO enquiries")
    assert [page.status_code for page in pages] == [503, 503]
    assert pages[0].data == pages[1].data
    assert heading_of(pages[0].text) == "This service cannot answer now"
    assert "Harrow Green Council Monday to Friday, 9am to 5pm: 020 7946 0001" in words_of(pages[0].text)


# ---- headers


@pytest.mark.parametrize("address", ["/sign-in", "/check"])
def test_each_page_has_its_own_nonce_and_is_kept_nowhere(nurse: Visitor, address: str) -> None:
    replies = [nurse.client.get(address) for _ in range(2)]
    nonces = []
    for reply in replies:
        assert reply.headers["Cache-Control"] == "no-store"
        policy = dict(part.strip().split(" ", 1) for part in reply.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["connect-src"] == policy["font-src"] == policy["base-uri"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == policy["style-src"] == policy["img-src"] == "'self'"
        nonces.append(policy["script-src"].removeprefix("'nonce-").removesuffix("'"))
        assert set(re.findall(r'<script[^>]*nonce="([^"]*)"', reply.text)) == {nonces[-1]}
        assert " style=" not in reply.text
    assert nonces[0] != nonces[1]


def test_every_page_of_the_demo_says_that_it_is_one(nurse: Visitor, stranger: Visitor) -> None:
    pages = [stranger.client.get("/sign-in"), stranger.client.get("/check"), nurse.client.get("/check"), nurse.ask()]
    assert all("DEMO Every child here is invented" in words_of(page.text) for page in pages)
