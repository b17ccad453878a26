"""The last twelve months of enquiries as a picture: where each mark stands. Pure.

A lane for each kind of agency, its name beside it, so that neither colour nor shape alone tells them apart. Places are
per cent of the width; the template draws. Nothing here says who asked: the answer does not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lookup.moments import a_year_before

LEFT, RIGHT = 2.0, 97.0
BESIDE_TODAY, BESIDE_TODAY_NARROW = 5, 14  # where a name would run into the word "today"
LANE, TOP, FOOT = 46, 8, 26


@dataclass(frozen=True, slots=True)
class Mark:
    """One day on which somebody of this kind asked, so many times."""

    x: float
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of agency: its height in the picture and its marks."""

    kind: str
    y: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The first of a month; `minor` ones have no name where the screen is narrow."""

    x: float
    name: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole picture."""

    lanes: tuple[Lane, ...]
    months: tuple[Month, ...]
    height: int
    total: int
    sites: int


def draw(enquiries: Mapping[str, Any], today: date) -> Timeline:
    """The picture of an answer's ``enquiries``."""
    days = [(date.fromisoformat(day["on"]), day["agency_kind"], day["count"]) for day in enquiries["days"]]
    kinds = list(dict.fromkeys(kind for _, kind, _ in sorted(days, reverse=True)))
    lanes = tuple(_lane(place, kind, days, today) for place, kind in enumerate(kinds))
    height = TOP + LANE * len(lanes) + FOOT
    return Timeline(lanes, _months(today), height, sum(count for *_, count in days), enquiries["sites"])


def _lane(place: int, kind: str, days: Sequence[tuple[date, str, int]], today: date) -> Lane:
    marks = tuple(Mark(_x(on, today), on, count) for on, of, count in sorted(days) if of == kind)
    return Lane(kind, TOP + LANE * place, marks)


def _months(today: date) -> tuple[Month, ...]:
    firsts = [today.replace(day=1)]
    while len(firsts) < 12:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    # drawn oldest first; on a narrow screen every other one, and none beside the word "today", keeps its name
    marked = [_month(first, today, back) for back, first in enumerate(firsts)]
    return tuple(month for month in reversed(marked) if month.x < RIGHT - BESIDE_TODAY)


def _month(first: date, today: date, back: int) -> Month:
    x = _x(first, today)
    return Month(x, first.strftime("%b"), minor=bool(back % 2) or x > RIGHT - BESIDE_TODAY_NARROW)


def _x(on: date, today: date) -> float:
    begin = a_year_before(today)
    share = (on - begin).days / (today - begin).days
    return round(LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0), 2)
