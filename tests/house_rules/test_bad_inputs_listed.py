"""docs/bad-inputs.md: every number that a test is marked with is in the list, and a tick stands only where a test is.

Run as a program, it sets the ticks anew: ``python -m tests.house_rules.test_bad_inputs_listed``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
LIST = TESTS.parent / "docs" / "bad-inputs.md"
LINE = re.compile(r"^(\d+)\. (✓ )?(?=\S)", re.MULTILINE)


def listed(text: str) -> dict[int, bool]:
    """Every number of the list, and whether it is ticked."""
    return {int(number): bool(tick) for number, tick in LINE.findall(text)}


def marked(sources: Iterable[str]) -> set[int]:
    """The numbers that these tests are marked with."""
    return {number for source in sources for node in ast.walk(ast.parse(source)) for number in _numbers(node)}


def _numbers(node: ast.AST) -> Iterator[int]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "bad_input":
        yield from (given.value for given in node.args if isinstance(given, ast.Constant) and type(given.value) is int)


def ticked(text: str, tried: set[int]) -> str:
    """The list with a tick at every number that is tried, and at no other."""
    return LINE.sub(lambda line: f"{line[1]}. ✓ " if int(line[1]) in tried else f"{line[1]}. ", text)


def sources() -> Iterator[str]:
    return (path.read_text("utf-8") for path in sorted(TESTS.rglob("test_*.py")) if path != Path(__file__).resolve())


def test_every_number_that_is_tried_is_in_the_list_and_no_tick_is_without_a_test() -> None:
    numbers, tried = listed(LIST.read_text("utf-8")), marked(sources())
    assert len(tried) > 20
    assert tried - set(numbers) == set()
    assert {number for number, tick in numbers.items() if tick} - tried == set()


def test_the_numbers_of_the_list_are_dense_and_in_order() -> None:
    numbers = [int(number) for number, _ in LINE.findall(LIST.read_text("utf-8"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_number_that_is_not_listed_and_a_tick_without_a_test_would_be_noticed() -> None:
    source = (
        "@pytest.mark.bad_input(2, 99)\ndef test_it() -> None: ...\nX = pytest.param(1, marks=pytest.mark.bad_input(3))"
    )
    text = "1. ✓ one\n2. two\n3. three\n"
    assert marked([source]) - set(listed(text)) == {99}
    assert {number for number, tick in listed(text).items() if tick} - marked([source]) == {1}
    assert ticked(text, marked([source])) == "1. one\n2. ✓ two\n3. ✓ three\n"


if __name__ == "__main__":
    LIST.write_text(ticked(LIST.read_text("utf-8"), marked(sources())), "utf-8")
