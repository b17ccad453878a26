"""Where the trail lies: the tables, the one way to append to them, and the ways to read.

Promises: what `append` returns has an index, dense over all processes, and is on the disk; nothing here changes or
deletes an entry. Does not promise: that nobody else does: whoever can write the file can do anything to it, and
`lookup.trail.verification` is there to notice. Trusts: SQLite, the file system's fsync and flock on one host.

The tree's hashes are kept as tiles (https://c2sp.org/tlog-tiles, height 8), so that a proof reads four rows and a
restart reads the head only. `entries` is insert and read only; `head` and `tiles` follow from it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from lookup.locks import FileLock
from lookup.refusals import CannotRecord, RecordBroken
from lookup.store import LOCK_WAIT_SECONDS, file_at, open_sqlite, writing

_METADATA = MetaData()
_INDEX = BigInteger().with_variant(Integer, "sqlite")

ENTRIES = Table(
    "entries",
    _METADATA,
    Column("idx", _INDEX, primary_key=True, autoincrement=False),
    Column("entry", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
TILES = Table(
    "tiles",
    _METADATA,
    Column("level", Integer, primary_key=True),
    Column("number", _INDEX, primary_key=True),
    Column("hashes", LargeBinary, nullable=False),
)
HEAD = Table(
    "head",
    _METADATA,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("size", _INDEX, nullable=False),
    Column("note", Text, nullable=False),
)

PAGE_BYTES = 8192  # three entries with boxes of 2 KB to a page; with 4096 it is one
_LAST = "SELECT max(idx) FROM entries"
_INSERT = "INSERT INTO entries (idx, entry, body) VALUES (?, ?, ?)"
_FSYNC_FAULTS = {"SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC"}
_TILE = text("SELECT hashes FROM tiles WHERE level = :level AND number = :number")
_ROWS_AT_ONCE = 2000
_BEFORE_ALL = -(2**63)
LEAST_ROOM_BYTES = 16 * 1024 * 1024

Row = tuple[int, bytes, bytes]
Tile = tuple[int, int]


def create_store(path: Path) -> None:
    """An empty trail at `path`."""
    engine = open_sqlite(path, page_bytes=PAGE_BYTES)
    with writing(engine).begin() as connection:
        _METADATA.create_all(connection)
    engine.dispose()


def is_fsync_fault(fault: sqlite.Error) -> bool:
    """True where the disk failed to say that it holds what was written: never tried again in this process."""
    return getattr(fault, "sqlite_errorname", None) in _FSYNC_FAULTS


class TrailStore:
    """The trail's store, opened for appending and integrating by one process."""

    def __init__(self, path: Path, lock: Path) -> None:
        """Raises `CannotRecord` where there is no store: a trail is never begun again by accident."""
        if not path.exists():
            raise CannotRecord("The store of the trail is missing.")
        self.engine = open_sqlite(path, may_begin=False)
        self.lock = FileLock(lock, LOCK_WAIT_SECONDS)
        self._path, self._file = path, file_at(path)
        self._wal = path.with_name(f"{path.name}-wal")
        self._wal_file: tuple[int, int] | None = None
        self._wal_lost = False
        self._connection: Any = None

    def append(self, rows: Sequence[tuple[bytes, bytes]]) -> int:
        """Commit these entries with their bodies, in this order; returns the index of the first. Durable on return.

        The driver is used without SQLAlchemy between, whose statements cost as much as the sealing.
        """
        self.refuse_other_file()
        if self._connection is None:
            self._connection = self.engine.raw_connection()
        cursor = self._connection.driver_connection.cursor()
        with self.lock:
            cursor.execute("BEGIN IMMEDIATE")
            last = cursor.execute(_LAST).fetchone()[0]
            first: int = 0 if last is None else last + 1
            cursor.executemany(_INSERT, [(first + n, entry, body) for n, (entry, body) in enumerate(rows)])
            cursor.execute("COMMIT")
        self._wal_file = self._wal_file or file_at(self._wal)
        self.refuse_other_file()
        return first

    def refuse_other_file(self) -> None:
        """Raise `CannotRecord` where the store is not the file that was opened: what went into that one is lost.

        Asked before a commit and after it, so that nothing is released whose entry went with a deleted file. SQLite's
        log beside it stays the same while a connection is open; without it this process never records again.
        """
        self._wal_lost |= self._wal_file is not None and file_at(self._wal) != self._wal_file
        if self._wal_lost or file_at(self._path) != self._file:
            raise CannotRecord(
                "The store of the trail was moved away, deleted or replaced. Restore it and start again."
            )

    def rehearse(self) -> None:
        """Take the write lock and give it back. Raises what an append would raise."""
        self.refuse_other_file()
        room = os.statvfs(self._path.parent)
        if room.f_bavail * room.f_frsize < LEAST_ROOM_BYTES:
            raise CannotRecord("There is hardly any room left on the disk of the trail.")
        with self.lock, writing(self.engine).connect() as connection:
            size_of(connection)

    def abandon_append(self) -> None:
        """After a failure: close the connection, so that nothing of it can be committed later."""
        connection, self._connection, self._wal_file = self._connection, None, None
        if connection is not None:
            connection.invalidate()

    def size(self) -> int:
        """The number of entries."""
        with self.engine.connect() as connection:
            return size_of(connection)

    def last_counter(self, epoch_id: bytes, start: int) -> int | None:
        """The counter of this epoch's last entry, sought from index `start` on; None where it has no entry."""
        query = select(ENTRIES.c.entry).where(ENTRIES.c.idx >= start).order_by(ENTRIES.c.idx.desc())
        with self.engine.connect() as connection:
            for entry in connection.execute(query).scalars():
                if entry[16:32] == epoch_id:
                    return int.from_bytes(entry[32:40], "big")
        return None

    def publish(self, size_before: int, size: int, note: str, tiles: Iterable[tuple[Tile, bytes]]) -> bool:
        """Make `note` the head, with its tiles, if the head still is that of `size_before`; False where it is not."""
        first = insert(HEAD).values(id=1, size=size, note=note).on_conflict_do_nothing()
        swap = update(HEAD).where(HEAD.c.size == size_before).values(size=size, note=note)
        with self.lock, writing(self.engine).begin() as connection:
            if connection.execute(swap if size_before else first).rowcount != 1:
                return False
            for (level, number), hashes in tiles:
                tile = insert(TILES).values(level=level, number=number, hashes=hashes)
                connection.execute(tile.on_conflict_do_update(set_={"hashes": hashes}))
        return True

    def close(self) -> None:
        """Let go of the store. SQLite may fold its log into the file now, hence the lock."""
        with self.lock:
            if self._connection is not None:
                self._connection.close()
            self.engine.dispose()
        self.lock.close()


