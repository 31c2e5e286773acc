"""Packs that are kept as PDF: what was known on the day of a decision, the same bytes ever after."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.core import audit, files, withholding
from fund.core.database import db
from fund.core.pdf.document import draw
from fund.core.problems import Forbidden
from fund.tables import Person

from ..tables import Application, DiligencePack
from .document import document_of
from .looking import lines_of, open_count


def keep_pack(application: Application, *, by: Person, now: datetime) -> DiligencePack:
    """Draw the pack as it is and keep the file. Raises Forbidden for whoever is recused from a bid that it tells of."""
    lines = lines_of(application, now, by)
    if any(each.is_kept for each in lines):
        raise Forbidden("This pack tells of a bid that you are recused from. Somebody else has to make it.")
    content = draw(document_of(application, lines, by=by, now=now))
    file = files.store(content, f"due-diligence-{application.reference}.pdf", "application/pdf", by=by, now=now)
    row = DiligencePack(
        application_id=application.id, file_id=file.id, open_count=open_count(lines),
        tells_of=sorted({key for each in lines for key in each.finding.bids}), made_at=now, made_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("diligence.keep", row, by=by, now=now, application=application.id, sha256=file.sha256)
    return row


def pack_of(application: Application, key: int, reader: Person) -> DiligencePack | None:
    """One pack of a bid, or None; also None when it tells of a bid that is kept from the reader."""
    wanted = (DiligencePack.application_id == application.id, DiligencePack.id == key)
    row = db.session.scalar(select(DiligencePack).where(*wanted).options(joinedload(DiligencePack.file)))
    return None if row is None or withholding.kept_from(reader) & set(row.tells_of) else row
