"""What somebody with bad intentions tries at the pages, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.browser.triage import Triage

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "{{ config }}",
    "javascript:alert(1)",
)


@pytest.mark.bad_input(47)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_a_name_runs_nowhere(triage: Triage, payload: str) -> None:
    """In the answer, in the form that is shown again, and on paper. A dialog or a complaint would fail the test."""
    triage.sign_in()
    for year, there in (("2019", "#outcome"), ("2o19", ".nhsuk-error-summary")):
        triage.page.goto(f"{triage.address}/check")
        triage.fill({"family_name": payload, "given_name": payload, "birth_date": f"{year}-04-01"})
        triage.page.get_by_role("button", name="Check", exact=True).click()
        triage.page.locator(there).wait_for()
        triage.page.emulate_media(media="print")
        triage.page.emulate_media(media="screen")
        assert triage.page.locator("img").count() == 0
    expect(triage.page.locator("#family_name")).to_have_value(payload)


def test_a_script_without_the_nonce_does_not_run(triage: Triage) -> None:
    triage.sign_in()
    insert = "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    triage.page.evaluate(insert)
    assert triage.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in said for said in triage.complaints)
    triage.complaints.clear()


@pytest.mark.bad_input(6)
def test_the_old_cookie_after_signing_out_shows_the_sign_in_page(triage: Triage, browser: Browser) -> None:
    triage.sign_in()
    cookies = triage.page.context.cookies()
    triage.page.get_by_role("button", name="Sign out").click()
    triage.page.wait_for_url("**/sign-in")
    thief = browser.new_context()
    thief.add_cookies(cookies)  # type: ignore[arg-type]
    page = thief.new_page()
    reply = page.goto(f"{triage.address}/check")
    assert reply is not None
    assert reply.status == 401
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to check a child")
    thief.close()


@pytest.mark.bad_input(8)
def test_a_planted_cookie_is_changed_at_sign_in(triage: Triage, browser: Browser) -> None:
    attacker = browser.new_context()
    Triage(attacker.new_page(), triage.address, triage.demo).sign_in("priya.raman")
    planted = attacker.cookies()
    triage.page.context.add_cookies(planted)  # type: ignore[arg-type]
    triage.sign_in()
    assert triage.page.context.cookies()[0]["value"] != planted[0]["value"]
    assert "Amara Okafor" in triage.words
    reply = attacker.new_page().goto(f"{triage.address}/check")
    assert reply is not None
    assert reply.status == 401
    attacker.close()


def test_the_back_button_after_signing_out_shows_no_answer(triage: Triage) -> None:
    triage.sign_in().check("on_plan")
    triage.page.get_by_role("button", name="Sign out").click()
    triage.page.wait_for_url("**/sign-in")
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        triage.page.go_back(wait_until="commit")
    triage.complaints.clear()


def test_the_pages_cannot_be_framed(triage: Triage, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content(f'<iframe src="{triage.address}/sign-in"></iframe>')
    page.wait_for_timeout(500)
    assert not page.frames[1].locator("#user_id").count()
    context.close()
