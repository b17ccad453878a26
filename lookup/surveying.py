"""What a file holds, before anything of it is taken: how many rows, which are faulty, which are told twice.

The same row twice is reported and taken once. Rows of one plan that say different things are all quarantined: nobody
can know which is right, so none wins, and the last good plan stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from lookup.agencies.sent import SentRow
from lookup.model import Child
from lookup.nhs_number import digits_held
from lookup.refusals import Field, FileRefused
from lookup.register import RejectedRow

FAULTY = b""
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Survey:
    """`left_out`: the lines that are not taken; `doubles`: (line, the earlier line that says the very same)."""

    rows: int = 0
    digest: bytes = b""
    rejected: list[RejectedRow] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)
    doubles: list[tuple[int, int]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Plan:
    """The rows of one reference so far: their lines, and what the first of them says."""

    lines: list[int]
    says: bytes
    contradicted: bool = False


def survey(read: Callable[[], Iterator[SentRow]], digest: Callable[[], bytes]) -> Survey:
    """Read it once; a second time only where rows contradict each other. Raises `FileRefused` as reading does."""
    found, plans = Survey(), dict[str, _Plan]()
    children = dict[bytes, tuple[int, bytes]]()
    for row in read():
        found.rows += 1
        if row.publication is None:
            found.left_out.add(row.line)
            found.rejected.append(row.rejected())
        if row.ref:
            _compare(row, plans, found)
        _compare_children(row, children, found)
    found.digest = digest()
    if found.rows == 0:
        raise FileRefused("The file holds no rows. An authority that has no plans sends a heartbeat.")
    _quarantine_contradictions(read, plans, found)
    return found


def _compare(row: SentRow, plans: dict[str, _Plan], found: Survey) -> None:
    says = FAULTY if row.publication is None else _hash(_encode(row.publication))
    plan = plans.get(row.ref)
    if plan is None:
        plans[row.ref] = _Plan([row.line], says)
        return
    plan.lines.append(row.line)
    if says == plan.says and says != FAULTY:
        found.doubles.append((row.line, plan.lines[0]))
        found.left_out.add(row.line)
    else:
        plan.contradicted = True


def _quarantine_contradictions(read: Callable[[], Iterator[SentRow]], plans: dict[str, _Plan], found: Survey) -> None:
    lines = {line: plan.lines for plan in plans.values() if plan.contradicted for line in plan.lines}
    if not lines:
        return
    found.left_out |= lines.keys()
    found.doubles = [(line, first) for line, first in found.doubles if line not in lines]
    found.rejected = [row for row in found.rejected if int(row.where.removeprefix("line ")) not in lines]
    found.rejected += [row.rejected(_contradiction(row.line, lines[row.line])) for row in read() if row.line in lines]
    found.rejected.sort(key=lambda row: int(row.where.removeprefix("line ")))


def _contradiction(line: int, lines: list[int]) -> Field:
    other = lines[0] if line != lines[0] else lines[1]
    return Field("row", f"is of the same plan as line {other}, and they do not agree: none was preferred")


def _compare_children(row: SentRow, children: dict[bytes, tuple[int, bytes]], found: Survey) -> None:
    """One child in two rows that do not agree is pointed out; both are taken, and an enquiry weighs them both."""
    if row.publication is None:
        return
    child = row.publication.child
    says = _hash(_encode(child))
    for key, what in _what_is_a_childs_own(child):
        line, said = children.setdefault(key, (row.line, says))
        if said != says:
            found.notices.append(f"line {row.line} has {what} of line {line}, and the two do not agree about the child")
            return


def _what_is_a_childs_own(child: Child) -> Iterator[tuple[bytes, str]]:
    if digits := digits_held(child.nhs_number):
        yield _hash(digits.encode()), "the NHS number"
    if child.birth_date and child.family_name and child.given_name:
        person = (child.family_name.casefold(), child.given_name.casefold(), child.birth_date)
        yield _hash("\0".join(person).encode()), "the name and birth date"


def _hash(what: bytes) -> bytes:
    return hashlib.sha256(what).digest()[:16]
