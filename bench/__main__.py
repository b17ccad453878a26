"""``make bench``: measure against floors and, with ``PEERS=folder``, beside the peers; write bench/RESULTS.md."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import Any

from bench import machine, people, weight
from bench.load import drive
from bench.product import TEMPLATES, make_installation, served, serving, today, write_templates
from bench.stages import stages

HERE = Path(__file__).resolve().parent
PORT, FLOOR_PORT = 8041, 8042


def main() -> None:
    """Each part in turn; RESULTS.md is written at the end, whole."""
    peers = os.environ.get("PEERS")
    with _workplace() as place:
        data = _people(peers, place)
        parts = [_head(), _own(place, data)]
        if peers:
            parts.append(_beside_peers(Path(peers), place, data))
    (HERE / "RESULTS.md").write_text("\n\n".join(parts) + "\n", "utf-8")
    print("\n\n".join(parts))


@contextmanager
def _workplace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lookup-bench-") as folder:
        yield Path(folder)


def _people(peers: str | None, place: Path) -> Path:
    """The made-up people: the peers' own where they are measured, else as many of our own."""
    if not peers:
        return people.make(place / "data")
    home = _peers_home()
    command = [sys.executable, str(Path(peers) / "run.py"), "--setup-only"]
    subprocess.run(command, check=True, env={**os.environ, "PEERS_DIR": str(home)}, cwd=home)
    return home / "data"


def _peers_home() -> Path:
    home = Path(os.environ.get("PEERS_DIR") or Path(tempfile.gettempdir()) / "lookup-peers")
    home.mkdir(parents=True, exist_ok=True)
    return home


def _head() -> str:
    return (
        "# What was measured\n\nMade by `make bench` (`PEERS=folder` adds the peers); ratios are within one run, "
        f"absolute times are this machine's.\n\n{today()}: {machine.described()}."
    )


def _own(place: Path, data: Path) -> str:
    folder = place / "installation"
    token = make_installation(folder, data / "people.jsonl")
    asked = people.asked(data)
    by_number, by_name = (_filler(TEMPLATES[name]) for name in ("body.json", "name.json"))
    parts = [
        "## Where the time of one enquiry goes",
        "By number and birth date:",
        stages(folder, token, asked, by_number),
    ]
    parts += ["By name, birth date and postcode:", stages(folder, token, asked, by_name)]
    with served(folder, PORT) as product, serving("bench.floor:app", FLOOR_PORT) as floor:
        parts += ["## Beside the floor", drive(product, PORT, floor, FLOOR_PORT, token, [by_number(p) for p in asked])]
        parts += ["## Memory, after that load", weight.memory(product)]
    parts += ["## On disk", weight.disk(folder)]
    return "\n\n".join(parts)


def _filler(template: str) -> Any:
    return lambda person: Template(template).substitute(person)


def _beside_peers(peers: Path, place: Path, data: Path) -> str:
    """The product in the peers' rotation; their own runner prints the tables."""
    folder, home = place / "rotation", _peers_home()
    token = make_installation(folder, data / "people.jsonl")
    write_templates(place)
    rounds = os.environ.get("ROUNDS", "9")
    with served(folder, PORT) as master:
        command = [sys.executable, str(peers / "run.py"), "--rounds", rounds, "--name-rounds", rounds]
        command += ["--only", os.environ.get("ONLY", "A,A-fsync,B-sqlite,C-sqlite")]
        command += ["--add", f"product=http://127.0.0.1:{PORT}/v1/enquiries=Authorization: Bearer {token}"]
        command += ["--header", "product=Content-Type: application/json", "--pid", f"product={master}"]
        command += ["--body", f"product={place / 'body.json'}", "--name-body", f"product={place / 'name.json'}"]
        command += ["--expect", f"product={place / 'expect.json'}"]
        command += ["--count", f"product={sys.executable} -m bench.count {folder}"]
        environment = {**os.environ, "PEERS_DIR": str(home), "PYTHONPATH": str(HERE.parent)}
        run = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True)
    tables = run.stdout[run.stdout.index("\nBy NHS number") :]
    shutil.rmtree(folder)
    return f"## Beside what would be built instead\n{tables.rstrip()}"


if __name__ == "__main__":
    main()
