"""Colleagues with their part: the money only, handing a bid over, and who changed what when."""

import pytest

from applications.answers import save_answer, values_of
from applications.applications import load_application, role_of
from applications.collaborators import hand_over
from applications.copying import copy_answers
from applications.forms import form_of
from fund.core import clock
from fund.core.audit import AuditEvent
from fund.core.database import db
from fund.core.outbox import OutboxMessage
from fund.core.problems import Forbidden, Problem
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def treasurer(draft):
    person = make.person("Bo Treasurer")
    make_bid.collaborator(draft, person, "budget")
    return person


def test_a_colleague_for_the_money_writes_the_money_and_nothing_else(as_, draft, lead, treasurer):
    client, here = as_(treasurer), f"/applications/{draft.id}/questions"
    assert client.get(f"{here}/asked").status_code == 200
    assert client.post(f"{here}/asked", data={"value": "4,000.00", "version": "1"}).status_code == 302
    refused = client.get(f"{here}/Q4")
    assert refused.status_code == 403
    assert "You can change the questions about money." in refused.text
    assert client.post(f"{here}/Q4", data={"value": "Mine now.", "version": "1"}).status_code == 403
    assert client.post(f"{here}/documents", data={"go": "continue"}).status_code == 403
    assert client.get(f"/applications/{draft.id}/check").status_code == 200
    assert client.get(f"/applications/{draft.id}/send").status_code == 403
    assert values_of(load_application(draft.id))["Q4"] == make_bid.WORDS


def test_the_server_holds_it_too(draft, lead, treasurer):
    with pytest.raises(Forbidden):
        save_answer(draft, form_of(draft).by_key["Q4"], "Mine now.", 1, by=treasurer, now=clock.now())
    other = make_bid.complete_draft(lead, make_bid.open_round(), draft.organisation)
    make_bid.collaborator(other, treasurer, "budget")
    with pytest.raises(Forbidden):
        copy_answers(draft, other, by=treasurer, now=clock.now())


def test_a_lead_who_leaves_hands_the_bid_over(as_, draft, lead):
    colleague = make.person("Dee")
    make_bid.collaborator(draft, colleague, "editor")
    client, here = as_(lead), f"/applications/{draft.id}/colleagues"
    assert "Hand the bid over" in client.get(here).text
    assert "Choose who leads it" in client.post(f"{here}/hand-over", data={"stay": "leave"}).text
    assert client.post(f"{here}/hand-over", data={"person": str(colleague.id), "stay": "leave"}).status_code == 302
    bid = load_application(draft.id)
    assert (role_of(colleague, bid), role_of(lead, bid)) == ("lead", None)
    assert values_of(bid)["Q4"] == make_bid.WORDS
    assert client.get(f"/applications/{draft.id}").status_code == 404
    assert as_(colleague).get(f"/applications/{draft.id}/send").status_code == 200
    told = [row.recipient for row in db.session.query(OutboxMessage).filter_by(template="handed_over")]
    assert told == [colleague.email]
    assert db.session.query(AuditEvent).filter_by(action="collaborator.hand_over").count() == 1


def test_a_bid_is_not_handed_to_somebody_who_is_not_on_it(as_, draft, lead):
    stranger = make.person()
    with pytest.raises(Problem, match="works on this bid"):
        hand_over(draft, stranger, "editor", by=lead, now=clock.now())
    with pytest.raises(Problem, match="leads this bid already"):
        hand_over(draft, lead, "editor", by=lead, now=clock.now())
    editor = make.person("Ed")
    make_bid.collaborator(draft, editor, "editor")
    assert as_(editor).get(f"/applications/{draft.id}/colleagues/hand-over").status_code == 403
    assert as_(stranger).get(f"/applications/{draft.id}/colleagues/hand-over").status_code == 404


def test_an_officer_names_another_lead_when_the_lead_has_gone(as_, draft, lead):
    officer, member = make.staff("fund_officer", draft.round), make.person("Mem")
    make.member(draft.organisation, member)
    here = f"/office/applications/{draft.id}/new-lead"
    assert "Mem" in as_(officer).get(here).text
    assert as_(officer).post(here, data={"person": str(member.id)}).status_code == 302
    bid = load_application(draft.id)
    assert (role_of(member, bid), role_of(lead, bid)) == ("lead", "viewer")
    assert as_(make.staff("fund_officer", make.partnership())).get(here).status_code == 404
    assert as_(make.staff("auditor", draft.round)).get(here).status_code == 403


def test_everybody_on_the_bid_sees_who_changed_what(as_, time, draft, lead, treasurer):
    time.move(hours=2)
    save_answer(draft, form_of(draft).by_key["asked"], 400_000, 1, by=treasurer, now=clock.now())
    here = f"/applications/{draft.id}/who-changed-what"
    page = as_(treasurer).get(here).text
    assert page.index("Bo Treasurer") < page.index("Ada Lead")
    assert f"/applications/{draft.id}/questions/asked/history" in page
    assert as_(lead).get(f"{here}?sort=question&page=1").status_code == 200
    assert as_(make.person()).get(here).status_code == 404
