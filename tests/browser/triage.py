"""The pages as somebody at a desk uses them: by the words that they see."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import ConsoleMessage, Locator, Page, Request

from lookup.demo.building import Demo
from lookup.demo.passwords import demo_password

NURSE = "amara.okafor"
REFUSED = "Failed to load resource: the server responded with a status of 4"


class Triage:
    """One tab."""

    def __init__(self, page: Page, address: str, demo: Demo) -> None:
        self.page, self.address, self.demo = page, address, demo
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._note_request)
        page.on("console", self._note_console)
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))

    def sign_in(self, user_id: str = NURSE) -> Triage:
        self.page.goto(f"{self.address}/sign-in")
        self.page.get_by_label("User name").fill(user_id)
        self.page.get_by_label("Password", exact=True).fill(demo_password(user_id))
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.address}/check")
        return self

    def check(self, kind: str, *without: str, purpose: str = "", plan: bool = False) -> Triage:
        """Check the child of a kind, with all that is known of them but for `without`."""
        given = {key: text for key, text in self.demo.borough.kinds[kind].items() if key not in without}
        self.page.goto(f"{self.address}/check")
        self.fill(given)
        if purpose:
            self.page.get_by_label(purpose, exact=True).check()
        if plan:
            self.page.get_by_label("The status and the plan").check()
        self.page.get_by_role("button", name="Check", exact=True).click()
        self.heading.wait_for()
        return self

    def fill(self, given: Mapping[str, str]) -> None:
        if "mother_nhs_number" in given:
            self.page.get_by_text("Unborn or newborn child").click()
        for field in ("nhs_number", "family_name", "given_name", "postcode", "mother_nhs_number"):
            if field in given:
                self.page.locator(f"#{field}").fill(given[field])
        if "sex" in given:
            self.page.get_by_label("Sex").select_option(given["sex"])
        for field, prefix in (("birth_date", "birth"), ("mother_birth_date", "mother_birth")):
            if field in given:
                for part, text in zip(("year", "month", "day"), given[field].split("-"), strict=True):
                    self.page.locator(f"#{prefix}-{prefix}_{part}").fill(text)

    @property
    def heading(self) -> Locator:
        return self.page.locator("#outcome")

    @property
    def words(self) -> str:
        """What can be read on the page now."""
        return " ".join(self.page.locator("body").inner_text().split())

    def focused(self) -> str:
        """The id of whatever has the keyboard."""
        return str(self.page.evaluate("document.activeElement.id"))

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(self.address + "/"):
            self.elsewhere.append(request.url)

    def _note_console(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not said.text.startswith(REFUSED):
            self.complaints.append(said.text)
