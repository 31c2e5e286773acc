"""What hangs on a bid beside its answers goes with it: recordings, signals, due diligence, and what registers said."""

import pytest
from sqlalchemy import select

from applications.tables import BidPrint, DiligenceLook, DiligencePack, Question, Signal, SignalAnswer, VoiceNote
from applications.workflow import APPLICATION
from fund import erasing
from fund.core import clock, files
from fund.core.database import db
from fund.erasing_night import forget_what_registers_said
from fund.tables import Identifier, RegisterAnswer, RegisterLook
from tests.factories import applications as bids
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def two(database):
    """Two bids with a signal between them; the one turned down has a recording, and the other a pack that tells of it."""
    old, other = bids.submitted(make.person(name="Amina Clarke")), bids.submitted(make.person(name="Dee Ward"))
    officer, at = make.staff("fund_officer"), clock.now()
    spoken = files.store(b"the voice of Amina Clarke", "amina.webm", "audio/webm", by=officer, now=at)
    told = files.store(b"%PDF Amina Clarke beside Dee Ward", "pack.pdf", "application/pdf", by=officer, now=at)
    question_id = db.session.scalar(select(Question.id).order_by(Question.id))
    signal = Signal(
        application_id=max(old.id, other.id), other_id=min(old.id, other.id), kind="phone", digest="d", mark="m",
        facts={"phone": "Amina Clarke rings from 01632 960102"}, found_at=at,
    )  # fmt: skip
    db.session.add(signal)
    db.session.flush()
    db.session.add_all([
        VoiceNote(
            application_id=old.id, question_id=question_id, file_id=spoken.id, added_at=at, added_by_id=officer.id,
            transcript="I am Amina Clarke", transcript_at=at, transcript_by_id=officer.id,
        ),
        SignalAnswer(signal_id=signal.id, answer="fine", reason="Amina Clarke moved", answered_at=at, answered_by_id=officer.id),
        DiligenceLook(
            application_id=old.id, key="identity", answer="fine", reason="Saw Amina Clarke", digest="d", looked_at=at,
            looked_by_id=officer.id,
        ),
        DiligencePack(application_id=other.id, file_id=told.id, open_count=0, tells_of=[old.id], made_at=at, made_by_id=officer.id),
    ])  # fmt: skip
    make.put(old, "ineligible", APPLICATION)
    db.session.commit()
    return old, other, spoken.sha256, told.sha256


def test_recordings_signals_and_packs_of_others_that_tell_of_a_bid_go_with_it(two):
    old, other, spoken, told = two
    erasing.erase_bid(old, because="time", by=None, now=clock.now())
    db.session.commit()
    erasing.remove_files()
    for table in (VoiceNote, Signal, SignalAnswer, DiligenceLook, DiligencePack):
        assert db.session.scalars(select(table)).all() == [], table.__name__
    assert not db.session.scalars(select(BidPrint).where(BidPrint.application_id == old.id)).all()
    assert not files.the_store().has(spoken)
    assert not files.the_store().has(told)
    assert other.title != erasing.ERASED


def answer_about(organisation, number: str) -> RegisterAnswer:
    """What a register said of this number, and the look it was asked with."""
    identifier = Identifier(organisation_id=organisation.id, scheme="GB-CHC", number=number, added_at=clock.now())
    said = RegisterAnswer(scheme="GB-CHC", number=number, answered_at=clock.now(), facts={"trustees": ["Amina Clarke"]})
    db.session.add_all([identifier, said])
    db.session.flush()
    db.session.add(
        RegisterLook(
            identifier_id=identifier.id,
            scheme="GB-CHC",
            why="entered",
            asked_at=clock.now(),
            was_sent=True,
            outcome="by_hand",
            sentence="Another name",
            answer_id=said.id,
            name_given="Amina's group",
            name_score=50,
            changes=[],
            is_to_tell=False,
        )
    )
    db.session.flush()
    return said


def test_what_a_register_said_of_an_organisation_goes_unless_another_gives_the_same_number(database):
    mine, theirs = make.organisation(), make.organisation()
    answer_about(mine, "1090095")
    kept = answer_about(mine, "279417")
    db.session.add(Identifier(organisation_id=theirs.id, scheme="GB-CHC", number="279417", added_at=clock.now()))
    db.session.flush()
    forget_what_registers_said(mine)
    assert [each.number for each in db.session.scalars(select(RegisterAnswer))] == [kept.number]
