"""How a store breaks: locked by somebody, overwritten, gone, read-only. Everything is undone at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Engine, event, text


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Somebody else is in the middle of writing, and does not finish: readers read on, writers wait."""
    with closing(sqlite.connect(str(store), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def locked_out(store: Path, *engines: Engine) -> Iterator[None]:
    """Somebody else has the whole file to themselves: nobody reads, nobody writes, everybody waits."""
    for engine in engines:
        engine.dispose()
    with closing(sqlite.connect(str(store), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def overwritten(store: Path, *engines: Engine) -> Iterator[None]:
    """The file holds something else; the real one comes back in the end."""
    with _set_aside(store, *engines):
        store.write_bytes(b"This was a database once. " * 400)
        yield


@contextmanager
def gone(store: Path, *engines: Engine) -> Iterator[None]:
    """The file is not there; it comes back in the end."""
    with _set_aside(store, *engines):
        yield


@contextmanager
def _set_aside(store: Path, *engines: Engine) -> Iterator[None]:
    for engine in engines:
        engine.dispose()  # the last connection folds the log into the file
    aside = store.with_name("aside")
    store.rename(aside)
    try:
        yield
    finally:
        for engine in engines:
            engine.dispose()
        for left in store.parent.glob(f"{store.name}*"):
            left.unlink()
        aside.rename(store)


@contextmanager
def without_table(engine: Engine, table: str) -> Iterator[None]:
    """A table has another name meanwhile."""
    _run(engine, f"ALTER TABLE {table} RENAME TO elsewhere")
    try:
        yield
    finally:
        _run(engine, f"ALTER TABLE elsewhere RENAME TO {table}")


@contextmanager
def read_only(engine: Engine) -> Iterator[None]:
    """Every connection reads, and none writes: as on a file system that was mounted read-only."""

    def forbid(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    engine.dispose()
    event.listen(engine, "connect", forbid)
    try:
        yield
    finally:
        event.remove(engine, "connect", forbid)
        engine.dispose()


def _run(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))
