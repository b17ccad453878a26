"""The sharing agreement's file: what loads, and that anything doubtful refuses to start and says where."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookup.agreement import FIELDS, Purpose, SharingAgreement, load_agreement
from lookup.model import AgencyKind, Audience, Role
from lookup.refusals import UnsafeSetting
from tests.rooms.sharing_cast import AGREEMENT_FILE, SHIPPED

TEXT = AGREEMENT_FILE.read_text(encoding="utf-8")
IN_FORCE = date(2026, 3, 2)
HOUSING = "purposes.housing_cross_check"
NURSES = "purposes.unscheduled_care.rules[0]"
NURSE_RULE = next(line.strip().rstrip(",") for line in TEXT.splitlines() if "triage_nurse" in line)


def load(tmp_path: Path, text: str | bytes, today: date = IN_FORCE) -> SharingAgreement:
    path = tmp_path / "sharing_agreement.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_agreement(path, today=today)


def with_change(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1, f"the shipped agreement no longer has {old!r}"
    return TEXT.replace(old, new, 1)


def test_the_shipped_agreement_loads_and_covers_everything() -> None:
    assert {grant.purpose for grant in SHIPPED.grants} == set(Purpose)
    assert frozenset().union(*SHIPPED.fields.values()) == FIELDS
    assert frozenset().union(*(grant.roles for grant in SHIPPED.grants)) | SHIPPED.no_purpose == set(Role)
    assert SHIPPED.population == 49_000
    assert SHIPPED.trusted_tracing == {"RHG1-pas", "RHG2-pas"}


def test_the_shipped_parties_are_those_of_the_demonstration() -> None:
    kinds = {code: party.kind for code, party in SHIPPED.parties.items()}
    assert kinds == {
        "HGC": AgencyKind.COUNCIL, "FWC": AgencyKind.COUNCIL,
        "RHG1": AgencyKind.HOSPITAL, "RHG2": AgencyKind.HOSPITAL,
        "PG001": AgencyKind.GP_PRACTICE, "PG002": AgencyKind.GP_PRACTICE,
        "PG003": AgencyKind.GP_PRACTICE, "PG004": AgencyKind.GP_PRACTICE,
        "PLG": AgencyKind.POLICE, "HHG": AgencyKind.HOUSING, "OVG": AgencyKind.OVERSIGHT,
    }  # fmt: skip


def test_every_grant_names_its_article_duty_and_sign_in() -> None:
    for grant in SHIPPED.grants:
        assert grant.article.startswith("UK GDPR")
        assert grant.duty
        assert grant.sign_in in ("aal2", "aal3")
        assert "consent" not in (grant.article + grant.duty).lower()


def test_the_hash_is_of_the_bytes_of_the_file(tmp_path: Path) -> None:
    assert SHIPPED.hash == sha256(AGREEMENT_FILE.read_bytes()).hexdigest()
    assert load(tmp_path, TEXT + "# one word more\n").hash != SHIPPED.hash


def test_a_loaded_agreement_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        SHIPPED.population = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        SHIPPED.parties["XXX"] = SHIPPED.parties["HGC"]  # type: ignore[index]


@pytest.mark.bad_input(30)
def test_a_missing_agreement_refuses_to_start_and_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSetting, match=r"sharing_agreement\.toml cannot be read"):
        load_agreement(tmp_path / "sharing_agreement.toml")


@pytest.mark.bad_input(30)
@pytest.mark.parametrize(
    "text", ["", "parties = [", TEXT[: len(TEXT) // 2], TEXT.encode("utf-16"), b"\xff\xfe", TEXT + TEXT]
)
def test_a_malformed_or_truncated_agreement_refuses_to_start(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(UnsafeSetting):
        load(tmp_path, text)


@pytest.mark.bad_input(30)
@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        # unknown words
        ('roles = ["triage_nurse"]', 'roles = ["wizard"]', f"{NURSES}.roles", "'wizard'"),
        ('at = ["police"]', 'at = ["army"]', "purposes.police_enquiry.rules[0].at", "'army'"),
        ('reads = ["police", "all"]', 'reads = ["press"]', "purposes.police_enquiry.rules[0].reads", "'press'"),
        ('plan = ["working"]', 'plan = ["gossip"]', f"{NURSES}.plan", "'gossip'"),
        ('"basic", "household"', '"basic", "kin"', f"{NURSES}.status", "'kin'"),
        ("[purposes.duty_check]", "[purposes.curiosity]", "purposes", "'curiosity'"),
        ('police = ["police_actions"]', 'police = ["shoe_size"]', "fields.police", "'shoe_size'"),
        ('kind = "housing"', 'kind = "landlord"', "parties.HHG.kind", "'landlord'"),
        ('"RHG2-pas"]', '"RHG9-pas"]', "trusted_tracing", "'RHG9'"),
        ('"operator"]', '"janitor"]', "no_purpose", "'janitor'"),
        ('sign_in = "aal2"', 'sign_in = "aal1"', "purposes.unscheduled_care.sign_in", "aal1"),
        ('tells_owner = "always"', 'tells_owner = "later"', "purposes.unscheduled_care.tells_owner", "later"),
        ('own_list = "for_plan"', 'own_list = "sometimes"', "purposes.direct_care.rules[1].own_list", "sometimes"),
        ("population = 49000", "population = 49000\nsecret = 1", "", "secret"),
        ("practitioner_hour = 40", "practitioner_hour = 40\nplanet_hour = 1", "quotas", "planet_hour"),
        # missing
        ("trail_years = 7", "", "retention", "trail_years"),
        ("population = 49000", "", "", "population"),
        ('duty = "Children Act 2004, section 11"', "", "purposes.unscheduled_care", "duty"),
        ('school"]', '"]', "fields.whereabouts", "''"),
        (', "school"]', "]", "fields", "missing: school"),
        (', "operator"]', "]", "no_purpose", "missing: operator"),
        (', reads = ["health", "all"]', "", NURSES, "Add `reads`"),
        ('"as_at", ', "", "fields", "missing: as_at"),
        # empty
        ('plan = ["working"]', "plan = []", f"{NURSES}.plan", "empty rule"),
        ('roles = ["triage_nurse"]', "roles = []", f"{NURSES}.roles", "empty rule"),
        ('police = ["police_actions"]', "police = []", "fields.police", "empty rule"),
        ('article = "UK GDPR 6(1)(e), 9(2)(g)', 'article = ""  # "', "purposes.unscheduled_care.article", "length"),
        # doubled
        ('roles = ["triage_nurse"]', 'roles = ["triage_nurse", "triage_nurse"]', f"{NURSES}.roles", "2 times"),
        (NURSE_RULE, f"{NURSE_RULE}, {NURSE_RULE}", "purposes.unscheduled_care.rules", "2 times"),
        ('police = ["police_actions"]', 'police = ["police_actions", "school"]', "fields", "'school' is there 2 times"),
        ('"Fenwick Council"', '"Harrow Green Council"', "parties", "2 times"),
        ('"operator"]', '"operator", "gp"]', "no_purpose", "gp has a rule as well"),
        ("population = 49000", "population = 49000\npopulation = 1", "", "overwrite"),
        # wrong kinds of value
        ("population = 49000", 'population = "many"', "population", "int"),
        ("population = 49000", "population = 0", "population", "1000"),
        ("practitioner_hour = 40", "practitioner_hour = 0", "quotas.practitioner_hour", ">= 1"),
        ("valid_from = 2025-04-01", 'valid_from = "soon"', "valid_from", "date"),
        ("HGC   =", '"hgc!" =', "parties.hgc!", "capital letters"),
        # what no agreement may say
        ('duty = "Children Act 2004, section 11"', 'duty = "the consent of the parents"', NURSES, "consent"),
        ('article = "UK GDPR 6(1)(e), 9(2)(g)', 'article = "UK GDPR 6(1)(a), 9(2)(g)', NURSES, "consent"),
        ('plan = ["working"]', 'plan = ["owner"]', NURSES, "owner's alone"),
        ('reads = ["police", "all"]', 'reads = ["owner"]', "purposes.police_enquiry.rules[0]", "owner's alone"),
        ('status = ["basic", "household", "safety"]', 'status = ["safety"]', f"{NURSES}.status", "contact, outcome"),
        ('at = ["housing"] }', 'at = ["housing"], plan = ["working"] }', f"{HOUSING}.rules[0]", "no search"),
        ('tells_owner = "off_list"', 'tells_owner = "never"', "purposes.direct_care", "go together"),
        ("review_by = 2027-03-31", "review_by = 2025-03-31", "review_by", "not after valid_from"),
    ],
)  # fmt: skip
def test_a_doubtful_agreement_refuses_to_start_and_says_where(
    tmp_path: Path, old: str, new: str, place: str, problem: str
) -> None:
    with pytest.raises(UnsafeSetting) as refused:
        load(tmp_path, with_change(old, new))
    sentence = refused.value.detail
    assert sentence.startswith(f"The sharing agreement, at {place}: " if place else "The sharing agreement: ")
    assert problem.lower() in sentence.lower()


@pytest.mark.bad_input(30)
@pytest.mark.parametrize("purpose", Purpose)
def test_an_agreement_that_leaves_a_purpose_out_refuses_to_start(tmp_path: Path, purpose: Purpose) -> None:
    start = TEXT.index(f"[purposes.{purpose}]")
    end = TEXT.index("\n[", start)
    with pytest.raises(UnsafeSetting, match=rf"at purposes: missing: {purpose}\."):
        load(tmp_path, TEXT[:start] + TEXT[end:])


@pytest.mark.bad_input(30)
def test_an_agreement_is_not_obeyed_before_it_is_valid(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSetting, match="valid_from"):
        load(tmp_path, TEXT, today=date(2025, 3, 31))
    assert load(tmp_path, TEXT, today=date(2025, 4, 1)).valid_from == date(2025, 4, 1)


@pytest.mark.bad_input(30)
def test_an_agreement_whose_review_is_overdue_is_still_obeyed_and_says_so(tmp_path: Path) -> None:
    agreement = load(tmp_path, TEXT, today=date(2030, 1, 1))
    assert agreement.review_overdue(date(2027, 4, 1))
    assert not agreement.review_overdue(date(2027, 3, 31))


@settings(max_examples=60)
@given(st.integers(0, len(TEXT.splitlines()) - 1))
def test_an_agreement_that_lost_any_one_line_loads_as_a_narrower_one_or_refuses(
    tmp_path_factory: pytest.TempPathFactory, number: int
) -> None:
    lines = TEXT.splitlines()
    shorter = "\n".join(lines[:number] + lines[number + 1 :])
    try:
        agreement = load(tmp_path_factory.mktemp("agreement"), shorter)
    except UnsafeSetting:
        return
    assert set(agreement.grants) <= set(SHIPPED.grants) or lines[number].startswith("reference")
    assert Audience.OWNER not in frozenset().union(*(grant.reads for grant in agreement.grants))
