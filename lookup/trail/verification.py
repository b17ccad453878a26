"""Verifying a whole trail offline: from the store's bytes, the manifest and the checkpoints; no secret is needed.

The procedure of `verify_trail`, whose numbers stand beside the code:

1. The manifest is canonical and signed by two parties; those that the verifier names are among them.
2. Every checkpoint (the store's head, its copy outside the store, and those that the verifier brings along) is signed
   by the log's key.
3. Every row, from index 0 on, is checked against those before it (`lookup.trail.walking`, with its own numbers).
4. Every entry is signed by its epoch's key, which an enrolled host has signed.
5. Every entry is the one that was there when the newest stored checkpoint was signed: where the hash kept in the tree
   differs, and the tree's is the one under the signature, the entry is named.
6. At the size of each checkpoint the root of the entries is the checkpoint's.
7. The store is not shorter than any checkpoint.

Every check raises; the first bad entry is named by its index, whichever check finds it. Promises that a trail that
passes is the one that the log signed, as far as the newest checkpoint goes; entries beyond it rest on their signatures
and counters alone, and `Report.unsigned_tail` says how many they are. Does not promise that a checkpoint is the newest:
bring one from elsewhere (a receipt's proof, a witness) to notice that everything was rolled back together. Trusts the
two parties' keys, and nothing on this disk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from lookup.refusals import RecordBroken
from lookup.trail.layout import TrailFiles
from lookup.trail.manifest import SignedManifest, load_manifest
from lookup.trail.notes import Checkpoint, open_checkpoint
from lookup.trail.tables import head_of, reading, rows_from, size_of, tile_of
from lookup.trail.tree import (
    HASH_BYTES,
    TILE_WIDTH,
    Peaks,
    check_inclusion,
    inclusion_path,
    leaf_hash,
)
from lookup.trail.walking import BrokenEntry, Signed, Walk

SIGNATURES_A_JOB = 256
JOBS_AHEAD = 16

Progress = Callable[[int, int], None]
"""Told how many entries were checked, of how many."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified."""

    entries: int
    epochs: int
    checkpoints: tuple[Checkpoint, ...]
    signed_by: tuple[tuple[str, bytes], ...]
    clock_went_back: int

    @property
    def unsigned_tail(self) -> int:
        """The number of entries that no checkpoint covers."""
        return self.entries - max((checkpoint.size for checkpoint in self.checkpoints), default=0)


def verify_trail(
    files: TrailFiles,
    *,
    checkpoints: Sequence[Path] = (),
    parties: Collection[bytes] = (),
    progress: Progress = lambda _done, _total: None,
) -> Report:
    """Verify the trail of these files by the procedure above. Raises `BrokenEntry`, `RecordBroken`, `UnsafeSetting`.

    `checkpoints` are files with checkpoints from elsewhere, `parties` public keys that must have signed the manifest.
    """
    manifest = load_manifest(files.manifest, parties)  # 1
    copy = [files.checkpoint] if files.checkpoint.exists() else []
    # Read before the store: a service that goes on would make the copy newer than the state that is read below.
    notes = [_text_of(file) for file in (*copy, *checkpoints)]
    with reading(files.store) as connection:
        known = _open_checkpoints(connection, manifest, notes)  # 2
        walk = Walk(manifest)
        _walk(connection, walk, _Tree(connection, known), progress)  # 3 to 7
    return Report(walk.next_index, walk.epochs, tuple(known), manifest.signed_by, walk.clock_went_back)


def _walk(connection: Connection, walk: Walk, tree: _Tree, progress: Progress) -> None:
    total = size_of(connection)
    with ThreadPoolExecutor() as pool, _Signatures(pool) as signatures:
        for row in rows_from(connection):
            step = walk.step(*row)  # 3
            signatures.add(step.index, step.signed)  # 4
            tree.add(step.index, row[1])  # 5, 6
            if not step.index % 1000:
                progress(step.index, total)
        tree.end()  # 7
    progress(total, total)


