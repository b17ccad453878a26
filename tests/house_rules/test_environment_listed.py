"""config/example.env: every variable that anything reads from the environment is there, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lookup.settings import FORBIDDEN_ENVIRONMENT

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config" / "example.env"
OWN = {"PYTEST_XDIST_WORKER", "PATH"}  # pytest-xdist sets the one between its own processes, every shell the other
ENVIRONMENTS = {"environ", "environment", "env"}


def read_by(source: str) -> Iterator[str]:
    """The names that this Python asks an environment for: by index, by ``get``, by ``in``, or as click's ``envvar``."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Subscript(value=value, slice=ast.Constant(value=str(name)), ctx=ast.Load()) if _is_one(value):
                yield name
            case ast.Call(
                func=ast.Attribute(value=value, attr="get" | "pop"), args=[ast.Constant(value=str(name)), *_]
            ):
                yield from [name] if _is_one(value) else []
            case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In() | ast.NotIn()], comparators=[value]):
                yield from [name] if _is_one(value) else []
            case ast.Call(func=ast.Attribute(attr="getenv"), args=[ast.Constant(value=str(name)), *_]):
                yield name
            case ast.keyword(arg="envvar", value=ast.Constant(value=str(name))):
                yield name


def _is_one(value: ast.expr) -> bool:
    name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return name in ENVIRONMENTS


def read_by_shell(source: str) -> set[str]:
    """The names with a default in a shell script (``${NAME:-…}``) or in the Makefile (``NAME ?= …``)."""
    return {*re.findall(r"\$\{([A-Z_]+):?-", source), *re.findall(r"^([A-Z_]+) \?=", source, re.MULTILINE)}


def listed(example: str) -> set[str]:
    """The names of the example, those that are refused too."""
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))


def differences(example: str, python: Iterable[str], shell: Iterable[str]) -> set[str]:
    read = {name for source in python for name in read_by(source)} - OWN
    return listed(example) ^ read.union(FORBIDDEN_ENVIRONMENT, *map(read_by_shell, shell))


def python_sources() -> list[str]:
    folders = ("lookup", "config", "tests", "bench")
    paths = [ROOT / "wsgi.py", *(path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))]
    return [path.read_text("utf-8") for path in paths if path != Path(__file__).resolve()]


def shell_sources() -> list[str]:
    scripts = [ROOT / "Makefile", ROOT / "tests" / "browser" / "install-chromium", *(ROOT / ".ci").iterdir()]
    return [path.read_text("utf-8") for path in scripts]


def test_every_variable_that_is_read_is_in_the_example_and_no_other() -> None:
    assert differences(EXAMPLE.read_text("utf-8"), python_sources(), shell_sources()) == set()


def test_each_has_a_line_that_says_what_it_is() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    bare = [line for above, line in zip(["", *lines], lines, strict=False) if re.match(r"[A-Z_]+=", line) and not above]
    assert bare == []


def test_a_variable_that_is_read_and_not_listed_would_be_noticed() -> None:
    forbidden = "".join(f"# {name}=\n" for name in FORBIDDEN_ENVIRONMENT)
    example = "# what it is\nONE=1\n" + forbidden
    assert differences(example, ["import os\nos.environ['ONE']"], []) == set()
    assert differences(example, ["import os\nos.environ['ONE']\nos.environ.get('TWO', '')"], []) == {"TWO"}
    assert differences(example, ["import os\nos.getenv('ONE')\n'TWO' in os.environ"], []) == {"TWO"}
    assert differences(example, ["option(envvar='ONE')"], ["TWO ?= 2\n", "echo ${THREE:-3}\n"]) == {"TWO", "THREE"}
    assert differences(example, [], []) == {"ONE"}
