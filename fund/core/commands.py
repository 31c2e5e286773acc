"""Commands that belong to no noun of the fund: start the processes, list the addresses, draw the workflows, check the log."""

import contextlib
import io
import json

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from . import audit, files, moving, outbox, quarantine, reference, serving
from .clock import now
from .database import db
from .jobs import JOBS, job, run_job, tidy_runs
from .permissions import PUBLIC, RULES, declared
from .stores import StoreAway, disk_store, store_for
from .workflow import WORKFLOWS, StatusChange


def init_app(app: Flask) -> None:
    for command in (
        addresses,
        workflow,
        check_audit,
        jobs,
        serve,
        run_one_job,
        load_reference,
        init,
        copy_documents,
        scan_documents,
    ):
        app.cli.add_command(command)


@job("send_mail", second="*/10")
def send_mail(moment):
    """Send what waits in the outbox."""
    sent = outbox.send_due(moment)
    return f"{sent} sent" if sent else None


@job("tidy_job_runs", hour=3, minute=10)
def tidy_job_runs(moment):
    """Forget uneventful runs of the jobs after two days, all others after a year."""
    gone = tidy_runs(moment)
    db.session.commit()
    return f"{gone} forgotten" if gone else None


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
@click.option("--parent", type=int, help="End when the process with this id is no longer the parent.")
@with_appcontext
def jobs(parent: int | None) -> None:
    """Run the jobs at their times, or wait while another process does."""
    serving.run_jobs(current_app._get_current_object(), parent)


@click.command()
@with_appcontext
def serve() -> None:
    """Serve the site, with the jobs in a process beside it."""
    _say_when_the_store_is_away()
    serving.serve(current_app._get_current_object())


@click.command()
@with_appcontext
def init() -> None:
    """Make the database ready: newest tables, reference data and, in an empty demonstration, the known world."""
    _say_when_the_store_is_away()
    upgrade()
    for sentence in reference.load_all(now()):
        click.echo(sentence)
    db.session.commit()
    demo = current_app.cli.commands.get("demo")
    wanted = current_app.config["SETTINGS"].is_demonstration and nothing_has_happened()
    if wanted and isinstance(demo, click.Group) and "reset" in demo.commands:
        click.echo("Making the demonstration rounds (once) ...")
        with contextlib.redirect_stdout(io.StringIO()):
            click.get_current_context().invoke(demo.commands["reset"])


def nothing_has_happened() -> bool:
    """Whether no thing with a life has ever moved: no round published, no bid sent."""
    return db.session.scalar(select(StatusChange.id).limit(1)) is None


def _say_when_the_store_is_away() -> None:
    """A store that cannot be reached does not stop the start: every page without documents works, and it may come back."""
    store = files.the_store()
    try:
        store.check()
    except StoreAway as away:
        click.echo(
            f"Cannot reach {store.name}: {away.why}. Documents cannot be added or opened until it answers.", err=True
        )


@click.command("copy-documents")
@click.argument("to", type=click.Choice(["s3", "folder"]))
@with_appcontext
def copy_documents(to: str) -> None:
    """Copy every document into the S3 store (s3) or out of it into the folder (folder). Running it twice copies what is new."""
    settings = current_app.config["SETTINGS"]
    if not settings.storage_url:
        raise click.ClickException("Set FUND_STORAGE_URL: it names the S3 store to copy to or from.")
    stores = {"s3": store_for(settings, ""), "folder": disk_store(settings, current_app.instance_path)}
    source, target = stores["folder" if to == "s3" else "s3"], stores[to]
    try:
        done = moving.copy_documents(source, target)
    except StoreAway as away:
        raise click.ClickException(f"Stopped: a store cannot be reached ({away.why}). Run it again to go on.") from None
    click.echo(f"{done.copied} documents copied to {target.name}, {done.there} were there already.")
    for digest in done.missing:
        click.echo(f"Not in {source.name}, or altered there: {digest}", err=True)
    if done.missing:
        raise SystemExit(1)


@click.command("scan-documents")
@with_appcontext
def scan_documents() -> None:
    """Ask the virus scanner about every document that was kept before there was one."""
    if not current_app.config["SETTINGS"].clamd:
        raise click.ClickException("Set FUND_CLAMD: it names the virus scanner.")
    counts = quarantine.check_files(quarantine.never_checked(), now())
    click.echo(f"{counts['clean']} clean, {counts['infected']} infected, {counts['still waiting']} not looked at.")
    if counts["still waiting"]:
        raise SystemExit(1)
