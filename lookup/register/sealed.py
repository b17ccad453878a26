"""How a child's rows are sealed and opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from lookup.keys.keyring import ChildKey, Place
from lookup.model import Child, HeldPlan, Plan
from lookup.moments import iso, moment
from lookup.refusals import Field, RecordBroken


class Identity(msgspec.Struct, frozen=True, gc=False):
    """The sealed identity: whose plan it is, under which of their references, and who the child is."""

    authority: str
    ref: str
    child: Child


class RejectedRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a row that could not be taken: where it stood, what is wrong, and what is readable in it.

    `ref` is the authority's reference where it is readable; `text` stands for the row's own words, so that the same row
    is known again the next night wherever it stands. `restricted`: of a child whose council is not to be named.
    """

    where: str
    problems: tuple[tuple[str, str], ...]
    readable: Child
    ref: str = ""
    text: str = ""
    restricted: bool = False

    def fields(self) -> tuple[Field, ...]:
        return tuple(Field(path, problem) for path, problem in self.problems)

    def __repr__(self) -> str:
        return f"RejectedRow({self.where})"


@dataclass(frozen=True, slots=True, repr=False)
class HeldReject:
    """A rejected row, opened, with its age."""

    authority: str
    first_seen: datetime
    row: RejectedRow

    def days_old(self, at: datetime) -> int:
        return (at - self.first_seen).days

    def for_the_owner(self, at: datetime) -> dict[str, object]:
        """What its authority is shown: where the row stood, what is wrong with it, and how old it is."""
        problems = [{"path": wrong.path, "problem": wrong.problem} for wrong in self.row.fields()]
        shown = {"authority": self.authority, "where": self.row.where, "first_seen": iso(self.first_seen)}
        return {**shown, "problems": problems, "days_old": self.days_old(at)}

    def __repr__(self) -> str:
        return f"HeldReject({self.authority})"


def without_place(child: Child) -> Child:
    """The child without its addresses: a restricted child's place is neither indexed nor compared."""
    return msgspec.structs.replace(child, addresses=())


_identity = msgspec.json.Decoder(Identity)
_plan = msgspec.json.Decoder(Plan)
_rejected = msgspec.json.Decoder(RejectedRow)
encode = msgspec.json.Encoder().encode


def _place(column: str, child_id: bytes, version: int) -> Place:
    return Place("versions", column, child_id, child_id, version)


def seal_version(key: ChildKey, child_id: bytes, version: int, identity: Identity, plan: Plan) -> tuple[bytes, bytes]:
    """The two sealed columns of one version."""
    return (
        key.seal(encode(identity), _place("identity", child_id, version)),
        key.seal(encode(plan), _place("plan", child_id, version)),
    )


def open_version(
    key: ChildKey,
    child_id: bytes,
    authority: str,
    version: int,
    recorded_at: int,
    absent_since: int | None,
    identity: bytes,
    plan: bytes,
) -> HeldPlan:
    """One version, opened. Raises `RecordBroken` when a row was changed or stands in another's place."""
    try:
        opened = (
            key.open(identity, _place("identity", child_id, version)),
            key.open(plan, _place("plan", child_id, version)),
        )
    except ValueError:
        raise RecordBroken("A sealed row is too short to be one.") from None
    who = _identity.decode(opened[0])
    if who.authority != authority:
        raise RecordBroken("A plan stands under an authority that did not publish it.")
    return HeldPlan(
        child_id=child_id,
        authority=authority,
        ref=who.ref,
        version=version,
        recorded_at=moment(recorded_at),
        child=who.child,
        plan=_plan.decode(opened[1]),
        absent_since=None if absent_since is None else moment(absent_since),
    )


def seal_rejected(key: ChildKey, reject_id: bytes, row: RejectedRow) -> bytes:
    """A rejected row, sealed in its place."""
    return key.seal(encode(row), Place("rejects", "sealed", reject_id, reject_id, 1))


def open_rejected(key: ChildKey, reject_id: bytes, sealed: bytes) -> RejectedRow:
    """A rejected row, opened."""
    return _rejected.decode(key.open(sealed, Place("rejects", "sealed", reject_id, reject_id, 1)))
