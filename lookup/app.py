"""The application: the doors in front of the rooms."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from lookup.api import api_doors
from lookup.doors import front
from lookup.house import House, open_house
from lookup.journal import note, note_fault, set_up_journal
from lookup.moments import london_day, now
from lookup.pages import page_doors
from lookup.refusals import CannotRecord, UnsafeSetting
from lookup.settings import read_settings


def create_app(environment: Mapping[str, str] = os.environ) -> Flask:
    """The application that gunicorn serves: the installation that ``LOOKUP_FOLDER`` names."""
    set_up_journal()
    if "LOOKUP_FOLDER" not in environment:
        raise UnsafeSetting("LOOKUP_FOLDER is not set. Let it name the installation's folder, or run: make run")
    house = open_house(read_settings(Path(environment["LOOKUP_FOLDER"]), environment))
    if house.agreement.review_overdue(london_day(now())):
        note("agreement_review_overdue")
    _start_trail(house)
    return app_of(house)


def _start_trail(house: House) -> None:
    """Raises `UnsafeSetting` for a bad key or manifest. A store that cannot record now is no reason not to start:
    whoever asks is told whom to ring, and it may come back."""
    try:
        house.log.ready()
    except CannotRecord as fault:
        note_fault(fault)
    house.log.start_integrator()


def app_of(house: House) -> Flask:
    """The doors in front of these rooms."""
    app = front(house.settings, house.keys.session)
    app.extensions["lookup_house"] = house
    app.register_blueprint(api_doors(house))
    app.register_blueprint(page_doors(app, house))
    return app
