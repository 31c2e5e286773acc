"""For the register of conflicts: grants that organisations had before, ours and other funders', and who had a part in them.

A part is a sign that somebody may be near; it is never called a conflict here. Bids that are kept from the reader stay kept:
the awards are read through the same queries as everywhere else, and only what those gave is asked about further.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import case, literal, or_, select, union_all

from applications.tables import Application, Collaborator, Submission
from fund.core.clock import in_london, speak_day
from fund.core.database import db
from fund.names import full_name
from fund.tables import Identifier, Membership, Organisation, Person, Round
from scoring.past_awards import PastAward, past_awards

from .other_grants import name_key
from .tables import Acceptance, Award, OtherGrant, Signatory

NOT_TAKEN = ("declined", "lapsed")
# What somebody did in an award, the closest first: only the closest is said.
PARTS = ("Led", "Signed for", "Was named to sign for", "Worked on", "Sent in")
SAME_NAME = "Somebody of the same name had a part in"


@past_awards
def own_awards(round: Round, people: Sequence[Person], organisations: Sequence[Organisation]) -> Iterator[PastAward]:
    """Grants of this fund in other rounds; two statements, one when there are none."""
    query = (
        select(Award.id, Award.application_id, Award.organisation_id, Award.reference, Award.offered_at, Application.title)
        .join(Application, Application.id == Award.application_id)
        .where(
            Award.organisation_id.in_([each.id for each in organisations]), Award.round_id != round.id,
            Application.status.not_in(NOT_TAKEN),
        )
    )  # fmt: skip
    rows = db.session.execute(query.order_by(Award.id)).all()
    parts = _parts({row.application_id for row in rows}, people) if rows else {}
    for row in rows:
        day = in_london(row.offered_at).date()
        words = f"{row.reference} ({row.title}), awarded on {speak_day(day)}"
        yield PastAward(row.organisation_id, day, row.reference, words, parts.get(row.application_id, {}))


def _parts(bids: set[int], people: Sequence[Person]) -> dict[int, dict[int, str]]:
    """What each of the people did in each of these bids and their awards, by account, or by full name where it is another's."""
    known, named = {each.id for each in people}, defaultdict(list)
    for each in people:
        named[full_name(each.name)].append(each.id)
    named.pop("", None)
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = sorted(db.session.execute(_whoever(bids)), key=lambda row: PARTS.index(row.part))
    for row in rows:
        if row.person_id in known:
            found[row.bid].setdefault(row.person_id, row.part)
    for row in rows:
        for key in named.get(full_name(row.name), ()) if row.person_id not in known else ():
            found[row.bid].setdefault(key, SAME_NAME)
    return found


def _whoever(bids: set[int]):
    """(bid, person, name, part) of everybody who wrote these bids, declared them to be true or signed for them."""
    led, signed, named, worked, sent = (literal(part) for part in PARTS)
    part = case((Collaborator.role == "lead", led), else_=worked).label("part")
    wrote = select(Collaborator.application_id.label("bid"), Collaborator.person_id, Person.name, part)
    wrote = wrote.join(Person, Person.id == Collaborator.person_id).where(Collaborator.application_id.in_(bids))
    true = select(Submission.application_id, Submission.submitted_by_id, Submission.declared_name, sent)
    true = true.where(Submission.application_id.in_(bids), Submission.taken_back_at.is_(None))
    ours = Award.application_id.in_(bids)
    pen = select(Award.application_id, Acceptance.person_id, Acceptance.name, signed)
    pen = pen.join(Acceptance, Acceptance.award_id == Award.id).where(ours)
    asked = select(Award.application_id, Signatory.person_id, Person.name, named)
    asked = asked.join(Signatory, Signatory.award_id == Award.id).join(Person, Person.id == Signatory.person_id)
    return union_all(wrote, true, pen, asked.where(ours))


@past_awards
def awards_of_others(
    round: Round, people: Sequence[Person], organisations: Sequence[Organisation]
) -> Iterator[PastAward]:
    """Grants in other funders' files, by number or by the same name; the part of whoever belongs to the funder. Three statements."""
    numbers, names = _known_by(organisations)
    partnership_id = round.fund.partnership_id
    query = select(OtherGrant).where(
        OtherGrant.partnership_id == partnership_id,
        or_(OtherGrant.recipient_key.in_(numbers), OtherGrant.name_key.in_(names)),
    )
    rows = list(db.session.scalars(query.order_by(OtherGrant.id)))
    funders = _funders(people) if rows else {}
    for row in rows:
        words = f"{row.title} (a grant of {row.funder}), awarded on {speak_day(row.awarded_on)}"
        for key in numbers.get(row.recipient_key, set()) | names.get(row.name_key, set()):
            yield PastAward(key, row.awarded_on, row.identifier, words, funders.get(name_key(row.funder), {}))


def _known_by(organisations: Sequence[Organisation]) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Which organisations a number, and a name, stand for."""
    numbers: dict[str, set[int]] = defaultdict(set)
    names: dict[str, set[int]] = defaultdict(set)
    for each in organisations:
        if name := name_key(each.name):
            names[name].add(each.id)
    query = select(Identifier.organisation_id, Identifier.scheme, Identifier.number)
    for key, scheme, number in db.session.execute(query.where(Identifier.organisation_id.in_([each.id for each in organisations]))):  # fmt: skip
        numbers[f"{scheme}-{number}".upper()].add(key)
    return numbers, names


def _funders(people: Sequence[Person]) -> dict[str, dict[int, str]]:
    """For the name of each organisation that these people belong or belonged to: their part in what it gave."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    query = select(Membership.person_id, Membership.left_at, Organisation.name)
    query = query.join(Organisation, Organisation.id == Membership.organisation_id).order_by(Membership.id)
    for person, left, name in db.session.execute(query.where(Membership.person_id.in_([each.id for each in people]))):
        if key := name_key(name):
            found[key][person] = f"{'Belonged' if left else 'Belongs'} to the funder of"
    return found
