"""Files that councils send: what is taken, what refuses a file, what rejects a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from lookup.agencies.text_lines import TextLines
from lookup.model import Audience, Category, Kind, Outcome
from lookup.moments import LONDON, eighteenth_birthday
from lookup.refusals import FileRefused
from tests.rooms.feeding import (
    EXPORT,
    HOUR,
    MARIGOLD,
    NOON,
    Office,
    child_called,
    csv_of,
    jsonl_of,
    open_office,
    publication,
    row_of,
)

DOCS = Path(__file__).parents[2] / "docs" / "feeds.md"
LAST_ROW = {"family_name": "XDJ-JUN-ALLOC-FIFTY", "given_name": "Ossie", "birth_date": "1960-12-01"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that has taken the council's export; its tests leave it as it is."""
    with open_office(tmp_path_factory.mktemp("exported")) as opened:
        opened.send(EXPORT.read_bytes())
        yield opened


def refused(office: Office, text: str | bytes, shape: str = "") -> str:
    """What is said of a file that must be refused, with nothing of it taken."""
    before = office.contents()
    with pytest.raises(FileRefused) as refusal:
        office.send(text, shape=shape)
    assert office.contents() == before
    return " ".join([str(refusal.value), *(f"{wrong.path} {wrong.problem}" for wrong in refusal.value.fields)])


def children_of_the_export() -> list[dict[str, str]]:
    rows = [line.split(",") for line in EXPORT.read_text().splitlines()[1:]]
    return [
        {
            "birth_date": datetime.strptime(row[0], "%d/%m/%Y").date().isoformat(),  # noqa: DTZ007 - a day has no zone
            "family_name": row[1],
            "given_name": row[2],
            "postcode": row[4],
        }
        for row in rows
        if len(row) == 6
    ]


# ---- the council's own export ---------------------------------------------------------------------------------------


def test_the_export_is_taken_whole_but_for_its_last_row(office: Office) -> None:
    report = office.send(EXPORT.read_bytes())
    assert (report.shape, report.rows, report.taken.counts) == ("council-csv", 300, {"taken": 299, "rejected": 1})
    assert (report.doubles, report.notices) == ((), ())
    (reject,) = report.taken.rejects
    assert (reject.row.where, reject.first_seen, reject.row.ref) == ("line 301", NOON, "")
    assert reject.row.problems == (
        ("row", "has 4 columns, and the first line names 5"),
        ("Gender", "is not Female, Male, Indeterminate or Unknown"),
    )
    readable = reject.row.readable
    assert (readable.birth_date, readable.family_name, readable.given_name) == tuple(
        LAST_ROW[name] for name in ("birth_date", "family_name", "given_name")
    )


def test_every_child_of_the_export_is_found_without_an_nhs_number(exported: Office) -> None:
    today = NOON.date()
    for child in children_of_the_export():
        grown = eighteenth_birthday(date.fromisoformat(child["birth_date"])) <= today
        found = exported.ask(child)
        assert found.conclusion.outcome is (Outcome.PLAN_ENDED if grown else Outcome.ON_PLAN)
        assert [held.plan.kind for held in found.matched] == [Kind.CHILD_PROTECTION]


def test_a_row_of_the_export_keeps_its_capitals_and_has_no_details(exported: Office) -> None:
    (held,) = exported.held(
        {"family_name": "Nolan", "given_name": "Stef", "birth_date": "2015-08-07", "postcode": "DN15 6HJ"}
    )
    assert (held.child.family_name, held.child.given_name, held.child.nhs_number) == ("NOLAN", "Stef", "")
    assert re.fullmatch("[0-9a-f]{32}", held.ref)
    assert held.plan == publication().plan
    assert held.recorded_at == NOON


@pytest.mark.bad_input(64)
def test_an_enquiry_that_fits_the_faulty_last_row_could_not_be_checked(exported: Office) -> None:
    asked = exported.ask(LAST_ROW)
    assert asked.conclusion.outcome is Outcome.COULD_NOT_CHECK
    assert asked.conclusion.reasons == ("North Council sent a record we could not read, and it may be this child's.",)
    assert exported.outcome({**LAST_ROW, "given_name": "Pamela"}) is Outcome.NO_PLAN_FOUND