def _open_checkpoints(connection: Connection, signed: SignedManifest, notes: Sequence[str]) -> list[Checkpoint]:
    """The checkpoints, each verified; the store's own head is the first, where it has one."""
    head, manifest = head_of(connection), signed.manifest
    all_notes = [*([] if head is None else [head[1]]), *notes]
    opened = [open_checkpoint(note, manifest.origin, manifest.log_key) for note in all_notes]
    if head is not None and opened[0].size != head[0]:
        raise RecordBroken("The head of the store does not have the size of its own checkpoint.")
    return opened


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RecordBroken(f"{file} is not a checkpoint.") from None


class _Signatures:
    """Verifies signatures on all cores, and still names the first that is wrong."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._jobs: list[Future[None]] = []
        self._next: list[tuple[int, Signed]] = []

    def __enter__(self) -> _Signatures:
        return self

    def __exit__(self, _kind: type[BaseException] | None, raised: BaseException | None, _trace: object) -> None:
        """Whatever else was found wrong: a signature that is wrong before it comes first."""
        self._send()
        try:
            for job in self._jobs:
                job.result()
        except BrokenEntry as broken:
            if not isinstance(raised, BrokenEntry) or broken.index < raised.index:
                raise broken from None

    def add(self, index: int, signed: Signed) -> None:
        """One more, in the order of the indices."""
        self._next.append((index, signed))
        if len(self._next) == SIGNATURES_A_JOB:
            self._send()
        if len(self._jobs) > JOBS_AHEAD:
            self._jobs.pop(0).result()

    def _send(self) -> None:
        self._jobs.append(self._pool.submit(_verify_all, self._next))
        self._next = []


def _verify_all(signatures: Sequence[tuple[int, Signed]]) -> None:
    for index, signed in signatures:
        try:
            signed.verify()
        except RecordBroken:
            raise BrokenEntry(index, "Its signature is not by its epoch's key.") from None


class _Tree:
    """Compares the entries, as they come, with the stored tree and with the checkpoints."""

    def __init__(self, connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
        self._connection = connection
        self._head = checkpoints[0] if checkpoints and head_of(connection) else None
        self._by_size = sorted(checkpoints, key=lambda checkpoint: checkpoint.size)
        self._peaks = Peaks()
        self._tile: bytes | None = None
        self._damaged = False

    def add(self, index: int, entry: bytes) -> None:
        leaf = leaf_hash(entry)
        if self._head is not None and index < self._head.size:
            self._compare(self._head, index, leaf)
        self._peaks.add(leaf)
        self._compare_roots()

    def end(self) -> None:
        """Raise where a checkpoint covers more entries than there are, or the stored tree alone was damaged."""
        self._compare_roots()
        if self._by_size:
            size = self._by_size[-1].size
            raise BrokenEntry(self._peaks.size, f"is missing: a signed checkpoint covers {size} entries.")
        if self._damaged:
            raise RecordBroken("The entries are as they were written, but the stored tree is not: make it again.")

    def _compare(self, head: Checkpoint, index: int, leaf: bytes) -> None:
        """5. A stored hash that differs counts where it leads to the signed root; else it is the tree that was damaged,
        and the roots will tell of the entries."""
        place = index % TILE_WIDTH * HASH_BYTES
        if not place:
            self._tile = self._read_tile(0, index // TILE_WIDTH)
        if self._tile is None or self._tile[place : place + HASH_BYTES] == leaf:
            return
        if self._leads_to_root(self._tile[place : place + HASH_BYTES], index, head):
            raise BrokenEntry(index, "is not the entry that was there when the checkpoint was signed.")
        self._tile, self._damaged = None, True

    def _leads_to_root(self, stored: bytes, index: int, head: Checkpoint) -> bool:
        try:
            check_inclusion(stored, index, head.size, inclusion_path(index, head.size, self._read_tile), head.root)
        except RecordBroken:
            return False
        return True

    def _compare_roots(self) -> None:
        while self._by_size and self._by_size[0].size == self._peaks.size:
            checkpoint = self._by_size.pop(0)
            if checkpoint.root != self._peaks.root():
                raise RecordBroken(
                    f"The first {checkpoint.size} entries are not those of a checkpoint that the log signed, and the "
                    "stored tree is not either, so that it cannot be told which entry was changed."
                )

    def _read_tile(self, level: int, number: int) -> bytes:
        return tile_of(self._connection, (level, number))
