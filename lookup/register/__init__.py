"""The live register: the plans of all authorities, sealed, found by blind tokens.

Promises: an acknowledged write is in the next answer of every worker; one look rests on one state; a batch is taken
whole or not at all, after its entry in the trail. Does not promise to know who is the same child (`lookup.finding`) or
who may see what (`lookup.policy`). Trusts the keyring, and the database with nothing but keeping rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from lookup.journal import note_fault
from lookup.keys.keyring import Blinder, ServerKeys
from lookup.keys.keyring import ServiceKey as ServiceKey
from lookup.refusals import RegisterUnavailable, UnsafeSetting
from lookup.register.batches import Batch, Fate, Put, Record, Taken
from lookup.register.reading import Findings, Reading
from lookup.register.sealed import HeldReject, RejectedRow
from lookup.register.snapshots import note_fresh
from lookup.register.tables import metadata
from lookup.register.writing import Writing
from lookup.statements import QuickStore
from lookup.store import open_sqlite, refuse_other_keys, writing

__all__ = ["Batch", "Fate", "Findings", "HeldReject", "Put", "Register", "RejectedRow", "Taken"]

STORE_FAULTS = (DBAPIError, NoConnectionLeft)


class Register:
    """The register of one installation. Opens its store at the first use, in the process that uses it."""

    def __init__(self, engine: Engine, keys: ServerKeys, file: Path | None = None, *, may_begin: bool = True) -> None:
        self.engine = engine
        self._may_begin = may_begin
        self._quick = QuickStore(engine, file)
        self._service = keys.service
        self._blinder: Blinder = keys.blinder
        self._prepared = False

    @classmethod
    def open(cls, path: Path, keys: ServerKeys, *, may_begin: bool = True) -> Register:
        """The register in this SQLite file; where it `may_begin`, the file and its tables are made when missing.

        One that was lost must not begin again as an empty one: everybody would seem to be on no plan.
        One that cannot be read is opened all the same, so that enquiries can say so, and read once it is back.
        Raises `UnsafeSetting` for keys that are not the ones it was begun under.
        """
        register = cls(open_sqlite(path, may_begin=may_begin), keys, path, may_begin=may_begin)
        try:
            register._prepare()
        except STORE_FAULTS as fault:
            note_fault(fault)
        return register

    def _prepare(self) -> None:
        if not self._prepared:
            if self._may_begin:
                metadata.create_all(self.engine)
            marks = {"clues.key": self._blinder.token("which-key", ()), "service.key": self._service.mark()}
            refuse_other_keys(self.engine, marks, may_begin=self._may_begin)
            self._prepared = True

    def _ready(self) -> None:
        """Prepared, though it could not be read when it was opened; keys that are wrong make it unreadable."""
        try:
            self._prepare()
        except UnsafeSetting as wrong_key:
            raise RegisterUnavailable from wrong_key

    def let_go(self) -> None:
        """Close this thread's connection; the next look opens another."""
        self._quick.let_go()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One consistent look. Raises `RegisterUnavailable` when the store cannot be read."""
        try:
            self._ready()
            with self._quick.reading() as look:
                yield Reading(look, self._service)
        except self._quick.faults as fault:
            raise RegisterUnavailable("The register cannot be read.") from fault

    def take(self, batch: Batch, at: datetime, record: Record) -> Taken:
        """Take a batch: `record` writes its entry to the trail, and only then is it committed.

        Raises `FileRefused` for a snapshot that must not be taken, `RegisterUnavailable` when the store cannot be
        written; then nothing of the batch was taken.
        """
        try:
            self._ready()
            with writing(self.engine).begin() as connection:
                taken = Writing(connection, self._service, self._blinder).take(batch, at)
                record(taken)
        except STORE_FAULTS as fault:
            raise RegisterUnavailable from fault
        return taken

    def heartbeat(
        self, authority: str, as_at: datetime, *, record: Callable[[], None] | None = None, backwards: bool = False
    ) -> None:
        """Nothing of this authority is outstanding up to `as_at`; `record` writes its entry before the commit."""
        try:
            self._ready()
            with writing(self.engine).begin() as connection:
                note_fresh(connection, authority, as_at, backwards=backwards)
                if record is not None:
                    record()
        except STORE_FAULTS as fault:
            raise RegisterUnavailable from fault
