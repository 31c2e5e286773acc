"""A new bid from one's own last one; and what the profile knows is shown instead of asked again."""

import re

import pytest

from applications.answers import values_of
from applications.copying import copy_answers, last_bid
from applications.submission import submit_application
from applications.tables import Answer
from fund.core import clock
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def old(lead, database):
    return make_bid.complete_draft(lead)


@pytest.fixture
@kept
def new(lead, old):
    return make_bid.draft(lead, make_bid.open_round(), old.organisation)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_words_are_copied_and_money_and_days_are_not(as_, old, new, lead):
    client, address = as_(lead), f"/applications/{new.id}"
    assert "You wrote “Evening club” before" in text(client.get(address))
    page = client.post(f"{address}/copy", follow_redirects=True)
    copied = values_of(new)
    assert f"{len(copied)} answers are copied" in text(page)
    kept = values_of(old)
    assert all(copied[key] == kept[key] for key in copied)
    assert {"title", "Q1", "Q12", "priority", "strand", "places", "beneficiaries", "outcomes"} <= set(copied)
    assert not {"asked", "budget", "match", "dates", "milestones", "documents"} & set(copied)
    assert (new.title, new.requested_pence, new.starts_on) == ("Evening club", None, None)
    assert "You wrote" not in text(client.get(address))


def test_a_place_that_the_new_round_does_not_have_is_left_out(old, new, lead):
    db.session.execute(Answer.__table__.update().values(value=["Elsewhere"]).where(Answer.application_id == old.id, Answer.question_id == next(each.id for each in make_bid.form_of(old).questions if each.key == "places")))  # fmt: skip
    copy_answers(new, old, by=lead, now=clock.now())
    assert "places" not in values_of(new)
    assert "Q1" in values_of(new)


def test_what_is_written_already_stays(old, new, lead):
    make_bid.answer(new, lead, Q1="New words.")
    copy_answers(new, old, by=lead, now=clock.now())
    assert values_of(new)["Q1"] == "New words."
    assert copy_answers(new, old, by=lead, now=clock.now()) == 0


def test_only_ones_own_bid_of_the_same_organisation_is_offered(as_, old, new, lead):
    helper, stranger = make.person("Helper"), make.person("Stranger")
    make_bid.collaborator(new, helper, "editor")
    assert last_bid(new, helper) is None, "a helper on the new bid does not see the old one"
    with pytest.raises(Problem, match="of your own"):
        copy_answers(new, old, by=helper, now=clock.now())
    other = make_bid.complete_draft(lead, old.round, make.organisation(lead, name="Another"))
    with pytest.raises(Problem, match="of your own"):
        copy_answers(new, other, by=lead, now=clock.now())
    assert as_(helper).post(f"/applications/{new.id}/copy").status_code == 404
    assert as_(stranger).post(f"/applications/{new.id}/copy").status_code == 404


def test_nothing_is_copied_into_a_bid_that_was_sent(old, lead):
    sent = make_bid.complete_draft(lead, make_bid.open_round(), old.organisation)
    submit_application(sent, "Ada", "Chair", by=lead, now=clock.now())
    with pytest.raises(WrongMoment):
        copy_answers(sent, old, by=lead, now=clock.now())


def test_an_empty_draft_takes_six_statements_under_a_joint_cap(as_, old, new, lead, statements):
    new.round.joint_cap_pence = 4_000_000
    client, address = as_(lead), f"/applications/{new.id}"
    client.get(address)
    with statements() as seen:
        client.get(address)
    assert len(seen) <= 6, "\n".join(seen)


def test_the_check_page_shows_what_the_profile_knows(as_, old, lead):
    page = text(as_(lead).get(f"/applications/{old.id}/check"))
    number = old.organisation.identifiers[0].number
    for words in ("Your organisation", old.organisation.name, "Charitable incorporated organisation", "DH1 9ZZ", number, "we do not ask again"):  # fmt: skip
        assert words in page
