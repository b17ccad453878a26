"""Which of the numbered bad inputs (docs/bad-inputs.md) the tests that ran have tried."""

from __future__ import annotations

import pytest

PROPERTY = "bad_input"


def note_numbers(item: pytest.Item) -> None:
    """Put the numbers of a test's marks into its report, which travels between the processes of the tests."""
    for mark in item.iter_markers(PROPERTY):
        item.user_properties += [(PROPERTY, number) for number in mark.args]


def tried_numbers(terminalreporter: pytest.TerminalReporter) -> set[int]:
    """The numbers of every test that passed."""
    passed = terminalreporter.stats.get("passed", [])
    return {number for report in passed for name, number in report.user_properties if name == PROPERTY}
