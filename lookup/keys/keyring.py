"""The keys that the server itself holds, and what each one does: wrap, blind, seal, mark.

Promises: a key that is missing, of the wrong length or readable by others stops the start, by name; a sealed row opens
only in its own table, column, row and version; a blind token tells nothing without its key. Does not promise to hide
how often a token occurs, or which tokens occur together (docs/threat-model.md). Trusts the folder of keys, which must
not share a backup with the databases. What each key opens and who holds it: docs/keys.md.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lookup.keys.ciphers import KEY_BYTES, NONCE_BYTES, open_sealed, seal
from lookup.refusals import UnsafeSetting

TOKEN_BYTES = 16
HMAC_BLOCK = 64
if TYPE_CHECKING:
    from hashlib import _Hash

SERVER_KEYS = ("service.key", "clues.key", "desk.key", "session.key")


def read_key(path: Path) -> bytes:
    """The 32 raw bytes of a key file. Raises `UnsafeSetting` when it is missing, short or readable by others."""
    try:
        mode = path.stat().st_mode
        key = path.read_bytes()
    except OSError as fault:
        raise UnsafeSetting(
            f"The key {path} cannot be read ({fault.strerror}). Restore it from its own backup."
        ) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnsafeSetting(f"The key {path} is open to others (mode {stat.S_IMODE(mode):o}). Run: chmod 600 {path}")
    if len(key) != KEY_BYTES:
        raise UnsafeSetting(f"The key {path} has {len(key)} bytes instead of {KEY_BYTES}. Restore it from its backup.")
    return key


def make_key(path: Path) -> None:
    """A new random key at `path`, mode 0600. Never overwrites."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(KEY_BYTES))
        os.fsync(file.fileno())


def make_server_keys(folder: Path) -> None:
    """All the keys that the server itself holds, new, in `folder` (mode 0700)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in SERVER_KEYS:
        make_key(folder / name)


def framed(*parts: bytes) -> bytes:
    """The parts, each with its length before it, so that no two lists of parts read the same."""
    return b"".join([len(part).to_bytes(2, "big") + part for part in parts])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed row lies: it opens nowhere else."""

    table: str
    column: str
    child_id: bytes
    row_id: bytes
    version: int

    def associated(self) -> bytes:
        version = self.version.to_bytes(8, "big")
        return _framed_names(self.table, self.column) + framed(self.child_id, self.row_id, version)


@lru_cache(maxsize=32)
def _framed_names(table: str, column: str) -> bytes:
    return framed(table.encode(), column.encode())


class ChildKey:
    """One child's own key: seals and opens that child's rows, and dies with the child."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, plain: bytes, place: Place) -> bytes:
        """Nonce and box."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + seal(self._key, nonce, plain, place.associated())

    def open(self, sealed: bytes, place: Place) -> bytes:
        """What was sealed at this place. Raises `RecordBroken` for any other place, key or changed byte."""
        return open_sealed(self._key, sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.associated())


class ServiceKey:
    """Wraps children's keys. Generations are for rotation: a key wrapped under one opens under that one only."""

    __slots__ = ("_key", "generation")

    def __init__(self, key: bytes, generation: int = 1) -> None:
        self._key = key
        self.generation = generation

    def new_child_key(self, child_id: bytes) -> tuple[ChildKey, bytes]:
        """A fresh key for this child, and the same key wrapped."""
        key, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        return ChildKey(key), nonce + seal(self._key, nonce, key, self._associated(child_id))

    def unwrap(self, child_id: bytes, wrapped: bytes) -> ChildKey:
        """This child's key. Raises `RecordBroken` for another child's, another generation's, or a changed byte."""
        opened = open_sealed(self._key, wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], self._associated(child_id))
        return ChildKey(opened)

    def mark(self) -> bytes:
        """What tells this key from another, and nothing about it."""
        return hmac.digest(self._key, b"lookup/which-key", "sha256")[:TOKEN_BYTES]

    def _associated(self, child_id: bytes) -> bytes:
        return framed(b"child-key", child_id, self.generation.to_bytes(4, "big"))


class Blinder:
    """Makes blind tokens: HMAC-SHA-256 under a key for each kind of clue, cut to 16 bytes."""

    __slots__ = ("_keyed", "_root")

    def __init__(self, root: bytes) -> None:
        self._root = root
        self._keyed: dict[str, tuple[_Hash, _Hash]] = {}

    def token(self, kind: str, fields: tuple[str, ...]) -> bytes:
        """The token under which this clue is indexed and sought."""
        inner, outer = self._keyed.get(kind) or self._of(kind)
        within, around = inner.copy(), outer.copy()
        within.update(framed(*[field.encode() for field in fields]))
        around.update(within.digest())
        return around.digest()[:TOKEN_BYTES]

    def _of(self, kind: str) -> tuple[_Hash, _Hash]:
        """Both halves of HMAC (RFC 2104, section 4), begun with this kind's key: a third of the time of a fresh one."""
        key = hmac.digest(self._root, b"lookup/clue/" + kind.encode(), "sha256").ljust(HMAC_BLOCK, b"\0")
        halves = (bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C))
        inner, outer = (hashlib.sha256(half) for half in halves)
        self._keyed[kind] = inner, outer
        return inner, outer


class DeskKey:
    """Seals what the desk keeps, a key derived for each row; and marks what it must find again without naming it."""

    __slots__ = ("_mark_root", "_seal_root")

    def __init__(self, root: bytes) -> None:
        self._seal_root = hmac.digest(root, b"lookup/desk/seal", "sha256")
        self._mark_root = hmac.digest(root, b"lookup/desk/mark", "sha256")

    def seal(self, plain: bytes, table: str, row_id: bytes) -> bytes:
        """Nonce and box; opens only for this table and row."""
        nonce, place = os.urandom(NONCE_BYTES), framed(table.encode(), row_id)
        return nonce + seal(hmac.digest(self._seal_root, place, "sha256"), nonce, plain, place)

    def open(self, sealed: bytes, table: str, row_id: bytes) -> bytes:
        """What was sealed for this row. Raises `RecordBroken` otherwise."""
        place = framed(table.encode(), row_id)
        key = hmac.digest(self._seal_root, place, "sha256")
        return open_sealed(key, sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)

    def mark(self, kind: str, *parts: bytes) -> bytes:
        """16 bytes that stand for these parts and tell nothing about them without the key."""
        return hmac.digest(self._mark_root, framed(kind.encode(), *parts), "sha256")[:TOKEN_BYTES]


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """The server's keyring, read once at start."""

    service: ServiceKey
    blinder: Blinder
    desk: DeskKey
    session: bytes

    @classmethod
    def read(cls, folder: Path) -> ServerKeys:
        """From the folder of keys. Raises `UnsafeSetting` naming the first key that cannot be used."""
        service, clues, desk, session = (read_key(folder / name) for name in SERVER_KEYS)
        return cls(ServiceKey(service), Blinder(clues), DeskKey(desk), session)


def fingerprint(secret: str) -> bytes:
    """SHA-256 of a random secret (a bearer token, a session id), which is all that is kept of it."""
    return hashlib.sha256(secret.encode()).digest()
