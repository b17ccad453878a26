"""The files that pages load: a few, read at start, so that an address can lead to no other file."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

from flask import Response, request

from lookup.refusals import NotFound

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    content: bytes
    content_type: str
    tag: str


def read_shelf() -> dict[str, Asset]:
    """Every file that a page may load, by its name below ``/assets/``."""
    return dict(_files(resources.files("lookup.pages") / "assets", ""))


def send_asset(shelf: dict[str, Asset], name: str) -> Response:
    """The file of this name, which anybody may keep for a day. Raises `NotFound`."""
    if name not in shelf:
        raise NotFound
    asset = shelf[name]
    response = Response(asset.content, content_type=asset.content_type)
    response.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    response.set_etag(asset.tag)
    response.make_conditional(request)
    return response


def _files(folder: Traversable, prefix: str) -> list[tuple[str, Asset]]:
    found = []
    for entry in folder.iterdir():
        name = prefix + entry.name
        if entry.is_dir():
            found += _files(entry, name + "/")
        elif kind := KINDS.get("." + entry.name.rpartition(".")[2]):
            content = entry.read_bytes()
            found.append((name, Asset(content, kind, sha256(content).hexdigest()[:16])))
    return found
