"""The agreement's file as it is written, read strictly and turned into terms. Trusts nothing that the file says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from lookup.agreement.checks import (
    known_words,
    refuse_bad_dates,
    refuse_consent,
    refuse_doubles,
    refuse_forgotten_roles,
    refuse_half_rules,
    refuse_idle_notice,
    refuse_missing,
    unsafe,
)
from lookup.agreement.terms import (
    FIELDS,
    Grant,
    Party,
    Purpose,
    Quotas,
    Retention,
    SharingAgreement,
    SignIn,
    TellsOwner,
)
from lookup.model import AgencyKind, Audience, Role
from lookup.moments import london_day, now

T = TypeVar("T")
Sentence = Annotated[str, Meta(min_length=10, max_length=300)]


class _Sheet(Struct, frozen=True, forbid_unknown_fields=True):
    title: Sentence
    valid_from: date
    review_by: date
    population: Annotated[int, Meta(ge=1000, le=100_000_000)]
    trusted_tracing: list[str]
    whole_plan: list[str]
    no_purpose: list[str]
    parties: dict[str, dict[str, Any]]
    fields: dict[str, list[str]]
    purposes: dict[str, dict[str, Any]]
    quotas: Quotas
    retention: Retention


class _PartyLine(Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=2, max_length=100)]
    kind: str


class _Rule(Struct, frozen=True, forbid_unknown_fields=True):
    roles: list[str]
    at: list[str]
    reads: list[str] | None = None
    status: list[str] | None = None
    plan: list[str] | None = None
    own_plans: list[str] | None = None
    own_list: Literal["for_plan", "required"] | None = None


class _PurposePart(Struct, frozen=True, forbid_unknown_fields=True):
    means: Sentence
    article: Sentence
    duty: Sentence
    sign_in: SignIn
    tells_owner: TellsOwner
    rules: Annotated[list[_Rule], Meta(min_length=1)]
    reference: Annotated[str, Meta(min_length=3, max_length=40)] | None = None


def load_agreement(path: Path, *, today: date | None = None) -> SharingAgreement:
    """The agreement in the TOML file at `path`. `today` (a date in London) is for tests; else it is the clock's.

    Raises `UnsafeSetting` when the file is missing or malformed, contradicts itself, or is not valid yet.
    """
    raw = _bytes_of(path)
    sheet = _convert(_toml(raw), _Sheet, "")
    agreement = _agreement(sheet, sha256(raw).hexdigest())
    refuse_bad_dates(agreement, today or london_day(now()))
    refuse_forgotten_roles(agreement)
    return agreement


def _agreement(sheet: _Sheet, digest: str) -> SharingAgreement:
    parties, fields = _parties(sheet.parties), _groups(sheet.fields)
    parts = _purpose_parts(sheet.purposes)
    return SharingAgreement(
        hash=digest,
        title=sheet.title,
        valid_from=sheet.valid_from,
        review_by=sheet.review_by,
        population=sheet.population,
        parties=parties,
        fields=fields,
        whole_plan=_fields_of(fields, sheet.whole_plan, "whole_plan"),
        means=MappingProxyType({purpose: part.means for purpose, part in parts.items()}),
        grants=tuple(chain.from_iterable(_grants(purpose, part, fields) for purpose, part in parts.items())),
        no_purpose=frozenset(Role(word) for word in known_words(sheet.no_purpose, list(Role), "no_purpose")),
        trusted_tracing=_systems(sheet.trusted_tracing, parties),
        quotas=sheet.quotas,
        retention=sheet.retention,
    )


def _parties(written: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Party]:
    known_words(list(written), written, "parties")
    parties = {code: _party(code, line) for code, line in written.items()}
    refuse_doubles([party.name for party in parties.values()], "parties")
    return MappingProxyType(parties)


def _systems(written: Sequence[str], parties: Mapping[str, Party]) -> frozenset[str]:
    """Systems by their client ids, each of which begins with its party's code and a hyphen."""
    refuse_doubles(written, "trusted_tracing")
    for system in written:
        known_words([system.partition("-")[0]], parties, "trusted_tracing")
    return frozenset(written)


