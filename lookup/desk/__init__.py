"""The desk: accounts, sessions, bearer tokens, practices' lists, the history of enquiries, the outbox.

Promises: what it holds is the same for every worker at once; what names a child in it is sealed. Does not promise to
know who may do what. Trusts the keyring, and the database with nothing but keeping rows. Whatever stops it stops the
answer: there is none without its record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from lookup.desk.history import EnquiryRows, seal_enquiry, write_enquiry
from lookup.desk.tables import metadata
from lookup.keys.keyring import DeskKey
from lookup.refusals import CannotRecord
from lookup.statements import QuickStore, Transaction
from lookup.store import open_sqlite, refuse_other_keys, writing


class Desk:
    """The desk of one installation."""

    def __init__(self, engine: Engine, key: DeskKey, lock: Path | None = None) -> None:
        self.engine = engine
        self.key = key
        self._quick = QuickStore(engine, lock)

    @classmethod
    def open(cls, path: Path, key: DeskKey) -> Desk:
        """The desk in this SQLite file; its tables are made where they are missing. Raises `UnsafeSetting`."""
        engine = open_sqlite(path)
        metadata.create_all(engine)
        refuse_other_keys(engine, {"desk.key": key.mark("which-key")})
        return cls(engine, key, path.with_suffix(".lock"))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look. Raises `CannotRecord` when the store cannot be read."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as fault:
            raise CannotRecord from fault

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One change, committed at the end. Raises `CannotRecord` when the store cannot be written."""
        try:
            with writing(self.engine).begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as fault:
            raise CannotRecord from fault

    @contextmanager
    def looking(self) -> Iterator[Transaction]:
        """One consistent look for the statements of every enquiry. Raises `CannotRecord` as `reading` does."""
        try:
            with self._quick.reading() as transaction:
                yield transaction
        except self._quick.faults as fault:
            raise CannotRecord from fault

    def write_enquiries(self, batch: Sequence[EnquiryRows]) -> list[bool]:
        """The rows of several enquiries in one transaction; False for one whose request id stands for another body."""
        sealed = [seal_enquiry(self.key, rows) for rows in batch]
        try:
            with self._quick.changing() as transaction:
                return [write_enquiry(transaction, rows) for rows in sealed]
        except self._quick.faults as fault:
            raise CannotRecord from fault
