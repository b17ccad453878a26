"""The floors of the house hold, and each contract of setup.cfg notices an import that breaks it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CROOKED = {
    # an import that breaks each contract, and the file that it is written into
    "A module imports only from floors below its own": ("policy.py", "import lookup.enquiry"),
    "The doors do not reach past the paths": ("api.py", "import lookup.register"),
    "What is pure touches no store, no web and no file of keys": ("outcome.py", "import sqlalchemy"),
    "Flask and Werkzeug are known to the doors alone": ("visit.py", "import flask"),
    "Flask-Login is used by the pages' sessions alone": ("doors.py", "import flask_login"),
    "Ciphers and keys are used in lookup.keys alone": ("trail/sealing.py", "import cryptography.hazmat"),
    "Databases are known to the rooms that own tables alone": ("recorder.py", "import pysqlite3"),
}


def judged(folder: Path) -> dict[str, bool]:
    """Each contract of setup.cfg and whether the package in this folder keeps it."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--config", "setup.cfg"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"}
    said = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", said.stdout, re.MULTILINE))
    assert found, said.stdout + said.stderr
    return {name: verdict == "KEPT" for name, verdict in found.items()}


def copied(folder: Path) -> Path:
    """The package in a folder of its own, to be spoiled."""
    shutil.copytree(ROOT / "lookup", folder / "lookup", ignore=lambda _, names: [n for n in names if _is_ballast(n)])
    shutil.copyfile(ROOT / "setup.cfg", folder / "setup.cfg")
    return folder


def _is_ballast(name: str) -> bool:
    return name in ("__pycache__", "assets", "templates")


def test_the_floors_hold() -> None:
    assert judged(ROOT) == dict.fromkeys(contracts(), True)


def contracts() -> set[str]:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    return {config[name]["name"] for name in config.sections() if name.startswith("importlinter:contract:")}


def test_every_contract_has_a_bad_example() -> None:
    assert set(CROOKED) == contracts()


def test_each_contract_notices_an_import_that_breaks_it(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for file, statement in CROOKED.values():
        path = folder / "lookup" / file
        path.write_text(f"{path.read_text()}\n{statement}\n")
    assert judged(folder) == dict.fromkeys(CROOKED, False)


def test_a_module_without_a_floor_would_be_noticed(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "lookup" / "shed.py").write_text('"""A shed beside the house."""\n')
    assert judged(folder)["A module imports only from floors below its own"] is False


@pytest.mark.parametrize("package", ["cryptography", "flask_login"])
def test_the_two_most_dangerous_libraries_are_each_imported_by_one_module(package: str) -> None:
    importing = re.compile(rf"^\s*(?:from|import) {package}\b", re.MULTILINE)
    users = [
        path.relative_to(ROOT).as_posix() for path in ROOT.glob("lookup/**/*.py") if importing.search(path.read_text())
    ]
    assert users == [{"cryptography": "lookup/keys/ciphers.py", "flask_login": "lookup/pages/sessions.py"}[package]]
