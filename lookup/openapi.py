"""The API described, OpenAPI 3.1, from the very types that validate."""

from __future__ import annotations

import msgspec

from lookup.model import Publication
from lookup.questions import EnquiryBody


def describe(*, demo: bool) -> bytes:
    """The document at ``/v1/openapi.json``."""
    _, components = msgspec.json.schema_components(
        [EnquiryBody, Publication], ref_template="#/components/schemas/{name}"
    )
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "Lookup", "version": "1"},
            "paths": {},
            "components": {"schemas": components},
        }
    )
