"""Founding a trail: its keys, its manifest, its empty store, and the folders of those who may read it.

Promises: private keys are made with mode 0600 in folders of mode 0700, nothing is overwritten, and the manifest is
signed by the first auditor and by the custodian. Does not promise: that the readers' keys are anywhere else than in
this folder. That is right for a demonstration only; an installation moves `auditor` and `custodian` to their owners'
own machines before it serves.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from lookup.keys import ciphers
from lookup.refusals import UnsafeSetting
from lookup.trail.epochs import DAY_SECONDS, period_of
from lookup.trail.key_files import make_private_folder, write_private_key
from lookup.trail.layout import TrailFiles, auditor_folder, custodian_folder, trail_files
from lookup.trail.manifest import Manifest, Recipient, Role, sign_manifest
from lookup.trail.tables import create_store

RECIPIENT_KEY = "recipient.key"
PARTY_KEY = "manifest.key"
CUSTODIAN = "custodian"
MONTHS_AHEAD = 24


def create_trail(
    folder: Path,
    origin: str,
    *,
    auditors: Sequence[str] = ("auditor",),
    now: datetime | None = None,
    months_ahead: int = MONTHS_AHEAD,
) -> TrailFiles:
    """Found a trail in `folder`; returns its files. `origin` is its C2SP origin line, such as ``trail.example/2026``.

    The custodian gets a key for this month and for each of `months_ahead` after it; auditors' keys hold as long.
    Raises `UnsafeSetting` where there is a trail already.
    """
    files = trail_files(folder)
    if files.store.exists() or files.manifest.exists():
        raise UnsafeSetting(f"There is a trail in {folder} already.")
    today = int((now or datetime.now(UTC)).timestamp()) // DAY_SECONDS * DAY_SECONDS
    months = _months(today, months_ahead)
    recipients = (*_make_auditors(folder, auditors, months), *_make_custodian(folder, months))
    host, log = _make_signing_key(files.host_key), _make_signing_key(files.log_key)
    manifest = Manifest(origin, log, {sha256(host).digest(): host}, recipients, epochs_not_before=today)
    _write_manifest(files.manifest, manifest)
    sign_manifest(files.manifest, auditors[0], _party_key(auditor_folder(folder) / auditors[0]))
    sign_manifest(files.manifest, CUSTODIAN, _party_key(custodian_folder(folder)))
    create_store(files.store)
    return files


def month_key(keys: Path, period: int) -> Path:
    """The custodian's key file for a month, such as 202601."""
    return custodian_folder(keys) / f"{period}.key"


def _months(today: int, ahead: int) -> list[tuple[int, int]]:
    """Beginning and end of this month and of each of the next, in Unix seconds."""
    start = datetime.fromtimestamp(today, UTC)
    count = range(start.year * 12 + start.month - 1, start.year * 12 + start.month + ahead + 1)
    begins = [int(datetime(n // 12, n % 12 + 1, 1, tzinfo=UTC).timestamp()) for n in count]
    return list(pairwise(begins))


def _make_auditors(folder: Path, names: Sequence[str], months: list[tuple[int, int]]) -> list[Recipient]:
    recipients = []
    for name in names:
        _make_signing_key(auditor_folder(folder) / name / PARTY_KEY)
        public = _make_recipient_key(auditor_folder(folder) / name / RECIPIENT_KEY)
        recipients.append(Recipient(Role.AUDITOR, public, months[0][0], months[-1][1]))
    return recipients


def _make_custodian(folder: Path, months: list[tuple[int, int]]) -> list[Recipient]:
    _make_signing_key(custodian_folder(folder) / PARTY_KEY)
    return [
        Recipient(Role.CUSTODIAN, _make_recipient_key(month_key(folder, period_of(begin))), begin, end)
        for begin, end in months
    ]


def _make_signing_key(path: Path) -> bytes:
    private = ciphers.new_signing_key()
    write_private_key(path, private)
    return ciphers.Signer(private).public


def _make_recipient_key(path: Path) -> bytes:
    private = ciphers.new_recipient_key()
    write_private_key(path, private)
    return ciphers.recipient_public(private)


def _party_key(folder: Path) -> bytes:
    return (folder / PARTY_KEY).read_bytes()


def _write_manifest(path: Path, manifest: Manifest) -> None:
    make_private_folder(path.parent)
    with path.open("xb") as file:
        file.write(manifest.as_bytes())
        file.flush()
        os.fsync(file.fileno())
