"""Reading the trail: with the auditor's key and the custodian's together, and never without an entry before it.

Promises: `read_trail` first records who reads which epochs, and why (AUDIT_ACCESS), durably, and only then opens
a share; every entry that it shows has passed every check of `lookup.trail.walking`, its signature included, and opened
under the key that its header commits to. Does not promise that nothing is missing at the end: run
`lookup.trail.verification` for that. Trusts the folder of keys, which the server never opens; in the demo the auditor's
and the custodian's keys lie side by side, elsewhere the custodian releases a share from their own machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from lookup.canonical import NotCanonical, read_canonical
from lookup.keys import ciphers
from lookup.refusals import NotPermitted, RecordBroken, UnsafeSetting
from lookup.trail import formats
from lookup.trail.epochs import Epoch, open_share
from lookup.trail.formats import EntryType, Header
from lookup.trail.founding import RECIPIENT_KEY, month_key
from lookup.trail.key_files import read_private_key
from lookup.trail.layout import TrailFiles, auditor_folder
from lookup.trail.manifest import Role, SignedManifest, load_manifest
from lookup.trail.ratchet import Ratchet, commitment_to_key
from lookup.trail.receipts import Receipt
from lookup.trail.sealing import Draft
from lookup.trail.tables import reading, rows_from
from lookup.trail.walking import BrokenEntry, Step, Walk
from lookup.trail.writer import Writer

EPOCHS_AN_ENTRY = 1000
CERTAIN = frozenset({"on_plan", "looked_after", "plan_ended"})


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """Whose entries: of one child (by number or plan), of one practitioner, or all. One of them, or none, is given."""

    nhs_number: str = ""
    plan: str = ""
    practitioner: str = ""

    def as_facts(self) -> dict[str, object]:
        """What AUDIT_ACCESS says was sought."""
        given = {"nhs_number": self.nhs_number, "plan": self.plan, "user_id": self.practitioner}
        return {name: value for name, value in given.items() if value}

    def is_in(self, record: Mapping[str, Any]) -> bool:
        """True where this record names them."""
        if self.nhs_number:
            sought = record.get("sought", {})
            return self.nhs_number in (_digits(sought.get(name, "")) for name in ("nhs_number", "mother_nhs_number"))
        if self.plan:
            return self.plan in record.get("plans", ())
        return not self.practitioner or self.practitioner == record.get("user_id")

    def child_in(self, record: Mapping[str, Any]) -> str | None:
        """The child that this record names beyond doubt: their other entries belong to the answer too."""
        children = record.get("children", ())
        if (self.nhs_number or self.plan) and len(children) == 1 and record.get("outcome") in CERTAIN:
            return str(children[0]) if self.is_in(record) else None
        return None


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry that was read."""

    index: int
    header: Header
    record: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Auditor:
    """Who reads, by the name of their key's folder."""

    name: str
    private: bytes
    keys: Path


def load_auditor(keys: Path, name: str = "") -> Auditor:
    """The auditor whose key lies in `keys`; `name` is needed where there are several. Raises `UnsafeSetting`."""
    folder = auditor_folder(keys)
    names = sorted(path.parent.name for path in folder.glob(f"*/{RECIPIENT_KEY}"))
    chosen = [known for known in names if not name or known == name]
    if len(chosen) != 1:
        raise UnsafeSetting(f"{folder} holds the keys of {', '.join(names) or 'nobody'}: name one auditor.")
    private = read_private_key(folder / chosen[0] / RECIPIENT_KEY, ciphers.RECIPIENT_PRIVATE_BYTES)
    return Auditor(chosen[0], private, keys)


def read_trail(
    files: TrailFiles, auditor: Auditor, wanted: Wanted, reason: str, between: tuple[int, int]
) -> tuple[list[Receipt], Iterator[Shown]]:
    """The receipts of the AUDIT_ACCESS entries, and the entries, as they are read one by one.

    `between` bounds the epochs that are opened, in Unix seconds. Raises `NotPermitted` without a reason,
    `CannotRecord` where the access cannot be recorded, `BrokenEntry` at the first entry that is not as it was written.
    """
    if len(reason.strip()) < 5:
        raise NotPermitted("Say why you read the trail, in a few words: the reason is recorded.")
    manifest = load_manifest(files.manifest)
    with reading(files.store) as connection:
        epochs = [epoch for epoch in _epochs(connection, manifest) if _overlaps(epoch, between)]
    receipts = _record_access(files, auditor, wanted, reason, epochs)
    return receipts, _read(files, manifest, auditor, wanted, {epoch.epoch_id for epoch in epochs})


