"""Proofs that an entry is in the tree: read from the tiles, against the newest signed checkpoint.

Promises: a text that anyone can verify with the log's public key (https://c2sp.org/tlog-proof). Trusts nobody and
verifies nothing: a store that was edited gives a proof that does not verify.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from lookup.trail.notes import Proof
from lookup.trail.tables import head_of, open_to_read, tile_of
from lookup.trail.tree import inclusion_path

PROOFS_KEPT = 4096


class Prover:
    """Makes proofs, for any number of threads of one process."""

    def __init__(self, store: Path) -> None:
        """Raises `CannotRecord` where there is no store."""
        self._engine: Engine = open_to_read(store)
        self._kept: dict[int, str] = {}

    def proof(self, index: int) -> str | None:
        """The proof for the entry at `index`; None where no checkpoint covers it yet.

        A proof stays true for ever, so one that was made before is given again.
        """
        kept = self._kept.get(index)
        if kept is not None:
            return kept
        with self._engine.connect() as connection:
            head = head_of(connection)
            if head is None or not 0 <= index < head[0]:
                return None
            path = inclusion_path(index, head[0], lambda level, number: tile_of(connection, (level, number)))
        if len(self._kept) >= PROOFS_KEPT:
            self._kept.clear()
        self._kept[index] = text = Proof(index, tuple(path), head[1]).text()
        return text

    def close(self) -> None:
        """Let go of the store."""
        self._engine.dispose()
