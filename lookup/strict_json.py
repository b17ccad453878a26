"""A body as JSON, read strictly: no duplicate keys, no NaN, no lone surrogates, no unknown fields, nothing too deep.

The standard reader says what RFC 8259 leaves open (duplicate keys); msgspec holds the value to its type. No sentence of
a refusal repeats what was sent: it may be a child's name.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, TypeVar

import msgspec

from lookup.refusals import Field, Malformed

Body = TypeVar("Body", bound=msgspec.Struct)

LISTED = 50

_PATH = re.compile(r" - at `(?P<path>[^`]*)`$")
_VALUE = re.compile(r"(Invalid enum value|Invalid value|Object contains unknown field) .*")


class _Doubled(ValueError):
    pass


def parse(body: bytes) -> object:
    """The JSON value. Raises `Malformed`, saying why."""
    try:
        text = body.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_no_constant)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise Malformed("The body is not well-formed UTF-8 text.") from None
    except _Doubled as fault:
        raise Malformed("A key is given twice.", [Field(str(fault), "is given twice")]) from None
    except RecursionError:
        raise Malformed("The body is nested too deeply.") from None
    except ValueError:
        raise Malformed("The body is not JSON.") from None
    return value


def read_body(body: bytes, kind: type[Body]) -> Body:
    """The body as this kind. Raises `Malformed` with path and problem of each field that is wrong, 50 at most."""
    return convert(parse(body), kind)


def convert(value: object, kind: type[Body]) -> Body:
    """A parsed value as this kind. Raises `Malformed` as `read_body` does."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        raise Malformed("Some of the body is not as it must be.", _problems(value, kind, fault)) from None


def _problems(value: object, kind: type[Body], first: msgspec.ValidationError) -> list[Field]:
    """The fields that are wrong, so that the sender mends them all at once; as many as fit the record."""
    if not isinstance(value, dict):
        return [_problem(first, "$")]
    known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    found = [Field(_safe_path(name), "is not a field that this address takes") for name in value if name not in known]
    found += [Field(f"$.{name}", "is missing") for name, field in known.items() if field.required and name not in value]
    for name, field in known.items():
        if name in value:
            found += _wrong(value[name], field.type, f"$.{name}")
    return found[:LISTED] or [_problem(first, "$")]


def _wrong(value: object, kind: Any, path: str) -> list[Field]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        return [_problem(fault, path)]
    return []


def _problem(fault: msgspec.ValidationError, path: str) -> Field:
    said = str(fault)
    below = _PATH.search(said)
    if below:
        path, said = path + below["path"].removeprefix("$"), said[: below.start()]
    return Field(path, _VALUE.sub(lambda match: match[1].lower(), said))


def _safe_path(name: object) -> str:
    """The path of an unknown field; its name only where it is a plain word, for it may be anything."""
    plain = isinstance(name, str) and re.fullmatch(r"[A-Za-z_]{1,40}", name)
    return f"$.{name}" if plain else "$"


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Doubled(_safe_path(next(name for name in names if names.count(name) > 1)))
    return value


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")
