"""Somebody who has never heard of the fund sees what is open, for whom, how much and until when, without an account."""

from datetime import timedelta

import pytest

from fund import hooks, needs, strategy_loading
from fund.core import clock
from fund.rounds import create_round
from fund.workflow import ROUND
from tests.factories import fund as make


def durham_round(published: bool = True, **facts):
    """A round of the real Durham pack, open for four more weeks."""
    strategy_loading.load_strategies(clock.now())
    round = create_round(strategy_loading.partnership_called("durham-darlington"), by=None, now=clock.now())
    round.opens_at, round.closes_at = clock.now() - timedelta(days=7), clock.now() + timedelta(days=28)
    for name, value in facts.items():
        setattr(round, name, value)
    if published:
        make.put(round, "published", ROUND)
    return round


def test_the_first_page_shows_the_open_round_and_links_to_it(client):
    round = make.round()
    page = client.get("/").text
    assert round.title in page
    assert f'href="/rounds/{round.id}"' in page
    assert "28 days left" in page


def test_the_first_page_without_an_open_round_says_so_and_what_next(client):
    page = client.get("/").text
    assert "No round is open today" in page
    assert 'href="/rounds"' in page


def test_a_round_says_caps_closing_time_and_strands_in_words(client):
    round = durham_round()
    page = client.get(f"/rounds/{round.id}").text
    assert "Closes <strong>Tuesday 3 March 2026, midday</strong>" in page
    assert "28 days left" in page
    assert '<strong class="round-caps__most">£5,000</strong> for groups that are not registered' in page
    assert '<strong class="round-caps__most">£40,000</strong> for registered organisations' in page
    assert page.index("Prevention and Early Intervention") < page.index("Criminal Justice and Enforcement")
    assert "aged 18 to 35, mainly male" in page
    assert "partnership-durham-darlington" in page


def test_a_round_is_told_in_at_most_six_statements(client, statements):
    round = durham_round()
    client.get(f"/rounds/{round.id}")
    with statements() as seen:
        assert client.get(f"/rounds/{round.id}").status_code == 200
    assert len(seen) <= 6, seen


@pytest.mark.parametrize("address", ["/", "/rounds"])
def test_lists_of_rounds_need_one_statement_however_many_there_are(client, statements, address):
    for _ in range(5):
        make.round()
    with statements() as seen:
        client.get(address)
    assert len(seen) == 1, seen


def test_a_round_with_its_close_behind_it_says_so_and_points_elsewhere(client, time):
    other, round = make.round(), make.round(closes_at=clock.now() + timedelta(days=1))
    time.move(days=1)
    page = client.get(f"/rounds/{round.id}").text
    assert "You cannot apply to this round any more" in page
    assert other.title in page
    assert "Check if you can apply" not in page


def test_before_it_opens_a_round_says_when(client):
    round = make.round(opens_at=clock.now() + timedelta(days=3))
    assert "Opens <strong>Friday 6 February 2026, midday" in client.get(f"/rounds/{round.id}").text


def test_a_round_in_preparation_is_hidden_but_its_officer_sees_a_preview(client, as_):
    round = make.round(published=False)
    assert client.get(f"/rounds/{round.id}").status_code == 404
    assert as_(make.person()).get(f"/rounds/{round.id}").status_code == 404
    assert as_(make.staff("fund_officer", make.partnership())).get(f"/rounds/{round.id}").status_code == 404
    assert "This is a preview" in as_(make.staff("fund_officer", round)).get(f"/rounds/{round.id}").text


def test_money_asked_so_far_is_a_bar_once_somebody_knows_it(client, monkeypatch):
    round = durham_round()
    monkeypatch.setattr(hooks.asked_by_priority, "functions", [])
    assert "asked for so far" not in client.get(f"/rounds/{round.id}").text
    monkeypatch.setattr(hooks.asked_by_priority, "functions", [lambda _round: {"2": 12_050_000}])
    page = client.get(f"/rounds/{round.id}").text
    assert "£120,500 asked for so far" in page
    assert "£0 asked for so far" in page


def test_hostile_keys_are_no_page(client):
    for key in ("0", "999999999", "99999999999999999999", "1%00", "x"):
        assert client.get(f"/rounds/{key}").status_code == 404


def test_small_number_setting_is_five(app, database):
    assert needs.small_number() == 5


def test_a_closed_round_does_not_speak_as_if_one_could_still_apply(client, time):
    round = durham_round()
    time.move(days=400)
    page = client.get(f"/rounds/{round.id}").text
    assert "You cannot apply to this round any more" in page
    for words in ("so far", "Ask before you write", "Your bid answers", "Who can apply", "You hear from us"):
        assert words not in page
