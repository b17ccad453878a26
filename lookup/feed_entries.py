"""What the trail says of a feed: who sent what, what became of it, and the hashes of the sealed rows that changed.

The entries are durable before the register commits. A long list of hashes goes on in further entries, which the first
one counts. Whatever stops an import after that, the next entry says so; a process that was killed says nothing more,
and the register shows that nothing was taken.
"""

from __future__ import annotations

import getpass
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ulid import ULID

from lookup.audit_log import REFUSED, Draft, EntryType
from lookup.model import Role
from lookup.moments import iso, microseconds
from lookup.publishing import feed_facts
from lookup.recorder import Recorder
from lookup.refusals import CannotRecord, Fault, Refusal
from lookup.register import Taken

HASHES_AN_ENTRY = 900
CHARACTERS_AN_ENTRY = HASHES_AN_ENTRY // 3 * 128  # three hashes are 128 characters of base64, without a remainder


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the command, as this machine knows them."""

    user_id: str
    client: str

    @classmethod
    def of_this_machine(cls) -> Operator:
        return cls(getpass.getuser(), socket.gethostname())


@dataclass(slots=True)
class FeedEntries:
    """The entries of one import or heartbeat."""

    recorder: Recorder
    by: Operator
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    recorded: bool = False

    def __post_init__(self) -> None:
        self.facts |= {"at": iso(self.at), "clock": microseconds(self.at), "door": "command", "feed": str(ULID())}
        self.facts |= {"user_id": self.by.user_id, "role": Role.OPERATOR.value, "client": self.by.client}

    def note(self, outcome: str, more: Mapping[str, Any] | None = None) -> None:
        """One entry. Raises `CannotRecord`."""
        self._record({"outcome": outcome, **(more or {})})

    def note_taken(self, taken: Taken) -> None:
        """What the register is about to commit. Raises `CannotRecord`."""
        facts = feed_facts(taken)
        rows = str(facts.pop("rows"))
        starts = range(0, len(rows) or 1, CHARACTERS_AN_ENTRY)
        parts = [rows[start : start + CHARACTERS_AN_ENTRY] for start in starts]
        self.note("taken", {**facts, "plans_held": taken.plans_held, "parts": len(parts), "rows": parts[0]})
        for number, part in enumerate(parts[1:], 2):
            self.note("taken", {"part": number, "parts": len(parts), "rows": part})

    def note_refused(self, stopped: BaseException) -> None:
        """That nothing was taken, and why. Where the trail itself failed, it cannot be said."""
        if isinstance(stopped, CannotRecord):
            return
        refusal = stopped if isinstance(stopped, Refusal) else Fault()
        facts: dict[str, Any] = {"outcome": "refused", "refusal": refusal.code}
        if isinstance(stopped, Refusal):
            facts["why"] = [str(refusal), *(f"{wrong.path} {wrong.problem}" for wrong in refusal.fields)]
        if self.recorded:
            facts["commit"] = "failed"
        self._record(facts, REFUSED)

    def _record(self, facts: Mapping[str, Any], flags: int = 0) -> None:
        self.recorder.record(Draft(EntryType.FEED, {**self.facts, **facts}, self.at, flags))
        self.recorded = True
