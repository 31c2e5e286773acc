"""Scene 30: forms for the three rounds, drafts of the cast, the forty sample bids, and twelve of them in the finished round."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fund.core import clock, outbox
from fund.core.clock import add_months
from fund.core.database import db
from fund.core.demonstration import World, scene
from fund.tables import Round

from .change_requests import ask_change
from .collaborators import add_collaborator
from .demonstration_access import allow_voices, speak_answer, write_down, write_in_easy_words
from .form_design import freeze_form, set_short_limit, thaw_form
from .forms import current_form, form_of
from .keyed import start_keyed_bid
from .packs.docx_writer import as_docx
from .packs.sheet import pack_of
from .packs.taking import keep_upload
from .sample.bid import SampleBid
from .sample.bidding import Bidder, add_bidder, screen_bid, send_bid, write_answers, write_bid
from .sample.reader import sample_bids
from .standard_form import use_standard_form
from .submission import submit_application
from .voices import notes_of

FINISHED = ("001", "002", "004", "005", "006", "008", "010", "012", "014", "020", "024", "029")
WAITING = ("019", "023", "034")  # wait to be screened in the open round
SPOKEN = "019"  # one of them has an answer that was spoken
ON_PAPER = "023"  # one of them came in on paper and was keyed in by the officer
IN_THE_PACK = {
    "title": "Lamplight Mentors: evenings",
    "Q5": "We ask our young people and the youth workers after each evening what helped, and change what did not.",
    "Q6": "The school, the youth club and the neighbourhood police meet with us on the first Monday of each month.",
    "asked": 4_000_001,
}
STAY_SUBMITTED = ("021",)
HALF = ("title", "priority", "level", "Q1", "Q3", "places", "Q2", "Q4", "asked")


@dataclass
class Stage:
    """What the scene carries from one round to the next."""

    world: World
    bidders: dict[str, Bidder]


@scene(30)
def applications(world: World) -> None:
    stage = Stage(world, {})
    rounds = [world[name] for name in ("round_finished", "round_scoring", "round_open")]
    for round in rounds:
        with clock.stand_still(round.opens_at - timedelta(days=5)):
            # The sample bids answer all twelve questions; the short form is tried out in the open round.
            _frozen_form(round, world, two_tracks=round is rounds[-1])
            if round is rounds[-1]:
                allow_voices(round, world["officer"])
                write_in_easy_words(round, world["officer"])
    _bidders(stage, rounds[0].opens_at)
    _finished(stage)
    _scoring(stage)
    _open(stage)
    db.session.flush()


def _frozen_form(round: Round, world: World, two_tracks: bool) -> None:
    form = current_form(round) or use_standard_form(round, by=world["officer"], now=clock.now(), two_tracks=True)
    if not two_tracks and form.short_up_to_pence is not None:
        thaw_form(round, by=world["officer"], now=clock.now())
        set_short_limit(form, None, by=world["officer"], now=clock.now())
    freeze_form(round, by=world["officer"], now=clock.now())


def _bidders(stage: Stage, then: datetime) -> None:
    with clock.stand_still(then):
        for bid in sample_bids():
            stage.bidders[bid.id[-3:]] = add_bidder(bid, officer=stage.world["officer"], now=then)


def _finished(stage: Stage) -> None:
    """Twelve good bids; the first is Lamplight's, so that the lead of the cast has a grant to report on."""
    round, bids = stage.world["round_finished"], _moved(stage.world["round_finished"])
    lamplight = Bidder(stage.world["charity"], stage.world["lead"])
    for place, number in enumerate(FINISHED):
        bidder, rename = (
            (lamplight, {"Marra Mentors": "Lamplight Mentors"}) if number == "001" else (stage.bidders[number], None)
        )
        application = _send(round, bids[number], bidder, place, rename)
        with clock.stand_still(round.closes_at + timedelta(days=1, hours=1, minutes=place)):
            screen_bid(application, officer=stage.world["officer"], now=clock.now())
        stage.world[f"finished_{number}"] = application


def _scoring(stage: Stage) -> None:
    """All forty: what is over a cap, incomplete or does not add up stays a draft; what is outside is found ineligible."""
    round = stage.world["round_scoring"]
    for place, (number, bid) in enumerate(_moved(round).items()):
        application = _send(round, bid, stage.bidders[number], place)
        stage.world[f"bid_{number}"] = application
        if application.status == "submitted" and number not in STAY_SUBMITTED:
            with clock.stand_still(round.closes_at + timedelta(days=1, hours=1, minutes=place)):
                screen_bid(application, officer=stage.world["officer"], now=clock.now())


