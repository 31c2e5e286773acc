"""The public facts of what was funded: the one place that says which columns anybody may read."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from applications.tables import Application, ApplicationPlace
from applications.workflow import APPLICATION, AWARDED
from awards.tables import Award, AwardVersion
from fund.core.clock import today
from fund.core.database import db
from fund.core.money import plain_pounds
from fund.tables import Area, Fund, Organisation, Partnership, Priority, Round

from .outcomes_reading import newest_terms

PUBLIC_ROUNDS = ("published", "finished")
COLUMNS = ("Reference", "Recipient", "Title", "Purpose", "Priority", "Places", "Amount", "Awarded on", "Starts", "Ends", "Status", "Round", "Funder")  # fmt: skip
SORTS = {
    "recipient": Organisation.name,
    "amount": AwardVersion.amount_pence,
    "awarded": Award.accepted_at,
    "priority": Priority.position,
}


@dataclass(frozen=True)
class Funded:
    """One award as the public sees it: nothing of people, contacts or scores."""

    reference: str
    recipient: str
    title: str
    purpose: str
    priority: str
    places: str
    amount_pence: int
    awarded_on: date | None
    starts_on: date
    ends_on: date
    status: str
    colour: str
    round_id: int
    round: str
    funder: str

    def exported(self) -> tuple:
        """The row of a file, in the order of COLUMNS."""
        days = [day.isoformat() if day else "" for day in (self.awarded_on, self.starts_on, self.ends_on)]
        return (
            self.reference, self.recipient, self.title, self.purpose, self.priority, self.places,
            plain_pounds(self.amount_pence), *days, self.status, self.round, self.funder,
        )  # fmt: skip


def funded() -> Select:
    """Every accepted award of a public round, as rows for `as_funded`."""
    return (
        select(
            Award.application_id, Award.reference, Organisation.name.label("recipient"), Application.title, AwardVersion.purpose,
            Priority.code, Priority.title.label("priority"), AwardVersion.amount_pence, Award.accepted_at, AwardVersion.starts_on,
            AwardVersion.ends_on, Application.status, Round.id.label("round_id"), Round.title.label("round"),
            Partnership.funder_name,
        )
        .join(Application, Application.id == Award.application_id)
        .join(Organisation, Organisation.id == Award.organisation_id)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .join(Partnership, Partnership.id == Fund.partnership_id)
        .join(AwardVersion, newest_terms())
        .outerjoin(Priority, Priority.id == Application.priority_id)
        .where(Application.status.in_(AWARDED), Round.status.in_(PUBLIC_ROUNDS))
    )  # fmt: skip


def narrowed(wanted: Select, *, words: str = "", round_id: str = "", priority: str = "", status: str = "") -> Select:
    """The list by what the address asks for; what it does not know is ignored."""
    if words:
        columns = (Organisation.name, Application.title, AwardVersion.purpose)
        near = [column.icontains(words, autoescape=True) for column in columns]
        wanted = wanted.where(near[0] | near[1] | near[2])
    if round_id.isascii() and round_id.isdigit() and len(round_id) < 10:
        wanted = wanted.where(Round.id == int(round_id))
    if priority:
        wanted = wanted.where(Priority.title == priority)
    if status:
        wanted = wanted.where(Application.status.in_([s.key for s in APPLICATION.states if s.public == status]))
    return wanted


def as_funded(rows) -> list[Funded]:
    """Rows of `funded` with their places, in one more statement."""
    places = _places([row.application_id for row in rows])
    found = []
    for row in rows:
        state = APPLICATION.state(row.status)
        found.append(Funded(
            row.reference, row.recipient, row.title or "", row.purpose, f"{row.code}: {row.priority}" if row.code else "",
            ", ".join(places.get(row.application_id, ())), row.amount_pence, row.accepted_at and today(row.accepted_at),
            row.starts_on, row.ends_on, state.public, state.colour, row.round_id, row.round, row.funder_name,
        ))  # fmt: skip
    return found


def _places(application_ids: list[int]) -> dict[int, list[str]]:
    if not application_ids:
        return {}
    wanted = select(ApplicationPlace.application_id, Area.name).join(Area, Area.id == ApplicationPlace.area_id)
    if len(application_ids) <= 500:
        wanted = wanted.where(ApplicationPlace.application_id.in_(application_ids))
    found: dict[int, list[str]] = {}
    for application_id, name in db.session.execute(wanted.order_by(Area.name)):
        found.setdefault(application_id, []).append(name)
    return found


def rounds_with_awards() -> list[tuple]:
    """Public rounds that made awards: id, title, partnership, awards, pence, most recent first."""
    wanted = (
        select(Round.id, Round.title, Partnership.name, func.count(Award.id), func.sum(AwardVersion.amount_pence))
        .join(Award, Award.round_id == Round.id)
        .join(Application, Application.id == Award.application_id)
        .join(AwardVersion, newest_terms())
        .join(Fund, Fund.id == Round.fund_id)
        .join(Partnership, Partnership.id == Fund.partnership_id)
        .where(Application.status.in_(AWARDED), Round.status.in_(PUBLIC_ROUNDS))
        .group_by(Round.id, Round.title, Partnership.name, Round.closes_at)
        .order_by(Round.closes_at.desc(), Round.id)
    )
    return [(key, title, name, count, int(pence)) for key, title, name, count, pence in db.session.execute(wanted)]