@pytest.mark.bad_input(50)
@pytest.mark.parametrize(("born", "last_day"), [("30/11/2010", date(2028, 11, 29)), ("29/02/2012", date(2030, 2, 28))])
def test_a_plan_ends_at_midnight_in_london_on_the_eighteenth_birthday(
    office: Office, born: str, last_day: date
) -> None:
    office.send(csv_of(f"{born},QUILL,Marigold,Female,DN16 3UJ,"))
    asked = {**MARIGOLD, "birth_date": "-".join(reversed(born.split("/")))}
    midnight = datetime.combine(last_day + timedelta(days=1), time(0), LONDON).astimezone(UTC)
    assert office.outcome(asked, midnight - timedelta(seconds=1)) is Outcome.ON_PLAN
    assert office.outcome(asked, midnight) is Outcome.PLAN_ENDED
    assert office.outcome(asked, midnight + timedelta(days=367)) is Outcome.NO_PLAN_FOUND


@pytest.mark.bad_input(59)
@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1)])
def test_the_same_file_again_changes_nothing(office: Office, later: timedelta) -> None:
    office.send(EXPORT.read_bytes())
    first, plans = office.contents(), office.counts()
    report = office.send(EXPORT.read_bytes(), NOON + later)
    assert report.taken.counts == {"unchanged": 299, "rejected": 1}
    assert report.taken.row_hashes == []
    assert office.counts() == plans
    assert [reject.first_seen for reject in report.taken.rejects] == [NOON]
    if not later:
        assert office.contents() == first


def test_a_corrected_row_of_the_export_is_still_the_one_child_on_a_plan(office: Office) -> None:
    rest = [f"01/01/2012,OSTRANDER,Child{number},Male,DN15 6HJ," for number in range(5)]
    office.send(csv_of("30/11/2016,QUILL,Marigold,Female,DN16 3UJ,", *rest))
    report = office.send(csv_of("30/11/2016,QUILL,Marigold,Female,DN20 9HU,", *rest), NOON + HOUR)
    assert report.taken.counts == {"taken": 1, "unchanged": 5, "absent": 1}
    found = office.ask(MARIGOLD, NOON + HOUR)
    assert found.conclusion.outcome is Outcome.ON_PLAN
    assert [held.absent_since for held in found.conclusion.plans] == [None, NOON + HOUR]


# ---- what refuses a file --------------------------------------------------------------------------------------------

GOOD = "30/11/2016,QUILL,Marigold,Female,DN16 3UJ,"


@pytest.mark.bad_input(51)
def test_a_byte_order_mark_is_read_over(office: Office) -> None:
    assert office.send(b"\xef\xbb\xbf" + csv_of(GOOD).encode()).taken.counts == {"taken": 1}
    assert office.send(b"\xef\xbb\xbf" + jsonl_of(row_of("Q-1")).encode(), authority="FWC").taken.counts == {"taken": 1}


@pytest.mark.bad_input(52)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("shape", ["council-csv", "lookup-jsonl", ""])
def test_a_file_in_utf_16_is_refused_with_the_line(office: Office, encoding: str, shape: str) -> None:
    said = refused(office, csv_of(GOOD).encode(encoding), shape=shape)
    assert "line 1 " in said
    assert "UTF-16" in said


@pytest.mark.bad_input(52)
def test_a_file_in_a_windows_code_page_is_refused_with_the_line(office: Office) -> None:
    said = refused(office, csv_of(GOOD, "30/11/2016,MUÑOZ,José,Male,DN16 3UJ,").encode("cp1252"))
    assert "line 3 is not UTF-8" in said
    assert "Jos" not in said
    office.send(csv_of("30/11/2016,MUÑOZ,José,Male,DN16 3UJ,"))
    (held,) = office.held({**MARIGOLD, "family_name": "Munoz", "given_name": "Jose"})
    assert (held.child.family_name, held.child.given_name) == ("MUÑOZ", "José")


