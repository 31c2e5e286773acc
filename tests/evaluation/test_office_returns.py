"""The grant manager's pages: what waits, reading a return, deciding on it, publishing its story."""

from datetime import date

import pytest

from evaluation.periods import standing
from evaluation.returns import versions_of
from evaluation.returns_list import periods_listed
from evaluation.tables import CaseStudy
from fund.core import clock
from fund.rounds import seen_by
from fund.waiting import waiting_for
from tests.factories import evaluation as make
from tests.factories import fund as people
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")


@pytest.fixture
@kept
def award(database):
    return make.award()


@pytest.fixture
@kept
def manager(award):
    return people.staff("grant_manager", award.round, name="Sam Reed")


def test_the_list_shows_what_is_to_do_and_can_be_narrowed_sorted_and_taken_away(as_, award, manager):
    make.accepted(make.period(award, 1))
    make.sent(make.period(award, 2), spent_pence=400_000, variance_why="Late start")
    other = make.award(award.round)
    client = as_(manager)
    todo = client.get("/office/returns").text
    assert "5 returns" in todo
    assert "Sent, to be read" in todo
    assert "Far from plan" in todo
    assert "Late" in todo
    assert ">Accepted</strong>" not in todo
    assert ">Accepted</strong>" in client.get("/office/returns?state=accepted").text
    found = client.get(f"/office/returns?state=all&q={other.reference}").text
    assert "3 returns" in found
    lines = client.get("/office/returns?state=all&format=csv&sort=-spent").text.splitlines()
    assert len(lines) == 7
    assert lines[1].split(",")[0] == award.reference
    assert client.get("/office/returns?state=nonsense&sort=nonsense&page=999&round=x").status_code == 200


def test_nobody_sees_the_returns_of_another_partnership(as_, award):
    make.sent(make.period(award, 1))
    elsewhere = people.staff("grant_manager", people.round())
    assert award.reference not in as_(elsewhere).get("/office/returns?state=all").text
    assert as_(elsewhere).get(f"/office/returns/{make.period(award, 1).id}").status_code == 404
    assert as_(people.person()).get("/office/returns").status_code == 403


def test_the_list_takes_few_statements_however_long(as_, award, manager, statements):
    for _ in range(3):
        make.award(award.round)
    client = as_(manager)
    with statements() as seen:
        client.get("/office/returns?state=all")
    assert len(seen) <= 7


@pytest.mark.parametrize(
    "day", [date(2025, 3, 1), date(2025, 4, 10), date(2025, 4, 14), date(2025, 4, 15), date(2026, 1, 1)]
)
@pytest.mark.parametrize("status", [None, "draft", "sent", "accepted", "sent_back"])
def test_the_list_and_the_clock_agree_where_a_return_stands(award, manager, database, day, status):
    {
        None: lambda _: None,
        "draft": make.draft,
        "sent": make.sent,
        "accepted": make.accepted,
        "sent_back": make.sent_back,
    }[status](make.period(award, 1))
    listed = database.session.execute(periods_listed(day, seen_by(manager, now=clock.now()))).all()
    for row, number in zip(sorted(listed, key=lambda each: each.number), (1, 2, 3), strict=True):
        period = make.period(award, number)
        expected = standing(period.starts_on, period.due_on, status if number == 1 else None, day).key
        assert row.standing == expected


def test_accepting_and_sending_back_on_the_page(as_, award, manager):
    first, second = make.period(award, 1), make.period(award, 2)
    make.sent(first, story="It helped", worries="Few referrals")
    make.sent(second)
    client = as_(manager)
    page = client.get(f"/office/returns/{first.id}").text
    for words in ("Planned", "Reported", "£5,934.06", "8 of 10", "Few referrals", "Accept the return"):
        assert words in page
    assert client.post(f"/office/returns/{first.id}/accept", follow_redirects=True).status_code == 200
    assert versions_of(first)[0].status == "accepted"
    refused = client.post(f"/office/returns/{second.id}/send-back", data={"why": " "}).text
    assert "Say what has to change" in refused
    client.post(f"/office/returns/{second.id}/send-back", data={"why": "Which hall was it?"})
    assert (versions_of(second)[0].status, versions_of(second)[0].decided_why) == ("sent_back", "Which hall was it?")
    assert client.post(f"/office/returns/{second.id}/accept").status_code == 409
    assert "Which hall was it?" in client.get(f"/office/returns/{second.id}").text


def test_only_grant_managers_decide(as_, award):
    period = make.period(award, 1)
    make.sent(period)
    for role in ("fund_officer", "finance_officer", "auditor", "decision_maker"):
        reader = as_(people.staff(role, award.round))
        page = reader.get(f"/office/returns/{period.id}")
        assert page.status_code == 200
        assert "Accept the return" not in page.text
        for act in ("accept", "send-back", "story", "more-time"):
            assert reader.post(f"/office/returns/{period.id}/{act}").status_code == 404
    assert as_(people.staff("evaluator", award.round)).get(f"/office/returns/{period.id}").status_code == 404


def test_a_story_is_published_only_with_consent_and_can_be_taken_down(as_, award, manager, database):
    first, second = make.period(award, 1), make.period(award, 2)
    make.accepted(first, story="Jo of 12 High Street was helped", story_consent=True)
    make.accepted(second, story="Without consent", story_consent=False)
    client = as_(manager)
    client.post(f"/office/returns/{first.id}/story", data={"text": "A girl of 15 was helped."})
    story = database.session.query(CaseStudy).one()
    assert (story.text, story.published_at) == ("A girl of 15 was helped.", clock.now())
    too_long = client.post(f"/office/returns/{first.id}/story", data={"text": "word " * 201}).text
    assert "Shorten the story to 200 words or fewer" in too_long
    refused = client.post(f"/office/returns/{second.id}/story", data={"text": "Without consent"}).text
    assert "has not said that this person agreed" in refused
    client.post(f"/office/returns/{first.id}/story", data={"take_down": "1"})
    database.session.refresh(story)
    assert story.published_at is None


def test_a_grant_manager_gives_more_time(as_, award, manager):
    period, client = make.period(award, 3), as_(manager)
    earlier = {"due_on-day": "1", "due_on-month": "10", "due_on-year": "2025", "why": "Illness"}
    assert (
        "Enter a day after 14 October 2025" in client.post(f"/office/returns/{period.id}/more-time", data=earlier).text
    )
    client.post(f"/office/returns/{period.id}/more-time", data=earlier | {"due_on-month": "3", "due_on-year": "2026"})
    assert make.period(award, 3).due_on == date(2026, 3, 1)


def test_the_office_says_what_waits(app, award, manager):
    make.sent(make.period(award, 1))
    stranger = people.person()
    with app.test_request_context():
        texts = [each.text for each in waiting_for(manager, clock.now())]
        assert "Read 1 return" in texts
        assert "2 returns are late" in texts
        assert not [text for text in waiting_for(stranger, clock.now()) if "return" in text.text]
