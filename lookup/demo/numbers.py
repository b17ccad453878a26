"""NHS numbers and telephone numbers that are nobody's.

NHS numbers are of the range 999, which is kept for tests and never issued, with the check digit of Modulus 11.
Telephone numbers are of the ranges that Ofcom keeps for drama (https://www.ofcom.org.uk, "Numbers for drama").
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

BOROUGH_NUMBERS = range(10_000, 900_000)  # below stay free for examples written by hand
FRESH_NUMBERS = range(900_000, 1_000_000)  # for the children of `lookup demo plan`

LONDON = "020 7946 0{:03d}"
FENWICK = "01632 960{:03d}"
MOBILE = "07700 900{:03d}"


def check_digit(nine: str) -> int | None:
    """The tenth digit of an NHS number by Modulus 11, or None where these nine have none."""
    digit = 11 - sum(int(figure) * weight for figure, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return None if digit == 10 else digit % 11


def number_from(serial: int) -> str | None:
    """The NHS number of the test range with this serial (0 to 999,999), or None where there is none."""
    nine = f"999{serial:06d}"
    digit = check_digit(nine)
    return None if digit is None else f"{nine}{digit}"


def nhs_numbers(rng: Random) -> Iterator[str]:
    """Different NHS numbers of the test range in no order, some 800,000 at most."""
    seen: set[int] = set()
    while True:
        serial = rng.choice(BOROUGH_NUMBERS)
        number = number_from(serial)
        if number is not None and serial not in seen:
            seen.add(serial)
            yield number


def fresh_number(serial: int) -> str:
    """The NHS number of the `serial`-th child of `lookup demo plan`; a borough's children never have it."""
    valid = (number_from(FRESH_NUMBERS[(serial * 11 + step) % len(FRESH_NUMBERS)]) for step in range(11))
    return next(number for number in valid if number is not None)


def telephones(pattern: str, first: int, last: int) -> Iterator[str]:
    """Telephone numbers of a drama range, each once, from `first` to `last` of its thousand."""
    return (pattern.format(line) for line in range(first, last + 1))