@pytest.mark.bad_input(53)
@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("30/11/2016,QU\0ILL,Marigold,Female,DN16 3UJ,", "line 3 holds a NUL character"),
        ('30/11/2016,"QUILL,Marigold,Female,DN16 3UJ,', "line 3 opens a quotation mark that is never closed"),
        ('30/11/2016,"QUILL"x,Marigold,Female,DN16 3UJ,', "line 3 has a quotation mark in the wrong place"),
        (f"30/11/2016,{'Q' * 200_000},Marigold,Female,DN16 3UJ,", "line 3 has a field of more than 131,072 characters"),
        (f"30/11/2016,{'Q' * 300_000},Marigold,Female,DN16 3UJ,", "line 3 is longer than 256 KB"),
        ("30/11/2016,QUILL,Mari\rgold,Female,DN16 3UJ,", "line 3 has a line end that is neither LF nor CR LF"),
    ],
)
def test_a_damaged_field_refuses_the_file_with_its_line(office: Office, row: str, fault: str) -> None:
    said = refused(office, csv_of(GOOD, row, GOOD))
    assert fault in said
    assert "QU" not in said


@pytest.mark.bad_input(53)
@pytest.mark.parametrize("name", ["Qu\0ill", "Q" * 200_000])
def test_a_damaged_field_of_our_own_shape_rejects_its_row_with_its_line(office: Office, name: str) -> None:
    bad = row_of("Q-1")
    bad["child"]["family_name"] = name
    report = office.send(jsonl_of(bad, row_of("Q-2", child=child_called("Saffron"))))
    assert report.taken.counts == {"taken": 1, "rejected": 1}
    assert [where for where, _ in office.rejects()] == ["line 1"]


@pytest.mark.bad_input(54)
@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_get_a_hint(office: Office, mark: str) -> None:
    assert "save the file with commas" in refused(office, csv_of(GOOD).replace(",", mark))


@pytest.mark.bad_input(55)
def test_a_formula_in_a_name_is_stored_as_it_is(office: Office) -> None:
    formula = '=HYPERLINK("http://example.org","Quill")'
    quoted = formula.replace('"', '""')
    office.send(csv_of(f'30/11/2016,"{quoted}",Marigold,Female,DN16 3UJ,'))
    (held,) = office.held()
    assert held.child.family_name == formula


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("DOB,Surname,GivenName,Gender,", "lacks the column PostCode"),
        ("DOB,Surname,GivenName,Gender,PostCode,Shoe,", "column 6 is not one of docs/feeds.md"),
        ("DOB,Surname,GivenName,Gender,PostCode,DOB", "column 6 is not one of docs/feeds.md, or comes twice"),
        ("30/11/2016,QUILL,Marigold,Female,DN16 3UJ,", "column 1 is not one of docs/feeds.md"),
    ],
)
def test_a_first_line_that_does_not_name_the_columns_refuses_the_file(office: Office, header: str, said: str) -> None:
    answer = refused(office, csv_of(GOOD, header=header))
    assert said in answer
    assert "QUILL" not in answer


@pytest.mark.bad_input(61)
@pytest.mark.parametrize("text", ["", "\n\n", csv_of(), "\ufeff", jsonl_of()])
def test_an_empty_file_is_refused(office: Office, text: str) -> None:
    office.send(csv_of(GOOD), NOON - HOUR)
    assert "An authority that has no plans sends a heartbeat" in refused(office, text)


EXTENDED = "DOB,Surname,GivenName,Gender,PostCode,Reference"


@pytest.mark.bad_input(61)
@pytest.mark.parametrize(
    "text",
    [
        csv_of("30/11/2016,QUILL,Marigold,Female,DN16 3UJ,Q-1", header=EXTENDED),
        csv_of("30/11/2016,QUILL,Marigold,Female,DN16 3UJ,Q-1", "#rows,2", header=EXTENDED),
        csv_of("30/11/2016,QUILL,Marigold,Female,DN16 3UJ,Q-1", "#rows", header=EXTENDED),
        csv_of(GOOD, "#rows,2"),
        jsonl_of(row_of("Q-1"), count=2),
        jsonl_of(row_of("Q-1"), row_of("Q-2"), count=1),
        jsonl_of(row_of("Q-1")).removesuffix('{"rows": 1}\n'),
        jsonl_of(row_of("Q-1")).removesuffix('": 1}\n'),
    ],
)
def test_a_file_that_is_cut_short_or_lacks_its_last_line_is_refused(office: Office, text: str) -> None:
    assert "The file is cut short" in refused(office, text)


