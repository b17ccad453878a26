"""Private keys in files: raw bytes, one key a file, for its owner alone.

Promises: a key that is missing, of the wrong length or open to others is refused by name, with what to do; a new one is
made with mode 0600, is on the disk on return, and never replaces another. Trusts the file system's permissions.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from lookup.refusals import UnsafeSetting


def read_private_key(path: Path, length: int) -> bytes:
    """The `length` raw bytes of this key file. Raises `UnsafeSetting`."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            key = file.read(length + 1)
    except OSError as fault:
        raise UnsafeSetting(f"The key {path} cannot be read ({fault.strerror}). Restore it from its backup.") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnsafeSetting(f"The key {path} is open to others (mode {stat.S_IMODE(mode):o}). Run: chmod 600 {path}")
    if len(key) != length:
        raise UnsafeSetting(f"The key {path} does not have {length} bytes. Restore it from its backup.")
    return key


def write_private_key(path: Path, key: bytes) -> None:
    """Make the key file, and its folder with mode 0700 where it is new. Raises `UnsafeSetting` where a file lies."""
    make_private_folder(path.parent)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UnsafeSetting(f"{path} exists already, and a key is never overwritten.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())


def make_private_folder(folder: Path) -> None:
    """The folder, and those above it that are new too, with mode 0700 (`Path.mkdir` gives it to the last one only)."""
    if not folder.exists():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
