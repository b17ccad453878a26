"""The keys of an epoch's entries: one hash after the other, each made from both shares and never going back.

Promises: whoever holds the chain at entry n can make the keys from n on, and none before it; whoever holds only one of
the two shares can make none. Does not promise: that Python wipes what the ratchet has left behind; forward secrecy is
best effort.
"""

from __future__ import annotations

from hashlib import sha256

from lookup.trail.formats import COMMIT_LABEL, label

_CHAIN_START = label("chain0")
_CHAIN = label("chain")
_KEY = label("key")
_SHARE = label("share")


class Ratchet:
    """Hands out the key of each counter in turn, from counter 0."""

    __slots__ = ("_chain",)

    def __init__(self, epoch_id: bytes, auditor_share: bytes, custodian_share: bytes) -> None:
        self._chain = sha256(_CHAIN_START + epoch_id + auditor_share + custodian_share).digest()

    def next_key(self) -> bytes:
        """The key of the present counter; the ratchet then stands at the next one."""
        chain = self._chain
        self._chain = sha256(_CHAIN + chain).digest()
        return sha256(_KEY + chain).digest()

    def skip(self, entries: int) -> None:
        """Stand that many counters further on."""
        for _ in range(entries):
            self._chain = sha256(_CHAIN + self._chain).digest()


def commitment_to_key(key: bytes) -> bytes:
    """What the header says of the key, so that a box opens with one key only."""
    return sha256(COMMIT_LABEL + key).digest()


def commitment_to_share(epoch_id: bytes, role: int, share: bytes) -> bytes:
    """What the EPOCH says of a share, so that a wrong one is noticed before anything is opened with it."""
    return sha256(_SHARE + epoch_id + bytes([role]) + share).digest()