@pytest.mark.parametrize("text", [csv_of("#rows,1", GOOD), jsonl_of(row_of("Q-1")) + "{}\n"])
def test_nothing_may_follow_the_line_that_counts_the_rows(office: Office, text: str) -> None:
    assert "comes after the line that counts the rows" in refused(office, text)


@pytest.mark.bad_input(63)
@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"lookup_snapshot": 1, "authority": "FWC", "as_at": NOON.isoformat()}, "line 1 names another authority"),
        ({"lookup_snapshot": 1, "authority": "NLC", "as_at": "2026-03-09T12:00:00Z"}, "line 1 names another as-at"),
        ({"lookup_snapshot": 1, "authority": "NLC", "as_at": "2026-03-10T12:00:00"}, "line 1 names another as-at"),
        ({"lookup_snapshot": 2, "authority": "NLC", "as_at": NOON.isoformat()}, "line 1 is not the header line"),
    ],
)
def test_the_header_must_say_what_came_with_the_file(office: Office, header: dict[str, object], said: str) -> None:
    assert said in refused(office, jsonl_of(row_of("Q-1"), header=header))


@pytest.mark.bad_input(57)
def test_a_file_over_the_quota_is_refused_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lookup.importing.LARGEST_FILE", 100)
    assert "larger than" in refused(office, csv_of(*[GOOD] * 50))


def test_a_file_that_changes_while_it_is_read_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = iter([b"1" * 32, b"2" * 32])
    monkeypatch.setattr(TextLines, "digest", property(lambda _self: next(digests)))
    assert "changed while it was read" in refused(office, csv_of(GOOD))


# ---- what rejects a row ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2016/11/30,QUILL,Marigold,Female,DN16 3UJ,", ("DOB", "is not a date like 30/11/2016 or 2016-11-30")),
        ("31/02/2016,QUILL,Marigold,Female,DN16 3UJ,", ("DOB", "There is no such date.")),
        ("30/11/2040,QUILL,Marigold,Female,DN16 3UJ,", ("DOB", "This date is in the future.")),
        ("30/11/16,QUILL,Marigold,Female,DN16 3UJ,", ("DOB", "is not a date like 30/11/2016 or 2016-11-30")),
        (",QUILL,Marigold,Female,DN16 3UJ,", ("row", "cannot be found: give a number, or a name with a birth date")),
        ("30/11/2016,QUILL,Marigold,F?,DN16 3UJ,", ("Gender", "is not Female, Male, Indeterminate or Unknown")),
        (
            "30/11/2016,QUILL,Marigold,Female,NOWHERE,",
            ("PostCode", "Type a whole postcode, like DN15 6HJ, or leave it empty."),
        ),
        ("30/11/2016,QUILL,Marigold,Female,DN16 3UJ,,x", ("row", "has 7 columns, and the first line names 5")),
    ],
)
def test_a_faulty_row_is_named_with_what_is_wrong_and_fits_an_enquiry(
    office: Office, row: str, problem: tuple[str, str]
) -> None:
    report = office.send(csv_of("01/01/2012,OSTRANDER,Saffron,Female,DN15 6HJ,", row))
    assert report.taken.counts == {"taken": 1, "rejected": 1}
    assert office.rejects() == [("line 3", (problem,))]
    assert office.outcome(MARIGOLD) is Outcome.COULD_NOT_CHECK


def test_a_row_over_several_lines_is_named_by_its_first(office: Office) -> None:
    office.send(csv_of('30/11/2016,"QUILL\nDALE",Marigold,Female,DN16 3UJ,', "x,OSTRANDER,Saffron,,DN15 6HJ,"))
    assert [where for where, _ in office.rejects()] == ["line 4"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"ref": "Q-1", "recorded', ("$", "is not JSON that can be read")),
        ('{"ref": "Q-1", "ref": "Q-2"}', ("$.ref", "is given twice")),
        ("[1]", ("$", "is not an object")),
        ('{"ref": "Q-1", "recorded_at": NaN}', ("$", "is not JSON that can be read")),
        ("[" * 20_000, ("$", "is not JSON that can be read")),
    ],
)
def test_a_line_that_cannot_be_read_is_rejected_by_its_line(
    office: Office, line: str, problem: tuple[str, str]
) -> None:
    good = jsonl_of(row_of("Q-9", child=child_called("Saffron")), count=2)
    report = office.send(line + "\n" + good, shape="lookup-jsonl")
    assert report.taken.counts == {"taken": 1, "rejected": 1}
    assert office.rejects() == [("line 1", (problem,))]


