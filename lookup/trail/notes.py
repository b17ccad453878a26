"""Texts that others can check: signed notes, checkpoints and proofs, as C2SP writes them.

Promises: what is written here is what https://c2sp.org/signed-note, /tlog-checkpoint and /tlog-proof describe, so that
tools of other people can verify it; what is read here was verified with the key that the caller names. Signatures by
keys we do not know (witnesses) are passed over, as the specification asks. Trusts nobody.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from lookup.keys import ciphers
from lookup.refusals import RecordBroken
from lookup.trail.tree import HASH_BYTES

LONGEST_NOTE = 100_000
PROOF_TITLE = "c2sp.org/tlog-proof@v1"
_ED25519 = b"\x01"
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,18})\Z", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its origin line, its number of entries, its root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text."""
        return f"{self.origin}\n{self.size}\n{_text(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is in the tree of a checkpoint: `note` is the checkpoint, not verified yet."""

    index: int
    path: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """The ``.tlog-proof`` file."""
        lines = [PROOF_TITLE, f"index {self.index}", *map(_text, self.path), ""]
        return "\n".join(lines) + "\n" + self.note


def sign_note(text: str, name: str, signer: ciphers.Signer) -> str:
    """The signed note of this text, by the Ed25519 key of this name."""
    signature = _text(_key_id(name, signer.public) + signer.sign(text.encode()))
    return f"{text}\n— {name} {signature}\n"


def open_note(note: str, name: str, public: bytes) -> str:
    """The text of a note that the named key has signed. Raises `RecordBroken`."""
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or len(note) > LONGEST_NOTE or _CONTROL.search(note) or not signatures.endswith("\n"):
        raise RecordBroken("This is not a signed note.")
    text += "\n"
    verified = False
    for line in signatures[:-1].split("\n"):
        signature = _signature_by(line, name, _key_id(name, public))
        if signature is not None:
            ciphers.verify_signature(public, signature, text.encode())
            verified = True
    if not verified:
        raise RecordBroken(f"The note is not signed by the key {name}.")
    return text


def sign_checkpoint(checkpoint: Checkpoint, log: ciphers.Signer) -> str:
    """The checkpoint as a note, signed by the log's key, whose name is the origin."""
    return sign_note(checkpoint.text(), checkpoint.origin, log)


def open_checkpoint(note: str, origin: str, log_key: bytes) -> Checkpoint:
    """The checkpoint of a note that this log signed. Raises `RecordBroken`."""
    lines = open_note(note, origin, log_key).split("\n")
    if len(lines) < 4 or lines[0] != origin or not _NUMBER.match(lines[1]):
        raise RecordBroken("The note is not a checkpoint of this log.")
    return Checkpoint(origin, int(lines[1]), _hash(lines[2]))


def read_proof(text: str) -> Proof:
    """The parts of a proof, nothing verified yet. Raises `RecordBroken`."""
    head, separator, note = text.partition("\n\n")
    lines = head.split("\n")
    if len(lines) > 1 and lines[1].startswith("extra "):
        del lines[1]
    if not separator or len(text) > LONGEST_NOTE or lines[0] != PROOF_TITLE or len(lines) < 2:
        raise RecordBroken("This is not a proof (c2sp.org/tlog-proof@v1).")
    word, _, number = lines[1].partition(" ")
    if word != "index" or not _NUMBER.match(number):
        raise RecordBroken("The proof lacks the entry's index.")
    return Proof(int(number), tuple(_hash(line) for line in lines[2:]), note)


def _signature_by(line: str, name: str, key_id: bytes) -> bytes | None:
    """The signature of this line where it is by the key of this name and id."""
    dash, _, rest = line.partition(" ")
    signer, _, encoded = rest.partition(" ")
    if dash != "—" or not signer:
        raise RecordBroken("A line of the note is not a signature.")
    decoded = _decoded(encoded)
    if len(decoded) < 5:
        raise RecordBroken("A signature of the note is too short.")
    return decoded[4:] if signer == name and decoded[:4] == key_id else None


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _hash(line: str) -> bytes:
    decoded = _decoded(line)
    if len(decoded) != HASH_BYTES:
        raise RecordBroken("A hash does not have 32 bytes.")
    return decoded


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise RecordBroken("A line is not base64.") from None


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
