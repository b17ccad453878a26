"""Every refusal has a code and a sentence of its own, and a status that says no."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from lookup.refusals import Refusal


def all_kinds(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    """Every kind of refusal in the table; another room may only refine one of them."""
    below = [each for child in kind.__subclasses__() for each in (child, *all_kinds(child))]
    return [each for each in below if each.__module__ == Refusal.__module__]


def improper(kinds: Iterable[type[Refusal]]) -> set[str]:
    """The names of those with a code, a sentence or a status that is not as it must be."""
    every = list(kinds)
    codes = Counter(kind.code for kind in every)
    return {kind.__name__ for kind in every if not _is_proper(kind) or codes[kind.code] > 1}


def _is_proper(kind: type[Refusal]) -> bool:
    own = "code" in vars(kind) and "title" in vars(kind)
    return own and bool(re.fullmatch(r"[a-z_]+", kind.code)) and kind.title.endswith(".") and 400 <= kind.status < 600


def test_every_refusal_has_a_code_a_sentence_and_a_status() -> None:
    assert len(all_kinds()) > 10
    assert improper(all_kinds()) == set()


def test_a_refusal_without_a_code_of_its_own_would_be_noticed() -> None:
    class Forgotten(Refusal):
        pass

    class Copied(Refusal):
        status, code, title = 400, "copied", "Copied."

    class Copy(Copied):
        status, code, title = 400, "copied", "Another sentence."

    class Welcome(Refusal):
        status, code, title = 200, "welcome", "Come in."

    assert improper([Forgotten]) == {"Forgotten"}
    assert improper([Copied, Copy]) == {"Copied", "Copy"}
    assert improper([Welcome]) == {"Welcome"}
