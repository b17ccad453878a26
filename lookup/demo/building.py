"""Builds the demo's installation folder: keys, trail, agreement, directory, accounts, registers.

Promises: the folder appears whole or not at all; no name, number, birth date, address or plan text is in it in clear:
what `lookup demo child` prints is made again from the seed. Does not promise to be fit for anything real: its auditor's
and custodian's keys lie beside the stores, and its passwords are known to everybody.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import msgspec
import tomli_w

from lookup.audit_log import Draft, EntryType, create_trail
from lookup.demo.borough import Borough, make_borough
from lookup.demo.passwords import demo_password
from lookup.desk import Desk
from lookup.desk.accounts import Account, add_client, add_person
from lookup.house import House, open_house
from lookup.identity import hash_password
from lookup.keys.keyring import make_server_keys
from lookup.model import Agency, Authority, Practitioner
from lookup.moments import iso, london_day, now
from lookup.practice_list import set_list
from lookup.publishing import feed_facts
from lookup.refusals import UnsafeSetting
from lookup.register import Batch, Put, Taken
from lookup.settings import read_settings, read_toml, shipped_config
from lookup.trail.integrator import integrate_now

SEED = 2008
ORIGIN = "demo.lookup.invalid/trail"
Progress = Callable[[str], None]


class DemoFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``demo.toml``: from what the borough is made again."""

    seed: int
    built_on: date


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo's folder and the borough in it."""

    folder: Path
    borough: Borough


def open_demo(folder: Path) -> Demo:
    """The demo in this folder. Raises `UnsafeSetting` where there is none."""
    if not (folder / "demo.toml").exists():
        raise UnsafeSetting(f"There is no demo in {folder}. Run `make run`, or let DEMO_DIR name its folder.")
    made = read_toml(folder / "demo.toml", DemoFile)
    return Demo(folder, make_borough(made.seed, made.built_on))


def build_demo(folder: Path, progress: Progress = lambda _step: None, seed: int = SEED) -> Demo:
    """A new demo in `folder`, which must not exist yet. Takes some seconds."""
    if folder.exists() and any(folder.iterdir()):
        raise UnsafeSetting(f"{folder} is there already and is not a demo. Choose another DEMO_DIR.")
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    today = london_day(now())
    borough = make_borough(seed, today)
    progress("settings and keys")
    _write_settings(part, borough, seed, today)
    make_server_keys(part / "keys")
    create_trail(part, ORIGIN)
    _fill(part, borough, progress)
    if folder.exists():
        folder.rmdir()
    os.replace(part, folder)
    return Demo(folder, borough)


def _write_settings(folder: Path, borough: Borough, seed: int, today: date) -> None:
    (folder / "lookup.toml").write_text('demo = true\npublic_url = "http://127.0.0.1:8000"\n', "utf-8")
    (folder / "demo.toml").write_text(f"seed = {seed}\nbuilt_on = {today.isoformat()}\n", "utf-8")
    (folder / "directory.toml").write_text(directory_toml(borough.authorities, borough.agencies), "utf-8")
    for name in ("sharing_agreement.toml", "matching.toml"):
        shutil.copyfile(shipped_config() / name, folder / name)


def directory_toml(authorities: Sequence[Authority], agencies: Sequence[Agency]) -> str:
    """The directory as TOML."""
    return tomli_w.dumps({"authorities": [asdict(a) for a in authorities], "agencies": [asdict(a) for a in agencies]})


def _fill(folder: Path, borough: Borough, progress: Progress) -> None:
    house = open_house(read_settings(folder, {}))
    try:
        progress("accounts")
        _add_people(house.desk, borough.practitioners)
        _add_clients(house.desk, borough.agencies)
        for agency, children in borough.practice_lists.items():
            set_list(house.desk, agency, children)
        progress("registers")
        _publish(house, borough)
    finally:
        house.close()
    integrate_now(house.settings.trail)


def _add_people(desk: Desk, practitioners: Sequence[Practitioner]) -> None:
    hashes = {person.user_id: hash_password(demo_password(person.user_id)) for person in practitioners}
    with desk.writing() as connection:
        for person in practitioners:
            account = Account(person.user_id, person.name, person.role.value, person.agency.code, disabled=False)
            add_person(connection, account, hashes[person.user_id])


def demo_client(agency: str) -> str:
    """The system through which an agency's bearer tokens come."""
    return f"{agency}-demo"


def _add_clients(desk: Desk, agencies: Sequence[Agency]) -> None:
    with desk.writing() as connection:
        for agency in agencies:
            add_client(connection, demo_client(agency.code), agency.code)


def _publish(house: House, borough: Borough) -> None:
    """A whole snapshot of each authority, recorded in the trail as any other."""
    at = now()
    held = sorted(borough.publications, key=lambda publication: publication[0])
    for authority, publications in groupby(held, key=lambda publication: publication[0]):
        puts = [Put(ref, publication) for _, ref, publication in publications]
        batch = Batch(authority, puts, snapshot_as_at=at)
        house.register.take(batch, at, lambda taken: _record(house, taken, at))


def _record(house: House, taken: Taken, at: datetime) -> None:
    facts = {"at": iso(at), "door": "demo", "authority": taken.authority, **feed_facts(taken)}
    house.recorder.record(Draft(EntryType.FEED, facts, at))
