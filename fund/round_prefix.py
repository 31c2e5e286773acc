"""The letters that the references of a round's bids begin with, such as VPF-2026: no two rounds have the same."""

import re

from sqlalchemy import select

from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Partnership, Round

SHAPE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")


def check_prefix(prefix: str, round: Round | None = None) -> None:
    """Raises Problem when the prefix has another shape than capital letters, digits and hyphens, or another round has it."""
    if not SHAPE.fullmatch(prefix) or len(prefix) > 20:
        raise Problem("Use capital letters, digits and hyphens only, like VPF-2026", "prefix")
    taken = db.session.scalar(select(Round.id).where(Round.prefix == prefix))
    if taken is not None and (round is None or taken != round.id):
        raise Problem("Another round has this prefix. Choose a different one", "prefix")


def free_prefix(partnership: Partnership, year: int) -> str:
    """One that no round has yet: the partnership's initials and the year, then with B, C and so on."""
    parts = partnership.slug.upper().split("-")
    initials = "".join(part[0] for part in parts) if len(parts) > 1 else parts[0][:2]
    wanted = f"{re.sub('[^A-Z0-9]', '', initials) or 'R'}-{year}"
    taken = set(db.session.scalars(select(Round.prefix).where(Round.prefix.startswith(wanted, autoescape=True))))
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found
