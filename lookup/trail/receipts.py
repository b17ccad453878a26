"""What the asker takes home: the entry, the epoch it belongs to, and the salt that opens its claim.

Promises: `Receipt.as_json` needs nothing but itself and the manifest to be verified. Holds no personal data; together
with the answer it proves what was answered.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import lru_cache

VERSION = 1


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
