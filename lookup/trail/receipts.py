"""What the asker takes home: the entry, the epoch it belongs to, and the salt that opens its claim.

Promises: a receipt needs nothing but itself and the manifest to be verified, offline, without any secret; together with
the answer it proves what was answered. It holds no personal data. Does not promise, without a proof, that its entry is
still there: ask for the proof, and take its absence 15 minutes after the entry's time for tampering. Trusts the
manifest it is given, and nothing in the receipt.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import lru_cache

from lookup.keys.ciphers import verify_signature
from lookup.refusals import RecordBroken
from lookup.trail.epochs import Epoch, check_epoch, read_epoch
from lookup.trail.formats import EntryType, Header, claim_of, leaf_prefix, read_entry
from lookup.trail.manifest import Manifest, SignedManifest
from lookup.trail.notes import Checkpoint, open_checkpoint, read_proof
from lookup.trail.tree import check_inclusion, leaf_hash

VERSION = 1
SALT_BYTES = 32
_MEMBERS = {"version", "origin", "index", "entry", "epoch_body", "salt", "proof"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an entry was recorded. `salt` is empty where the entry claims no answer."""

    origin: str
    index: int
    entry: bytes = field(repr=False)
    epoch_body: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @property
    def entry_id(self) -> str:
        """The epoch in hex, a dot, the counter: what identifies the entry for ever."""
        return f"{self.entry[16:32].hex()}.{int.from_bytes(self.entry[32:40], 'big')}"

    def as_json(self, proof: str | None = None) -> dict[str, object]:
        """The receipt as it is sent; `proof` is there once a checkpoint covers the entry."""
        return {
            "version": VERSION,
            "origin": self.origin,
            "index": self.index,
            "entry": base64.b64encode(self.entry).decode(),
            "epoch_body": _epoch_text(self.epoch_body),
            "salt": base64.b64encode(self.salt).decode(),
            "proof": proof,
        }


@lru_cache(maxsize=8)
def _epoch_text(epoch_body: bytes) -> str:
    """The same few kilobytes in every receipt of an epoch, encoded once."""
    return base64.b64encode(epoch_body).decode()


@dataclass(frozen=True, slots=True)
class Proven:
    """What a receipt proves. `claimed` is True where it commits to the answer that was brought along."""

    entry_id: str
    index: int
    header: Header
    claimed: bool
    checkpoint: Checkpoint | None


def verify_receipt(value: object, signed: SignedManifest, answer: bytes | None) -> Proven:
    """Verify a receipt offline; `answer` is the canonical answer without its receipt. Raises `RecordBroken`.

    1. It has the form of a receipt of version 1. 2. It is of this log. 3. An enrolled host signed its epoch, under this
    manifest and for its readers. 4. Its entry is of that epoch, and neither its first nor past its end. 5. The epoch's
    key signed the entry. 6. The entry commits to the answer. 7. The proof, where there is one, leads from this entry at
    this index to a checkpoint that the log signed.
    """
    receipt, proof = read_receipt(value)  # 1
    manifest = signed.manifest
    if receipt.origin != manifest.origin:  # 2
        raise RecordBroken(f"The receipt is of another log: {receipt.origin}.")
    epoch = read_epoch(receipt.epoch_body)  # 3
    check_epoch(epoch, signed)
    entry = read_entry(receipt.entry)  # 4
    _check_place(entry.header, epoch)
    verify_signature(epoch.public, entry.signature, leaf_prefix(receipt.origin) + entry.leaf)  # 5
    if answer is not None:  # 6
        _check_claim(entry.header, receipt.salt, answer)
    checkpoint = None if proof is None else check_proof(receipt, proof, manifest)  # 7
    return Proven(receipt.entry_id, receipt.index, entry.header, answer is not None, checkpoint)


def read_receipt(value: object) -> tuple[Receipt, str | None]:
    """The receipt of this JSON value and its proof's text, nothing verified yet. Raises `RecordBroken`."""
    if not isinstance(value, dict) or set(value) != _MEMBERS or value["version"] != VERSION:
        raise RecordBroken("This is not a receipt of version 1.")
    origin, index, proof = value["origin"], value["index"], value["proof"]
    if type(origin) is not str or type(index) is not int or not isinstance(proof, str | None):
        raise RecordBroken("A member of the receipt is not of its kind.")
    entry, epoch_body, salt = (_decoded(value[name]) for name in ("entry", "epoch_body", "salt"))
    return Receipt(origin, index, entry, epoch_body, salt), proof


def check_proof(receipt: Receipt, proof: str, manifest: Manifest) -> Checkpoint:
    """The checkpoint to which this proof leads from the receipt's entry. Raises `RecordBroken`."""
    parts = read_proof(proof)
    if parts.index != receipt.index:
        raise RecordBroken("The proof is for another index than the receipt.")
    checkpoint = open_checkpoint(parts.note, manifest.origin, manifest.log_key)
    check_inclusion(leaf_hash(receipt.entry), receipt.index, checkpoint.size, parts.path, checkpoint.root)
    return checkpoint


def _check_place(header: Header, epoch: Epoch) -> None:
    if (header.epoch_id, header.period) != (epoch.epoch_id, epoch.period):
        raise RecordBroken("The receipt's entry is of another epoch than the one beside it.")
    if header.type in (EntryType.EPOCH, EntryType.EPOCH_CLOSE) or not header.counter:
        raise RecordBroken("The receipt's entry records nothing that could be answered.")
    if header.seconds > epoch.not_after:
        raise RecordBroken("The receipt's entry is later than the end of its epoch.")


def _check_claim(header: Header, salt: bytes, answer: bytes) -> None:
    if len(salt) != SALT_BYTES:
        raise RecordBroken("The receipt commits to no answer.")
    if claim_of(salt, answer) != header.claim:
        raise RecordBroken("The answer is not the one that was recorded.")


def _decoded(text: object) -> bytes:
    if not isinstance(text, str):
        raise RecordBroken("A member of the receipt is not of its kind.")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise RecordBroken("A member of the receipt is not base64.") from None
