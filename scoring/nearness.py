"""What brings a member of a panel near a bid: mail, organisation, postcode, trustees of a register, awards and bids before.

Each is a sign and no more; what becomes of it is said in `suggestions`. Nobody's answer in a bid is read for it.
"""

from collections import defaultdict

from sqlalchemy import select

from applications.tables import Application, Collaborator
from fund.core.database import db
from fund.names import full_name
from fund.tables import Identifier, Membership, Organisation, Person, RegisterAnswer, Round

from .past_awards import past_of
from .tables import Seat

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


def nearness(round: Round, seats: list[Seat], bids: list[Application]):
    """A function of (bid, seat) that gives (kind, words) for each sign found."""
    people = [each.person_id for each in seats]
    places = {each.organisation_id for each in bids}
    domains = _domains_of(places)
    belongs, postcodes = _memberships(people)
    trustees = _trustees_of(places)
    past = past_of(round, [each.person for each in seats], [each.organisation for each in bids])
    written = _written_before(people, places)

    def near(bid: Application, seat: Seat):
        person, organisation = seat.person, bid.organisation
        if _is_contact(person, organisation):
            yield "mail", "Their own address is the one that the organisation gave"
        elif (domain := _domain(person.email)) and domain in domains[organisation.id]:
            yield "mail", f"Both use addresses at {domain}"
        if (person.id, organisation.id) in belongs:
            yield "organisation", belongs[person.id, organisation.id] + past.known_of(organisation)
        elif (code := _postcode(organisation.postcode)) and code in postcodes[person.id]:
            yield "postcode", f"{postcodes[person.id][code]} has the same postcode, {organisation.postcode}"
        if full_name(person.name) in trustees[organisation.id]:
            yield "trustee", f"The register names a trustee called {person.name}{past.known_of(organisation)}"
        if words := past.part_of(person, bid, written.get((person.id, organisation.id), ())):
            yield "past", words

    return near


def _is_contact(person: Person, organisation: Organisation) -> bool:
    return bool(organisation.email) and organisation.email.casefold() == (person.email or "").casefold()


def _trustees_of(organisations: set[int]) -> dict[int, set[str]]:
    """Names of the trustees of each organisation, as its register said last, in the form in which names are compared."""
    found: dict[int, set[str]] = defaultdict(set)
    same = (Identifier.scheme == RegisterAnswer.scheme) & (Identifier.number == RegisterAnswer.number)
    query = select(Identifier.organisation_id, RegisterAnswer.facts).join(RegisterAnswer, same)
    for key, facts in db.session.execute(query.where(Identifier.organisation_id.in_(organisations))):
        found[key] |= {full_name(name) for name in facts.get("trustees") or ()} - {""}
    return found


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
