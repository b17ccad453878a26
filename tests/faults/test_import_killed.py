"""An import that is killed at any moment: all of the file or nothing of it, and it can be sent again."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lookup.model import Outcome
from tests.rooms.feeding import HOUR, MARIGOLD, NOON, Office, csv_of, open_office

ROOT = Path(__file__).parents[2]
MARIGOLDS = "30/11/2016,QUILL,Marigold,Female,DN16 3UJ,"
FILE = csv_of(
    *(f"{n % 28 + 1:02}/05/2014,OSTRANDER,Child{n},Male,DN{n % 40} 6HJ," for n in range(1_500)), "x" + MARIGOLDS
)

IMPORT = """
import io, sys, time
from pathlib import Path
from lookup.feed_entries import FeedEntries
from lookup.importing import Sent
from tests.rooms.feeding import BY, HOUR, NOON, open_office

folder, stage, share = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])

def stop():
    print("now", flush=True)
    time.sleep(60)

def progress(at, done, total):
    if at == stage and done >= share * total:
        stop()

record = FeedEntries.note_taken
def record_and_stop(entries, taken):
    record(entries, taken)
    if stage == "Recorded":
        stop()
FeedEntries.note_taken = record_and_stop

with open_office(folder) as office:
    print("began", flush=True)
    sent = Sent(io.BytesIO((folder / "file.csv").read_bytes()), "NLC", NOON + HOUR)
    office.importing.take(sent, BY, NOON + HOUR, progress)
    print("done", flush=True)
"""


@contextmanager
def importing(folder: Path, stage: str = "", share: float = 0.0) -> Iterator[subprocess.Popen[str]]:
    """A process that imports the file; at this share of this stage it says so and waits for its end."""
    command = [sys.executable, "-c", IMPORT, str(folder), stage, str(share)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "began\n"
        yield process


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation that holds one girl's plan since an hour before, and the next night's file."""
    with open_office(tmp_path) as office:
        office.send(csv_of(MARIGOLDS))
    (tmp_path / "file.csv").write_text(FILE)
    return tmp_path


def contents(folder: Path) -> list[str]:
    with open_office(folder) as office:
        return office.contents()


def taken_whole(office: Office) -> bool:
    return office.counts() == {"plans": 1_501, "absent": 0, "rejected": 1}


@pytest.mark.bad_input(60)
@pytest.mark.parametrize(
    ("stage", "share"), [("Checking", 0.5), ("Taking", 0.001), ("Taking", 0.7), ("Taking", 1.0), ("Recorded", 0.0)]
)
def test_a_killed_import_leaves_the_register_as_it_was_and_can_be_sent_again(
    folder: Path, stage: str, share: float
) -> None:
    before = contents(folder)
    with importing(folder, stage, share) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
    assert contents(folder) == before
    with open_office(folder) as office:
        assert office.outcome(MARIGOLD) is Outcome.ON_PLAN
        report = office.send(FILE, NOON + HOUR)
        assert report.taken.counts == {"taken": 1_500, "rejected": 1, "kept": 1}
        assert taken_whole(office)


@pytest.mark.bad_input(60)
def test_an_import_killed_at_any_moment_is_all_or_nothing(folder: Path) -> None:
    before, when = contents(folder), random.Random(60)
    ends: list[bool] = []
    while not (ends and ends[-1]) and len(ends) < 12:
        with importing(folder) as process:
            time.sleep(when.uniform(0.0, 0.3) * (len(ends) + 1))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        with open_office(folder) as office:
            ends.append(taken_whole(office))
            assert ends[-1] or office.contents() == before
    with open_office(folder) as office:
        assert office.send(FILE, NOON + HOUR).taken.counts["rejected"] == 1
        assert taken_whole(office)


def test_enquiries_go_on_while_a_file_is_being_taken(folder: Path) -> None:
    with importing(folder, "Taking", 0.7) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        with open_office(folder) as office:
            assert office.outcome(MARIGOLD, beat=False) is Outcome.ON_PLAN
        process.send_signal(signal.SIGKILL)
