"""The doors of this package: its tables, its pages and its commands, given to the app."""

from flask import Flask

from . import checks, demonstration, permissions, round_hooks, tables  # noqa: F401
from .question_types.places import by_district
from .views import drafts, public, questions, sending  # noqa: F401


def init_app(app: Flask) -> None:
    """Add this package's addresses and commands to the app."""
    for page in (public, drafts):
        app.register_blueprint(page.blueprint)
    app.jinja_env.globals.update(places_by_district=by_district)