def test_every_wrong_field_of_a_row_of_our_own_shape_is_named(office: Office) -> None:
    bad = row_of("Q-1", health_actions=[{"action": "Weigh", "due_on": "2026-12-01"}])
    bad["plan"]["mood"] = "fair"
    bad["child"]["nhs_number"] = "9990000019"
    bad["recorded_at"] = "2026-03-10T11:00:00"
    office.send(jsonl_of(bad, row_of("Q-2", child=child_called("Saffron"))))
    ((where, problems),) = office.rejects()
    assert where == "line 1"
    assert "$.plan" in " ".join(path for path, _ in problems)
    assert office.outcome(MARIGOLD) is Outcome.COULD_NOT_CHECK


@pytest.mark.parametrize("ref", ["", "x" * 65, "Q\u202e1"])
def test_a_row_needs_a_reference_that_can_be_shown(office: Office, ref: str) -> None:
    office.send(jsonl_of(row_of(ref)))
    ((_, ((path, _),)),) = office.rejects()
    assert path == "$.ref"


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("Weigh at each visit | P. Moss", "HealthActions"),
        ("Weigh at each visit | | 01/12/2026", "HealthActions"),
        ("Weigh at each visit | P. Moss | soon", "HealthActions"),
        ("Weigh at each visit | P. Moss | 31/02/2026", "HealthActions"),
        ("Weigh at each visit | P. Moss | 01/12/2026 | everybody", "HealthActions"),
    ],
)
def test_an_action_without_its_owner_or_date_rejects_the_row(office: Office, cell: str, column: str) -> None:
    text = csv_of(
        f"30/11/2016,QUILL,Marigold,Female,DN16 3UJ,{cell}",
        "#rows,1",
        header="DOB,Surname,GivenName,Gender,PostCode,HealthActions",
    )
    office.send(text)
    ((_, ((path, problem),)),) = office.rejects()
    assert path == column
    assert "P. Moss" not in problem


# ---- rows told twice ------------------------------------------------------------------------------------------------


@pytest.mark.bad_input(58)
@pytest.mark.parametrize("text", [csv_of(GOOD, GOOD), jsonl_of(row_of("Q-1"), row_of("Q-1"))])
def test_a_row_that_is_told_twice_is_reported_and_taken_once(office: Office, text: str) -> None:
    report = office.send(text)
    assert report.taken.counts == {"taken": 1}
    assert len(report.doubles) == 1
    assert office.counts() == {"plans": 1, "absent": 0, "rejected": 0}


@pytest.mark.bad_input(58)
def test_rows_of_one_plan_that_disagree_are_all_quarantined_and_none_wins(office: Office) -> None:
    office.snapshot({"Q-1": publication(NOON - HOUR, school="Mill School")}, NOON - HOUR)
    same, other = row_of("Q-1", school="Lark School"), row_of("Q-1", school="Brook School")
    report = office.send(jsonl_of(same, other, same, row_of("Q-2", child=child_called("Saffron"))))
    assert report.taken.counts == {"taken": 1, "rejected": 3}
    assert report.doubles == ()
    assert [where for where, _ in office.rejects()] == ["line 1", "line 2"]  # the third says what the first says
    assert office.rejects()[0][1] == (
        ("row", "is of the same plan as line 2, and they do not agree: none was preferred"),
    )
    assert office.held()[0].plan.school == "Mill School"
    assert office.outcome(MARIGOLD) is Outcome.ON_PLAN


@pytest.mark.bad_input(58)
def test_a_good_and_a_faulty_row_of_one_plan_disagree_too(office: Office) -> None:
    faulty = row_of("Q-1")
    faulty["plan"]["kind"] = "none"
    office.send(jsonl_of(row_of("Q-1"), faulty))
    assert [where for where, _ in office.rejects()] == ["line 1", "line 2"]
    assert office.outcome(MARIGOLD) is Outcome.COULD_NOT_CHECK


