"""The settings of one installation, read once from its folder, frozen, passed in.

An installation folder holds ``lookup.toml``, ``directory.toml``, ``sharing_agreement.toml``, ``matching.toml``, the
folders ``keys/`` and ``trail/``, and in the embedded default the three stores. Missing, unknown or unsafe: no start,
with the name of the setting and what to do. Nothing here switches a check off.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from lookup.audit_log import TrailFiles
from lookup.model import Agency, AgencyKind, Authority
from lookup.refusals import UnsafeSetting

FORBIDDEN_ENVIRONMENT = ("FLASK_LOGIN_DISABLED", "LOGIN_DISABLED", "FLASK_DEBUG", "FLASK_TESTING")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

File = TypeVar("File", bound=msgspec.Struct)
Code = Annotated[str, Meta(pattern=r"^[A-Z0-9]{2,12}$")]
Text = Annotated[str, Meta(min_length=1, max_length=200)]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class _AuthorityRow(_File, frozen=True):
    code: Code
    name: Text
    office_phone: Text
    out_of_hours_phone: Text
    stale_after_seconds: Annotated[int, Meta(ge=60, le=604_800)]


class _AgencyRow(_File, frozen=True):
    code: Code
    name: Text
    kind: AgencyKind
    home_authority: Code


class _DirectoryFile(_File, frozen=True):
    authorities: Annotated[tuple[_AuthorityRow, ...], Meta(min_length=1)]
    agencies: Annotated[tuple[_AgencyRow, ...], Meta(min_length=1)]


class _LookupFile(_File, frozen=True):
    public_url: Text
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Directory:
    """Who is who: the authorities that own plans, the agencies that ask, and whom to ring."""

    authorities: Mapping[str, Authority]
    agencies: Mapping[str, Agency]


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. `demo` widens nothing but which NHS numbers exist, and refuses every address but loopback."""

    folder: Path
    demo: bool
    public_url: str
    directory: Directory

    @property
    def register_store(self) -> Path:
        return self.folder / "register.sqlite3"

    @property
    def desk_store(self) -> Path:
        return self.folder / "desk.sqlite3"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def agreement(self) -> Path:
        return self.folder / "sharing_agreement.toml"

    @property
    def matching(self) -> Path:
        return self.folder / "matching.toml"

    @property
    def trail(self) -> TrailFiles:
        return trail_files(self.folder)

    @property
    def is_https(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"


def trail_files(folder: Path) -> TrailFiles:
    """Where the trail of this installation lies."""
    return TrailFiles(
        store=folder / "audit.sqlite3",
        manifest=folder / "trail" / "manifest.json",
        host_key=folder / "keys" / "host.key",
        log_key=folder / "keys" / "log.key",
        lock=folder / "trail" / "lock",
    )


def read_settings(folder: Path, environment: Mapping[str, str]) -> Settings:
    """The settings of the installation in `folder`. Raises `UnsafeSetting` naming what is wrong and what to do."""
    for name in FORBIDDEN_ENVIRONMENT:
        if name in environment:
            raise UnsafeSetting(f"The environment sets {name}, which would weaken the service. Unset it.")
    file = read_toml(folder / "lookup.toml", _LookupFile)
    _refuse_plain_http(file)
    return Settings(folder.resolve(), file.demo, file.public_url, read_directory(folder / "directory.toml"))


def _refuse_plain_http(file: _LookupFile) -> None:
    address = urlsplit(file.public_url)
    if file.demo and address.hostname not in LOOPBACK:
        raise UnsafeSetting(f"lookup.toml: the demo answers on loopback only, not on {address.hostname}.")
    if not file.demo and address.scheme != "https":
        raise UnsafeSetting("lookup.toml: public_url must begin with https:// outside the demo.")


def read_directory(path: Path) -> Directory:
    """The directory in this file. Raises `UnsafeSetting` for a code given twice or an agency without its council."""
    file = read_toml(path, _DirectoryFile)
    authorities = {row.code: Authority(**msgspec.structs.asdict(row)) for row in file.authorities}
    agencies = {row.code: Agency(**msgspec.structs.asdict(row)) for row in file.agencies}
    if len(authorities) < len(file.authorities) or len(agencies) < len(file.agencies):
        raise UnsafeSetting(f"{path.name}: a code is given twice. Every authority and agency has one row.")
    for agency in agencies.values():
        if agency.home_authority not in authorities:
            raise UnsafeSetting(
                f"{path.name}: {agency.code} names {agency.home_authority}, which is no authority there."
            )
    return Directory(authorities, agencies)


def read_toml(path: Path, kind: type[File]) -> File:
    """A TOML file as this kind. Raises `UnsafeSetting` with the file, the place and the problem."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), kind)
    except OSError as fault:
        raise UnsafeSetting(f"{path} cannot be read ({fault.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        raise UnsafeSetting(f"{path.name}: {fault}") from None


def shipped_config() -> Path:
    """The folder config/ that comes with the program: beside the package, or where an installed one keeps it."""
    beside = Path(__file__).resolve().parent.parent / "config"
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / "lookup" / "config"
