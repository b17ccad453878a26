"""The register's tables. Everything that names or describes a child is sealed; the rest is what finding and order need.

An attacker who reads the file learns how many plans each authority has, when each last changed, and which blind tokens
occur together. One who edits it can delete, which the counts in the trail's FEED entries show; he cannot read, forge or
swap a row, because each opens in its own place only.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

CHILD, HOUSEHOLD, REJECT = 0, 1, 2  # whose clue a token is
UNNUMBERED, UNNAMED = 3, 4  # held without an NHS number; held without names that find, wherever the child is
WITHOUT_NUMBER: tuple[str, tuple[str, ...]] = ("without-number", ())  # the one clue that all of those share
WITHOUT_NAME: tuple[str, tuple[str, ...]] = ("without-name", ())

metadata = MetaData()

children = Table(
    "children",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("authority", String(16), nullable=False),
    Column("ref_mark", LargeBinary(16), nullable=False, unique=True),
    Column("generation", Integer, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),  # microseconds since 1970: when last known true
    Column("absent_since", BigInteger),  # the as-at of a snapshot that no longer had it
    Index("children_by_authority", "authority"),
)

versions = Table(
    "versions",
    metadata,
    Column("child_id", ForeignKey("children.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("recorded_at", BigInteger, nullable=False),
    Column("identity", LargeBinary, nullable=False),
    Column("plan", LargeBinary, nullable=False),
)

rejects = Table(
    "rejects",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("authority", String(16), nullable=False),
    Column("row_mark", LargeBinary(16), nullable=False),
    Column("ref_mark", LargeBinary(16)),  # of the plan that the row is about, where its reference was readable
    Column("first_seen", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("rejects_by_row", "authority", "row_mark", unique=True),
    Index("rejects_by_plan", "ref_mark"),
)

clues = Table(
    "clues",
    metadata,
    Column("token", LargeBinary(16), primary_key=True),
    Column("whose", Integer, primary_key=True),
    Column("owner", LargeBinary(16), primary_key=True),
    Index("clues_by_owner", "owner"),
    sqlite_with_rowid=False,
)

feeds = Table(
    "feeds",
    metadata,
    Column("authority", String(16), primary_key=True),
    Column("as_at", BigInteger, nullable=False),
    Column("snapshot_as_at", BigInteger),
    Column("snapshot_rows", Integer),
    Column("snapshot_hash", LargeBinary(32)),
)