def _epochs(connection: Connection, manifest: SignedManifest) -> Iterator[Epoch]:
    walk = Walk(manifest)
    for row in rows_from(connection):
        step = walk.step(*row)
        if step.entry.header.type is EntryType.EPOCH:
            yield step.epoch


def _overlaps(epoch: Epoch, between: tuple[int, int]) -> bool:
    return epoch.not_before <= between[1] and epoch.not_after >= between[0]


def _record_access(
    files: TrailFiles, auditor: Auditor, wanted: Wanted, reason: str, epochs: Sequence[Epoch]
) -> list[Receipt]:
    """Before anything is opened: who, which epochs, what for, why. As many entries as the names of the epochs need."""
    now = datetime.now(UTC)
    record = {
        "at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "door": "command", "user_id": auditor.name, "role": "auditor",
        "purpose": "audit_review", "reason": reason.strip(), "sought": wanted.as_facts(),
    }  # fmt: skip
    names = [epoch.epoch_id.hex() for epoch in epochs]
    parts = [names[at : at + EPOCHS_AN_ENTRY] for at in range(0, len(names), EPOCHS_AN_ENTRY)] or [[]]
    writer = Writer(files)
    try:
        return writer.append([Draft(EntryType.AUDIT_ACCESS, {**record, "epochs": part}, now) for part in parts])
    finally:
        writer.close()


def _read(
    files: TrailFiles, manifest: SignedManifest, auditor: Auditor, wanted: Wanted, epochs: set[bytes]
) -> Iterator[Shown]:
    """Twice through the trail: first for the child's name in the register, then for every entry that has it."""
    with reading(files.store) as connection:
        opened = _Opening(auditor, epochs).open_all(Walk(manifest), rows_from(connection))
        children = {wanted.child_in(shown.record) for _, shown in opened} - {None}
        for step, shown in _Opening(auditor, epochs).open_all(Walk(manifest), rows_from(connection)):
            if wanted.is_in(shown.record) or children.intersection(shown.record.get("children", ())):
                _verify_signature(step)
                yield shown


def _verify_signature(step: Step) -> None:
    try:
        step.signed.verify()
    except RecordBroken:
        raise BrokenEntry(step.index, "Its signature is not by its epoch's key.") from None


class _Opening:
    """Opens boxes, epoch by epoch; an epoch that was not named in AUDIT_ACCESS is never opened."""

    def __init__(self, auditor: Auditor, epochs: set[bytes]) -> None:
        self._auditor = auditor
        self._epochs = epochs
        self._ratchets: dict[bytes, Ratchet] = {}

    def open_all(self, walk: Walk, rows: Iterable[tuple[int, bytes, bytes]]) -> Iterator[tuple[Step, Shown]]:
        for row in rows:
            step = walk.step(*row)
            if step.entry.header.epoch_id not in self._epochs:
                continue
            if step.entry.header.type is EntryType.EPOCH:
                self._begin(step)
            else:
                record = self._open(step)
                if step.entry.header.type is not EntryType.EPOCH_CLOSE:
                    yield step, Shown(step.index, step.entry.header, record)

    def _begin(self, step: Step) -> None:
        epoch = step.epoch
        auditor_share = open_share(epoch, Role.AUDITOR, self._auditor.private)
        custodian_key = read_private_key(month_key(self._auditor.keys, epoch.period), ciphers.RECIPIENT_PRIVATE_BYTES)
        custodian_share = open_share(epoch, Role.CUSTODIAN, custodian_key)
        if auditor_share is None or custodian_share is None:
            raise UnsafeSetting(
                f"The epoch of {formats.period_text(epoch.period)} at entry {step.index} is sealed to other keys than "
                "these. Bound what you read with --since and --until, or bring the right keys."
            )
        ratchet = self._ratchets[epoch.epoch_id] = Ratchet(epoch.epoch_id, auditor_share, custodian_share)
        ratchet.skip(1)

    def _open(self, step: Step) -> dict[str, Any]:
        header = step.entry.header
        key = self._ratchets[header.epoch_id].next_key()
        if commitment_to_key(key) != header.commit:
            raise BrokenEntry(step.index, "Its key is not the one that it commits to.")
        associated = formats.box_prefix(step.epoch.origin) + step.entry.leaf[: formats.HEADER_BYTES]
        try:
            plain = formats.unpadded(ciphers.open_sealed(key, header.nonce, step.body, associated))
            record = read_canonical(plain)
        except (RecordBroken, NotCanonical) as broken:
            raise BrokenEntry(step.index, str(broken)) from None
        if not isinstance(record, dict):
            raise BrokenEntry(step.index, "Its record is not an object.")
        return record


def _digits(typed: object) -> str:
    return str(typed).replace(" ", "").replace("-", "")