def _open(stage: Stage) -> None:
    """A half-written bid of two colleagues, a nearly finished one of the small group, and three that wait to be checked."""
    world, round = stage.world, stage.world["round_open"]
    bids = _moved(round)
    begun = round.opens_at + timedelta(days=6, hours=2)
    with clock.stand_still(begun):
        own = write_bid(
            bids["001"],
            round,
            Bidder(world["charity"], world["lead"]),
            now=begun,
            only=HALF,
            rename={"Marra Mentors": "Lamplight Mentors"},
        )
        add_collaborator(own, world["colleague"], "editor", by=world["lead"], now=begun)
        all_but_money = tuple(
            key
            for key in (
                "title",
                "priority",
                "level",
                "strand",
                "places",
                "dates",
                "beneficiaries",
                "milestones",
                "outcomes",
                "rules",
                "signatories",
                "has-host",
                *(f"Q{n}" for n in range(1, 12)),
            )
        )
        group = write_bid(
            bids["007"],
            round,
            Bidder(world["group"], world["group_lead"]),
            now=begun,
            only=all_but_money,
            rename={"North Road Neighbours": "Back Street Neighbours"},
        )
        outbox.queue("round_open", world["stranger"].email, now=begun, round=round)
    world["draft_of_charity"], world["draft_of_group"] = own, group
    with clock.stand_still(round.opens_at + timedelta(days=9)):
        _leave_a_pack(own, world["colleague"])
    for place, number in enumerate(WAITING):
        if number == ON_PAPER:
            world[f"waiting_{number}"] = _key_in(stage, round, bids[number], stage.bidders[number])
            continue
        world[f"waiting_{number}"] = _send(
            round,
            bids[number],
            stage.bidders[number],
            place,
            sent=round.opens_at + timedelta(days=15 + place),
            spoken=number == SPOKEN,
        )
    (note,) = notes_of(world[f"waiting_{SPOKEN}"]).values()
    write_down(note, world["officer"], round.opens_at + timedelta(days=18))
    _ask_for_a_change(world, round.opens_at + timedelta(days=19))


def _ask_for_a_change(world: World, then: datetime) -> None:
    """One of the bids that wait to be checked is asked to say one answer better."""
    sentence = "Please say who in each agency has agreed to work with you."
    with clock.stand_still(then):
        ask_change(world["waiting_023"], "Q6", sentence, then + timedelta(days=9), by=world["officer"], now=then)


def _leave_a_pack(application, person) -> None:
    """A pack that a colleague filled in on the train waits to be checked: new answers, one to choose, one over the cap."""
    pack = pack_of(application.round, form_of(application), IN_THE_PACK, application)
    keep_upload(application, as_docx(pack, clock.now()), "our bid from the train.docx", by=person, now=clock.now())


def _key_in(stage: Stage, round: Round, bid: SampleBid, bidder: Bidder):
    """A bid on paper: received one morning, keyed in and sent by the officer in the afternoon."""
    officer, received = stage.world["officer"], round.opens_at + timedelta(days=15)
    keyed = received + timedelta(hours=4)
    with clock.stand_still(keyed):
        application = start_keyed_bid(
            round, bidder.organisation, bidder.person, "paper", received, by=officer, now=keyed
        )
        write_answers(application, bid, by=officer, now=keyed)
        submit_application(application, bidder.person.name, bid.organisation.contact_role, by=officer, now=keyed)
    return application


def _send(
    round: Round,
    bid: SampleBid,
    bidder: Bidder,
    place: int,
    rename: dict[str, str] | None = None,
    sent: datetime | None = None,
    spoken: bool = False,
):
    """Write a bid over some days after the opening and send it before the closing, if it is meant to be sent."""
    begun = round.opens_at + timedelta(days=1 + place % 10, minutes=7 * place)
    with clock.stand_still(begun):
        application = write_bid(bid, round, bidder, now=begun, rename=rename)
        if spoken:
            speak_answer(application, bidder.person)
    sent = sent or round.closes_at - timedelta(days=1 + place % 9, minutes=11 * place)
    if bid.submitted:
        with clock.stand_still(sent):
            send_bid(application, bid, bidder, now=sent)
    return application


def _moved(round: Round) -> dict[str, SampleBid]:
    """The sample bids by number, moved to the first month that lies in the round's delivery window as a whole."""
    start = round.delivery_start_on
    first: date = start if start.day == 1 else add_months(start.replace(day=1), 1)
    return {bid.id[-3:]: bid for bid in sample_bids(shift_to=first)}
