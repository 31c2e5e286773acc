"""A whole panel is invited by a list: shown before anything is sent, and sent whole or not at all."""

import io

import pytest

from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem, WrongMoment
from scoring import invitation_lists, invitations
from scoring.tables import SeatInvitation
from tests.factories import fund as make_fund
from tests.factories import scoring as make

LIST = """Email address,Name on the panel,Seat,What they bring
heron@example.org,Member Heron,Assessor,schools
Plover@Example.org , Member Plover,youth member,
owl@example.org,The owl,chair,
teal@example.org,Member Teal"""


@pytest.fixture
def round(database):
    return make.round()


@pytest.fixture
def officer(round):
    return make_fund.staff("fund_officer", round)


def test_a_list_is_shown_and_nothing_is_sent_until_it_is_confirmed(round, officer, as_):
    client, address = as_(officer), f"/office/rounds/{round.id}/panel/invitations/list"
    assert "by a list" in client.get(f"/office/rounds/{round.id}/panel/invitations").text
    shown = client.post(address, data={"file": (io.BytesIO(LIST.encode("utf-8-sig")), "panel.csv")}).text
    assert "4 invitations" in shown
    assert "Youth member" in shown
    assert (SeatInvitation.query.count(), OutboxMessage.query.count()) == (0, 0)
    seen = invitation_lists.compare(round, LIST, clock.now()).fingerprint
    assert client.post(address, data={"lines": LIST, "do": "apply", "seen": seen}).status_code == 302
    asked = {(row.email, row.label, row.kind, row.perspective) for row in SeatInvitation.query}
    assert asked == {
        ("heron@example.org", "Member Heron", "assessor", "schools"), ("plover@example.org", "Member Plover", "youth", None),
        ("owl@example.org", "The owl", "chair", None), ("teal@example.org", "Member Teal", "assessor", None),
    }  # fmt: skip
    assert OutboxMessage.query.filter_by(template="seat_invitation").count() == 4
    again = client.post(address, data={"lines": LIST}).text
    assert "Left alone: heron@example.org, plover@example.org, owl@example.org, teal@example.org" in again
    assert "Send these invitations" not in again


def test_what_is_wrong_is_named_by_line_and_nobody_is_invited(round, officer):
    make.seat(round, "chair", label="Imogen")
    text = (
        "heron@example.org;Heron;Assessor\nnot an address;Wren\nheron@example.org;Robin\nteal@example.org;\n"
        "owl@example.org;imogen\nkite@example.org;Kite;Umpire\njay@example.org;Jay;Chair\nrook@example.org;Rook\x07"
        f"\ndove@example.org;{'D' * 201}"
    )
    found = invitation_lists.compare(round, text, clock.now())
    assert found.wrong == [
        "Line 2: “not an address” is no email address, like name@example.com",
        "Line 3: heron@example.org stands in the list twice",
        "Line 4: give teal@example.org a name on the panel",
        "Line 5: another member is called imogen on the panel",
        "Line 6: there is no seat called Umpire. Write Assessor, Chair, Secretary, Lived-experience member, Youth member or Observer",
        "Line 7: this panel has a chair, or has asked one",
        "Line 8: it has a sign that cannot be kept. Type it again",
        "Line 9: shorten the name and what they bring to 200 characters each",
    ]
    with pytest.raises(Problem, match="Nobody was invited"):
        invitation_lists.invite_all(round, text, found.fingerprint, by=officer, now=clock.now())
    for rubbish in ("", "Email,Name\n", "just words"):
        with pytest.raises(Problem, match="four columns"):
            invitation_lists.compare(round, rubbish, clock.now())
    assert SeatInvitation.query.count() == 0


def test_who_was_asked_meanwhile_makes_one_look_again(round, officer):
    seen = invitation_lists.compare(round, LIST, clock.now()).fingerprint
    invitations.invite(round, "teal@example.org", "assessor", "Member Teal", by=officer, now=clock.now())
    with pytest.raises(WrongMoment, match="Look at the list again"):
        invitation_lists.invite_all(round, LIST, seen, by=officer, now=clock.now())
    assert SeatInvitation.query.count() == 1


def test_a_list_saved_by_an_older_spreadsheet_keeps_its_accents(round, officer, as_):
    line = "zoe@example.org;Zoë;Assessor;Café".encode("cp1252")
    address = f"/office/rounds/{round.id}/panel/invitations/list"
    shown = as_(officer).post(address, data={"file": (io.BytesIO(line), "panel.csv")}).text
    assert "Zoë" in shown
    assert "Café" in shown


def test_strangers_and_members_invite_nobody(round, as_):
    for who in (make_fund.person(), make.seat(round, "chair").person):
        assert as_(who).get(f"/office/rounds/{round.id}/panel/invitations/list").status_code == 404