def open_to_read(path: Path) -> Engine:
    """An engine that can only read the store at `path`. Raises `CannotRecord` where there is none."""
    if not path.exists():
        raise CannotRecord(f"There is no trail at {path}.")
    return open_sqlite(path, read_only=True)


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """One state of the store, for as long as it is read. Raises `RecordBroken` where it is no readable trail."""
    engine = open_to_read(path)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as fault:
        raise RecordBroken(f"{path} cannot be read as a trail: {fault.orig}") from None
    finally:
        engine.dispose()


def size_of(connection: Connection) -> int:
    """The number of entries, by the last index."""
    last = connection.execute(select(func.max(ENTRIES.c.idx))).scalar()
    return 0 if last is None else int(last) + 1


def head_of(connection: Connection) -> tuple[int, str] | None:
    """Size and text of the newest checkpoint."""
    row = connection.execute(select(HEAD.c.size, HEAD.c.note)).one_or_none()
    return None if row is None else (row.size, row.note)


def tile_of(connection: Connection, tile: Tile) -> bytes:
    """The hashes of a tile, 32 bytes each; empty where it does not exist."""
    return connection.execute(_TILE, {"level": tile[0], "number": tile[1]}).scalar() or b""


def rows_from(connection: Connection, start: int = _BEFORE_ALL, limit: int = -1) -> Iterator[Row]:
    """The stored rows from index `start` on, in their order and just as they are: an edited row may hold anything, and
    one that was slipped in may stand before the first."""
    columns = "idx, CAST(entry AS BLOB), CAST(body AS BLOB)"
    query = text(f"SELECT {columns} FROM entries WHERE idx >= :start ORDER BY idx LIMIT :limit")  # noqa: S608 - fixed words
    options = connection.execution_options(yield_per=_ROWS_AT_ONCE)
    yield from options.execute(query, {"start": start, "limit": limit})


def entries_from(connection: Connection, start: int, limit: int) -> Iterator[tuple[int, bytes]]:
    """Index and entry of the stored rows from index `start` on, without their bodies."""
    query = text("SELECT idx, CAST(entry AS BLOB) FROM entries WHERE idx >= :start ORDER BY idx LIMIT :limit")
    yield from connection.execute(query, {"start": start, "limit": limit})


def row_at(connection: Connection, index: int) -> Row | None:
    """The row of one index."""
    return next(rows_from(connection, index, 1), None)
