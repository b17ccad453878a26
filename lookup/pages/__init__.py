"""The pages, for people: sign in, one search form, the answer, print.

Promises: every enquiry goes the whole path of `lookup.enquiry`, so that its answer or refusal is recorded before it is
shown; what somebody typed about a child is in no address, no cookie and no cache; each page works without scripts and
asks for nothing from anywhere else. Does not promise that somebody may see anything: policy says. Start at `checking`.

  checking    the form and the answer
  entering    signing in and out
  saying_no   every way in which a page says no
  sessions    who is signed in
  form, wristband, choices    what was typed, and what is offered
  answers, timeline, words    the answer in words and pictures
  rendering, shelf            templates, assets, the content security policy
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response

from lookup.doors import Doors, Lock
from lookup.house import House
from lookup.pages.checking import Checking, open_checking
from lookup.pages.entering import Entering, open_entering
from lookup.pages.rendering import Renderer, set_policy
from lookup.pages.saying_no import SayingNo
from lookup.pages.sessions import Sessions
from lookup.pages.shelf import read_shelf, send_asset


def page_doors(app: Flask, house: House) -> Blueprint:
    """Every page."""
    blueprint = Blueprint("pages", __name__, template_folder=None)
    doors = Doors(blueprint)
    renderer = Renderer(house.settings.directory.authorities, demo=house.settings.demo)
    sessions = Sessions(app, house.identity)
    no = SayingNo(renderer, sessions, house)
    blueprint.after_request(set_policy)
    no.answer_for(blueprint)
    open_entering(doors, Entering(house, renderer, sessions, no))
    open_checking(doors, Checking(house, renderer, sessions, no))
    _open_assets(doors)
    return blueprint


def _open_assets(doors: Doors) -> None:
    shelf = read_shelf()

    @doors.at("GET", "/assets/<path:name>", Lock.NONE)
    def asset(name: str) -> Response:
        return send_asset(shelf, name)
