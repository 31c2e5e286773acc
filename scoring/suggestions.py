"""Hints at conflicts nobody has declared: the same mail domain, organisation, postcode, or a bid written together before.

A hint decides nothing. It stands beside the bid where the member answers yes or no, and in the officer's register, until
the conflict is declared or somebody says for good why it is none.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from applications.tables import Application, Collaborator
from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem
from fund.tables import Membership, Organisation, Person, Round

from .panels import seats_of
from .tables import Conflict, NotAConflict, Seat

KINDS = {
    "mail": "Same email domain",
    "organisation": "Belongs to the organisation",
    "postcode": "Same postcode",
    "past": "Worked on an earlier bid of theirs",
}
# Post boxes of everybody, and the domains that are kept for examples: sharing one says nothing.
SHARED_DOMAINS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.co.uk",
        "live.com",
        "live.co.uk",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "btinternet.com",
        "sky.com",
        "talktalk.net",
        "virginmedia.com",
        "ntlworld.com",
        "protonmail.com",
        "proton.me",
        "gmx.com",
        "example.org",
        "example.com",
        "example.net",
    ]
)
LEFT_OUT = ("draft", "withdrawn", "ineligible")


@dataclass(frozen=True)
class Hint:
    """One sign that a member may be near a bid. `words` say what was found."""

    application: Application
    seat: Seat
    kind: str
    words: str

    @property
    def key(self) -> str:
        return f"{self.application.id}-{self.seat.id}-{self.kind}"


def hints_in(round: Round, *, seat: Seat | None = None, among: Iterable[int] | None = None) -> list[Hint]:
    """The hints of a round that nobody has answered, by bid and member; only those of one seat or some bids if wanted.

    Seven statements, whatever the round holds.
    """
    seats = [seat] if seat is not None else seats_of(round)
    bids = _bids(round, among)
    if not seats or not bids:
        return []
    answered = _answered([each.id for each in seats])
    near = _nearness(seats, bids)
    return [
        Hint(bid, each, kind, words)
        for bid in bids
        for each in seats
        for kind, words in near(bid, each)
        if (bid.id, each.id, None) not in answered and (bid.id, each.id, kind) not in answered
    ]


def _bids(round: Round, among: Iterable[int] | None) -> list[Application]:
    wanted = [Application.round_id == round.id, Application.status.not_in(LEFT_OUT)]
    if among is not None:
        wanted.append(Application.id.in_(list(among)))
    query = select(Application).where(*wanted).options(joinedload(Application.organisation))
    return list(db.session.scalars(query.order_by(Application.reference)))


def _answered(seats: list[int]) -> set[tuple[int, int, str | None]]:
    """What needs no hint any more: conflicts declared (for every kind), and hints answered for good."""
    declared = select(Conflict.application_id, Conflict.seat_id).where(
        Conflict.seat_id.in_(seats), or_(Conflict.conflicted, Conflict.lifted_at.is_not(None))
    )
    said = select(NotAConflict.application_id, NotAConflict.seat_id, NotAConflict.kind)
    found: set[tuple[int, int, str | None]] = {(bid, seat, None) for bid, seat in db.session.execute(declared)}
    return found | {tuple(row) for row in db.session.execute(said.where(NotAConflict.seat_id.in_(seats)))}


def _nearness(seats: list[Seat], bids: list[Application]):
    """A function of (bid, seat) that gives (kind, words) for each sign found."""
    people = [each.person_id for each in seats]
    places = {each.organisation_id for each in bids}
    domains = _domains_of(places)
    belongs, postcodes = _memberships(people)
    written = _written_before(people, places)

    def near(bid: Application, seat: Seat):
        organisation = bid.organisation
        domain = _domain(seat.person.email)
        if domain and domain in domains[organisation.id]:
            yield "mail", f"Both use addresses at {domain}"
        if (seat.person_id, organisation.id) in belongs:
            yield "organisation", belongs[seat.person_id, organisation.id]
        elif (code := _postcode(organisation.postcode)) and code in postcodes[seat.person_id]:
            yield "postcode", f"{postcodes[seat.person_id][code]} has the same postcode, {organisation.postcode}"
        earlier = [ref for ref in written.get((seat.person_id, organisation.id), ()) if ref != bid.reference]
        if earlier:
            yield "past", f"Worked on {', '.join(earlier)} of this organisation"

    return near


def _domains_of(organisations: set[int]) -> dict[int, set[str]]:
    """The mail domains of each organisation: its own address, its website and its people's addresses."""
    found: dict[int, set[str]] = defaultdict(set)
    own = select(Organisation.id, Organisation.email, Organisation.website).where(Organisation.id.in_(organisations))
    for key, email, website in db.session.execute(own):
        site = (website or "").removeprefix("https://").removeprefix("http://").removeprefix("www.")
        found[key] |= {_domain(email), _domain("@" + site.partition("/")[0])} - {""}
    wanted = select(Membership.organisation_id, Person.email).join(Person, Person.id == Membership.person_id)
    for key, email in db.session.execute(wanted.where(Membership.organisation_id.in_(organisations))):
        found[key] |= {_domain(email)} - {""}
    return found


