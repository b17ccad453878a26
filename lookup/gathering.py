"""What the register and finding say of the details given: who is meant, their linked records, their household.

Everything comes from one state of the register. When the register cannot be read, that is what is gathered: the enquiry
goes on to `could_not_check`, never to `no_plan_found`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lookup import finding
from lookup.finding import Matching
from lookup.journal import note_fault
from lookup.keys.keyring import Blinder
from lookup.model import Authority, Clue, Found, Freshness, HeldPlan, Kind, Outcome, Particulars, Score, Verdict
from lookup.outcome import Conclusion, conclude, is_current
from lookup.refusals import RecordBroken, RegisterUnavailable
from lookup.register import Findings, HeldReject, Register
from lookup.register.reading import Reading
from lookup.register.tables import WITHOUT_NAME, WITHOUT_NUMBER

NAMES = ("family_name", "given_name")
UNREADABLE = "The register cannot be read at this moment."


@dataclass(frozen=True, slots=True)
class Gathered:
    """The conclusion and what it rests on. `matched` is who was meant, even where nothing may be said of them."""

    conclusion: Conclusion
    matched: tuple[HeldPlan, ...] = ()
    certain: bool = False
    score: Score | None = None
    freshness: tuple[Freshness, ...] = ()
    households: int = 0
    versions: tuple[HeldPlan, ...] = ()
    rejects: tuple[HeldReject, ...] = ()
    data_quality: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathering:
    """How an enquiry looks things up: the register, the model, the key of blind tokens, the population asked about."""

    register: Register
    blinder: Blinder
    matching: Matching
    authorities: Mapping[str, Authority]
    population: int

    def gather(self, given: Particulars, at: datetime, own_authority: str = "") -> Gathered:
        """Everything about the child who is meant. `own_authority`: whose versions and rejects its owner may see."""
        try:
            with self.register.reading() as look:
                return self._gather(look, given, at, own_authority)
        except (RegisterUnavailable, RecordBroken) as fault:
            note_fault(fault)
            return Gathered(Conclusion(Outcome.COULD_NOT_CHECK, reasons=(UNREADABLE,)))

    def _gather(self, look: Reading, given: Particulars, at: datetime, own_authority: str) -> Gathered:
        sought = finding.clues_sought(given, self.matching) | finding.household_clues_sought(given)
        tokens = self._tokens(sought)
        first = look.search(tokens)
        verdict = self._judge(look, given, first.candidates)
        matched = tuple(first.candidates[position] for position in verdict.positions)
        more = self._more_about(look, matched, tokens)
        matched = self._with_linked(matched, (*first.candidates, *more.candidates))
        freshness = look.freshness(self.authorities, at)
        rejecting = self._rejecting(given, first.rejects)
        conclusion = conclude(verdict, matched, freshness, rejecting, self.authorities, at)
        undecided = verdict.found is Found.UNDECIDED
        own = [held for held in matched if held.authority == own_authority]
        return Gathered(
            conclusion=conclusion,
            matched=matched,
            certain=verdict.found is Found.CERTAIN,
            score=verdict.score,
            freshness=freshness,
            households=0 if undecided else _households((*first.household, *more.household), matched, at),
            versions=look.versions_of(own[0].child_id) if own else (),
            rejects=look.rejects_of(own_authority) if own else (),
            data_quality=verdict.data_quality,
        )

    def _judge(self, look: Reading, given: Particulars, candidates: Sequence[HeldPlan]) -> Verdict:
        """Finding's verdict; but what was given does not exclude somebody who is held without it: a number without a
        name, somebody without a number; a name without a number, somebody whom no name finds."""
        verdict = finding.judge(given, candidates, self.matching, self.population)
        if verdict.found is not Found.NOBODY:
            return verdict
        if given.nhs_number:
            without_number = self.blinder.token(*WITHOUT_NUMBER)
            excludes = finding.names_find(given) or not look.holds_unnumbered(without_number)
            return verdict if excludes else Verdict(Found.UNDECIDED, wanted=NAMES)
        unborn = given.mother_nhs_number and not finding.says_a_name(given)
        if unborn or not look.holds_unnamed(self.blinder.token(*WITHOUT_NAME)):
            return verdict
        return Verdict(Found.UNDECIDED, wanted=("nhs_number",))

    def _more_about(self, look: Reading, matched: Sequence[HeldPlan], sought: set[bytes]) -> Findings:
        """Other authorities' records of the same child, and the household: by what is held, beyond what was typed."""
        clues: set[Clue] = set()
        for held in matched:
            clues |= finding.link_clues(held.child)
            clues |= finding.household_clues_of(held.child, held.plan)
        return look.search(self._tokens(clues) - sought) if clues else Findings()

    def _with_linked(self, matched: tuple[HeldPlan, ...], others: Iterable[HeldPlan]) -> tuple[HeldPlan, ...]:
        """The matched records, and those of the others that are of the same child."""
        linked = {held.child_id: held for held in matched}
        for other in others:
            if other.child_id not in linked and any(self._same(held, other) for held in matched):
                linked[other.child_id] = other
        return tuple(linked.values())

    def _same(self, held: HeldPlan, other: HeldPlan) -> bool:
        return finding.same_child_held(held, other, self.matching, self.population)

    def _rejecting(self, given: Particulars, rejects: Sequence[HeldReject]) -> tuple[str, ...]:
        """Whose rejected rows fit; nobody's name for that of a restricted child."""
        fitting = (r for r in rejects if finding.fits_reject(given, r.row.readable, self.matching))
        fits = ("" if r.row.restricted else r.authority for r in fitting)
        return tuple(dict.fromkeys(fits))

    def _tokens(self, clues: Iterable[Clue]) -> set[bytes]:
        return {self.blinder.token(clue.kind, clue.fields) for clue in clues}


def _households(household: Iterable[HeldPlan], matched: Sequence[HeldPlan], at: datetime) -> int:
    """How many other children of the household have a current plan; a child held twice counts once."""
    if any(held.restricted for held in matched):
        return 0
    own = {_identity_of(held) for held in matched} | {held.child_id for held in matched}
    others = {
        _identity_of(held)
        for held in household
        if held.plan.kind is not Kind.LOOKED_AFTER
        and not held.restricted
        and is_current(held, at)
        and held.child_id not in own
    }
    return len(others - own)


def _identity_of(held: HeldPlan) -> object:
    return held.child.nhs_number or held.child_id
