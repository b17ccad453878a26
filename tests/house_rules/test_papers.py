"""The papers are true as far as a test can say: links lead somewhere, tests that are named exist, codes are listed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from lookup.openapi import ADDRESSES
from lookup.refusals import Refusal

ROOT = Path(__file__).parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def known_tests() -> set[str]:
    """Every test that there is, by name."""
    sources = [path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py"))]
    return {name for source in sources for name in re.findall(r"def (test_\w+)\(", source)}


def unknown_tests(text: str, known: Iterable[str]) -> set[str]:
    """The tests that a paper names and that are not there."""
    return set(re.findall(r"`(test_\w+)`", text)) - set(known)


def dead_links(paper: Path, text: str) -> set[str]:
    """The links to files of this repository that lead nowhere."""
    links = {link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link}
    return {link for link in links if link and not (paper.parent / link).exists()}


def missing_files(text: str) -> set[str]:
    """The files of the code and its tests that a paper names in `code` and that are not there."""
    named = set(re.findall(r"`((?:lookup|tests|config|bench)/[\w./-]+\.(?:py|toml|env))`", text))
    return {name for name in named if not (ROOT / name).exists()}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_what_a_paper_names_is_there(paper: Path) -> None:
    text = paper.read_text("utf-8")
    assert (dead_links(paper, text), unknown_tests(text, known_tests()), missing_files(text)) == (set(), set(), set())


def test_what_is_not_there_would_be_noticed() -> None:
    assert unknown_tests("`test_gone` and `test_here`", {"test_here"}) == {"test_gone"}
    assert dead_links(ROOT / "README.md", "[a](docs/gone.md) [b](docs/trail.md#x) [c](https://example.org)") == {
        "docs/gone.md"
    }
    assert missing_files("`lookup/gone.py`, `lookup/enquiry.py`") == {"lookup/gone.py"}


@pytest.mark.parametrize("paper", DECISIONS, ids=lambda paper: paper.name[:4])
def test_a_decision_says_why_what_it_costs_and_what_holds_it(paper: Path) -> None:
    text = paper.read_text("utf-8")
    assert text.startswith(f"# {int(paper.name[:4])}. ")
    assert re.findall(r"^\*\*(\w+)", text, re.MULTILINE) == ["Context", "Decision", "Cost", "Held"]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(paper.name[:4]) for paper in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def unlisted(guide: str, words: Iterable[str]) -> set[str]:
    return {word for word in words if f"`{word}`" not in guide}


def test_the_guide_to_the_api_lists_every_address_and_every_refusal_of_them() -> None:
    guide = (ROOT / "docs" / "api.md").read_text("utf-8")
    refusals: set[type[Refusal]] = {refusal for address in ADDRESSES for refusal in address.refusals}
    addresses = {f"{address.method} {address.path.replace('{enquiry}', '{id}')}" for address in ADDRESSES}
    assert unlisted(guide, addresses | {refusal.code for refusal in refusals}) == set()
    assert unlisted(guide, {"GET /v1/children"}) == {"GET /v1/children"}
