"""Scene 35 of the demonstration: signals about bids, a made-up sanctions list, and due diligence that has begun.

One signal is answered: Marra Mentors used the words of Lamplight Mentors, with leave. Two wait in the open round: one telephone
number given by two groups, and a name that is near one of the made-up list, which holds its bid.
"""

from datetime import timedelta

from fund.core.clock import stand_still, today
from fund.core.demonstration import World, scene
from fund.organisations import change_organisation

from .diligence.looking import record_look
from .sample.made_up_list import made_up_list
from .sanctions.lists import read_file
from .signals.answering import answer_signal, signals_of
from .signals.comparing import compare_round

WITH_LEAVE = "Lamplight lent Marra its text. Both said so when I rang them, each by itself."
LOOKED = (
    ("accounts", "fine", "Accounts of last year seen: reserves of four months, no deficit."),
    ("papers", "not_fine", "The insurance certificate names another company. Asked for the right one."),
)


@scene(35)
def signalling(world: World) -> None:
    officer = world["officer"]
    answered = world["round_scoring"].closes_at + timedelta(days=2)
    with stand_still(answered):
        for shown in signals_of(world["bid_001"]):
            if shown.signal.kind == "text":
                answer_signal(shown, "fine", WITH_LEAVE, by=officer, now=answered)
    read = world.now - timedelta(days=2)
    one, another = world["waiting_019"], world["waiting_034"]
    with stand_still(read):
        read_file(world["durham"], made_up_list(today(read)), by=officer, now=read)
        change_organisation(another.organisation, by=officer, now=read, phone=one.organisation.phone)
        compare_round(world["round_open"], now=read)
        for key, answer, reason in LOOKED:
            record_look(one, key, answer, reason, by=officer, now=read)
