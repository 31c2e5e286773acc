"""People, organisations, partnerships and rounds for tests."""

from datetime import date, datetime, timedelta
from itertools import count

from fund import ledger
from fund.core import clock
from fund.core.database import db
from fund.people import grant_role
from fund.strategies.legal_form import legal_form as registers_of
from fund.tables import (
    Area,
    Cap,
    Fund,
    Identifier,
    Membership,
    Organisation,
    Partnership,
    Person,
    Priority,
    Round,
    RoundPriority,
    Strategy,
)
from fund.workflow import ROUND

_numbers = count(1)
REGISTERED = [
    "cio",
    "charity_company",
    "charitable_trust",
    "cic",
    "clg",
    "cbs",
    "school",
    "council",
    "nhs",
    "police",
    "private_company",
]
UNREGISTERED = ["unincorporated", "casc"]
SHAPES = {
    "GB-CHC": "99{:05d}",
    "GB-COH": "99{:06d}",
    "GB-MPR": "99{:05d}R",
    "GB-EDU": "99{:04d}",
    "GB-LAE": "X{:02d}",
    "GB-NHS": "X{:03d}",
    "360G": "360G-Test-{}",
}


def _add(row):
    db.session.add(row)
    db.session.flush()
    return row


def person(name: str = "", **facts) -> Person:
    number = next(_numbers)
    name = name or f"Person {number}"
    return _add(Person(**{"name": name, "email": f"person{number}@example.org", "created_at": clock.now()} | facts))


def partnership(slug: str = "", **facts) -> Partnership:
    number = next(_numbers)
    given = {
        "slug": slug or f"partnership-{number}",
        "name": f"Partnership {number}",
        "short_name": f"P{number}",
        "area": "County Durham and Darlington",
        "funder_name": "Office of the Commissioner",
        "email": "fund@example.org",
        "phone": "01632 960000",
        "letterhead": ["1 High Street", "Durham"],
    }
    return _add(Partnership(**given | facts))


def strategy(of: Partnership | None = None, priorities: int = 2, **facts) -> Strategy:
    of = of or partnership()
    given = {
        "number": 1,
        "title": "Strategy",
        "source": "test",
        "pack": {},
        "pack_sha256": "0" * 64,
        "loaded_at": clock.now(),
    }
    row = _add(Strategy(partnership_id=of.id, **given | facts))
    for place in range(1, priorities + 1):
        priority(row, code=str(place), position=place)
    return row


def priority(of: Strategy, code: str = "1", **facts) -> Priority:
    given = {"title": f"Priority {code}", "strand": None, "target_group": {}, "levels": ["secondary"], "position": 1}
    return _add(Priority(strategy_id=of.id, code=code, **given | facts))


def area(of: Partnership, name: str = "", **facts) -> Area:
    given = {"kind": "ward", "district": "County Durham", "source": "test"}
    return _add(Area(partnership_id=of.id, name=name or f"Ward {next(_numbers)}", **given | facts))


def round(
    of: Partnership | None = None, *, pot_pence: int | None = 70_000_000, published: bool = True, **facts
) -> Round:
    """A round that is open for four more weeks, with both caps, a pot of £700,000.00 and every priority of its strategy."""
    of = of or partnership()
    plan = db.session.query(Strategy).filter_by(partnership_id=of.id).first() or strategy(of)
    number = next(_numbers)
    fund = _add(
        Fund(partnership_id=of.id, name="Violence Prevention Fund", purpose="Keeping people safe from violence")
    )
    now = clock.now()
    given = {
        "title": f"Round {number}",
        "summary": "Small grants for work that keeps people safe from violence.",
        "prefix": f"T{number}",
        "opens_at": now - timedelta(days=7),
        "closes_at": now + timedelta(days=28),
        "delivery_start_on": date(2026, 6, 1),
        "delivery_end_on": date(2027, 8, 31),
        "created_at": now,
    }
    row = _add(Round(fund_id=fund.id, strategy_id=plan.id, **given | facts))
    _add(Cap(round_id=row.id, key="registered", plural="registered organisations", most_pence=4_000_000, legal_forms=REGISTERED, needs_register=True, position=1))  # fmt: skip
    _add(Cap(round_id=row.id, key="unregistered", plural="groups that are not registered", most_pence=500_000, legal_forms=UNREGISTERED, needs_register=False, position=2))  # fmt: skip
    for each in db.session.query(Priority).filter_by(strategy_id=plan.id).order_by(Priority.position):
        _add(RoundPriority(round_id=row.id, priority_id=each.id, position=each.position))
    if pot_pence is not None:
        ledger.set_pot(row, pot_pence, by=None, now=now)
    if published:
        put(row, "published", ROUND)
    return row


def put(row, status: str, _workflow):
    """Set a status without its rules: only to have a test begin in the middle of a story."""
    from fund.core import workflow

    token = workflow._moving.set(True)
    row.status = status
    workflow._moving.reset(token)
    db.session.flush()
    return row


def organisation(
    lead: Person | None = None, *, legal_form: str = "cio", confirmed: bool | None = True, **facts
) -> Organisation:
    """A registered charity whose number was confirmed; `legal_form="unincorporated"` for a group without one."""
    number = next(_numbers)
    given = {"name": f"Organisation {number}", "town": "Durham", "postcode": "DH1 9ZZ", "created_at": clock.now()}
    row = _add(Organisation(legal_form=legal_form, **given | facts))
    registers = registers_of(legal_form).registers
    if legal_form not in UNREGISTERED:
        scheme = registers[0] if registers else "360G"
        result = {True: "confirmed", None: None, False: "not_found"}[confirmed]
        _add(Identifier(organisation_id=row.id, scheme=scheme, number=SHAPES[scheme].format(number), added_at=clock.now(), check_result=result, checked_at=result and clock.now()))  # fmt: skip
    if lead is not None:
        member(row, lead, "lead")
    return row


def member(of: Organisation, who: Person, role: str = "member") -> Membership:
    return _add(Membership(organisation_id=of.id, person_id=who.id, role=role, since=clock.now()))


def staff(role: str, where: Round | Partnership | None = None, **facts) -> Person:
    """Somebody with a role in the partnership of a round (or in the partnership given, or everywhere)."""
    who = person(**facts)
    here = where.fund.partnership if isinstance(where, Round) else where
    grant_role(who, role, by=None, now=clock.now(), partnership=here)
    return who


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=clock.UTC)
