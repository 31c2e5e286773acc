"""The demonstration's people and organisations (scene 10), and putting the same known world back every time.

Everybody is made up; addresses end in example.org, numbers start with 99 so that no register knows them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select, text

from fund import members, organisations, people
from fund.core import clock, demonstration, reference
from fund.core.database import db
from fund.core.demonstration import World, scene
from fund.core.guards import install_guards, remove_guards
from fund.core.problems import Problem
from fund.registers import looking
from fund.registers.queue import settle_queue
from fund.registers.said import Said
from fund.tables import Person

HERE_SINCE = timedelta(days=620)  # before the finished round opened


@dataclass(frozen=True)
class Cast:
    """One person of the story: `starts_at` is the page the one-button sign-in opens."""

    key: str
    name: str
    group: str
    part: str
    description: str
    starts_at: str
    role: str | None = None
    everywhere: bool = False
    also: tuple[tuple[str, str], ...] = ()

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@example.org"


APPLYING, JUDGING, DECIDING, AFTER = "Apply", "Judge", "Run the round and decide", "Pay, report and look back"
GROUPS = {
    APPLYING: "Community groups ask for money, and funded groups say what came of it.",
    JUDGING: "Assessors score alone, then the chair brings them together.",
    DECIDING: "The partnership opens a round, checks the bids and makes awards. Two people sign every decision.",
    AFTER: "The money is paid in parts, the returns come in, and the results are counted.",
}
# fmt: off
TOUR = (
    ("Amina Clarke", "finishes her bid, sends it and gets a receipt. The mail page shows it."),
    ("Sam Reed", "checks the bids that came in and sends them to the panel."),
    ("Wren Adair", "scores a bid, with the evidence beside it."),
    ("Imogen Ward", "sees where the assessors differ and agrees a score."),
    ("Grace Holloway", "proposes an award. Tom Ellison approves it. The letter is written."),
    ("Joe Lister", "reads what a funded group sent back, and the next payment is freed."),
    ("The public", "sees what was funded and what came of it."),
)
CAST = (
    Cast("lead", "Amina Clarke", APPLYING, "Leads a registered charity", "Has a half-written bid in the open round and a grant from the finished one. Finish the bid and send it, or report on the grant.", "/applications", also=(("See her grant", "/grants"),)),
    Cast("colleague", "Ben Hartley", APPLYING, "Amina’s colleague", "Writes on the same bid as Amina. Change an answer while she does: both texts are kept. Only Amina can send it.", "/applications"),
    Cast("group_lead", "Carol Teasdale", APPLYING, "Leads a small group that is not registered", "May ask for up to £5,000. Ask for a penny more and read what happens.", "/applications"),
    Cast("stranger", "Dev Malik", APPLYING, "Nobody’s colleague", "Belongs to another organisation. Try the address of Amina’s bid: for Dev it does not exist.", "/applications"),
    Cast("assessor_wren", "Wren Adair", JUDGING, "Assessor: evaluation", "Scores bids against the criteria, with the evidence card beside the answers.", "/assessing"),
    Cast("assessor_rowan", "Rowan Pike", JUDGING, "Assessor: youth work", "Scores the same bids as Wren. Neither sees the other’s marks before giving their own. The officer shared a scenario of the first round with the whole panel.", "/assessing"),
    Cast("assessor_linden", "Linden Shaw", JUDGING, "Assessor with a conflict", "Knows one of the groups, has said so, and is shut out of that bid.", "/assessing"),
    Cast("assessor_hazel", "Hazel Okoro", JUDGING, "Assessor: lived experience", "Sits on the panel because violence touched her own street.", "/assessing"),
    Cast("young_member", "Tia Brooks", JUDGING, "Youth member of the panel", "Says with four pictures and a sentence what she thinks of a bid. She gives no marks and reads no names.", "/assessing"),
    Cast("chair", "Imogen Ward", JUDGING, "Chair of the panel", "Sees where assessors differ, agrees the scores and ranks the bids. Two scenarios of where the line falls are shared with her, and a tie there was decided by need, on the record.", "/panel"),
    Cast("officer", "Sam Reed", DECIDING, "Fund officer", "Opens rounds, checks bids and organisations, and sends bids to the panel.", "/office", "fund_officer"),
    Cast("head_of_fund", "Priya Nair", DECIDING, "Head of fund", "Answers for the fund. Upholds complaints, cancels rounds, ends grants early.", "/office", "head_of_fund"),
    Cast("decision_maker", "Grace Holloway", DECIDING, "Decision maker", "Proposes awards from the ranked list, each with its reasons. In the round in scoring she compares the scenarios and reads how a tie was decided.", "/office", "decision_maker"),
    Cast("second_decision_maker", "Tom Ellison", DECIDING, "Second decision maker", "Approves or refuses what Grace proposed. Nobody approves their own.", "/office", "decision_maker"),
    Cast("finance", "Fatima Rahman", AFTER, "Finance officer", "Checks bank details that somebody else entered, and pays what is due.", "/office", "finance_officer"),
    Cast("grant_manager", "Joe Lister", AFTER, "Grant manager", "Starts delivery, reads the returns, and asks when something does not add up.", "/office", "grant_manager"),
    Cast("evaluator", "Dr Lena Fischer", AFTER, "Academic evaluator", "Sees patterns and outcomes, never names. Small numbers stay hidden.", "/evaluation/rounds", "evaluator"),
    Cast("administrator", "Alex Morgan", AFTER, "Administrator", "Gives and ends roles, closes accounts, and sees the jobs and the mail.", "/office/people", "administrator", True),
    Cast("auditor", "Ngozi Bell", AFTER, "Auditor", "Reads everything that happened and checks that nobody changed the log.", "/office/audit-log", "auditor"),
)
# fmt: on
BY_KEY = {each.key: each for each in CAST}
NOT_DEMONSTRATION = "This database holds real people, so the demonstration is not put into it. Use an empty database."


@scene(10)
def people_and_organisations(world: World) -> None:
    """Everybody of the cast with their roles in County Durham and Darlington, and the organisations of the applicants."""
    then = world.now - HERE_SINCE
    with clock.stand_still(then):
        for each in CAST:
            world[each.key] = person = people.add_person(each.email, each.name, by=None, now=then)
            person.cast_as = each.key
            if each.role:
                where = None if each.everywhere else world["durham"]
                people.grant_role(person, each.role, by=None, now=then, partnership=where)
        _organisations(world, then)
    db.session.flush()


def _organisations(world: World, then: datetime) -> None:
    world["charity"] = charity = organisations.add_organisation(
        "Lamplight Mentors", "cio", by=world["lead"], now=then, address="2 Lantern Row", town="Durham", postcode="DH1 9ZZ",
        email="office@lamplight.example.org", phone="01632 960101", annual_income_pence=18_640_000,
    )  # fmt: skip
    number = organisations.add_identifier(charity, "GB-CHC", "9900201", by=world["lead"], now=then)
    organisations.record_check(
        number, "confirmed", "Seen on the demonstration register, same name and address.", by=world["officer"], now=then
    )
    members.add_member(charity, world["colleague"], by=world["lead"], now=then)
    world["group"] = organisations.add_organisation(
        "Back Street Neighbours", "unincorporated", by=world["group_lead"], now=then, address="The Old Chapel, North Street",
        town="Ferryhill", postcode="DL17 9ZZ", annual_income_pence=412_000, home_based=True,
    )  # fmt: skip
    world["other_organisation"] = other = organisations.add_organisation(
        "Skerne Side Sports", "cic", by=world["stranger"], now=then, town="Darlington", postcode="DL1 9ZZ",
        annual_income_pence=6_420_000,
    )  # fmt: skip
    organisations.add_identifier(other, "GB-COH", "99000301", by=world["stranger"], now=then)


@scene(65)
def what_registers_said(world: World) -> None:
    """Two kept answers, made up like the numbers: one under the same name, one under another that a person has to weigh."""
    then = world.now - timedelta(days=2)
    accounts = date(then.year - 1, 3, 31)
    answers = {
        "charity": Said(
            "registered", "registered", "LAMPLIGHT MENTORS", ("LAMPLIGHT",), registered_on=date(2014, 5, 6), accounts_to=accounts,
            income_pence=18_640_000, spending_pence=17_995_000, trustees=("Isolde Marr", "Peter Brandling", "Ruth Oyelaran"),
        ),
        "other_organisation": Said(
            "registered", "active", "SKERNE SIDE SPORTS AND LEISURE CIC", former_names=("SKERNE SPORTS LIMITED",),
            registered_on=date(2016, 2, 3), accounts_to=accounts, overdue="The confirmation statement is overdue",
        ),
    }  # fmt: skip
    with clock.stand_still(then):
        for name, said in answers.items():
            (number,) = world[name].identifiers
            enquiry = looking.prepare(number, now=then)
            looking.record_look(enquiry, looking.Heard(said), "entered", by=None, now=then)
            settle_queue(number.id, None, True, now=then)
    db.session.flush()


def check_may_reset(settings) -> None:
    """Raises Problem in production, and where anybody lives whom no demonstration put there."""
    if settings.is_production:
        raise Problem("The demonstration is never loaded in production.")
    somebody = db.session.scalar(select(exists().where(Person.id.is_not(None))))
    cast = db.session.scalar(select(exists().where(Person.cast_as.is_not(None))))
    if somebody and not cast:
        raise Problem(NOT_DEMONSTRATION)


def reset(settings, *, applications: int, now: datetime) -> World:
    """Empty the database and play every scene, all in the transaction of the caller, who commits."""
    check_may_reset(settings)
    empty()
    reference.load_all(now)
    return demonstration.play(World(now=now, applications=applications))


def empty() -> None:
    """Take every row out of every table of ours; keys start at 1 again, so that the world is the same each time."""
    tables = [db.engine.dialect.identifier_preparer.format_table(table) for table in db.metadata.sorted_tables]
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"truncate {', '.join(tables)} restart identity"))
    else:
        db.session.execute(text("pragma defer_foreign_keys = on"))  # until the commit, so the order does not matter
        remove_guards(db.session.connection())  # the ledger never shrinks, save here
        for table in reversed(tables):
            db.session.execute(text(f"delete from {table}"))
        install_guards(db.session.connection())
    db.session.expunge_all()


def cast_list() -> list[dict[str, str]]:
    """The cast as `demo reset` prints it."""
    return [
        {
            "cast_as": each.key,
            "name": each.name,
            "email": each.email,
            "role": each.part,
            "description": each.description,
        }
        for each in CAST
    ]


def cast_member(key: str) -> Person | None:
    """The person who plays this part, whatever keys the world has today."""
    return db.session.scalar(select(Person).where(Person.cast_as == key)) if key in BY_KEY else None
