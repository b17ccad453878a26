"""Prints how many enquiries a trail has recorded: what the peers' runner compares with the answers."""

import sys
from pathlib import Path

from lookup.audit_log import EntryType
from lookup.settings import trail_files
from lookup.store import open_sqlite

engine = open_sqlite(trail_files(Path(sys.argv[1])).store, read_only=True)
with engine.connect() as connection:
    query = "SELECT count(*) FROM entries WHERE substr(hex(entry), 3, 2) = ?"
    print(connection.exec_driver_sql(query, (f"{EntryType.QUERY:02X}",)).scalar())
