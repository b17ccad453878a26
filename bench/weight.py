"""What a worker weighs in memory, and a child and an entry on the disk."""

from __future__ import annotations

from pathlib import Path

import psutil

from lookup.store import open_sqlite

MEBI = 1024 * 1024


def memory(master: int) -> str:
    """Resident and unique memory of each process of a running server."""
    lines = ["| process | resident MB | its own MB (USS) |", "| --- | ---: | ---: |"]
    root = psutil.Process(master)
    for process in [root, *root.children(recursive=True)]:
        whole = process.memory_full_info()
        kind = "gunicorn's master" if process.pid == master else "worker"
        lines.append(f"| {kind} | {whole.rss / MEBI:.0f} | {whole.uss / MEBI:.0f} |")
    return "\n".join(lines)


def disk(folder: Path) -> str:
    """Bytes on disk for each child of the register, each entry of the trail, each enquiry of the desk."""
    wanted = (
        ("a child of the register", "register.sqlite3", "SELECT count(*) FROM children"),
        ("an entry of the trail", "audit.sqlite3", "SELECT count(*) FROM entries"),
        ("an enquiry of the desk", "desk.sqlite3", "SELECT count(*) FROM enquiries"),
    )
    lines = ["| | rows | bytes each |", "| --- | ---: | ---: |"]
    for name, file, query in wanted:
        with open_sqlite(folder / file).connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            rows: int = connection.exec_driver_sql(query).scalar_one()
            connection.exec_driver_sql("BEGIN")
        lines.append(f"| {name} | {rows} | {(folder / file).stat().st_size // max(rows, 1)} |")
    return "\n".join(lines)
