"""What one small select costs: by SQLAlchemy, prepared once, and by the driver alone (``python -m bench.toll``)."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, insert, select

from lookup.statements import Prepared, QuickStore
from lookup.store import open_sqlite, writing

ASKED, ROUNDS = 3000, 7
SMALL = Table("small", MetaData(), Column("id", Integer, primary_key=True), Column("text", String(40)))
QUERY = select(SMALL.c.id, SMALL.c.text).where(SMALL.c.id == bindparam("wanted"))


def main() -> None:
    """Print the medians, in microseconds of CPU."""
    with tempfile.TemporaryDirectory(prefix="lookup-bench-") as folder:
        engine = open_sqlite(Path(folder) / "small.sqlite3")
        SMALL.metadata.create_all(engine)
        with writing(engine).begin() as connection:
            connection.execute(insert(SMALL), [{"id": n, "text": f"row {n}"} for n in range(100)])
        prepared, quick = Prepared(QUERY), QuickStore(engine)
        cursor, text = engine.raw_connection().cursor(), str(QUERY.compile(engine))

        def by_core(n: int) -> object:
            with engine.connect() as connection:
                return connection.execute(QUERY, {"wanted": n}).all()

        _print("SQLAlchemy Core, with its connection and transaction", by_core)
        _print("prepared once (lookup.statements)", lambda n: quick.asking().rows(prepared, n))
        _print("the driver alone", lambda n: cursor.execute(text, (n,)).fetchall())


def _print(name: str, ask: Callable[[int], object]) -> None:
    rounds = [_round(ask) for _ in range(ROUNDS + 1)][1:]
    print(f"{name}: {statistics.median(rounds):.0f} µs")


def _round(ask: Callable[[int], object]) -> float:
    start = time.process_time()
    for n in range(ASKED):
        ask(n % 100)
    return (time.process_time() - start) / ASKED * 1e6


if __name__ == "__main__":
    main()