@pytest.mark.bad_input(58)
def test_one_child_in_two_rows_that_do_not_agree_is_pointed_out(office: Office) -> None:
    report = office.send(csv_of(GOOD, "30/11/2016,Quill,MARIGOLD,Female,DN20 9HU,", "01/12/2016,QUILL,Marigold,,,"))
    assert report.notices == ("line 3 has the name and birth date of line 2, and the two do not agree about the child",)
    assert report.taken.counts == {"taken": 3}


@pytest.mark.bad_input(58)
def test_one_nhs_number_with_two_birth_dates_is_pointed_out(office: Office) -> None:
    rows = [row_of("Q-1", child={**MARIGOLD, "nhs_number": "9990000018"})]
    rows.append(row_of("Q-2", child={**child_called("Saffron"), "nhs_number": "999 000 0018"}))
    report = office.send(jsonl_of(*rows))
    assert report.notices == ("line 2 has the NHS number of line 1, and the two do not agree about the child",)
    assert report.taken.counts == {"taken": 2}


# ---- everything that a plan holds -----------------------------------------------------------------------------------

FULL_CELLS = {
    "DOB": "30/11/2016",
    "Surname": "QUILL",
    "GivenName": "Marigold",
    "Gender": "Female",
    "PostCode": "DN16 3UJ",
    "Reference": "Q-1",
    "RecordedAt": "2026-03-10T11:00:00Z",
    "NHSNumber": "999 000 0018",
    "MergedNHSNumbers": "9990000026\n9990000034",
    "OtherNames": "DALE | Marigold\nDALE | Goldie",
    "Address": "Flat 2\n12 Mill Row",
    "UPRN": "100012345",
    "FormerAddresses": "1 Old Street | DN20 9HU",
    "Kind": "Child protection",
    "StartedOn": "01/09/2025",
    "EndedOn": "",
    "Category": "Physical abuse",
    "LeadWorker": "Ruth Adjei | 020 7946 0100",
    "SafetyActions": "Do not discharge alone | Ward sister | 2026-04-01 | all",
    "NoContactPeople": "Dean Quill | uncle | must not collect | all",
    "RiskSummary": "Risk of harm at home. | health",
    "HealthActions": "Weigh at each visit | P. Moss | 01/04/2026 | health\nDental check | P. Moss | 02/04/2026",
    "MedicalMonitoring": "Growth chart. | health",
    "PoliceActions": "Visit weekly | PC Pritchard | 03/04/2026 | police",
    "CoreGroup": "P. Moss | Tidewell Practice | school nurse | 01632 960100",
    "NextReviewOn": "01/06/2026",
    "Contingency": "Legal planning meeting.",
    "HouseholdMembers": "QUILL | Rose | mother | 01/02/1990\nQUILL | Sage | brother",
    "School": "Mill School",
}


def extended(cells: dict[str, str]) -> str:
    quoted = ('"' + cell.replace('"', '""') + '"' for cell in cells.values())
    return csv_of(",".join(quoted), "#rows,1", header=",".join(cells))


def test_the_plan_columns_hold_everything_that_a_plan_holds(office: Office) -> None:
    assert office.send(extended(FULL_CELLS)).taken.counts == {"taken": 1}
    (held,) = office.held()
    child, plan = held.child, held.plan
    assert (held.ref, held.recorded_at) == ("Q-1", NOON - HOUR)
    assert child.merged_nhs_numbers == ("9990000026", "9990000034")
    assert [name.given_name for name in child.other_names] == ["Marigold", "Goldie"]
    assert [address.lines for address in child.addresses] == [("Flat 2", "12 Mill Row"), ("1 Old Street",)]
    assert (plan.category, plan.started_on, plan.school) == (Category.PHYSICAL, date(2025, 9, 1), "Mill School")
    assert plan.lead_worker is not None
    assert plan.lead_worker.work_phone == "020 7946 0100"
    assert [(a.owner, a.due_on, a.audience) for a in plan.health_actions] == [
        ("P. Moss", date(2026, 4, 1), Audience.HEALTH),
        ("P. Moss", date(2026, 4, 2), Audience.OWNER),
    ]
    assert plan.safety_actions[0].audience is Audience.ALL
    assert plan.police_actions[0].audience is Audience.POLICE
    assert plan.no_contact_people[0].rule == "must_not_collect"
    assert plan.risk_summary is not None
    assert plan.risk_summary.audience is Audience.HEALTH
    assert plan.contingency is not None
    assert plan.contingency.audience is Audience.OWNER
    assert plan.core_group[0].role == "school nurse"
    assert [member.birth_date for member in plan.household_members] == ["1990-02-01", None]
    assert plan.next_review_on == date(2026, 6, 1)


