"""What the tests of the pages share: the application of the file's demo, and somebody in front of it."""

from __future__ import annotations

import pytest
from flask import Flask

from lookup.app import app_of
from lookup.house import House
from tests.rooms.visitor import Visitor


@pytest.fixture(scope="module")
def app(module_house: House) -> Flask:
    """The doors in front of the file's demo."""
    return app_of(module_house)


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """Somebody who has not signed in yet."""
    return Visitor(app)


@pytest.fixture
def nurse(app: Flask) -> Visitor:
    """A triage nurse who has."""
    visitor = Visitor(app)
    visitor.sign_in("amara.okafor")
    return visitor
