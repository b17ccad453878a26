"""``lookup receipt``: what a receipt proves, checked offline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import click

from lookup.canonical import canonical, read_json
from lookup.commands.installation import folder_option, unreadable_shown
from lookup.refusals import RecordBroken
from lookup.trail.formats import BREAK_GLASS, REFUSED, REPEAT, Header
from lookup.trail.layout import trail_files
from lookup.trail.manifest import SignedManifest, load_manifest
from lookup.trail.proving import Prover
from lookup.trail.receipts import Proven, check_proof, read_receipt, verify_receipt
from lookup.trail.tables import reading, row_at

INTEGRATED_WITHIN = timedelta(minutes=15)
_FLAGS = {REPEAT: "a repeat", BREAK_GLASS: "break-glass", REFUSED: "refused"}


@click.group()
def receipt() -> None:
    """Check what a receipt proves."""


@receipt.command()
@click.argument("file", type=click.File("rb"))
@click.option("--answer", type=click.File("rb"), help="The answer, as it was received, with or without its receipt.")
@click.option(
    "--manifest",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The trail's manifest, its signatures beside it. Default: the installation's.",
)
@folder_option
def verify(file: IO[bytes], answer: IO[bytes] | None, manifest: Path | None, folder: Path) -> None:
    """Verify the receipt in FILE ('-' for standard input), or the whole answer in FILE that holds one.

    Needs only public keys: the manifest's. Where the receipt has no proof yet, it is asked of the installation's own
    store if that is at hand. Exit code 0: it is genuine, and what it proves is said. 1: it is not, and why.
    """
    with unreadable_shown():
        value, beside = _receipt_in(read_json(file.read()))
        claimed = beside if answer is None else _answer_bytes(read_json(answer.read()))
        signed = load_manifest(manifest or trail_files(folder).manifest)
        proven = verify_receipt(value, signed, claimed)
        proof_line = _checkpoint_line(proven) or (
            _line_from_store(value, signed, trail_files(folder).store) if manifest is None else _missing_line(proven)
        )
    for line in (*_lines(proven, signed), proof_line):
        click.echo(line)


def _receipt_in(value: object) -> tuple[object, bytes | None]:
    """The receipt, and the canonical answer around it where there is one."""
    if isinstance(value, dict) and isinstance(value.get("receipt"), dict):
        return value["receipt"], _answer_bytes(value)
    return value, None


def _answer_bytes(value: object) -> bytes:
    if not isinstance(value, dict):
        raise RecordBroken("The answer is not a JSON object.")
    return canonical({name: member for name, member in value.items() if name != "receipt"})


def _lines(proven: Proven, signed: SignedManifest) -> Iterator[str]:
    parties = ", ".join(name for name, _ in signed.signed_by)
    yield "This receipt is genuine."
    yield f"- It is entry {proven.entry_id}, at place {proven.index} of {signed.manifest.origin}."
    yield f"- It says {_what(proven.header)}."
    yield f"- A host that the manifest enrols has signed it (the manifest is signed by {parties})."
    if proven.claimed:
        yield "- It commits to exactly this answer: nothing else was recorded as sent."
    else:
        yield "- Which answer it commits to was not checked: give the answer with --answer FILE."


def _what(header: Header) -> str:
    flags = [name for flag, name in _FLAGS.items() if header.flags & flag]
    kind = " ".join([header.type.name, *(f"({name})" for name in flags)])
    return f"{kind} at {_moment(header):%Y-%m-%d %H:%M:%S} UTC"


def _moment(header: Header) -> datetime:
    return datetime.fromtimestamp(header.seconds, UTC)


def _checkpoint_line(proven: Proven) -> str:
    if proven.checkpoint is None:
        return ""
    return f"- It is in the tree of the first {proven.checkpoint.size} entries, whose head the log has signed."


def _line_from_store(value: object, signed: SignedManifest, store: Path) -> str:
    """What the store at hand says. Raises `RecordBroken` where the entry is not at its place, or not in the tree."""
    proven = verify_receipt(value, signed, None)
    if not store.exists():
        return _missing_line(proven)
    genuine = read_receipt(value)[0]
    prover = Prover(store)
    try:
        text = prover.proof(proven.index)
    finally:
        prover.close()
    if text is not None:
        size = check_proof(genuine, text, signed.manifest).size
        return f"- It is in the tree of the first {size} entries (by the store here), whose head the log has signed."
    with reading(store) as connection:
        row = row_at(connection, proven.index)
    if row is None or row[1] != genuine.entry:
        raise RecordBroken(
            "The receipt is genuine, but the store here does not have its entry at its place: the trail was tampered "
            "with, or this store is an older copy. Keep the receipt: it is the proof."
        )
    return "- The store here has it at its place, and no checkpoint covers it yet: one does when the service runs."


def _missing_line(proven: Proven) -> str:
    due = _moment(proven.header) + INTEGRATED_WITHIN
    if datetime.now(UTC) < due:
        return "- It has no proof yet that it is in the tree. Ask the service for one in a moment."
    return (
        f"- It has no proof that it is in the tree, which was due by {due:%Y-%m-%d %H:%M} UTC. Ask the service for the "
        "proof of this entry now: if it cannot give one, the trail was tampered with."
    )
