"""The pages, for people."""

from flask import Blueprint, Flask

from lookup.house import House


def page_doors(app: Flask, house: House) -> Blueprint:
    """Every page."""
    return Blueprint("pages", __name__)
