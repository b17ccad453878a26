"""What is an NHS number, and what only looks like one.

Promises: a number that comes back is ten ASCII digits whose check digit is right. Does not promise that the number was
ever issued, nor whose it is. Trusts the `nhs-number` library for the check digit alone: its own reading of text takes
full-width digits and a trailing newline, so that the shape is decided here first.
Source: NHS Data Dictionary, https://www.datadictionary.nhs.uk/attributes/nhs_number.html
"""

from __future__ import annotations

import re

from nhs_number.validate import is_valid as check_digit_fits

_SEPARATORS = str.maketrans("", "", " -")
_TEN_DIGITS = re.compile(r"[0-9]{10}")
_SPREADSHEET = re.compile(r"[0-9](\.[0-9]*)?[eE]\+?[0-9]+|[0-9]{10}\.0+")
_TEST_NUMBERS = ("999", "9000000")  # the synthetic range, and the numbers of the NHS sandbox

_HINT_NINE = "An NHS number has ten digits, and this has nine: a spreadsheet may have dropped the 0 at the front."
_HINT_SPREADSHEET = (
    "A spreadsheet has changed this NHS number: format its column as text, and copy all ten digits again."
)
_HINT_SCRIPT = "Type the NHS number with the digits 0 to 9 of an ordinary keyboard."
_HINT_BREAK = "The NHS number has a line break or a tab in it: type the ten digits only."
_HINT_SHAPE = "An NHS number has ten digits; spaces and hyphens between them are fine."
_HINT_SAME = "Ten equal digits are not an NHS number."
_HINT_CHECK = "This is not an NHS number: its last digit does not fit the others. Check it for swapped or wrong digits."
_HINT_TEST = "This NHS number is from a range that is kept for tests, and belongs to nobody."


class NotAnNhsNumber(ValueError):
    """What was typed is not an NHS number; its text is the sentence for whom it may concern, without the number."""


def nhs_number(typed: str, *, demo: bool) -> str:
    """The ten digits of an NHS number, without spaces and hyphens.

    Test numbers (999… and the NHS sandbox's 9000000…) are numbers in the demo only. Raises NotAnNhsNumber.
    """
    digits = _shaped(typed)
    if len(set(digits)) == 1:
        raise NotAnNhsNumber(_HINT_SAME)
    if not check_digit_fits(digits):
        raise NotAnNhsNumber(_HINT_CHECK)
    if not demo and digits.startswith(_TEST_NUMBERS):
        raise NotAnNhsNumber(_HINT_TEST)
    return digits


def digits_held(text: str) -> str:
    """The ten digits of a number that the register already accepted, or nothing where there are not ten."""
    digits = text.translate(_SEPARATORS)
    return digits if _TEN_DIGITS.fullmatch(digits) else ""


def _shaped(typed: object) -> str:
    if not isinstance(typed, str):
        raise NotAnNhsNumber("Send the NHS number as text, in quotes: as a number it loses its first 0.")
    digits = typed.translate(_SEPARATORS)
    if not _TEN_DIGITS.fullmatch(digits):
        raise NotAnNhsNumber(_what_is_wrong(digits))
    return digits


def _what_is_wrong(text: str) -> str:
    if any(character in text for character in "\n\r\t\v\f\x00\x85\u2028\u2029"):
        return _HINT_BREAK
    if not text.isascii() and any(character.isdigit() for character in text if not character.isascii()):
        return _HINT_SCRIPT
    if _SPREADSHEET.fullmatch(text):
        return _HINT_SPREADSHEET
    return _HINT_NINE if re.fullmatch(r"[0-9]{9}", text) else _HINT_SHAPE
