"""What is printed: the answer, whom to ring, who printed it, and nothing to press."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.triage import Triage


def test_the_button_prints(triage: Triage) -> None:
    triage.sign_in().check("on_plan")
    triage.page.evaluate("window.print = () => { document.title = 'printed' }")
    triage.page.get_by_role("button", name="Print").click()
    assert triage.page.title() == "printed"


def test_paper_has_the_answer_and_no_controls(triage: Triage) -> None:
    triage.sign_in().check("on_plan")
    triage.page.emulate_media(media="print")
    for shown in ("#outcome", ".lookup-shape", ".lookup-ring__number", ".lookup-family", ".lookup-demo"):
        expect(triage.page.locator(shown)).to_be_visible()
    for hidden in (".nhsuk-header", ".lookup-footer", ".lookup-actions", "details"):
        assert not triage.page.locator(hidden).locator("visible=true").count()
    assert "Printed by Amara Okafor, North Green Hospital" in triage.words
    assert "Not for sight by the family" in triage.words


def test_paper_does_not_rest_on_colour(triage: Triage) -> None:
    triage.sign_in().check("on_plan")
    triage.page.emulate_media(media="print")
    colours = "element => { const s = getComputedStyle(element); return [s.color, s.backgroundColor] }"
    assert triage.page.locator(".lookup-outcome").evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_paper_of_a_question_has_no_form(triage: Triage) -> None:
    triage.sign_in().check("twin")
    triage.page.emulate_media(media="print")
    assert not triage.page.locator("input").locator("visible=true").count()
    assert triage.page.pdf(format="A4").startswith(b"%PDF")
