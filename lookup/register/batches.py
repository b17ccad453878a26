"""What an authority sends at once, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lookup.model import Publication
from lookup.register.sealed import HeldReject, RejectedRow


@dataclass(frozen=True, slots=True, repr=False)
class Put:
    """One version of one plan under the authority's own reference; `where` it stood in a file, such as ``line 7``."""

    ref: str
    publication: Publication
    where: str = ""

    def __repr__(self) -> str:
        return f"Put({self.where or '…'})"


@dataclass(frozen=True, slots=True)
class Batch:
    """What one authority sends at once. A whole snapshot has its `snapshot_as_at`; a live write has none.

    `puts` is walked once, inside the transaction: it may read a file as it goes, and refuse.
    """

    authority: str
    puts: Iterable[Put] = ()
    rejected: Sequence[RejectedRow] = ()
    snapshot_as_at: datetime | None = None
    snapshot_hash: bytes = b""


class Fate(StrEnum):
    """What became of one put."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    CONTRADICTED = "contradicted"


@dataclass(slots=True)
class Taken:
    """What a batch did.

    `counts` by fate, besides ``rejected``, ``mended``, ``absent``, ``kept`` (missing, and not counted as absent because
    a rejected row may be it) and ``returned`` (absent before); the hashes of the sealed rows that it changed; where the
    superseded rows stood; every rejected row with its age; after a snapshot, how many plans the authority has.
    """

    authority: str
    counts: dict[str, int] = field(default_factory=dict)
    row_hashes: list[bytes] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)
    rejects: list[HeldReject] = field(default_factory=list)
    plans_held: int = 0

    def count(self, what: str, many: int = 1) -> None:
        if many:
            self.counts[what] = self.counts.get(what, 0) + many


Record = Callable[[Taken], None]
