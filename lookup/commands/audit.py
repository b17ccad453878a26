"""``lookup audit``: verify the trail, and read it with the keys that the server lacks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from lookup.commands.installation import folder_option, unreadable_shown
from lookup.refusals import UnsafeSetting
from lookup.trail import verification
from lookup.trail.epochs import DAY_SECONDS
from lookup.trail.layout import trail_files
from lookup.trail.reading import Shown, Wanted, load_auditor, read_trail
from lookup.trail.verification import Report, verify_trail

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def audit() -> None:
    """Verify the audit trail, and read it where you hold the keys."""


@audit.command()
@folder_option
@click.option(
    "--checkpoint",
    "checkpoints",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A checkpoint that you kept elsewhere (of a receipt's proof, of a witness). May be given again.",
)
@click.option("--party", "parties", multiple=True, help="A public key (hex) that must have signed the manifest.")
def verify(folder: Path, checkpoints: tuple[Path, ...], parties: tuple[str, ...]) -> None:
    """Verify the whole trail, offline and without any secret; name the first bad entry.

    Exit code 0: every entry is as it was written. 1: it is not, and the reason says which entry and why.
    """
    with unreadable_shown():
        with _progress() as progress:
            keys = [_public_key(party) for party in parties]
            report = verify_trail(trail_files(folder), checkpoints=checkpoints, parties=keys, progress=progress)
        for line in _summary(report):
            click.echo(line)


@audit.command()
@folder_option
@click.option(
    "--keys",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that holds the folders `auditor` and `custodian` (in the demo: the installation's folder).",
)
@click.option("--auditor", default="", help="Your name, where the folder holds several auditors' keys.")
@click.option("--reason", required=True, help="Why you read the trail. It is recorded, with your name, before you do.")
@click.option("--nhs-number", default="", help="One child's entries, by NHS number. '-' asks for it (see below).")
@click.option("--plan", default="", help="One child's entries, by AUTHORITY/REF of a plan. '-' asks for it.")
@click.option("--practitioner", default="", help="One practitioner's entries, by user id.")
@click.option("--since", type=_DAY, default="1970-01-01", help="Open nothing older than this UTC day (2026-01-31).")
@click.option("--until", type=_DAY, default="9999-12-30", help="Open nothing newer than this UTC day.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, the whole record of each entry.")
def show(
    folder: Path, keys: Path, auditor: str, reason: str, nhs_number: str, plan: str, practitioner: str,
    since: datetime, until: datetime, as_json: bool,
) -> None:  # fmt: skip
    """Decrypt the entries about one child or by one practitioner, or all of them.

    Before anything is opened, an entry that names you, the epochs and the reason is written to the trail; it cannot be
    taken back. The epochs of the period are opened, so name a period where you can.

    What is typed on a command line stays in the shell's history and shows in the list of processes. So that a child's
    number does not, give '-': `--nhs-number -` or `--plan -` asks for it, or reads it from standard input.
    """
    with unreadable_shown():
        wanted = Wanted(_asked(nhs_number, "NHS number").replace(" ", ""), _asked(plan, "Plan"), practitioner)
        if len(wanted.as_facts()) > 1:
            raise click.UsageError("Give one of --nhs-number, --plan and --practitioner.")
        between = (_seconds(since), _seconds(until) + DAY_SECONDS - 1)
        receipts, found = read_trail(trail_files(folder), load_auditor(keys, auditor), wanted, reason, between)
        for receipt in receipts:
            click.echo(f"Your access was recorded first: entry {receipt.index} ({receipt.entry_id}).", err=True)
        _print_lines(found) if as_json else _print_table(found)


@contextmanager
def _progress() -> Iterator[verification.Progress]:
    console = Console(stderr=True)
    columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Verifying entries", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _summary(report: Report) -> Iterator[str]:
    yield f"The trail is as it was written: {report.entries} entries of {report.epochs} epochs."
    for party, key in report.signed_by:
        yield f"  The manifest is signed by {party}, key {key.hex()}. Compare the key with what {party} told you."
    if not report.checkpoints:
        yield "  No checkpoint was signed yet: that nothing is missing at the end cannot be shown."
    elif report.unsigned_tail:
        yield f"  The last {report.unsigned_tail} of them came after the newest checkpoint."
    if report.clock_went_back:
        yield f"  {report.clock_went_back} have a time before their epoch's day: a host's clock went back."


def _print_lines(found: Iterable[Shown]) -> None:
    for shown in found:
        line = {**_identity(shown), "record": shown.record}
        click.echo(json.dumps(line, sort_keys=True))


def _identity(shown: Shown) -> dict[str, object]:
    header = shown.header
    return {
        "index": shown.index,
        "entry": f"{header.epoch_id.hex()}.{header.counter}",
        "type": header.type.name,
        "flags": header.flags,
    }


def _print_table(found: Iterable[Shown]) -> None:
    table = Table(show_lines=True)
    for heading in ("#", "When", "Who", "Role and agency", "Purpose and reason", "Asked", "Outcome", "Fields"):
        table.add_column(heading, overflow="fold")
    count = 0
    for count, shown in enumerate(found, 1):  # noqa: B007 - the count is said below
        table.add_row(*(Text(cell) for cell in _cells(shown)))
    if count:
        Console(width=None if Console().is_terminal else 200).print(table)
    click.echo(f"{count} entries, each verified.", err=True)


def _cells(shown: Shown) -> Iterator[str]:
    record = shown.record
    yield str(shown.index)
    yield _plain(record.get("at", datetime.fromtimestamp(shown.header.seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")))
    yield _joined(record, "name", "user_id", "client", "authority")
    yield _joined(record, "role", "agency_name", "agency")
    yield _joined(record, "purpose", "reason", "reference", "break_glass")
    yield _asked_for(record) or shown.header.type.name.lower().replace("_", " ")
    yield _joined(record, "outcome", "refusal", "plans")
    yield _joined(record, "fields", "counts") + (
        f"\nheld back: {_plain(held)}" if (held := record.get("withheld")) else ""
    )


def _asked_for(record: dict[str, Any]) -> str:
    sought = record.get("sought", {})
    detail = [f"detail: {record['detail']}"] if "detail" in record else []
    return "\n".join([*(f"{name}: {_plain(value)}" for name, value in sorted(sought.items())), *detail])


def _joined(record: dict[str, Any], *names: str) -> str:
    return "\n".join(_plain(record[name]) for name in names if record.get(name))


def _plain(value: object) -> str:
    """Recorded text, with what would move the cursor, colour the terminal or turn the line round made visible."""
    items = value.items() if isinstance(value, dict) else ()
    text = (
        ", ".join(map(str, value)) if isinstance(value, list) else ", ".join(f"{k} {v}" for k, v in items) or str(value)
    )
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _asked(value: str, what: str) -> str:
    """The value, asked for or read from standard input where it is '-'."""
    if value != "-":
        return value
    return str(click.prompt(what, hide_input=True)) if sys.stdin.isatty() else sys.stdin.readline().strip()


def _seconds(day: datetime) -> int:
    return int(day.replace(tzinfo=UTC).timestamp())


def _public_key(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise UnsafeSetting("A party's key is given in hex, as `lookup audit verify` prints it.") from None
