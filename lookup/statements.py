"""The few statements that run in every enquiry, without the toll: compiled once, run on a thread's own connection.

With its connection and transaction SQLAlchemy's own path costs some 70 to 90 µs of CPU for a small select, and this one
4 to 5 (``python -m bench.toll``, two noisy cores); an enquiry makes several. So the tables, the statements and the
connections stay SQLAlchemy's; what is left out is its bookkeeping for each execution. Promises: a thread's connection
is opened in the process that uses it and is thrown away after any fault, so that the next use opens another. Does not
promise thread safety of what `reading` and `changing` yield: they are the calling thread's.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection

from lookup.locks import FileLock
from lookup.store import LOCK_WAIT_SECONDS


class Prepared:
    """A statement, compiled once for each dialect; its parameters are given in the order in which they appear in it."""

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, Sequence[str] | None]] = {}

    def run(self, cursor: Any, dialect: Dialect, values: Sequence[object]) -> Any:
        """Execute it; returns the driver's cursor."""
        text, names = self._compiled.get(dialect.name) or self._compile(dialect)
        return cursor.execute(text, values if names is None else dict(zip(names, values, strict=True)))

    def _compile(self, dialect: Dialect) -> tuple[str, Sequence[str] | None]:
        compiled = self._statement.compile(dialect=dialect)
        positional: bool = getattr(compiled, "positional", False)
        names = None if positional else tuple(getattr(compiled, "bind_names", {}).values())
        self._compiled[dialect.name] = str(compiled), names
        return self._compiled[dialect.name]


class Transaction:
    """What a thread runs its statements on, until the block ends."""

    __slots__ = ("_cursor", "_dialect")

    def __init__(self, cursor: Any, dialect: Dialect) -> None:
        self._cursor = cursor
        self._dialect = dialect

    @property
    def dialect_name(self) -> str:
        """Which kind of database this is."""
        return self._dialect.name

    def rows(self, statement: Prepared, *values: object) -> list[tuple[Any, ...]]:
        """Every row."""
        found: list[tuple[Any, ...]] = statement.run(self._cursor, self._dialect, values).fetchall()
        return found

    def row(self, statement: Prepared, *values: object) -> tuple[Any, ...] | None:
        """The only row, or None."""
        found = self.rows(statement, *values)
        return found[0] if found else None

    def change(self, statement: Prepared, *values: object) -> int:
        """How many rows it changed."""
        count: int = statement.run(self._cursor, self._dialect, values).rowcount
        return count


def transaction_of(connection: Connection) -> Transaction:
    """The same transaction that SQLAlchemy's connection is in."""
    return Transaction(connection.connection.cursor(), connection.dialect)


class QuickStore:
    """The quick way into a store whose engine is SQLAlchemy's."""

    def __init__(self, engine: Engine, file: Path | None = None, lock: Path | None = None) -> None:
        """`file`: where an embedded store lies; a connection ends when another file is put there, or none.
        `lock`: a file that the writers of this host queue for, because SQLite's own waiting starves some of them."""
        self._engine = engine
        self._file = None if file is None else str(file)
        self._lock_path = lock
        self._own = threading.local()
        dbapi = engine.dialect.loaded_dbapi
        self.faults: tuple[type[BaseException], ...] = (dbapi.Error, SQLAlchemyError, OSError)

    def asking(self) -> Transaction:
        """For one statement at a time, each a consistent look of its own. What the driver raises passes through."""
        return Transaction(self._cursor(), self._engine.dialect)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """One consistent look. What the driver raises passes through (`faults`)."""
        with self._transaction("BEGIN") as transaction:
            yield transaction

    @contextmanager
    def changing(self) -> Iterator[Transaction]:
        """One change, committed at the end; the write lock is taken when it begins."""
        begin = "BEGIN IMMEDIATE" if self._engine.dialect.name == "sqlite" else "BEGIN"
        with self._queue(), self._transaction(begin) as transaction:
            yield transaction

    def _queue(self) -> AbstractContextManager[object]:
        """This thread's turn to write. Each thread of each process has a handle of its own on the lock's file."""
        if self._lock_path is None:
            return nullcontext()
        own = self._own
        if getattr(own, "lock_pid", 0) != os.getpid():
            own.lock_pid, own.lock = os.getpid(), FileLock(self._lock_path, LOCK_WAIT_SECONDS)
        lock: FileLock = own.lock
        return lock

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        cursor = self._cursor()
        try:
            cursor.execute(begin)
            yield Transaction(cursor, self._engine.dialect)
            cursor.execute("COMMIT")
        except BaseException:
            self.let_go()
            raise

    def _cursor(self) -> Any:
        own, inode = self._own, self._inode()
        if getattr(own, "pid", 0) != os.getpid() or own.inode != inode:
            self.let_go()
            own.connection = self._engine.raw_connection()
            own.cursor, own.inode = own.connection.cursor(), inode
            own.pid = os.getpid()  # last: where there is no connection to be had, the next use tries again
        return own.cursor

    def _inode(self) -> int:
        """Which file lies there now: an open connection goes on with one that was moved away, and nobody notices."""
        return 0 if self._file is None else os.stat(self._file).st_ino

    def let_go(self) -> None:
        """Close this thread's connection; the next use opens another."""
        connection: PoolProxiedConnection | None = getattr(self._own, "connection", None)
        self._own.pid, self._own.connection = 0, None
        if connection is not None:
            connection.invalidate()
