"""The synthetic borough: its counts, that nobody in it can be real, and that each kind of child is what it says."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import mean
from typing import get_args

import pytest
from msgspec import convert, json, to_builtins

from lookup.demo.borough import Borough, fresh_plan, make_borough
from lookup.demo.cast import near
from lookup.demo.families import age_on, years_before
from lookup.demo.numbers import check_digit, fresh_number
from lookup.demo.passwords import demo_password
from lookup.demo.scenarios import SCENARIOS, Rule
from lookup.model import Audience, Child, Kind, Plan, Publication, Role

TODAY = date(2026, 3, 4)
KINDS = {
    "on_plan",
    "plan_ended",
    "looked_after",
    "unborn",
    "restricted",
    "twin",
    "namesake",
    "sibling_not_on_register",
    "not_on_register",
}
DETAILS = {
    "nhs_number",
    "family_name",
    "given_name",
    "birth_date",
    "postcode",
    "sex",
    "mother_nhs_number",
    "mother_birth_date",
}
STRICT_POSTCODE = re.compile(r"[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKMNPR-Y]? [0-9][ABD-HJLNP-UW-Z]{2}")
DRAMA_TELEPHONE = re.compile(r"020 7946 0\d{3}|01632 960\d{3}|07700 900\d{3}")


@pytest.fixture(scope="module")
def borough() -> Borough:
    return make_borough(2008, TODAY)


def held(borough: Borough, authority: str = "HGC", *, current: bool = True) -> list[Publication]:
    return [
        publication
        for owner, _, publication in borough.publications
        if owner == authority and (publication.plan.ended_on is None) is current
    ]


def held_as(borough: Borough, kind: str) -> list[tuple[str, Publication]]:
    """Who holds the child of a kind: every publication whose number, or whose names and birth date, are those given."""
    given = borough.kinds[kind]
    keys = [key for key in ("family_name", "given_name", "birth_date") if key in given]
    return [
        (authority, publication)
        for authority, _, publication in borough.publications
        if all(getattr(publication.child, key) == given[key] for key in keys)
    ]


def text_of(value: object) -> Iterator[tuple[str, str]]:
    """Every text in a tree of dictionaries and lists, with the key that it is under."""
    stack: list[tuple[str, object]] = [("", value)]
    while stack:
        key, item = stack.pop()
        if isinstance(item, dict):
            stack.extend(item.items())
        elif isinstance(item, list | tuple):
            stack.extend((key, part) for part in item)
        elif isinstance(item, str):
            yield key, item


# ---- the whole ------------------------------------------------------------------------------------------------------


def test_a_seed_and_a_day_give_the_same_borough_to_the_byte(borough: Borough) -> None:
    again = make_borough(2008, TODAY)
    assert json.encode(again.publications) == json.encode(borough.publications)
    assert json.encode(again.practice_lists) == json.encode(borough.practice_lists)
    assert (again.kinds, again.demo_plan) == (borough.kinds, borough.demo_plan)


def test_another_seed_gives_another_borough(borough: Borough) -> None:
    other = make_borough(2009, TODAY)
    assert other.kinds["on_plan"]["nhs_number"] != borough.kinds["on_plan"]["nhs_number"]


def test_a_borough_is_made_within_a_second() -> None:
    started = time.process_time()
    make_borough(7, TODAY)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2025, 12, 31), date(2027, 1, 1), date(2026, 10, 25)])
def test_an_awkward_day_gives_the_same_counts_as_any_other(today: date) -> None:
    borough = make_borough(3, today)
    assert Counter(publication.plan.kind for publication in held(borough))[Kind.LOOKED_AFTER] == 450
    assert len(held(borough)) == 191 + 450


def test_the_counts_are_those_of_haringey_in_2008(borough: Borough) -> None:
    kinds = Counter(publication.plan.kind for publication in held(borough))
    assert kinds == {Kind.CHILD_PROTECTION: 183, Kind.PRE_BIRTH: 8, Kind.LOOKED_AFTER: 450}
    assert len(held(borough, current=False)) == 160
    assert len(held(borough, "FWC")) == 60
    assert len(held(borough, "FWC", current=False)) == 12


def test_every_publication_passes_the_gate_that_a_feed_must_pass(borough: Borough) -> None:
    for _, _, publication in borough.publications:
        assert json.decode(json.encode(publication), type=Publication) == publication


def test_every_reference_is_used_once_by_its_authority(borough: Borough) -> None:
    refs = Counter((authority, ref) for authority, ref, _ in borough.publications)
    assert max(refs.values()) == 1


def test_plans_vary_in_length_as_plans_do(borough: Borough) -> None:
    lengths = [len(json.encode(publication.plan)) for _, _, publication in borough.publications]
    assert 1_500 < mean(lengths) < 2_600
    assert min(lengths) < 1_600
    assert max(lengths) > 3_500


# ---- nobody is real -------------------------------------------------------------------------------------------------


def test_every_nhs_number_is_of_the_test_range_with_its_check_digit(borough: Borough) -> None:
    numbers = numbers_in(borough)
    assert all(re.fullmatch(r"999\d{7}", number) for number in numbers)
    assert all(check_digit(number[:9]) == int(number[9]) for number in numbers)


def numbers_in(borough: Borough) -> list[str]:
    everything = to_builtins([[item[2] for item in borough.publications], borough.practice_lists, borough.demo_plan])
    return [text for key, text in text_of(everything) if key.endswith(("nhs_number", "nhs_numbers"))]


def test_one_nhs_number_is_one_child_everywhere(borough: Borough) -> None:
    children = [publication.child for _, _, publication in borough.publications]
    listed = [child for children in borough.practice_lists.values() for child in children]
    born: dict[str, set[str]] = {}
    for child in [*children, *listed]:
        born.setdefault(child.nhs_number, set()).add(f"{child.given_name} {(child.birth_date or '')[:7]}")
    del born[""]
    assert all(len(who) == 1 for who in born.values())
    merged = {number for child in children for number in child.merged_nhs_numbers}
    assert merged
    assert not merged & set(born)


def test_every_postcode_is_well_formed_and_of_an_area_that_does_not_exist(borough: Borough) -> None:
    everything = to_builtins([[item[2] for item in borough.publications], borough.practice_lists])
    postcodes = {text for key, text in text_of(everything) if key == "postcode"}
    assert all(STRICT_POSTCODE.fullmatch(postcode) for postcode in postcodes)
    assert {postcode[:2] for postcode in postcodes} == {"ZH", "ZF"}


def test_every_telephone_number_is_of_a_range_kept_for_drama(borough: Borough) -> None:
    everything = to_builtins([item[2] for item in borough.publications])
    phones = {text for key, text in text_of(everything) if key in ("work_phone", "phone")}
    phones |= {phone for council in borough.authorities for phone in (council.office_phone, council.out_of_hours_phone)}
    assert all(DRAMA_TELEPHONE.fullmatch(phone) for phone in phones)


def test_a_work_telephone_rings_on_one_desk_only(borough: Borough) -> None:
    members = {
        (member.work_phone, member.name, member.agency)
        for _, _, publication in borough.publications
        for member in publication.plan.core_group
    }
    assert max(Counter(phone for phone, _, _ in members).values()) == 1


# ---- dates ----------------------------------------------------------------------------------------------------------


def test_nobody_with_a_current_plan_has_turned_eighteen(borough: Borough) -> None:
    born = [child_born(publication) for _, _, publication in borough.publications if publication.plan.ended_on is None]
    assert all(age_on(TODAY, day) < 18 for day in born if day)
    assert {age_on(TODAY, day) for day in born if day} == set(range(18))


def child_born(publication: Publication) -> date | None:
    written = publication.child.birth_date
    return date.fromisoformat(written) if written and len(written) == 10 else None


def test_six_children_turn_eighteen_within_the_month(borough: Borough) -> None:
    soon = [years_before(TODAY, 18) + timedelta(days=days) for days in range(1, 31)]
    born = [child_born(publication) for publication in held(borough)]
    assert len({day for day in born if day in soon}) == 6


def test_every_ended_plan_ended_within_the_year_and_after_it_began(borough: Borough) -> None:
    for publication in [*held(borough, current=False), *held(borough, "FWC", current=False)]:
        plan = publication.plan
        assert plan.started_on
        assert plan.ended_on
        assert plan.started_on < plan.ended_on
        assert TODAY - timedelta(days=360) < plan.ended_on < TODAY


def test_every_change_was_recorded_after_it_happened_and_before_today(borough: Borough) -> None:
    for _, _, publication in borough.publications:
        plan = publication.plan
        assert plan.started_on
        assert (plan.ended_on or plan.started_on) <= publication.recorded_at.date() < TODAY
        assert publication.recorded_at.utcoffset() == timedelta(0)


def test_no_plan_begins_before_its_child_is_born(borough: Borough) -> None:
    for _, _, publication in borough.publications:
        born = child_born(publication)
        assert born is None or (publication.plan.started_on or born) >= born


# ---- what the plans are like ----------------------------------------------------------------------------------------


def test_five_restricted_children_have_a_broker_and_planted_places(borough: Borough) -> None:
    restricted = [publication for publication in held(borough) if publication.plan.broker]
    assert Counter(publication.plan.kind for publication in restricted) == {
        Kind.CHILD_PROTECTION: 4,
        Kind.LOOKED_AFTER: 1,
    }
    assert all(publication.child.addresses and publication.plan.lead_worker for publication in restricted)


def test_a_pre_birth_plan_is_found_by_the_mother_and_one_baby_is_already_here(borough: Borough) -> None:
    unborn = [publication for publication in held(borough) if publication.plan.kind is Kind.PRE_BIRTH]
    for publication in unborn:
        mother = publication.child.mother
        assert mother
        assert mother.nhs_number
        assert mother.birth_date
        assert mother.postcode
        assert publication.child.birth_date is None
    assert sum((publication.plan.expected_birth_on or TODAY) < TODAY for publication in unborn) == 1


def test_three_pairs_of_twins_share_a_birth_date_and_a_home(borough: Borough) -> None:
    together = Counter(
        (child.family_name, child.birth_date, child.addresses[0])
        for publication in held(borough)
        if publication.plan.kind is Kind.CHILD_PROTECTION
        for child in [publication.child]
    )
    assert list(together.values()).count(2) == 3
    assert max(together.values()) == 2


def test_brothers_and_sisters_on_plans_name_each_other(borough: Borough) -> None:
    at_home: dict[str, list[Publication]] = {}
    for publication in held(borough):
        if publication.plan.kind is Kind.CHILD_PROTECTION:
            at_home.setdefault(publication.child.addresses[0].uprn, []).append(publication)
    families = [family for family in at_home.values() if len(family) > 1]
    assert len(families) > 25
    for family in families:
        given_names = {publication.child.given_name for publication in family}
        for publication in family:
            named = {member.name.given_name for member in publication.plan.household_members}
            assert given_names - named == {publication.child.given_name}


def test_some_children_are_in_care_and_on_a_plan_linked_by_their_number(borough: Borough) -> None:
    kinds: dict[str, set[Kind]] = {}
    for publication in held(borough):
        kinds.setdefault(publication.child.nhs_number, set()).add(publication.plan.kind)
    del kinds[""]
    assert sum(len(of_one) == 2 for of_one in kinds.values()) == 6


def test_one_child_moved_from_one_council_to_the_other_and_both_hold_them(borough: Borough) -> None:
    ours = {publication.child.nhs_number: publication for publication in held(borough)}
    theirs = {publication.child.nhs_number: publication for publication in held(borough, "FWC", current=False)}
    (number,) = (set(ours) & set(theirs)) - {""}
    assert theirs[number].plan.ended_on == ours[number].plan.started_on
    assert theirs[number].child.addresses[0] == ours[number].child.addresses[1]


def test_some_children_lack_a_number_a_day_of_birth_or_a_category(borough: Borough) -> None:
    everyone = [publication for _, _, publication in borough.publications]
    born = [publication for publication in everyone if publication.plan.kind is not Kind.PRE_BIRTH]
    protected = [publication for publication in everyone if publication.plan.kind is Kind.CHILD_PROTECTION]
    assert 15 < sum(not publication.child.nhs_number for publication in born) < 80
    assert 0 < sum(len(publication.child.birth_date or "") == 7 for publication in born) < 20
    assert 0 < sum(publication.plan.category is None for publication in protected) < 25
    assert sum(bool(publication.child.other_names) for publication in born) > 30


def test_two_pairs_of_children_share_a_name_and_nothing_else(borough: Borough) -> None:
    names = Counter(
        (publication.child.family_name, publication.child.given_name)
        for publication in held(borough)
        if publication.plan.kind is Kind.CHILD_PROTECTION
    )
    assert names["Hassan", "Amina"] >= 2
    assert names["Smith", "Grace"] >= 2


def test_every_sentence_of_a_plan_is_filled_in(borough: Borough) -> None:
    for _, text in text_of(to_builtins([item[2].plan for item in borough.publications])):
        assert "{" not in text
        assert text.strip() == text


def test_free_text_reaches_every_audience_and_some_only_its_owner(borough: Borough) -> None:
    actions = [action for _, _, publication in borough.publications for action in publication.plan.safety_actions]
    assert {action.audience for action in actions} == {Audience.ALL, Audience.OWNER}
    for _, _, publication in borough.publications:
        assert {action.audience for action in publication.plan.health_actions} == {Audience.HEALTH}
        assert {action.audience for action in publication.plan.police_actions} <= {Audience.POLICE}


def test_every_scenario_fits_every_age_that_it_allows() -> None:
    assert {kind for kind, pool in SCENARIOS.by_kind.items() if pool} == set(Kind)
    for pool in SCENARIOS.by_kind.values():
        assert {age for scenario in pool for age in scenario.ages} == set(range(18))
        assert {rule for scenario in pool for _, rule in scenario.no_contact} <= set(get_args(Rule))


# ---- who takes part -------------------------------------------------------------------------------------------------


def test_every_role_has_somebody_and_the_plan_owner_is_the_first_social_worker(borough: Borough) -> None:
    first = {person.role: person for person in reversed(borough.practitioners)}
    assert set(first) == set(Role)
    assert borough.demo_plan["path"].startswith(f"/v1/plans/{first[Role.SOCIAL_WORKER].agency.code}/")


def test_every_agency_of_a_practitioner_is_one_of_the_boroughs(borough: Borough) -> None:
    assert {person.agency for person in borough.practitioners} <= set(borough.agencies)
    assert {agency.home_authority for agency in borough.agencies} == {council.code for council in borough.authorities}
    assert max(Counter(person.user_id for person in borough.practitioners).values()) == 1


def test_every_demo_password_is_long_enough_and_only_one_persons(borough: Borough) -> None:
    passwords = [demo_password(person.user_id) for person in borough.practitioners]
    assert all(len(password) >= 12 for password in passwords)
    assert len(set(passwords)) == len(passwords)


def test_each_practice_lists_the_children_of_its_district_who_are_held(borough: Borough) -> None:
    listed = {child.nhs_number for child in borough.practice_lists["PG001"]}
    here = [publication.child for publication in held(borough) if lives_in(publication.child, "ZH1")]
    assert len(here) > 40
    elsewhere = {child.nhs_number for code in ("PG002", "PG003", "PG004") for child in borough.practice_lists[code]}
    assert {child.nhs_number for child in here} - {""} <= listed | elsewhere
    assert all(350 < len(children) < 650 for children in borough.practice_lists.values())


def lives_in(child: Child, district: str) -> bool:
    return child.mother is None and child.addresses[0].postcode.startswith(f"{district} ")


def test_no_practice_list_says_where_a_restricted_child_lives(borough: Borough) -> None:
    restricted = {publication.child.nhs_number for publication in held(borough) if publication.plan.broker}
    listed = [child for children in borough.practice_lists.values() for child in children]
    theirs = [child for child in listed if child.nhs_number in restricted]
    assert theirs
    assert not any(child.addresses for child in theirs)


def test_no_child_is_on_two_practice_lists(borough: Borough) -> None:
    numbers = [child.nhs_number for children in borough.practice_lists.values() for child in children]
    assert len(set(numbers)) == len(numbers)


# ---- the children of `lookup demo child` ----------------------------------------------------------------------------


def test_there_is_a_child_of_every_kind_with_details_as_an_enquiry_has_them(borough: Borough) -> None:
    assert set(borough.kinds) == KINDS
    for given in borough.kinds.values():
        assert set(given) <= DETAILS
        assert all(given.values())


@pytest.mark.parametrize(
    ("kind", "plan_kind", "ended", "restricted"),
    [
        ("on_plan", Kind.CHILD_PROTECTION, False, False),
        ("plan_ended", Kind.CHILD_PROTECTION, True, False),
        ("looked_after", Kind.LOOKED_AFTER, False, False),
        ("restricted", Kind.CHILD_PROTECTION, False, True),
    ],
)
def test_the_child_of_a_kind_is_held_once_and_as_the_kind_says(
    borough: Borough, kind: str, plan_kind: Kind, ended: bool, restricted: bool
) -> None:
    ((authority, publication),) = held_as(borough, kind)
    assert authority == "HGC"
    assert publication.child.nhs_number == borough.kinds[kind]["nhs_number"]
    plan = publication.plan
    assert (plan.kind, plan.ended_on is not None, plan.broker is not None) == (plan_kind, ended, restricted)


def test_the_unborn_childs_mother_has_one_plan(borough: Borough) -> None:
    given = borough.kinds["unborn"]
    mothers = [publication.child.mother for publication in held(borough) if publication.child.mother]
    (mother,) = [mother for mother in mothers if mother.nhs_number == given["mother_nhs_number"]]
    assert mother.birth_date == given["mother_birth_date"]


def test_what_is_given_of_the_twin_fits_both_twins(borough: Borough) -> None:
    given = borough.kinds["twin"]
    assert not {"given_name", "nhs_number"} & set(given)
    twins = held_as(borough, "twin")
    assert len(twins) == 2
    assert {publication.child.addresses[0].postcode for _, publication in twins} == {given["postcode"]}
    assert {publication.child.sex for _, publication in twins} == {given["sex"]}


def test_the_namesake_is_nobody_held_but_bears_the_name_of_one_who_is(borough: Borough) -> None:
    given = borough.kinds["namesake"]
    assert not held_as(borough, "namesake")
    namesakes = [
        publication.child
        for publication in held(borough)
        if (publication.child.family_name, publication.child.given_name) == (given["family_name"], given["given_name"])
    ]
    assert namesakes
    born = date.fromisoformat(given["birth_date"])
    assert not any(near(born, date.fromisoformat(child.birth_date or "")) for child in namesakes)
    assert given["postcode"] not in {child.addresses[0].postcode for child in namesakes}


def test_the_sibling_is_not_held_but_lives_with_the_child_on_a_plan_and_is_named_in_it(borough: Borough) -> None:
    given = borough.kinds["sibling_not_on_register"]
    ((_, publication),) = held_as(borough, "on_plan")
    assert not held_as(borough, "sibling_not_on_register")
    members = {(member.name.given_name, member.birth_date) for member in publication.plan.household_members}
    assert (given["given_name"], given["birth_date"]) in members
    assert publication.child.addresses[0].postcode == given["postcode"]
    assert not near(date.fromisoformat(given["birth_date"]), date.fromisoformat(publication.child.birth_date or ""))


def test_the_child_not_on_the_register_shares_a_family_name_with_nobody_held(borough: Borough) -> None:
    given = borough.kinds["not_on_register"]
    held_names = {publication.child.family_name for _, _, publication in borough.publications}
    assert given["family_name"] not in held_names
    assert given["nhs_number"] in {child.nhs_number for child in borough.practice_lists["PG001"]}


# ---- `lookup demo plan` ---------------------------------------------------------------------------------------------


def test_the_demo_plan_is_a_valid_body_for_a_child_whom_nobody_holds(borough: Borough) -> None:
    plan = borough.demo_plan
    publication = convert(plan["body"], Publication)
    assert re.fullmatch(r"/v1/plans/HGC/[A-Z0-9-]+", plan["path"])
    assert plan["path"].rpartition("/")[2] not in {ref for _, ref, _ in borough.publications}
    assert publication.child.nhs_number == plan["child"]["nhs_number"]
    names = {publication.child.family_name for _, _, publication in borough.publications}
    assert publication.child.family_name not in names
    assert publication.recorded_at < datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)


def test_the_demo_plan_is_a_rich_one(borough: Borough) -> None:
    plan: Plan = convert(borough.demo_plan["body"], Publication).plan
    assert plan.safety_actions
    assert plan.health_actions
    assert plan.core_group
    assert plan.risk_summary
    assert plan.contingency
    assert plan.household_members


def test_another_serial_gives_another_child_and_another_reference() -> None:
    first, second = fresh_plan(1, TODAY), fresh_plan(1, TODAY, serial=1)
    assert first["path"] != second["path"]
    assert first["child"]["nhs_number"] != second["child"]["nhs_number"]


def test_nine_thousand_fresh_numbers_are_all_different() -> None:
    numbers = [fresh_number(serial) for serial in range(9_000)]
    assert len(set(numbers)) == 9_000
    assert all(check_digit(number[:9]) == int(number[9]) for number in numbers)
