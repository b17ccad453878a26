"""What plans say: the situations of ``scenarios.txt``, which explains its own form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from lookup.model import Category, Kind

Rule = Literal["no_contact", "must_not_collect", "no_contact_and_must_not_collect"]
RULES: tuple[Rule, ...] = ("no_contact", "must_not_collect", "no_contact_and_must_not_collect")
CHILDHOOD = range(18)
PLAN_KINDS = {"protection": Kind.CHILD_PROTECTION, "pre birth": Kind.PRE_BIRTH, "in care": Kind.LOOKED_AFTER}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of situation: the plan takes one risk and some of each pool of actions, at random."""

    title: str
    category: Category | None
    ages: range
    no_contact: tuple[tuple[str, Rule], ...]
    risk: tuple[str, ...]
    safety: tuple[str, ...]
    health: tuple[str, ...]
    police: tuple[str, ...]
    monitoring: tuple[str, ...]
    contingency: str


@dataclass(frozen=True, slots=True)
class Scenarios:
    """By kind of plan, what may be the matter; `owner_notes` are actions for the owner's eyes alone."""

    by_kind: Mapping[Kind, tuple[Scenario, ...]]
    owner_notes: tuple[str, ...]

    def titled(self, title: str) -> Scenario:
        return next(scenario for pool in self.by_kind.values() for scenario in pool if scenario.title == title)


def read_scenarios() -> Scenarios:
    """The scenarios as they are written in the file."""
    text = (files("lookup.demo") / "scenarios.txt").read_text("utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    blocks = [_fields(block) for block in lines.strip().split("\n\n")]
    return Scenarios(
        {
            kind: tuple(_scenario(block) for block in blocks if block["for"] == [word])
            for word, kind in PLAN_KINDS.items()
        },
        tuple(note for block in blocks if block["for"] == ["owner"] for note in block["safety"]),
    )


def _fields(block: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = defaultdict(list)
    for line in block.splitlines():
        key, _, value = line.partition(": ")
        fields[key].append(value)
    return fields


def _scenario(fields: dict[str, list[str]]) -> Scenario:
    pools = {key: tuple(fields[key]) for key in ("risk", "safety", "health", "police", "monitoring")}
    return Scenario(
        title=fields["title"][0],
        category=Category(fields["category"][0]) if fields["category"] else None,
        ages=_ages(fields["ages"]),
        no_contact=tuple((relationship, rule) for rule in RULES for relationship in fields[rule]),
        contingency=fields["contingency"][0],
        **pools,
    )


def _ages(written: list[str]) -> range:
    if not written:
        return CHILDHOOD
    youngest, oldest = written[0].split(" to ")
    return range(int(youngest), int(oldest) + 1)


SCENARIOS = read_scenarios()
