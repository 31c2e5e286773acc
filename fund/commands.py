"""Commands of the fund: the demonstration put back as it was, and the first administrator of an installation."""

import json
import time

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from fund import demonstration, people, second_factor
from fund.core.clock import now
from fund.core.database import db
from fund.core.problems import Problem

demo = AppGroup("demo", help="The demonstration: a known world to try everything in.")


@demo.command("reset")
@click.option("--applicants", default=0, show_default=True, help="Add this many more bids, for measuring.")
def reset(applicants: int) -> None:
    """Put the known world back and print the cast as JSON. Empties the database; refuses one with real people in it."""
    started = time.monotonic()
    try:
        demonstration.reset(current_app.config["SETTINGS"], applications=applicants, now=now())
    except Problem as problem:
        db.session.rollback()
        raise click.ClickException(problem.sentence) from None
    db.session.commit()
    click.echo(json.dumps(demonstration.cast_list(), indent=1, ensure_ascii=False))
    click.echo(f"The demonstration is ready after {time.monotonic() - started:.1f} seconds.", err=True)


@click.command("add-administrator")
@click.argument("email")
@click.argument("name")
@with_appcontext
def add_administrator(email: str, name: str) -> None:
    """Make this person an administrator, as the first act in a new installation. They sign in with a code."""
    moment = now()
    person = people.find_person(email) or people.add_person(email, name, by=None, now=moment)
    try:
        people.grant_role(person, "administrator", by=None, now=moment)
    except Problem as problem:
        db.session.rollback()
        raise click.ClickException(problem.sentence) from None
    db.session.commit()
    click.echo(f"{person.name} is an administrator and can sign in as {person.email}.")


@click.command("reset-second-step")
@click.argument("email")
@click.argument("reason")
@with_appcontext
def reset_second_step(email: str, reason: str) -> None:
    """Take away somebody's authenticator app, when the only administrator has lost theirs. They are told and set up another."""
    person = people.find_person(email)
    try:
        if person is None:
            raise Problem("Nobody has that email address.")
        second_factor.reset(person, reason, by=None, now=now())
    except Problem as problem:
        db.session.rollback()
        raise click.ClickException(problem.sentence) from None
    db.session.commit()
    click.echo(f"{person.name} sets up another app at their next sign-in.")
