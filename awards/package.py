"""The doors of this package: its tables, its pages and its commands, given to the app."""

from flask import Flask

from fund.core.navigation import add_item
from fund.views import round_sections

from . import (  # noqa: F401  (each registers checks, scenes, rules, jobs or messages)
    applicant_links,
    bank_signals,
    demonstration,
    diligence,
    jobs,
    keeping,
    mails,
    pack_chapter,
    past_awards,
    permissions,
    signing,
    tables,
    waiting,
    workflow,
)
from .views import (
    awards_office,
    decisions_office,
    grants,
    letter_batches_office,
    letter_pages,
    letter_templates_office,
    limits_office,
    money_office,
    notices_office,
    other_grants_office,
    payments_office,
    proposing_office,
    publishing_office,
    register_pages,
    signed_copies_pages,
    subsidy_pages,
    variations_office,
    verify,
    withdrawals_office,
    years_office,
)

PAGES = (
    decisions_office,
    proposing_office,
    awards_office,
    payments_office,
    register_pages,
    money_office,
    grants,
    letter_pages,
    signed_copies_pages,
    letter_batches_office,
    letter_templates_office,
    verify,
    variations_office,
    withdrawals_office,
    limits_office,
    publishing_office,
    notices_office,
    years_office,
    other_grants_office,
)


def init_app(app: Flask) -> None:
    """Add this package's addresses and commands to the app, and read the certificate that letters are signed with."""
    signing.prepare(app)
    for pages in PAGES:
        app.register_blueprint(pages.blueprint)
    app.register_blueprint(subsidy_pages.office)
    app.register_blueprint(subsidy_pages.grantee)
    add_item("Decisions", "decisions_office.rounds", "staff", rule="see_decisions", order=40)
    add_item("Awards", "awards_office.index", "staff", rule="see_award", order=50)
    add_item("Payments", "payments_office.index", "staff", rule="see_payments", order=60)
    add_item("Letters", "letter_templates_office.index", "staff", rule="see_letter_words", order=55)
    add_item("Your grants", "grants.index", "grantee", "applicant", rule="my_grants", order=30)
    add_item("Check a letter", "verify.verify", "public", order=80)
    round_sections.add("Decisions", "decisions_office.index", rule="see_decisions", order=60)
    round_sections.add("Letters", "letter_batches_office.index", rule="see_decisions", order=61)
    round_sections.add("Money", "money_office.show", rule="see_money", order=62)
    round_sections.add("Years", "years_office.show", rule="see_money", order=63)