def test_a_child_in_care_and_on_a_plan_is_no_contradiction(office: Office) -> None:
    report = office.send(jsonl_of(row_of("Q-1"), row_of("Q-2", kind=Kind.LOOKED_AFTER)))
    assert (report.notices, report.taken.counts) == ((), {"taken": 2})


@pytest.mark.bad_input(52)
@pytest.mark.parametrize(
    "text",
    [
        csv_of("30/11/2016,QUILL,Jos\ufffd,Male,DN16 3UJ,"),
        jsonl_of(row_of("Q-1", child={**MARIGOLD, "given_name": "Jos\ufffd"})),
    ],
)
def test_a_letter_that_was_lost_before_the_file_was_sent_rejects_its_row(office: Office, text: str) -> None:
    office.send(text)
    ((_, ((_, problem),)),) = office.rejects()
    assert problem == "holds \ufffd: a letter was lost before the file was sent"
    assert office.outcome(MARIGOLD) is Outcome.COULD_NOT_CHECK


def test_an_unborn_childs_plan_is_found_by_the_mother(office: Office) -> None:
    cells = dict.fromkeys(("DOB", "Surname", "GivenName", "Gender", "PostCode"), "")
    cells |= {"Reference": "Q-1", "Kind": "Pre-birth", "ExpectedBirthOn": "01/06/2026"}
    cells |= {"MotherNHSNumber": "9990000018", "MotherDOB": "01/02/1990", "MotherName": "QUILL | Rose"}
    assert office.send(extended(cells)).taken.counts == {"taken": 1}
    assert office.outcome({"mother_nhs_number": "9990000018", "mother_birth_date": "1990-02-01"}) is Outcome.ON_PLAN
    report = office.send(extended({**cells, "MotherNHSNumber": ""}), NOON + HOUR)
    assert report.taken.rejects[0].row.problems == (
        ("MotherNHSNumber", "is missing: an unborn child is found by the mother's number"),
    )


@pytest.mark.parametrize("broker", ["Records desk | 01632 960003", "Records desk"])
def test_a_restricted_childs_place_is_no_way_to_find_a_rejected_row(office: Office, broker: str) -> None:
    cells = {**FULL_CELLS, "NHSNumber": "", "MergedNHSNumbers": "", "FormerAddresses": "", "OtherNames": ""}
    cells |= {"Broker": broker, "StartedOn": "soon"}
    office.send(extended(cells))
    place = {"postcode": "DN16 3UJ", "birth_date": "2016-11-30", "given_name": "", "family_name": "Somebody"}
    assert office.outcome(place) is Outcome.NO_PLAN_FOUND
    assert office.outcome({**MARIGOLD, "postcode": ""}) is Outcome.COULD_NOT_CHECK


def test_the_examples_of_the_documentation_are_taken_as_they_stand(office: Office) -> None:
    blocks = re.findall(r"```\w+ (council-csv|lookup-jsonl)\n(.*?)```", DOCS.read_text(), re.DOTALL)
    as_at = datetime(2026, 11, 20, 22, tzinfo=UTC)
    counts = []
    for number, (shape, text) in enumerate(blocks):
        text = text.replace('"HGC"', '"NLC"').replace(
            as_at.strftime("%Y-%m-%dT%H"), (as_at + number * HOUR).strftime("%Y-%m-%dT%H")
        )
        counts.append((shape, office.send(text, as_at + number * HOUR).rows))
    assert counts == [("council-csv", 2), ("council-csv", 2), ("lookup-jsonl", 2)]
    assert office.counts()["rejected"] == 0


def test_every_column_is_documented() -> None:
    from lookup.agencies.columns import BY_NAME

    told = DOCS.read_text()
    assert [name for name in BY_NAME if f"`{name}`" not in told] == []
