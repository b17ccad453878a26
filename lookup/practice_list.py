"""Is the child registered with this practice? Asked before the register is, of marks that alone tell nothing."""

from __future__ import annotations

from collections.abc import Iterable

from lookup.desk import Desk
from lookup.desk.accounts import on_practice_list, replace_practice_list
from lookup.finding.birth_dates import birth_date
from lookup.finding.spelling import name
from lookup.keys.keyring import DeskKey
from lookup.model import Child, Particulars


def patient_marks(key: DeskKey, who: Particulars | Child) -> set[bytes]:
    """What stands for one child on a practice's list: the number, and the exact names with the whole birth date."""
    marks = set()
    number = "".join(character for character in who.nhs_number if character.isdigit())
    if number:
        marks.add(key.mark("patient-number", number.encode()))
    born = birth_date(who.birth_date or "")
    if who.family_name and who.given_name and born is not None and born.whole:
        written = (name(who.family_name).joined, name(who.given_name).joined, born.iso)
        marks.add(key.mark("patient-name", *(part.encode() for part in written)))
    return marks


def is_on_list(desk: Desk, agency: str, who: Particulars | Child) -> bool:
    """Is this child on the practice's list?"""
    marks = patient_marks(desk.key, who)
    with desk.reading() as connection:
        return bool(marks) and on_practice_list(connection, agency, marks)


def set_list(desk: Desk, agency: str, children: Iterable[Child]) -> None:
    """Replace the practice's whole list."""
    marks = {mark for child in children for mark in patient_marks(desk.key, child)}
    with desk.writing() as connection:
        replace_practice_list(connection, agency, marks)
