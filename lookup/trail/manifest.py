"""Who may write the trail and who may read it: the manifest, signed by two parties.

Promises: a manifest that is loaded here is canonical, complete and signed by at least two different keys, and its hash
stands in every EPOCH, so that nobody can enrol a host or slip in a reader unseen. Does not promise: that the two keys
are the right ones; whoever verifies compares `signed_by` with what the parties told them by another way, or names the
keys (`parties`). Trusts nobody: the file may lie on a disk that an attacker edits.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from lookup.canonical import NotCanonical, canonical, read_canonical
from lookup.keys import ciphers
from lookup.refusals import RecordBroken, UnsafeSetting
from lookup.trail.formats import label

SIGNATURE_TITLE = "lookup trail manifest signature v1"
SIGNATURES_NEEDED = 2
_SIGNED_LABEL = label("manifest")


class Role(IntEnum):
    """What a recipient holds: the auditor's share of every epoch, or the custodian's share of one month."""

    AUDITOR = 1
    CUSTODIAN = 2


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to whom epochs wrap a share, from one moment until another (Unix seconds, the end not included)."""

    role: Role
    key: bytes
    valid_from: int
    valid_until: int

    @property
    def key_id(self) -> bytes:
        """The hash of the public key."""
        return sha256(self.key).digest()


@dataclass(frozen=True, slots=True)
class Manifest:
    """Hosts (key id to Ed25519 key), the log's key, the readers; `hash` is that of the file's bytes."""

    origin: str
    log_key: bytes
    hosts: dict[bytes, bytes]
    recipients: tuple[Recipient, ...]
    epochs_not_before: int

    def recipients_at(self, seconds: int) -> list[Recipient]:
        """The readers of an epoch that begins at this moment, ascending by role and key id."""
        valid = [r for r in self.recipients if r.valid_from <= seconds < r.valid_until]
        return sorted(valid, key=lambda r: (r.role, r.key_id))

    def as_bytes(self) -> bytes:
        """The canonical JSON that the parties sign."""
        return canonical(
            {
                "origin": self.origin,
                "log_key": _text(self.log_key),
                "hosts": [{"id": _text(key_id), "key": _text(key)} for key_id, key in sorted(self.hosts.items())],
                "recipients": [_recipient_json(recipient) for recipient in self.recipients],
                "epochs_not_before": self.epochs_not_before,
            }
        )


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """A manifest whose signatures were verified. `signed_by` is each party's name and public key."""

    manifest: Manifest
    hash: bytes
    signed_by: tuple[tuple[str, bytes], ...]


def load_manifest(path: Path, parties: Collection[bytes] = ()) -> SignedManifest:
    """The manifest at `path` with its ``.sig`` files beside it.

    Where `parties` are given, each of these public keys must have signed. Raises `UnsafeSetting`.
    """
    text = _read(path)
    signed_by = tuple(_verified(signature, text) for signature in signature_files(path))
    keys = {key for _, key in signed_by}
    if len(keys) < SIGNATURES_NEEDED or len({name for name, _ in signed_by}) < SIGNATURES_NEEDED:
        raise UnsafeSetting(f"The manifest {path} lacks the signatures of two parties ({path.name}.*.sig).")
    if not keys.issuperset(parties):
        raise UnsafeSetting(f"The manifest {path} is not signed by every party that was named.")
    return SignedManifest(read_manifest(text), sha256(text).digest(), signed_by)


def signature_files(manifest: Path) -> list[Path]:
    """The detached signatures beside the manifest."""
    return sorted(manifest.parent.glob(f"{manifest.name}.*.sig"))


def sign_manifest(path: Path, party: str, private: bytes) -> Path:
    """Write this party's detached signature beside the manifest, and return its path."""
    signer = ciphers.Signer(private)
    lines = (SIGNATURE_TITLE, party, _text(signer.public), _text(signer.sign(_SIGNED_LABEL + path.read_bytes())))
    target = path.with_name(f"{path.name}.{party}.sig")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def read_manifest(text: bytes) -> Manifest:
    """The manifest of these canonical bytes, its signatures not looked at. Raises `UnsafeSetting`."""
    try:
        manifest = _from_json(read_canonical(text))
    except (NotCanonical, KeyError, TypeError, ValueError) as fault:
        raise UnsafeSetting(f"The manifest is not as it must be: {fault}") from None
    if manifest.as_bytes() != text:
        raise UnsafeSetting("The manifest is not canonical, or holds something unknown.")
    return manifest


def _from_json(value: Any) -> Manifest:
    hosts = {_bytes(host["id"], 32): _bytes(host["key"], ciphers.KEY_BYTES) for host in value["hosts"]}
    if any(sha256(key).digest() != key_id for key_id, key in hosts.items()):
        raise ValueError("a host's id is not the hash of its key")
    return Manifest(
        origin=_origin(value["origin"]),
        log_key=_bytes(value["log_key"], ciphers.KEY_BYTES),
        hosts=hosts,
        recipients=tuple(_recipient(recipient) for recipient in value["recipients"]),
        epochs_not_before=_seconds(value["epochs_not_before"]),
    )


def _recipient(value: Any) -> Recipient:
    recipient = Recipient(
        Role[str(value["role"]).upper()],
        _bytes(value["key"], ciphers.RECIPIENT_PUBLIC_BYTES),
        _seconds(value["from"]),
        _seconds(value["until"]),
    )
    if _bytes(value["key_id"], 32) != recipient.key_id:
        raise ValueError("a recipient's key_id is not the hash of its key")
    return recipient


def _recipient_json(recipient: Recipient) -> dict[str, object]:
    return {
        "role": recipient.role.name.lower(),
        "key_id": _text(recipient.key_id),
        "key": _text(recipient.key),
        "from": recipient.valid_from,
        "until": recipient.valid_until,
    }


def _verified(path: Path, manifest: bytes) -> tuple[str, bytes]:
    try:
        title, party, key_text, signature_text, rest = _read(path).decode().split("\n")
        key, signature = _bytes(key_text, ciphers.KEY_BYTES), _bytes(signature_text, ciphers.SIGNATURE_BYTES)
        if title != SIGNATURE_TITLE or rest:
            raise ValueError(title)
    except ValueError:
        raise UnsafeSetting(f"{path} is not a signature of a manifest. Ask the party to sign again.") from None
    try:
        ciphers.verify_signature(key, signature, _SIGNED_LABEL + manifest)
    except RecordBroken:
        raise UnsafeSetting(f"The signature {path} does not fit the manifest: one of the two was changed.") from None
    return party, key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise UnsafeSetting(f"{path} cannot be read ({fault.strerror}).") from None


def _origin(value: object) -> str:
    if not isinstance(value, str) or not value or any(c.isspace() or c == "+" or c < " " for c in value):
        raise ValueError("the origin is not a line without spaces")
    return value


def _seconds(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a time is not in Unix seconds")
    return value


def _bytes(text: object, length: int) -> bytes:
    try:
        decoded = base64.b64decode(str(text), validate=True)
    except binascii.Error:
        raise ValueError("a key is not base64") from None
    if len(decoded) != length:
        raise ValueError(f"a key or signature does not have {length} bytes")
    return decoded


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