def _domain(email: str | None) -> str:
    domain = (email or "").rpartition("@")[2].casefold()
    shared = any(domain == each or domain.endswith(f".{each}") for each in SHARED_DOMAINS)
    return "" if shared or "." not in domain else domain


def _postcode(text: str | None) -> str:
    return "".join((text or "").upper().split())


def _memberships(people: list[int]):
    """(person, organisation) → words, and for each person the postcodes of their organisations with a name."""
    belongs: dict[tuple[int, int], str] = {}
    postcodes: dict[int, dict[str, str]] = defaultdict(dict)
    columns = (Membership.person_id, Organisation.id, Organisation.name, Organisation.postcode, Membership.left_at)
    query = select(*columns).join(Organisation, Organisation.id == Membership.organisation_id)
    for person, key, name, postcode, left in db.session.execute(query.where(Membership.person_id.in_(people))):
        belongs[person, key] = f"{'Belonged' if left else 'Belongs'} to {name}"
        if code := _postcode(postcode):
            postcodes[person][code] = name
    return belongs, postcodes


def _written_before(people: list[int], organisations: set[int]) -> dict[tuple[int, int], list[str]]:
    """References of bids of these organisations, of whatever round, that the people worked on."""
    query = (
        select(Collaborator.person_id, Application.organisation_id, Application.reference)
        .join(Application, Application.id == Collaborator.application_id)
        .where(Collaborator.person_id.in_(people), Application.organisation_id.in_(organisations))
        .order_by(Application.id)
    )
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for person, organisation, reference in db.session.execute(query):
        found[person, organisation].append(reference or "a draft")
    return found


def not_a_conflict(hint: Hint, because: str, *, by: Person, now: datetime) -> NotAConflict:
    """Answer a hint for good. Raises Problem without a reason."""
    if not because.strip():
        raise Problem("Say why this is not a conflict", "because")
    row = NotAConflict(
        application_id=hint.application.id, seat_id=hint.seat.id, kind=hint.kind, because=because.strip()[:500],
        said_at=now, said_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("conflict.not", row, by=by, now=now, seat=hint.seat.id, kind=hint.kind)
    return row


def answers_in(round: Round) -> list[tuple[NotAConflict, str, str]]:
    """The hints answered for good in a round: (answer, reference of the bid, label of the member), oldest first."""
    query = (
        select(NotAConflict, Application.reference, Seat.label)
        .join(Application, Application.id == NotAConflict.application_id)
        .join(Seat, Seat.id == NotAConflict.seat_id)
        .where(Application.round_id == round.id)
    )
    return [tuple(row) for row in db.session.execute(query.order_by(NotAConflict.id))]
