"""The town of a file's tests, and a town of one test's own to break."""

from __future__ import annotations

import pytest

from lookup.demo.borough import Borough
from lookup.house import House
from tests.journeys.town import Town


@pytest.fixture(scope="module")
def town(module_house: House, borough: Borough) -> Town:
    """Shared by the tests of one file, which leave nothing behind that another would mind."""
    return Town(module_house, borough)


@pytest.fixture
def own_town(house: House, borough: Borough) -> Town:
    """The test's own: its register, desk and trail may be broken."""
    return Town(house, borough)
