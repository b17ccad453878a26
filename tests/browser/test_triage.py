"""A triage nurse at night: one screen, one field, an answer that cannot be misread."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from lookup.demo.building import Demo, demo_client
from lookup.demo.running import make_fresh, make_stale
from lookup.house import House, open_house
from lookup.moments import london_day, now
from lookup.settings import read_settings
from lookup.visit import Knock
from tests.browser.triage import Triage

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "triage.png"
EARLIER = (
    (341, "amara.okafor", "unscheduled_care"),
    (198, "helen.marsh", "direct_care"),
    (96, "siobhan.keane", "unscheduled_care"),
    (33, "amara.okafor", "unscheduled_care"),
    (33, "siobhan.keane", "unscheduled_care"),
    (12, "owen.pritchard", "police_protection"),
    (4, "marcus.tully", "unscheduled_care"),
)

OUTCOMES = [
    ("on_plan", (), "On a child protection plan"),
    ("looked_after", (), "In care (looked after)"),
    ("plan_ended", (), "Plan ended"),
    ("not_on_register", (), "No plan found"),
    ("twin", (), "More detail is needed"),
    ("unborn", (), "On a child protection plan"),
    ("restricted", (), "On a child protection plan"),
]


@pytest.fixture
def stale(shown_demo: Demo) -> Iterator[None]:
    """Fenwick's register, 36 hours old."""
    make_stale(shown_demo, "FWC")
    yield
    make_fresh(shown_demo, "FWC")


@pytest.fixture(scope="module")
def year_of_enquiries(shown_demo: Demo) -> None:
    """Earlier enquiries about the child of the demo, moved to where a year would have left them."""
    settings = read_settings(shown_demo.folder, {})
    house = open_house(settings)
    asked = [(_ask(house, shown_demo, user_id, purpose), days) for days, user_id, purpose in EARLIER]
    house.close()
    with closing(sqlite3.connect(settings.desk_store)) as desk, desk:
        for enquiry, days in asked:
            day = london_day(now() - timedelta(days=days)).isoformat()
            desk.execute("UPDATE enquiries SET day = ? WHERE id = ?", (day, enquiry))


def _ask(house: House, demo: Demo, user_id: str, purpose: str) -> str:
    """One enquiry by token; its id."""
    agency = next(person.agency.code for person in demo.borough.practitioners if person.user_id == user_id)
    bearer = house.identity.issue_token(demo_client(agency), user_id, now())
    body = json.dumps({**demo.borough.kinds["on_plan"], "purpose": purpose}).encode()
    reply = house.enquiries.ask(Knock(door="api", body=body, bearer=bearer, request_id=str(uuid4())))
    return str(json.loads(reply.body)["enquiry"])


@pytest.mark.parametrize(("child", "without", "heading"), OUTCOMES)
def test_the_answer_stands_at_the_top_without_scrolling(
    triage: Triage, child: str, without: tuple[str, ...], heading: str
) -> None:
    triage.sign_in().check(child, *without)
    expect(triage.heading).to_have_text(heading)
    assert triage.page.title() == f"{heading} – Lookup"
    for seen in (triage.heading, triage.page.locator(".lookup-shape"), triage.page.locator(".lookup-ring__number")):
        expect(seen).to_be_in_viewport(ratio=1)


@pytest.mark.bad_input(64)
def test_a_stale_register_is_could_not_check_with_the_number_to_ring(triage: Triage, stale: None) -> None:
    triage.sign_in().check("not_on_register")
    expect(triage.heading).to_have_text("Could not check")
    assert "Ring now Fenwick Council" in triage.words
    assert "too old to rely on" in triage.words


def test_a_scanner_needs_no_mouse_and_no_second_field(triage: Triage) -> None:
    """The page waits for the scanner, which types and presses Enter; then the birth date, then Enter again."""
    triage.sign_in()
    assert triage.focused() == "nhs_number"
    child = triage.demo.borough.kinds["on_plan"]
    triage.page.keyboard.type(child["nhs_number"])
    triage.page.keyboard.press("Enter")
    expect(triage.heading).to_have_text("More detail is needed")
    expect(triage.page.locator("#birth-birth_day")).to_be_focused()
    expect(triage.heading).to_be_in_viewport(ratio=1)
    year, month, day = child["birth_date"].split("-")
    for text in (day, month, year):
        triage.page.keyboard.type(text)
        triage.page.keyboard.press("Tab")
    triage.page.keyboard.press("Shift+Tab")
    triage.page.keyboard.press("Enter")
    expect(triage.heading).to_have_text("On a child protection plan")


def test_a_whole_wristband_is_answered_by_one_scan(triage: Triage) -> None:
    child = triage.demo.borough.kinds["on_plan"]
    triage.sign_in()
    band = f"80185050898{child['nhs_number']}491RHG1,44512,50552303,93ADEYINKA,Tamsin,{_short(child['birth_date'])},"
    triage.page.keyboard.type(band)
    triage.page.keyboard.press("Enter")
    expect(triage.heading).to_have_text("On a child protection plan")


def _short(born: str) -> str:
    return date.fromisoformat(born).strftime("%d-%b-%Y")


def test_the_whole_of_a_shift_goes_by_keyboard_alone(triage: Triage) -> None:
    triage.page.goto(triage.address)
    expect(triage.page.locator("#user_id")).to_be_focused()
    keyboard = triage.page.keyboard
    for typed in ("amara.okafor", "harrow-green-amara"):
        keyboard.type(typed)
        keyboard.press("Tab")
    keyboard.press("Tab")  # over the button that shows the password
    assert triage.page.evaluate("document.activeElement.textContent.trim()") == "Sign in"
    keyboard.press("Enter")
    triage.page.wait_for_url("**/check")
    child = triage.demo.borough.kinds["on_plan"]
    for typed in (child["nhs_number"], *reversed(child["birth_date"].split("-")), child["family_name"]):
        keyboard.type(typed)
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(triage.heading).to_have_text("On a child protection plan")
    press_until(triage, "Tab", "Check another child")
    expect(triage.page.locator("#nhs_number")).to_be_focused()
    press_until(triage, "Shift+Tab", "Sign out")
    triage.page.wait_for_url("**/sign-in")


def press_until(triage: Triage, key: str, words: str) -> None:
    """Go with this key to what says these words, and press Enter there."""
    for _ in range(30):
        triage.page.keyboard.press(key)
        if triage.page.evaluate("document.activeElement.textContent.trim()") == words:
            triage.page.keyboard.press("Enter")
            return
    pytest.fail(f"the keyboard does not reach {words}")


def test_an_error_takes_the_keyboard_to_its_box(triage: Triage) -> None:
    triage.sign_in()
    triage.page.keyboard.type("999 123")
    triage.page.keyboard.press("Enter")
    expect(triage.page.locator(".nhsuk-error-summary")).to_be_focused()
    triage.page.keyboard.press("Tab")
    triage.page.keyboard.press("Enter")
    assert triage.focused() == "nhs_number"
    expect(triage.page.locator("#nhs_number")).to_have_value("999 123")


def test_it_works_without_scripts(browser: Browser, address: str, shown_demo: Demo) -> None:
    context = browser.new_context(java_script_enabled=False)
    triage = Triage(context.new_page(), address, shown_demo)
    triage.sign_in().check("on_plan")
    expect(triage.heading).to_have_text("On a child protection plan")
    expect(triage.page.get_by_role("button", name="Print")).to_be_hidden()
    context.close()


def test_the_child_is_in_no_address(triage: Triage) -> None:
    seen: list[str] = []
    triage.page.on("request", lambda request: seen.append(request.url))
    triage.sign_in().check("on_plan")
    assert [url for url in seen if "?" in url or "Adeyinka" in url] == []
    assert triage.page.url == f"{triage.address}/check"


@pytest.mark.usefixtures("year_of_enquiries")
def test_earlier_enquiries_are_a_picture_with_words_beside_it(triage: Triage) -> None:
    triage.sign_in("daniel.osei").check("on_plan", purpose="Unplanned care")
    picture = triage.page.get_by_role("img", name="earlier enquiries in the last 12 months, from")
    expect(picture).to_be_visible()
    assert "Hospital:" in (triage.page.locator("#timeline-text").text_content() or "")
    triage.page.get_by_text("The same as a list").click()
    expect(triage.page.get_by_role("listitem").filter(has_text="Hospital, 2 times").first).to_be_visible()


@pytest.mark.usefixtures("year_of_enquiries")
def test_a_picture_of_the_page_for_the_readme(browser: Browser, address: str, shown_demo: Demo) -> None:
    """docs/images/triage.png, made anew where it is missing or LOOKUP_PICTURES is set: else a test would change it."""
    context = browser.new_context(viewport={"width": 1280, "height": 1400}, locale="en-GB")
    triage = Triage(context.new_page(), address, shown_demo)
    triage.sign_in("siobhan.keane").check("on_plan", "postcode", "sex")
    taken = triage.page.screenshot(path=PICTURE if _wanted() else None)
    assert taken.startswith(b"\x89PNG")
    context.close()


def _wanted() -> bool:
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    return "LOOKUP_PICTURES" in os.environ or not PICTURE.exists()
