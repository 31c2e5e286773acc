"""The doors of this package: its tables, its pages and its commands, given to the app."""

from flask import Flask

from fund.views import round_sections

from . import (  # noqa: F401  (each registers checks, scenes, rules, jobs or messages)
    checks,
    demonstration,
    demonstration_signals,
    keeping,
    permissions,
    register_watch,
    reminders,
    round_hooks,
    tables,
    waiting,
)
from .diligence import own  # noqa: F401
from .question_types.documents import label_of
from .question_types.places import by_district
from .reading_age import verdict
from .sanctions import matching  # noqa: F401
from .signals import comparing  # noqa: F401
from .views import (  # noqa: F401
    changes,
    corrections,
    drafts,
    easy_read,
    office_bid,
    office_changes,
    office_diligence,
    office_form,
    office_form_parts,
    office_keyed,
    office_list,
    office_preview,
    office_question,
    office_sanctions,
    office_signals,
    packs,
    public,
    questions,
    sending,
    voices,
)
from .voices import speak_length


def init_app(app: Flask) -> None:
    """Add this package's addresses and commands to the app."""
    for page in (public, drafts, office_list):
        app.register_blueprint(page.blueprint)
    app.jinja_env.globals.update(
        places_by_district=by_district, paper_label=label_of, reading_verdict=verdict, voice_length=speak_length
    )
    round_sections.add("Questions", "applications_office.form", rule="see_form", order=30)
    round_sections.add("Easy Read", "applications_office.write_easy_read", rule="design_form", order=34)
    under = ("/office/applications", "key-in")
    round_sections.add("Bids", "applications_office.list", rule="read_applications", order=40, covers=under)
    round_sections.add("Signals", "applications_office.signals", rule="read_applications", order=41)
