"""The doors of this package: its tables, its pages, its checks and jobs, given to the app."""

from flask import Flask

from . import (  # noqa: F401  (each registers checks, jobs, rules or reference data)
    demonstration,
    diligence,
    evaluator_views,
    grant_manager_views,
    grantee_views,
    indicators,
    keeping,
    next_returns,
    permissions,
    promises,
    public_views,
    reminders,
    return_checks,
    settling,
    staff_views,
    tables,
    varied,
    waiting,
)
from .figures import number, number_words, whole_pounds
from .workflow import RETURN

VIEWS = (grantee_views, grant_manager_views, public_views, evaluator_views, staff_views)


def init_app(app: Flask) -> None:
    """Add this package's addresses and words to the app."""
    for views in VIEWS:
        app.register_blueprint(views.blueprint)
    app.jinja_env.globals.update(number=number, number_words=number_words, return_states=RETURN)
    app.jinja_env.filters.update(whole_pounds=whole_pounds)
