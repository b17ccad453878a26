"""The machine that a measurement was made on, described."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import psutil
import pysqlite3.dbapi2 as sqlite


def described() -> str:
    """One line."""
    models = [line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")]
    gib = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores ({models[0] if models else platform.processor() or 'unknown'}), {gib:.0f} GiB, "
        f"Linux {platform.release()}, Python {platform.python_version()}, SQLite {sqlite.sqlite_version}; "
        f"load before: {os.getloadavg()[0]:.1f}"
    )


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []
