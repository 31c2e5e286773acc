"""The doors of this package: its tables, its pages and its commands, given to the app."""

from flask import Flask

from . import sessions, tables  # noqa: F401
from .package_people import add_people
from .package_rounds import add_rounds


def init_app(app: Flask) -> None:
    """Add this package's addresses and commands to the app."""
    add_people(app)
    add_rounds(app)
