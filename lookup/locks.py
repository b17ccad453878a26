"""Locks between the processes of one host: one writer at a time, one leader.

Promises: a lock is held until it is released or its process ends, kill -9 included; nobody waits longer than said.
SQLite's own busy handler sleeps without a queue and lets a writer starve for seconds, hence this lock before it.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

_FIRST_PAUSE, _LONGEST_PAUSE = 0.0002, 0.002


class LockTimeout(OSError):
    """Another process held the lock for too long."""


class FileLock:
    """A lock on a file. Each process makes its own after a fork: a shared descriptor would share the lock."""

    def __init__(self, path: Path, wait_seconds: float) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._wait = wait_seconds

    def try_lock(self) -> bool:
        """Take the lock if it is free; True when it is now held."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __enter__(self) -> None:
        """Take the lock. Raises `LockTimeout`."""
        if self.try_lock():
            return
        deadline, pause = time.monotonic() + self._wait, _FIRST_PAUSE
        while not self.try_lock():
            if time.monotonic() > deadline:
                raise LockTimeout("Another process has held a lock for too long.")
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def __exit__(self, _kind: type[BaseException] | None, _fault: object, _trace: TracebackType | None) -> None:
        fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the file, and with it of the lock where no other process shares the descriptor."""
        os.close(self._handle)
