"""Axe finds nothing to say of any page, at the width of a telephone and of a desk (WCAG 2.2 AA)."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from lookup.demo.running import make_fresh, make_stale
from tests.browser.triage import Triage

WIDTHS = (390, 1280)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CHILDREN = ("on_plan", "looked_after", "plan_ended", "not_on_register", "twin", "unborn", "restricted",
            "sibling_not_on_register")  # fmt: skip
READERS = (
    ("daniel.osei", "Unplanned care"),
    ("helen.marsh", "Planned care"),
    ("owen.pritchard", "Police protection: immediate danger"),
)


def hold_to_wcag(triage: Triage) -> None:
    """At both widths: no violation, and no scrolling sideways."""
    for width in WIDTHS:
        triage.page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(triage.page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert triage.page.evaluate("document.documentElement.scrollWidth") <= width
    triage.page.set_viewport_size({"width": 1280, "height": 900})


def test_axe_would_find_something_on_a_bad_page(triage: Triage) -> None:
    triage.page.set_content("<html><body><img src='x.png'><input></body></html>")
    triage.elsewhere.clear()
    triage.complaints.clear()
    assert Axe().run(triage.page, options=RULES).violations_count > 0


def test_signing_in_has_no_violations(triage: Triage) -> None:
    triage.page.goto(f"{triage.address}/sign-in")
    hold_to_wcag(triage)
    triage.page.get_by_role("button", name="Sign in").click()
    triage.page.locator(".nhsuk-error-summary").wait_for()
    hold_to_wcag(triage)
    triage.page.goto(f"{triage.address}/check")
    hold_to_wcag(triage)


@pytest.mark.parametrize("user_id", ["amara.okafor", "daniel.osei", "owen.pritchard", "ruth.adjei", "denise.farrow"])
def test_the_form_has_no_violations(triage: Triage, user_id: str) -> None:
    triage.sign_in(user_id)
    hold_to_wcag(triage)


def test_the_form_with_errors_has_no_violations(triage: Triage) -> None:
    triage.sign_in()
    triage.fill({"nhs_number": "999 123", "birth_date": "21-13-99", "postcode": "nowhere"})
    triage.page.get_by_role("button", name="Check", exact=True).click()
    triage.page.locator(".nhsuk-error-summary").wait_for()
    hold_to_wcag(triage)


@pytest.mark.parametrize("child", CHILDREN)
def test_an_answer_has_no_violations(triage: Triage, child: str) -> None:
    triage.sign_in().check(child)
    hold_to_wcag(triage)


@pytest.mark.parametrize(("user_id", "purpose"), READERS)
def test_a_whole_plan_has_no_violations(triage: Triage, user_id: str, purpose: str) -> None:
    triage.sign_in(user_id).check("on_plan", purpose=purpose, plan=True)
    hold_to_wcag(triage)


def test_the_owners_answer_has_no_violations(triage: Triage) -> None:
    triage.sign_in("ruth.adjei").check("on_plan", purpose="Our own council’s plans")
    hold_to_wcag(triage)


def test_an_answer_that_could_not_be_made_has_no_violations(triage: Triage) -> None:
    make_stale(triage.demo, "FWC")
    try:
        triage.sign_in().check("not_on_register")
    finally:
        make_fresh(triage.demo, "FWC")
    hold_to_wcag(triage)


def test_a_refusal_has_no_violations(triage: Triage) -> None:
    triage.sign_in("owen.pritchard")
    triage.fill({"family_name": "Adeyinka", "given_name": "Tamsin", "birth_date": "2020-09-09"})
    triage.page.locator("input[name=purpose]").first.evaluate(
        "box => { box.value = 'direct_care'; box.checked = true }"
    )
    triage.page.get_by_role("button", name="Check", exact=True).click()
    triage.page.get_by_role("heading", name="The sharing agreement does not permit this").wait_for()
    hold_to_wcag(triage)
