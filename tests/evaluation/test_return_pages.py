"""The group's pages: five minutes, nothing typed lost, in few statements, and nobody else's."""

import pytest

from evaluation.returns import versions_of
from evaluation.tables import BudgetHeading, Promise, SpendLine
from fund.core.database import db
from tests.factories import evaluation as make
from tests.factories import fund as people
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")


@pytest.fixture
@kept
def award(database):
    return make.award()


def typed(period, **changes):
    """What a browser sends for a return that can be sent."""
    headings = {row.heading: row.id for row in _headings(period)}
    completing, wellbeing = _promises(period)
    form = {
        "people_count": "15", "sessions_count": "12", "spent_pence": "£5,400.00", f"heading_{headings['Salaries']}": "5,000",
        f"heading_{headings['Travel']}": "400", f"value_{completing}": "9", f"value_{wellbeing}": "61.5",
        f"asked_{wellbeing}": "13", f"answered_{wellbeing}": "8", "story": "A good month", "story_consent": "y", "worries": "None",
        "send": "1",
    }  # fmt: skip
    return form | changes


def _headings(period):
    return db.session.query(BudgetHeading).filter_by(award_id=period.award_id).all()


def _promises(period):
    rows = db.session.query(Promise.id).filter_by(award_id=period.award_id).order_by(Promise.position)
    return [key for (key,) in rows]


def test_the_page_says_what_was_promised_and_planned(as_, award):
    make.accepted(make.period(award, 1), people_count=12)
    page = as_(make.lead(award)).get(f"/returns/{make.period(award, 2).id}").text
    for words in ("Due 14 July 2025 · about 5 minutes", "12 of 42 promised", "Planned for this period: £6,000.00",
                  "Started at 40 %. Target 60 %. So far 60 %.", "Salaries", "Travel"):  # fmt: skip
        assert words in page


def test_a_whole_return_is_sent_in_one_go(as_, award, database):
    period = make.period(award, 2)
    response = as_(make.lead(award)).post(f"/returns/{period.id}", data=typed(period), follow_redirects=True)
    assert "Return 2 is sent. Thank you." in response.text
    row = versions_of(period)[0]
    assert (row.status, row.people_count, row.spent_pence, row.story_consent) == ("sent", 15, 540_000, True)
    assert database.session.query(SpendLine).filter_by(return_id=row.id).count() == 2


def test_a_refused_return_is_kept_and_shown_as_typed(as_, award):
    """Spent £5,399.99 of £6,000.00: the page asks why, beside the field, and everything typed is still there and stored."""
    period, client = make.period(award, 2), as_(make.lead(award))
    headings = {row.heading: row.id for row in _headings(period)}
    form = typed(period, spent_pence="5399.99", **{f"heading_{headings['Salaries']}": "4,999.99"})
    page = client.post(f"/returns/{period.id}", data=form).text
    assert "more than 10% under. Say why" in page
    assert 'href="#variance_why"' in page
    assert "What you typed is saved." in page
    assert 'value="4,999.99"' in page
    row = versions_of(period)[0]
    assert (row.status, row.spent_pence, row.story) == ("draft", 539_999, "A good month")
    form |= {"variance_why": "We started late.", "version": str(row.version)}
    assert client.post(f"/returns/{period.id}", data=form).status_code == 302
    assert versions_of(period)[0].status == "sent"


def test_a_mistake_in_a_number_loses_nothing(as_, award):
    period = make.period(award, 2)
    page = (
        as_(make.lead(award))
        .post(f"/returns/{period.id}", data=typed(period, spent_pence="lots", people_count="x"))
        .text
    )
    assert "Enter pounds and pence, like 1250.50" in page
    assert "Enter a whole number, like 42" in page
    for words in ('value="lots"', 'value="x"', "A good month", 'value="61.5"'):
        assert words in page
    assert versions_of(period) == []


def test_save_and_come_back_later(as_, award):
    period, client = make.period(award, 2), as_(make.lead(award))
    form = typed(period, spent_pence="", save="1")
    del form["send"]
    response = client.post(f"/returns/{period.id}", data=form, follow_redirects=True)
    assert "Return 2 is saved. Come back and send it by 14 July 2025." in response.text
    page = client.get(f"/returns/{period.id}").text
    assert "A good month" in page
    assert 'value="61.5"' in page


def test_a_return_sent_back_shows_why_and_starts_from_what_was_sent(as_, award):
    period, client = make.period(award, 2), as_(make.lead(award))
    make.sent_back(period, why="Say how the trip was paid.", story="A trip")
    page = client.get(f"/returns/{period.id}").text
    assert "Say how the trip was paid." in page
    assert "A trip" in page
    assert client.post(f"/returns/{period.id}", data=typed(period)).status_code == 302
    assert [row.number for row in versions_of(period)] == [2, 1]
    earlier = client.get(f"/returns/{period.id}/versions/1").text
    assert "What had to change: Say how the trip was paid." in earlier
    assert client.get(f"/returns/{period.id}/versions/3").status_code == 404


def test_a_stale_page_is_told_and_keeps_its_text(as_, award):
    period, client = make.period(award, 2), as_(make.lead(award))
    make.draft(period)
    first = typed(period, version="1", save="1", story="First")
    del first["send"]
    client.post(f"/returns/{period.id}", data=first)
    answer = client.post(f"/returns/{period.id}", data=typed(period, version="1", story="Second"))
    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.text
    assert "Second" in answer.text
    assert versions_of(period)[0].story != "Second"


def test_the_list_says_where_each_return_stands(as_, award, time):
    make.accepted(make.period(award, 1))
    make.sent(make.period(award, 2))
    page = as_(make.lead(award)).get(f"/grants/{award.id}/returns").text
    for words in ("Accepted", "Sent", "Late", "28", "of 42 promised", "of £18,000 awarded"):
        assert words in page


def test_return_pages_take_at_most_eight_statements(as_, award, statements):
    make.accepted(make.period(award, 1))
    make.sent_back(make.period(award, 2))
    client, manager = as_(make.lead(award)), as_(people.staff("grant_manager", award.round))
    addresses = [
        (client, f"/returns/{make.period(award, number).id}") for number in (1, 2, 3)
    ] + [(manager, f"/office/returns/{make.period(award, number).id}") for number in (1, 2, 3)]  # fmt: skip
    addresses.append((client, f"/grants/{award.id}/returns"))
    for who, address in addresses:
        with statements() as seen:
            assert who.get(address).status_code == 200
        assert len(seen) <= 8, (address, len(seen))


def test_strangers_find_nothing(as_, award, client):
    period = make.period(award, 1)
    stranger = people.person()
    people.organisation(stranger)
    for who in (stranger, people.staff("grant_manager", award.round), people.staff("evaluator", award.round)):
        for address in (f"/returns/{period.id}", f"/grants/{award.id}/returns", f"/returns/{period.id}/versions/1"):
            assert as_(who).get(address).status_code == 404
        assert as_(who).post(f"/returns/{period.id}", data={}).status_code == 404
    assert client.get(f"/returns/{period.id}").status_code == 302


def test_the_pages_of_a_grant_say_which_return_is_next(as_, award, time, statements):
    make.accepted(make.period(award, 1), people_count=12)
    client, second = as_(make.lead(award)), make.period(award, 2)
    for address in ("/grants", f"/grants/{award.id}"):
        page = client.get(address).text
        assert "Return 2 is due on 14 July 2025" in page or "Return 2 is late: it was due on 14 July 2025" in page
        assert f'href="/returns/{second.id}"' in page
