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
from lookup.journal import note_fault
from lookup.keys.keyring import DeskKey
from lookup.refusals import CannotRecord, UnsafeSetting
from lookup.statements import QuickStore, Transaction
from lookup.store import open_sqlite, refuse_other_keys, writing

STORE_FAULTS = (DBAPIError, PoolTimeout)


class Desk:
    """The desk of one installation."""

    def __init__(self, engine: Engine, key: DeskKey, file: Path | None = None) -> None:
        self.engine = engine
        self.key = key
        self._quick = QuickStore(engine, file, file.with_suffix(".lock") if file else None)
        self._prepared = False

    @classmethod
    def open(cls, path: Path, key: DeskKey) -> Desk:
        """The desk in this SQLite file; its tables are made where they are missing.

        One that cannot be read is opened all the same, so that whoever asks is told whom to ring. Raises
        `UnsafeSetting` for a key that is not the one it was begun under.
        """
        desk = cls(open_sqlite(path), key, path)
        try:
            desk._prepare()
        except STORE_FAULTS as fault:
            note_fault(fault)
        return desk

    def _prepare(self) -> None:
        if not self._prepared:
            metadata.create_all(self.engine)
            refuse_other_keys(self.engine, {"desk.key": self.key.mark("which-key")})
            self._prepared = True

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever the store raises becomes `CannotRecord`; so does a key that turns out to be another's."""
        try:
            self._prepare()
            yield
        except STORE_FAULTS as fault:
            raise CannotRecord from fault
        except self._quick.faults as fault:
            raise CannotRecord from fault
        except UnsafeSetting as wrong_key:
            raise CannotRecord from wrong_key

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look. Raises `CannotRecord` when the store cannot be read."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One change, committed at the end. Raises `CannotRecord` when the store cannot be written."""
        with self._told(), writing(self.engine).begin() as connection:
            yield connection

    @contextmanager
    def looking(self) -> Iterator[Transaction]:
        """For the statements of every enquiry, one at a time. Raises `CannotRecord` as `reading` does."""
        with self._told():
            try:
                yield self._quick.asking()
            except self._quick.faults:
                self._quick.let_go()
                raise

    def write_enquiries(self, batch: Sequence[EnquiryRows]) -> list[bool]:
        """The rows of several enquiries in one transaction; False for one whose request id stands for another body."""
        sealed = [seal_enquiry(self.key, rows) for rows in batch]
        with self._told(), self._quick.changing() as transaction:
            return [write_enquiry(transaction, rows) for rows in sealed]
