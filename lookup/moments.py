"""Moments and days: UTC in the stores, Europe/London for birthdays, ages and office hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFICE_OPENS, OFFICE_CLOSES = time(9), time(17)
ADULT_AGE = 18


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970, exactly; raises ValueError for a moment without its zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """The moment that many microseconds after 1970, in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


def iso(moment: datetime) -> str:
    """As in ``2026-11-21T09:00:00Z``, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def london_day(moment: datetime) -> date:
    """The date in London at this moment."""
    return moment.astimezone(LONDON).date()


def is_office_hour(moment: datetime) -> bool:
    """Monday to Friday, nine to five, in London. Bank holidays count as out of hours once the directory knows them."""
    local = moment.astimezone(LONDON)
    return local.weekday() < 5 and OFFICE_OPENS <= local.time() < OFFICE_CLOSES


def eighteenth_birthday(born: date) -> date:
    """The day on which somebody comes of age; born on 29 February: 1 March (Family Law Reform Act 1969, section 9)."""
    try:
        return born.replace(year=born.year + ADULT_AGE)
    except ValueError:
        return date(born.year + ADULT_AGE, 3, 1)


def a_year_before(day: date) -> date:
    """The same day a year earlier; 29 February gives 28 February, so that nothing is kept a day too short."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 2, 28)
