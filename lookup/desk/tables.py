"""The desk's tables: who may sign in, what was asked, what must be told.

What names a child is sealed or marked with a key. An attacker who reads the file learns who has accounts, and how many
enquiries which kind of agency made on which day; one who edits it can open or close accounts, which the sign-ins in the
trail show.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

people = Table(
    "people",
    metadata,
    Column("user_id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("role", String(32), nullable=False),
    Column("agency", String(16), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
)

clients = Table(
    "clients",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("agency", String(16), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("fingerprint", LargeBinary(32), primary_key=True),
    Column("client", String(64), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False, default=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("fingerprint", LargeBinary(32), primary_key=True),
    Column("user_id", String(64), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ended", Boolean, nullable=False, default=False),
    Index("sessions_by_person", "user_id"),
)

practice_lists = Table(
    "practice_lists",
    metadata,
    Column("agency", String(16), primary_key=True),
    Column("mark", LargeBinary(16), primary_key=True),
    sqlite_with_rowid=False,
)

enquiries = Table(
    "enquiries",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("body_mark", LargeBinary(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("subject", LargeBinary(16), nullable=False),
    Column("day", String(10), nullable=False),
    Column("agency_kind", String(16), nullable=False),
    Column("site", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("enquiries_by_subject", "subject", "day", "agency_kind", "site"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("enquiry", String(26), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
