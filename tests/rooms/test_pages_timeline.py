"""The picture of earlier enquiries: where each mark stands."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lookup.pages.timeline import LEFT, RIGHT, draw

TODAY = date(2026, 11, 21)


def day(on: date, kind: str = "hospital", count: int = 1) -> dict[str, object]:
    return {"on": on.isoformat(), "agency_kind": kind, "count": count}


def test_today_stands_at_the_right_and_a_year_ago_at_the_left() -> None:
    picture = draw({"days": [day(TODAY), day(date(2025, 11, 21))], "sites": 1}, TODAY)
    assert [mark.x for mark in picture.lanes[0].marks] == [LEFT, RIGHT]


def test_each_kind_of_agency_has_a_lane_of_its_own_the_latest_first() -> None:
    days = [day(TODAY - timedelta(days=9)), day(TODAY, "police"), day(TODAY - timedelta(days=2), "gp_practice", 3)]
    picture = draw({"days": days, "sites": 4}, TODAY)
    assert [lane.kind for lane in picture.lanes] == ["police", "gp_practice", "hospital"]
    assert (picture.total, picture.sites) == (5, 4)


def test_the_months_are_named_in_their_order() -> None:
    names = [month.name for month in draw({"days": [day(TODAY)], "sites": 1}, TODAY).months]
    assert names == ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]


@given(st.dates(date(2001, 1, 1), date(2040, 1, 1)), st.lists(st.integers(-3, 800), min_size=1))
def test_no_mark_leaves_the_picture(today: date, ages: list[int]) -> None:
    days = [day(today - timedelta(days=age)) for age in ages]
    picture = draw({"days": days, "sites": 1}, today)
    assert all(LEFT <= mark.x <= RIGHT for mark in picture.lanes[0].marks)
