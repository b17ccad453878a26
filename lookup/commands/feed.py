"""``lookup feed``: take a council's snapshot, a heartbeat; show what was rejected, and how fresh each register is.

What is shown of a row is its line, its column and what is wrong: whoever runs this command sees no child.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from lookup import importing
from lookup.agencies import SHAPES
from lookup.commands.installation import folder_option, unreadable_shown
from lookup.feed_entries import Operator
from lookup.house import House, open_house
from lookup.importing import Importing, Report, Sent
from lookup.journal import set_up_journal
from lookup.moments import iso, now
from lookup.refusals import NotFound
from lookup.register import HeldReject
from lookup.settings import read_settings
from lookup.trail.integrator import integrate_now

MOST_LINES = 50
WORDS = {
    "taken": "new or changed, and taken",
    "unchanged": "unchanged",
    "superseded": "older than what the register holds: left as it is",
    "contradicted": "with the time of the version held and other words: quarantined",
    "rejected": "rejected, and quarantined until mended",
    "mended": "earlier rejects mended",
    "absent": "no longer in the file: ended, date unknown",
    "kept": "missing, but perhaps among the rejected rows: kept",
    "returned": "back, after having been absent",
}


class Moment(click.ParamType[datetime]):
    """ISO 8601 with its zone, as in 2026-11-20T22:00:00Z."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment; the usage error says what is lacking."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail("give a moment like 2026-11-20T22:00:00Z", param, ctx)
        if moment.tzinfo is None:
            self.fail("give the time zone too: end it with Z, or with an offset like +01:00", param, ctx)
        return moment


authority_option = click.option("--authority", required=True, metavar="CODE", help="Whose register it is.")


@click.group()
def feed() -> None:
    """Take what a council sends, and show how complete and how fresh each register is."""
    set_up_journal()


@feed.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@authority_option
@click.option("--as-at", required=True, type=Moment(), help="The moment that the snapshot shows, as the council says.")
@click.option("--shape", type=click.Choice(sorted(SHAPES)), help="The shape of the file. Default: by its first line.")
@folder_option
def import_(file: Path, authority: str, as_at: datetime, shape: str | None, folder: Path) -> None:
    """Take FILE, a snapshot of the whole register of one authority: all of it, or nothing where the file is faulty.

    docs/feeds.md describes the shapes, and what refuses a file and what rejects a row. Exit code 1: refused.
    """
    with _recording(folder) as house, unreadable_shown(), file.open("rb") as stream:
        with _bar() as progress:
            sent = Sent(stream, authority, as_at, shape or "")
            report = _importing(house).take(sent, Operator.of_this_machine(), now(), progress)
        for line in _summary(report, as_at):
            click.echo(line)


@feed.command()
@authority_option
@click.option("--up-to", type=Moment(), help="Complete up to this moment. Default: now.")
@folder_option
def heartbeat(authority: str, up_to: datetime | None, folder: Path) -> None:
    """Say for an authority that nothing is outstanding up to a moment, which must have come."""
    with _recording(folder) as house:
        at = now()
        _importing(house).heartbeat(authority, up_to or at, Operator.of_this_machine(), at)
        click.echo(f"{authority}: complete up to {iso(up_to or at)}.")


@feed.command()
@authority_option
@folder_option
def rejects(authority: str, folder: Path) -> None:
    """The rows of an authority that could not be taken: where each stood, what is wrong with it, how old it is."""
    with _opened(folder) as house:
        if authority not in house.settings.directory.authorities:
            raise NotFound(
                f"There is no such authority here. Known are: {', '.join(house.settings.directory.authorities)}."
            )
        with house.register.reading() as look:
            held = look.rejects_of(authority)
        at = now()
        for reject in held:
            click.echo(_reject(reject, at))
        click.echo(f"{len(held)} rejected rows.", err=True)


@feed.command()
@folder_option
def freshness(folder: Path) -> None:
    """Up to when each register is complete, and what it holds."""
    with _opened(folder) as house:
        with house.register.reading() as look:
            fresh, counts = look.freshness(house.settings.directory.authorities, now()), look.counts()
        table = Table("Authority", "Complete up to", "Age", "", "Plans", "Absent", "Rejected rows")
        for known in fresh:
            held = counts.get(known.authority, {})
            numbers = [str(held.get(name, 0)) for name in ("plans", "absent", "rejected")]
            when = iso(known.as_at) if known.as_at else "never"
            age = _age(known.age_seconds) if known.as_at else ""
            table.add_row(known.authority, when, age, "stale" if known.stale else "fresh", *numbers)
        Console(width=None if Console().is_terminal else 120).print(table)


@contextmanager
def _opened(folder: Path) -> Iterator[House]:
    house = open_house(read_settings(folder, os.environ))
    try:
        yield house
    finally:
        house.close()


@contextmanager
def _recording(folder: Path) -> Iterator[House]:
    """As `_opened`, for a command that leaves entries behind: they are in a checkpoint before it goes away."""
    with _opened(folder) as house:
        try:
            yield house
        finally:
            integrate_now(house.settings.trail)


def _importing(house: House) -> Importing:
    settings = house.settings
    return Importing(
        house.register,
        house.recorder,
        house.keys.blinder,
        settings.directory.authorities,
        house.agreement.hash,
        settings.demo,
    )


@contextmanager
def _bar() -> Iterator[importing.Progress]:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<9}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        stages: dict[str, TaskID] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = bar.add_task(stage, total=total)
            bar.update(stages[stage], completed=done)

        yield advance


def _summary(report: Report, as_at: datetime) -> Iterator[str]:
    taken = report.taken
    yield f"{taken.authority}, as at {iso(as_at)}: {report.rows} rows read as {report.shape}."
    for name, words in WORDS.items():
        if name in taken.counts or name in ("taken", "unchanged", "rejected"):
            yield f"{taken.counts.get(name, 0):>8}  {words}"
    yield f"{taken.plans_held:>8}  plans of {taken.authority} in the register now"
    at = now()
    yield from _few("Rejected rows", [_reject(reject, at) for reject in taken.rejects])
    yield from _few("Superseded rows", taken.superseded)
    yield from _few("Rows told twice, taken once", report.doubles)
    yield from _few("Look at", report.notices)


def _few(heading: str, told: list[str] | tuple[str, ...]) -> Iterator[str]:
    if told:
        yield f"{heading}:"
        yield from (f"  {line}" for line in told[:MOST_LINES])
    if len(told) > MOST_LINES:
        yield f"  … and {len(told) - MOST_LINES} more (lookup feed rejects shows every rejected row)"


def _reject(reject: HeldReject, at: datetime) -> str:
    wrong = "; ".join(f"{field.path} {field.problem}" for field in reject.row.fields())
    age = _age(max(0, int((at - reject.first_seen).total_seconds())))
    return f"{reject.row.where}: {wrong} (first seen {iso(reject.first_seen)}, {age} old)"


def _age(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} s"
    return (
        f"{seconds // 60} min"
        if seconds < 7200
        else f"{seconds // 3600} h"
        if seconds < 172_800
        else f"{seconds // 86_400} days"
    )
