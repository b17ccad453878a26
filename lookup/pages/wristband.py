"""What a scanner types from a wristband. Pure.

A patient's band in England carries a GS1 DataMatrix (DCB1077): after application identifier 8018 the NHS's own prefix
5050898, the NHS number and a check digit; after 91 the hospital's identifiers; after 93 family name, given name and
birth date, with commas between. Older bands carry the ten digits alone. What is not understood is left as it was typed,
for the path to refuse.
"""

from __future__ import annotations

import re
from datetime import datetime

SYMBOLOGY = r"(?:\][A-Za-z][0-9])?"
NUMBER = r"\(?8018\)?5050898(?P<number>[0-9]{10})(?P<check>[0-9])?"
SEPARATOR = r"[\x1d ]?"
HOSPITAL = r"(?:\(?91\)?[^,\x1d]*(?:,[^,\x1d]*){0,2},?)?"
PERSON = r"(?:\(?93\)?(?P<family>[^,\x1d]*),(?P<given>[^,\x1d]*),(?P<born>[0-9]{1,2}-[A-Za-z]{3}-[0-9]{4}).*)?"
BAND = re.compile(SYMBOLOGY + NUMBER + SEPARATOR + HOSPITAL + SEPARATOR + PERSON + r".*", re.DOTALL)
ALONE = re.compile(r"\][A-Za-z][0-9](?P<number>[0-9]{10})")


def read_wristband(scanned: str) -> dict[str, str]:
    """The fields of the form that the scan fills; ``nhs_number`` at least, as it was typed where it is no band."""
    text = scanned.strip()
    band = BAND.fullmatch(text) or ALONE.fullmatch(text)
    if band is None:
        return {"nhs_number": text}
    found = {name: part for name, part in band.groupdict().items() if part}
    return {"nhs_number": found["number"]} | _person(found)


def _person(found: dict[str, str]) -> dict[str, str]:
    try:
        born = datetime.strptime(found.get("born", ""), "%d-%b-%Y").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return {}
    day = {"birth_day": str(born.day), "birth_month": str(born.month), "birth_year": str(born.year)}
    return {"family_name": found.get("family", ""), "given_name": found.get("given", ""), **day}
