"""`decision-pack`: the same file that the button makes, from a terminal."""

import hashlib
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import or_, select

from fund.core.database import db
from fund.core.files import safe_name
from fund.tables import Round

from .document import pack_of


@click.command("decision-pack")
@click.argument("round")
@click.option("--redacted", is_flag=True, help="The copy for information requests: nobody is named.")
@click.option("--strike", multiple=True, help="A further name or word to take out of the redacted copy; may be repeated.")  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it instead of here.")
@with_appcontext
def decision_pack(round: str, redacted: bool, strike: tuple[str, ...], output: Path | None) -> None:
    """Write a round's decision pack as a PDF and say its SHA-256. ROUND is the round's number or its prefix."""
    key = int(round) if round.isdecimal() and len(round) < 10 else 0
    found = db.session.scalars(select(Round).where(or_(Round.id == key, Round.prefix == round)).limit(2)).all()
    if len(found) != 1:
        raise click.ClickException(f"{'No round is' if not found else 'Several rounds are'} called {round}.")
    content = pack_of(found[0], redacted=redacted, strike=strike)
    path = output or Path(safe_name(f"decision-pack-{found[0].prefix}{'-redacted' if redacted else ''}.pdf"))
    path.write_bytes(content)
    click.echo(f"{path}  {hashlib.sha256(content).hexdigest()}")