def _party(code: str, line: Mapping[str, Any]) -> Party:
    place = f"parties.{code}"
    if not re.fullmatch(r"[A-Z0-9]{2,12}", code):
        raise unsafe(place, "a party's code is 2 to 12 capital letters and digits. Correct it.")
    given = _convert(line, _PartyLine, place)
    (kind,) = known_words([given.kind], list(AgencyKind), f"{place}.kind")
    return Party(code, given.name, AgencyKind(kind))


def _groups(written: Mapping[str, Sequence[str]]) -> Mapping[str, frozenset[str]]:
    groups = {name: frozenset(known_words(words, FIELDS, f"fields.{name}")) for name, words in written.items()}
    everything = list(chain.from_iterable(groups.values()))
    refuse_doubles(everything, "fields")
    refuse_missing(FIELDS, everything, "fields")
    return MappingProxyType(groups)


def _fields_of(groups: Mapping[str, frozenset[str]], names: Sequence[str], place: str) -> frozenset[str]:
    return frozenset(chain.from_iterable(groups[name] for name in known_words(names, groups, place)))


def _purpose_parts(written: Mapping[str, Mapping[str, Any]]) -> dict[Purpose, _PurposePart]:
    known_words(list(written), list(Purpose), "purposes")
    refuse_missing(list(Purpose), written, "purposes")
    return {Purpose(word): _convert(part, _PurposePart, f"purposes.{word}") for word, part in written.items()}


def _grants(purpose: Purpose, part: _PurposePart, groups: Mapping[str, frozenset[str]]) -> list[Grant]:
    place = f"purposes.{purpose}"
    grants = [_checked_grant(purpose, part, n, groups) for n in range(len(part.rules))]
    refuse_doubles([role for grant in grants for role in grant.roles], f"{place}.rules")
    refuse_idle_notice(grants, place)
    return grants


def _checked_grant(purpose: Purpose, part: _PurposePart, number: int, groups: Mapping[str, frozenset[str]]) -> Grant:
    place = f"purposes.{purpose}.rules[{number}]"
    grant = _grant(purpose, part, part.rules[number], groups, place)
    refuse_consent(grant, place)
    refuse_half_rules(grant, place)
    return grant


def _grant(
    purpose: Purpose, part: _PurposePart, rule: _Rule, groups: Mapping[str, frozenset[str]], place: str
) -> Grant:
    def fields(names: Sequence[str] | None, key: str) -> frozenset[str]:
        return frozenset() if names is None else _fields_of(groups, names, f"{place}.{key}")

    reads = () if rule.reads is None else known_words(rule.reads, list(Audience), f"{place}.reads")
    return Grant(
        purpose=purpose,
        roles=frozenset(map(Role, known_words(rule.roles, list(Role), f"{place}.roles"))),
        agencies=frozenset(map(AgencyKind, known_words(rule.at, list(AgencyKind), f"{place}.at"))),
        article=part.article,
        duty=part.duty,
        sign_in=part.sign_in,
        tells_owner=part.tells_owner,
        reference=part.reference or "",
        reads=frozenset(map(Audience, reads)),
        status=fields(rule.status, "status"),
        plan=fields(rule.plan, "plan"),
        own_plans=fields(rule.own_plans, "own_plans"),
        own_list=rule.own_list or "",
    )


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise unsafe("", f"{path.name} cannot be read. Put the signed file there, readable by the service.") from fault


def _toml(raw: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise unsafe("", f"the file is not TOML in UTF-8 ({fault}). Correct that line.") from fault


def _convert(value: object, shape: type[T], place: str) -> T:
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as fault:
        problem, _, below = str(fault).partition(" - at `$")
        raise unsafe((place + below.rstrip("`")).lstrip("."), f"{problem}. Correct it.") from fault
