"""What the checks know of one bid: each thing is read once for all of them, and what is small and lies apart in one statement."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, and_, func, literal_column, select, union_all
from sqlalchemy.orm import joinedload

from fund.caps import identifiers_of
from fund.core.database import db
from fund.tables import Identifier, Organisation, PolicyDocument

from ..answers import values_of
from ..signals.answering import Shown, signals_of
from ..tables import Application, DiligenceLook, DiligencePack, SanctionsList, Submission

T = TypeVar("T")


@dataclass
class Facts:
    """One bid at one moment. Checks `ask` for what they need; what an earlier check has asked for is not read again."""

    application: Application
    now: datetime
    _known: dict[Callable[["Facts"], Any], Any] = field(default_factory=dict)

    def ask(self, question: Callable[["Facts"], T]) -> T:
        """The answer of a function of these facts, worked out the first time."""
        if question not in self._known:
            self._known[question] = question(self)
        return self._known[question]


def values(facts: Facts) -> dict[str, Any]:
    """What the bid answers, by question key."""
    return values_of(facts.application)


def signals(facts: Facts) -> list[Shown]:
    return signals_of(facts.application)


@dataclass
class Apart:
    """What lies in tables of its own, a few rows each."""

    looks: dict[str, DiligenceLook] = field(default_factory=dict)  # the latest by check
    packs: list[DiligencePack] = field(default_factory=list)  # the latest first
    policies: dict[str, PolicyDocument] = field(default_factory=dict)  # the one that counts by kind
    numbers: list[tuple[str, str, Organisation]] = field(default_factory=list)  # like its own, given by others too
    sent: Submission | None = None
    sanctions: SanctionsList | None = None


def apart(facts: Facts) -> Apart:
    """All of it in one statement: each row holds one thing of one of the tables."""
    found, own = Apart(), facts.application.organisation_id
    for look, pack, policy, number, sent, sanctions, organisation in db.session.execute(_apart(facts.application)):
        if look is not None:
            found.looks[look.key] = look
        if pack is not None:
            found.packs.append(pack)
        if policy is not None:
            found.policies[policy.kind] = policy
        if number is not None and organisation.id != own:
            found.numbers.append((number.scheme, number.number, organisation))
        found.sent, found.sanctions = sent or found.sent, sanctions or found.sanctions
    return found


def _apart(application: Application) -> Select:
    """The bid's own numbers are asked for with the others', for the people who checked them."""
    numbers = [each.number for each in identifiers_of(application.organisation)]
    last = select(func.max(Submission.number)).where(Submission.application_id == application.id).scalar_subquery()
    partnership = application.round.fund.partnership_id
    query = side_by_side(
        (DiligenceLook, DiligenceLook.application_id == application.id),
        (DiligencePack, DiligencePack.application_id == application.id),
        (PolicyDocument, and_(PolicyDocument.organisation_id == application.organisation_id, PolicyDocument.removed_at.is_(None))),
        (Identifier, Identifier.number.in_(numbers)),
        (Submission, and_(Submission.application_id == application.id, Submission.number == last)),
        (SanctionsList, and_(SanctionsList.partnership_id == partnership, SanctionsList.replaced_at.is_(None))),
    )  # fmt: skip
    return (
        query.add_columns(Organisation)
        .outerjoin(Organisation, Organisation.id == Identifier.organisation_id)
        .options(
            joinedload(DiligenceLook.looked_by), joinedload(DiligencePack.file), joinedload(DiligencePack.made_by),
            joinedload(Identifier.checked_by),
        )
        .order_by(DiligenceLook.id, DiligencePack.id.desc(), PolicyDocument.id, Organisation.id, SanctionsList.id)
    )  # fmt: skip


def side_by_side(*wanted: tuple[Any, Any]) -> Select:
    """One statement for (table, condition) of several tables: a row has something of one of them and nothing of the rest."""
    places = union_all(*(select(literal_column(str(place)).label("place")) for place in range(len(wanted)))).subquery()
    query = select(*(table for table, _condition in wanted)).select_from(places)
    for place, (table, condition) in enumerate(wanted):
        query = query.outerjoin(table, and_(places.c.place == place, condition))
    return query
