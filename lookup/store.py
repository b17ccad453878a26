"""The three stores: how a database is opened so that what it acknowledged is on the disk.

Promises: WAL, ``synchronous=FULL``, foreign keys, a bounded wait for a lock, and a SQLite that is free of the WAL-reset
bug (https://sqlite.org/wal.html, fixed in 3.51.3, 3.50.7 and 3.44.6: two connections that write or checkpoint at the
same moment could lose committed rows). Does not promise: anything about the rooms' tables, which they own themselves.
Whoever can write the files can delete from them; what they cannot do is read the sealed rows, or change the trail
without it showing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Column, Engine, LargeBinary, MetaData, String, Table, create_engine, event, insert, select
from sqlalchemy.exc import DisconnectionError

from lookup.refusals import UnsafeSetting

LOCK_WAIT_SECONDS = 1.0
FIXED_SQLITE = ((3, 44, 6), (3, 50, 7), (3, 51, 3))

_metadata = MetaData()
_key_marks = Table(
    "key_marks",
    _metadata,
    Column("name", String(32), primary_key=True),
    Column("mark", LargeBinary(16), nullable=False),
)


def refuse_affected_sqlite(version: tuple[int, int, int] = sqlite.sqlite_version_info) -> None:
    """Raise `UnsafeSetting` when this SQLite has the WAL-reset bug."""
    same_line = [fixed for fixed in FIXED_SQLITE if fixed[:2] == version[:2]]
    if version >= FIXED_SQLITE[-1] or (same_line and version >= same_line[0]):
        return
    raise UnsafeSetting(
        f"SQLite {'.'.join(map(str, version))} can lose committed rows (WAL-reset bug). "
        "Install the pysqlite3 that requirements/runtime.txt names."
    )


def open_sqlite(path: Path, *, read_only: bool = False, page_bytes: int = 4096, may_begin: bool = True) -> Engine:
    """An engine over the SQLite file at `path`, made with mode 0600 and pages of `page_bytes` when it is new.

    A transaction sees one state of the store throughout. One that will write is begun on `writing(engine)`, which takes
    the write lock at once (BEGIN IMMEDIATE), so that it never fails half-way for want of it. A connection whose file
    was moved away or deleted is not used again. Without `may_begin` a file that is not there is not made.
    Raises `UnsafeSetting` on a SQLite that can lose committed rows.
    """
    refuse_affected_sqlite()
    if may_begin and not read_only:
        path.touch(mode=0o600, exist_ok=True)
    engine = create_engine(
        f"sqlite:///file:{path}?mode={'ro' if read_only else 'rw'}&uri=true",
        module=sqlite,
        connect_args={"timeout": LOCK_WAIT_SECONDS, "isolation_level": None, "check_same_thread": False},
        pool_size=8,
        max_overflow=0,
        pool_timeout=LOCK_WAIT_SECONDS,
    )
    event.listen(engine, "connect", _prepare_read_only if read_only else partial(_prepare, page_bytes))
    event.listen(engine, "connect", partial(_note_file, path))
    event.listen(engine, "checkout", partial(_refuse_other_file, path))
    event.listen(engine, "begin", _begin)
    return engine


def file_at(path: Path) -> tuple[int, int] | None:
    """Which file lies there now; None where there is none. An open connection goes on with one that was deleted."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def refuse_other_keys(engine: Engine, marks: Mapping[str, bytes], *, may_begin: bool = True) -> None:
    """Raise `UnsafeSetting` naming a key that is not the one under which this store was begun.

    Under another key nothing would be found, and that would look like nothing there. `marks` are by the names of the
    keys, and tell nothing about them; a new store, which `may_begin`, remembers the first that come.
    """
    if may_begin:
        _metadata.create_all(engine)
    with engine.connect() as connection:
        held = {row.name: row.mark for row in connection.execute(select(_key_marks))}
    for name, mark in marks.items():
        if name not in held and may_begin:
            _remember(engine, name, mark)
        elif held.get(name) != mark:
            raise UnsafeSetting(f"The key {name} is another than the one this store was begun under. Restore that one.")


def _remember(engine: Engine, name: str, mark: bytes) -> None:
    with writing(engine).begin() as connection:
        if connection.execute(select(_key_marks).where(_key_marks.c.name == name)).one_or_none() is None:
            connection.execute(insert(_key_marks), {"name": name, "mark": mark})


def writing(engine: Engine) -> Engine:
    """The same engine, whose transactions take the write lock when they begin."""
    return engine.execution_options(lookup_writes=True)


def _prepare(page_bytes: int, connection: Any, _record: object) -> None:
    connection.execute(f"PRAGMA page_size={page_bytes:d}")  # heeded by a new file only
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA secure_delete=ON")


def _prepare_read_only(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA temp_store=MEMORY")


def _note_file(path: Path, _connection: object, record: Any) -> None:
    record.info["file"] = file_at(path)


def _refuse_other_file(path: Path, _connection: object, record: Any, _proxy: object) -> None:
    """What such a connection commits would be lost, and what it reads be old: the pool opens another, if it can."""
    if record.info["file"] != file_at(path):
        raise DisconnectionError


def _begin(connection: Any) -> None:
    writes = connection.get_execution_options().get("lookup_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
