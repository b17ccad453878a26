"""Where a host's trail lies: the store, the manifest, the host's own keys. The readers' keys lie elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TrailFiles:
    """The files that a host needs to write its trail. `lock` is for the processes of this host."""

    store: Path
    manifest: Path
    host_key: Path
    log_key: Path
    lock: Path

    @property
    def checkpoint(self) -> Path:
        """A copy of the newest checkpoint outside the store, so that an older store put back is noticed."""
        return self.manifest.with_name("checkpoint")

    @property
    def leader_lock(self) -> Path:
        """Whoever holds this lock signs the checkpoints."""
        return self.lock.with_name(self.lock.name + ".leader")


def trail_files(folder: Path) -> TrailFiles:
    """The files of the trail in an installation folder."""
    return TrailFiles(
        store=folder / "audit.sqlite3",
        manifest=folder / "trail" / "manifest.json",
        host_key=folder / "keys" / "host.key",
        log_key=folder / "keys" / "log.key",
        lock=folder / "trail" / "lock",
    )


def auditor_folder(keys: Path) -> Path:
    """Where auditors keep their keys, a folder for each: never opened by the server."""
    return keys / "auditor"


def custodian_folder(keys: Path) -> Path:
    """Where the custodian keeps a key for each month: never opened by the server."""
    return keys / "custodian"
