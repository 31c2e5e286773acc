"""The doors of people, organisations and the demonstration: their rules, pages, commands and places in the navigation."""

from flask import Flask

from . import commands, demonstration, erasing_night, permissions, sign_in  # noqa: F401 - imported for what they register
from .core.navigation import add_item
from .landing import add_start
from .members import organisations_of
from .registers import jobs  # noqa: F401 - for its job
from .roles import holds, is_staff
from .views import (  # noqa: F401
    account,
    administrator,
    information,
    keeping_office,
    organisations,
    organisations_office,
    own_data,
    own_sign_in,
    policies,
)
from .views import demonstration as demonstration_pages

BLUEPRINTS = (
    account,
    own_sign_in,
    own_data,
    organisations,
    organisations_office,
    administrator,
    keeping_office,
    demonstration_pages,
    information,
)


def add_people(app: Flask) -> None:
    """Add the addresses and commands of people, organisations and the demonstration to the app."""
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    app.cli.add_command(commands.demo)
    app.cli.add_command(commands.add_administrator)
    app.cli.add_command(commands.reset_second_step)


add_item("Organisations", "organisations_office.index", "staff", rule="see_organisations", order=60)
add_item("Administration", "administrator.people", "staff", rule="manage_people", order=80)
add_item("Keeping", "keeping_office.index", "staff", rule="answer_for_keeping", order=81)
add_item("Audit log", "administrator.audit_log", "staff", rule="audit", order=82)
add_item("Your organisation", "organisations.index", "applicant", "grantee", order=60)
add_item("Your account", "accounts.account", "applicant", "grantee", "assessor", "staff", "evaluator", order=95)

add_start(11, lambda person: holds(person, "administrator"), "/office/people")
add_start(12, lambda person: holds(person, "auditor"), "/office/audit-log")
add_start(15, is_staff, "/office")
add_start(40, lambda person: holds(person, "evaluator"), "/evaluation/rounds")
add_start(80, lambda person: bool(organisations_of(person)), "/applications")
add_start(99, lambda person: True, "/organisations")
