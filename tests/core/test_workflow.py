"""The workflow engine walks only the moves in its table, writes them down, and is the only writer of a status."""

import pytest

from fund.core import audit, clock
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.core.workflow import WORKFLOWS, Move, State, StatusChange, Workflow
from fund.tables import Round
from fund.workflow import ROUND
from tests.factories import fund as make

STATES = (
    State("draft", "Being prepared", "Not open yet"),
    State("published", "Published", "Published"),
    State("finished", "Finished", "Finished", ended=True),
    State("cancelled", "Cancelled", "Cancelled", ended=True),
)
MOVES = (
    Move("publish", ("draft",), "published", "is_keeper", "Publish", needs=("ready",), tells=("everybody",)),
    Move("finish", ("published",), "finished", "is_keeper", "Finish"),
    Move("cancel", ("draft", "published"), "cancelled", "is_keeper", "Cancel", needs_reason=True),
)


@pytest.fixture
def life(database):
    life = Workflow("tested", STATES, MOVES, initial="draft")
    life.heard = []
    life.check("who", "is_keeper")(lambda person, thing: person is not None)
    life.check("needs", "ready")(_ready)
    life.check("tells", "everybody")(
        lambda thing, *, by, now, reason=None, **facts: life.heard.append((thing.id, reason, facts))
    )
    yield life
    del WORKFLOWS["tested"]


def _ready(thing, *, by, now, ready=True, **facts):
    if not ready:
        raise Problem("Write a summary first", "summary")


@pytest.fixture
def thing(database):
    return make.round(published=False)


def test_a_move_changes_writes_down_and_tells(life, thing):
    who = make.person()
    change = life.move(thing, "publish", by=who, now=clock.now(), why="now")
    assert thing.status == "published"
    assert (change.old, change.new, change.by_id, change.at) == ("draft", "published", who.id, clock.now())
    assert life.heard == [(thing.id, None, {"why": "now"})]
    assert audit.lines_about(thing)[-1].action == "tested.publish"
    assert [row.action for row in life.history(thing)] == ["publish"]


@pytest.mark.parametrize("status", [state.key for state in STATES])
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.action)
def test_every_pair_of_state_and_action_moves_or_refuses(life, thing, status, move):
    """No half-wired row: what the table has is walked, everything else is refused with a sentence."""
    make.put(thing, status, life)
    if status in move.sources:
        life.move(thing, move.action, by=make.person(), now=clock.now(), reason="because")
        assert thing.status == move.target
    else:
        with pytest.raises(WrongMoment, match="This cannot be done now") as refused:
            life.move(thing, move.action, by=make.person(), now=clock.now(), reason="because")
        assert life.state(status).staff in refused.value.sentence
        assert thing.status == status


@pytest.mark.parametrize(
    ("given", "problem"),
    [({"by": None}, Forbidden), ({"ready": False}, Problem)],
)
def test_a_refused_move_changes_and_tells_nothing(life, thing, given, problem):
    before = len(audit.lines_about(thing))
    with pytest.raises(problem):
        life.move(thing, "publish", **{"by": make.person(), "now": clock.now()} | given)
    assert thing.status == "draft"
    assert life.heard == []
    assert len(audit.lines_about(thing)) == before
    assert db.session.query(StatusChange).filter_by(workflow="tested").count() == 0


@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_a_reason_that_is_wanted_must_be_given(life, thing, reason):
    with pytest.raises(Problem, match="Give a reason"):
        life.move(thing, "cancel", by=make.person(), now=clock.now(), reason=reason)


def test_nobody_else_writes_a_status(thing):
    with pytest.raises(AttributeError, match="written by move"):
        thing.status = "finished"
    with pytest.raises(AttributeError, match="written by move"):
        Round(status="finished")


def test_a_new_thing_begins_at_the_beginning():
    assert Round().status == "draft"


def test_buttons_come_from_the_table(life, thing):
    assert [move.action for move in life.moves_for(make.person(), thing)] == ["publish", "cancel"]
    assert life.moves_for(None, thing) == []


def test_registering_is_checked(life):
    with pytest.raises(ValueError, match="no move names"):
        life.check("needs", "misspelt")
    with pytest.raises(ValueError, match="registered twice"):
        life.check("needs", "ready")(_ready)


def test_a_table_that_names_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="unknown state"):
        Workflow("wrong", STATES, (Move("x", ("draft",), "nowhere", "is_keeper", "X"),), initial="draft")
    with pytest.raises(ValueError, match="repeat or the first is missing"):
        Workflow("wrong", STATES, (), initial="nowhere")


def test_the_diagram_shows_every_move():
    drawn = ROUND.as_mermaid()
    assert drawn.startswith("stateDiagram-v2\n    [*] --> draft")
    assert all(f"{source} --> {row.target}: {row.action}" in drawn for row in ROUND.moves for source in row.sources)
