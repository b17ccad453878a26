"""What the pages load: known files, and nothing from anywhere else."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from lookup.pages.shelf import read_shelf
from tests.rooms.visitor import Visitor

FOLDER = resources.files("lookup.pages") / "assets"


def test_only_what_pages_load_is_on_the_shelf() -> None:
    assert sorted(read_shelf()) == [
        "favicon.svg",
        "images/nhsuk-icon-arrow-down.svg",
        "images/nhsuk-icon-arrow-up-down.svg",
        "images/nhsuk-icon-arrow-up.svg",
        "images/nhsuk-icon-cross.svg",
        "lookup.css",
        "lookup.js",
        "nhsuk-frontend.min.css",
        "nhsuk-frontend.min.js",
    ]


def test_no_stylesheet_asks_for_anything_that_is_not_on_the_shelf() -> None:
    shelf = read_shelf()
    for name in ("nhsuk-frontend.min.css", "lookup.css"):
        sheet = shelf[name].content.decode()
        assert "@import" not in sheet
        assert "@font-face" not in sheet
        wanted = {address.strip("\"'").removeprefix("/assets/") for address in re.findall(r"url\(([^)]*)\)", sheet)}
        assert wanted <= set(shelf)


def test_the_vendored_version_is_the_one_that_is_written_down() -> None:
    said = (FOLDER / "VERSION-nhsuk-frontend.txt").read_text("utf-8")
    assert "nhsuk-frontend 10.6.1" in said
    assert '--nhsuk-frontend-version:"10.6.1"' in (FOLDER / "nhsuk-frontend.min.css").read_text("utf-8")
    assert "Permission is hereby granted" in (FOLDER / "LICENCE-nhsuk-frontend.txt").read_text("utf-8")


FORBIDDEN = re.compile(r"\|\s*safe\b|\sstyle=|\son[a-z]+=|autoescape|https?://|javascript:")
TEMPLATES = resources.files("lookup.pages") / "templates"


@pytest.mark.parametrize("bad", ["{{ name | safe }}", '<p style="x">', '<a onclick="x">', '<img src="https://x">'])
def test_the_rule_for_templates_finds_a_bad_one(bad: str) -> None:
    assert FORBIDDEN.search(bad)


def test_no_template_trusts_text_or_styles_or_scripts_inline() -> None:
    texts = {entry.name: entry.read_text("utf-8") for entry in TEMPLATES.iterdir()}
    assert len(texts) >= 10
    assert [name for name, text in texts.items() if FORBIDDEN.search(text)] == []


def test_an_asset_may_be_kept_and_is_not_sent_twice(stranger: Visitor) -> None:
    first = stranger.client.get("/assets/lookup.css")
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, max-age=86400")
    again = stranger.client.get("/assets/lookup.css", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["../words.py", "..%2f__init__.py", "VERSION-nhsuk-frontend.txt", "images", "%00", ""])
def test_no_address_leads_to_another_file(stranger: Visitor, name: str) -> None:
    assert stranger.client.get(f"/assets/{name}").status_code == 404
