"""Publishing a partnership's open data: its 360Giving prefix, and what staff could better before others read it."""

import re
from datetime import datetime

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Partnership, Person

from .open_data.giving import UNREGISTERED

_PREFIX = re.compile(r"[A-Za-z0-9]{2,40}", re.ASCII)


def set_prefix(partnership: Partnership, prefix: str, *, by: Person, now: datetime) -> None:
    """Keep the prefix that 360Giving gave the partnership; empty marks its data as unregistered again.

    Every grant's identifier begins with it, so it is entered once and then left alone. Raises Problem for another shape.
    """
    prefix = prefix.strip().removeprefix("360G-").strip("-")
    if prefix and (not _PREFIX.fullmatch(prefix) or prefix == UNREGISTERED):
        raise Problem("Enter the letters and digits that 360Giving gave you, like DurhamPCC", "prefix")
    partnership.giving_prefix = prefix or None
    db.session.flush()
    audit.record("publishing.prefix", partnership, by=by, now=now, prefix=partnership.giving_prefix)
