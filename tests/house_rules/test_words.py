"""What the code is called, what it says of itself, and how long it goes on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for path in (ROOT / "lookup").rglob("*.py"))
EMPTY_NAMES = re.compile(r"(?:^|_)(?:utils?|helpers?|common|managers?|handlers?|misc|data|process|stuff)(?:_|$)", re.I)
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
LONGEST_FUNCTION, LONGEST_MODULE = 40, 300


def names_in(path: Path) -> Iterator[str]:
    """The names that a module gives: its own, its classes' and its functions'."""
    yield path.stem if path.stem != "__init__" else path.parent.name
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def says_nothing(name: str) -> bool:
    return bool(EMPTY_NAMES.search(CAMEL.sub("_", name)))


def is_silent(path: Path) -> bool:
    """A module with code and without a docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    return bool(tree.body) and ast.get_docstring(tree) is None


def too_long(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    found = [path.stem] if len(text.splitlines()) > LONGEST_MODULE and path.name != "model.py" else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION:
            found.append(f"{path.stem}.{node.name}")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_says_what_it_promises_and_is_called_by_a_word_that_means_something(path: Path) -> None:
    assert not is_silent(path)
    assert [name for name in names_in(path) if says_nothing(name)] == []


@pytest.mark.parametrize("name", ["utils", "date_helpers", "common", "SessionManager", "ErrorHandler", "process_data"])
def test_a_word_that_means_nothing_would_be_noticed(name: str) -> None:
    assert says_nothing(name)


@pytest.mark.parametrize("name", ["handle_of_the_door", "uncommon", "database", "Metadata", "refuse_other_keys"])
def test_a_word_that_only_holds_such_a_word_is_fine(name: str) -> None:
    assert not says_nothing(name)


def test_a_silent_module_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "silent.py").write_text("x = 1\n")
    (tmp_path / "empty.py").write_text("")
    assert is_silent(tmp_path / "silent.py")
    assert not is_silent(tmp_path / "empty.py")


def test_functions_and_modules_stay_short() -> None:
    assert [name for path in MODULES for name in too_long(path)] == []


def test_a_long_function_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("def long():\n" + "    x = 1\n" * LONGEST_FUNCTION)
    assert too_long(tmp_path / "long.py") == ["long.long"]
