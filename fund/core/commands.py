"""Commands that belong to no noun of the fund: start the processes, list the addresses, draw the workflows, check the log."""

import json
import signal
import subprocess
import sys
from datetime import timedelta

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from . import audit, outbox, reference
from .clock import now
from .database import db
from .jobs import JOBS, Election, job, run_job, scheduler_for
from .permissions import PUBLIC, RULES, declared
from .workflow import WORKFLOWS


def init_app(app: Flask) -> None:
    for command in (addresses, workflow, check_audit, jobs, serve, run_one_job, load_reference):
        app.cli.add_command(command)


@job("send_mail", second="*/10")
def send_mail(moment):
    """Send what waits in the outbox."""
    sent = outbox.send_due(moment)
    return f"{sent} sent" if sent else None


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of lines.")
@with_appcontext
def addresses(as_json: bool) -> None:
    """List every address, its methods and who may use it."""
    rows = address_list(current_app)
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo(f"{row['methods']:<10} {row['address']:<70} {row['who']}")


def address_list(app: Flask) -> list[dict[str, str]]:
    """Each address with its methods and the sentence of its rule, in address order."""
    permissions = declared(app)
    rows = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        name = permissions.get(rule.endpoint)
        who = "everybody" if name == PUBLIC else RULES[name].who if name in RULES else "nobody"
        methods = ",".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        rows.append(
            {"address": rule.rule, "methods": methods, "endpoint": rule.endpoint, "rule": name or "", "who": who}
        )
    return sorted(rows, key=lambda row: (row["address"], row["methods"]))


@click.command()
@with_appcontext
def workflow() -> None:
    """Print every workflow as a Mermaid diagram."""
    for life in WORKFLOWS.values():
        click.echo(f"## {life.name}\n\n```mermaid\n{life.as_mermaid()}\n```\n")


@click.command("check-audit")
@with_appcontext
def check_audit() -> None:
    """Walk the audit log and say whether it is whole."""
    broken = audit.verify()
    click.echo(broken or "The audit log is whole.")
    if broken:
        raise SystemExit(1)


@click.command("load-reference")
@with_appcontext
def load_reference() -> None:
    """Load the reference data that ships: strategies, places, needs, evidence cards, indicators."""
    for sentence in reference.load_all(now()):
        click.echo(sentence)
    db.session.commit()


@click.command("run-job")
@click.argument("name")
@with_appcontext
def run_one_job(name: str) -> None:
    """Run one job now, whatever its time."""
    if name not in JOBS:
        raise click.ClickException(f"There is no job {name}. There are: {', '.join(sorted(JOBS))}")
    run = run_job(name, now())
    click.echo(f"{name}: {'failed: ' if run and run.failed else ''}{run.result if run else 'already run'}")


@click.command()
@with_appcontext
def jobs() -> None:
    """Run the jobs at their times, if no other process does already."""
    app = current_app._get_current_object()
    election = Election(app)
    if not election.win():
        click.echo("Another process runs the jobs.")
        return
    scheduler = scheduler_for(app)
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: scheduler.shutdown(wait=False))
    scheduler.start()


@click.command()
@with_appcontext
def serve() -> None:
    """Serve the site, with the jobs in a process beside it."""
    import waitress

    app = current_app._get_current_object()
    settings = app.config["SETTINGS"]
    beside = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "jobs"]) if settings.jobs else None
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit(0)))
    click.echo(f"Serving on http://{settings.host}:{settings.port} (stop with Ctrl+C)")
    try:
        waitress.serve(
            app, host=settings.host, port=settings.port, threads=settings.threads, ident=None,
            channel_timeout=30, max_request_header_size=65536, max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1024,
        )  # fmt: skip
    finally:
        if beside:
            beside.terminate()
            beside.wait(timeout=timedelta(seconds=20).total_seconds())
