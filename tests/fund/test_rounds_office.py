"""The office's pages of rounds: what an officer sees and does, and what a stranger does not."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from fund import strategy_loading
from fund.core import clock
from fund.core.clock import speak_moment
from fund.core.database import db
from fund.core.permissions import may
from fund.ledger import pot_of
from fund.pots import waiting_change
from fund.round_terms import terms_of
from fund.rounds import load_round, priorities_of
from fund.tables import Round
from fund.workflow import ROUND
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round(published=False)


@pytest.fixture
@kept
def officer(round):
    return make.staff("fund_officer", round)


@pytest.fixture
def page(as_, officer):
    """A client signed in as the fund officer of the round."""
    return as_(officer)


def window(round, **given) -> dict:
    facts = {"version": round.version}
    for end, moment in (("opens", round.opens_at), ("closes", round.closes_at)):
        local = clock.in_london(moment)
        facts |= {f"{end}_on-day": local.day, f"{end}_on-month": local.month, f"{end}_on-year": local.year}
        facts[f"{end}_time"] = f"{local:%H:%M}"
    return facts | {name.replace("__", "-"): value for name, value in given.items()}


def addresses(round) -> list[str]:
    base = f"/office/rounds/{round.id}"
    parts = ("words", "window", "delivery", "limits", "panel", "awards", "caps", "priorities")
    return [base, f"{base}/pot", f"{base}/history", f"{base}/clone", f"{base}/moves/publish"] + [
        f"{base}/set-up/{part}" for part in parts
    ]


def test_every_page_opens_for_the_officer(page, round):
    for address in ["/office", "/office/rounds", "/office/rounds/new", *addresses(round)]:
        assert page.get(address).status_code == 200, address


def test_no_page_opens_for_strangers(as_, round):
    elsewhere = make.staff("fund_officer", make.partnership())
    for stranger in (make.person(), elsewhere):
        client = as_(stranger)
        for address in addresses(round):
            assert client.get(address).status_code == 404, address
            assert client.post(address).status_code in (404, 405), address
    assert as_(make.person()).get("/office").status_code == 403
    assert not may(elsewhere, "run_round", round)


def test_other_staff_read_the_round_but_do_not_change_it(as_, round):
    client = as_(make.staff("finance_officer", round))
    assert client.get(f"/office/rounds/{round.id}").status_code == 200
    assert "/set-up/" not in client.get(f"/office/rounds/{round.id}").text
    assert client.get(f"/office/rounds/{round.id}/set-up/words").status_code == 404
    client.post(f"/office/rounds/{round.id}/pot", data={"pot": "1"})
    assert pot_of(round).total_pence == 70_000_000


def test_the_list_shows_only_ones_own_partnerships(page, round):
    other = make.round()
    text = page.get("/office/rounds").text
    assert round.title in text
    assert other.title not in text


def test_the_list_filters_sorts_and_exports(page, round, officer):
    open_one = make.round(round.fund.partnership, title="Open one")
    text = page.get("/office/rounds?state=open").text
    assert open_one.title in text
    assert f">{round.title}<" not in text
    assert "No round fits" in page.get("/office/rounds?q=zzz").text
    titles = re.findall(r'href="/office/rounds/(\d+)"', page.get("/office/rounds?sort=title").text)
    assert titles == [str(open_one.id), str(round.id)]
    file = page.get("/office/rounds?format=csv").text
    assert "Open one" in file
    assert "700000.00" in file


def test_the_list_needs_five_statements_however_many_rounds(page, round, statements):
    for _ in range(4):
        make.round(round.fund.partnership)
    with statements() as seen:
        page.get("/office/rounds")
    assert len(seen) <= 5, seen


def test_a_round_of_any_partnership_is_started_from_its_strategy(as_, database):
    strategy_loading.load_strategies(clock.now())
    dorset = strategy_loading.partnership_called("dorset")
    client = as_(make.staff("fund_officer", dorset))
    client.post("/office/rounds/new", data={"partnership": dorset.id, "title": "Dorset 2026"})
    made = db.session.scalars(select(Round)).one()
    assert (made.title, made.strategy.partnership_id) == ("Dorset 2026", dorset.id)
    bucks = strategy_loading.partnership_called("buckinghamshire")
    client.post("/office/rounds/new", data={"partnership": bucks.id})
    assert len(db.session.scalars(select(Round)).all()) == 1


def test_words_are_saved_and_what_is_refused_stands_beside_its_field(page, round):
    address = f"/office/rounds/{round.id}/set-up/words"
    again = page.post(address, data={"version": round.version, "title": "Mine", "summary": "", "prefix": "no good"})
    assert "Enter a summary" in again.text
    assert 'value="Mine"' in again.text
    saved = page.post(
        address, data={"version": round.version, "title": "Mine", "summary": "For all", "prefix": "VPF-9"}
    )
    assert saved.status_code == 302
    assert (round.title, round.prefix) == ("Mine", "VPF-9")


def test_two_officers_saving_the_same_part_see_each_others_words(page, round):
    address = f"/office/rounds/{round.id}/set-up/words"
    old = {"version": round.version, "summary": "For all", "prefix": round.prefix}
    page.post(address, data=old | {"title": "First"})
    text = page.post(address, data=old | {"title": "Second"}).text
    assert "Somebody else changed this" in text
    assert "What is there now" in text
    assert ">First</dd>" in text
    assert 'value="Second"' in text
    version = re.search(r'name="version"[^>]*value="(\d+)"', text)[1]
    page.post(address, data=old | {"title": "Second", "version": version})
    assert round.title == "Second"


# Both clock changes (design rule 4)


def test_a_time_that_comes_twice_asks_which_of_the_two(page, round):
    address = f"/office/rounds/{round.id}/set-up/window"
    round.opens_at = make.moment(2024, 9, 1)
    twice = {"closes_on__day": 27, "closes_on__month": 10, "closes_on__year": 2024, "closes_time": "1:30am"}
    text = page.post(address, data=window(round, **twice)).text
    assert "1:30am on 27 October 2024 happens twice" in text
    assert text.count('name="closes_which"') == 2
    page.post(address, data=window(round, **twice, closes_which="first"))
    assert round.closes_at == make.moment(2024, 10, 27, 0, 30)
    assert 'value="first" checked' in page.get(address).text
    page.post(address, data=window(round, **twice, closes_which="second"))
    assert round.closes_at == make.moment(2024, 10, 27, 1, 30)
    assert 'value="second" checked' in page.get(address).text


def test_a_time_that_does_not_exist_is_refused(page, round):
    round.opens_at = make.moment(2024, 3, 1)
    before = round.closes_at
    never = {"closes_on__day": 31, "closes_on__month": 3, "closes_on__year": 2024, "closes_time": "01:30"}
    text = page.post(f"/office/rounds/{round.id}/set-up/window", data=window(round, **never)).text
    assert "1:30am on 31 March 2024 does not exist: the clocks go forward" in text
    assert round.closes_at == before


@pytest.mark.parametrize("typed", ["25:00", "soon", "5", "13pm", "0am", "5:60pm"])
def test_times_that_are_none_are_refused_with_an_example(page, round, typed):
    text = page.post(f"/office/rounds/{round.id}/set-up/window", data=window(round, closes_time=typed)).text
    assert "Enter a time, like 5pm or 9:30am" in text


@pytest.mark.parametrize(("typed", "said"), [("5pm", "5pm"), ("17:00", "5pm"), ("12 noon", None), ("Midday", "midday"), ("9.30 am", "9:30am")])  # fmt: skip
def test_times_are_read_as_people_write_them(page, round, typed, said):
    before = speak_moment(round.closes_at)
    page.post(f"/office/rounds/{round.id}/set-up/window", data=window(round, closes_time=typed))
    assert speak_moment(round.closes_at).split(", ")[1] == (said or before.split(", ")[1])


def test_a_published_round_closes_later_only_with_a_reason(page, round):
    make.put(round, "published", ROUND)
    later = clock.in_london(round.closes_at) + timedelta(days=1)
    address = f"/office/rounds/{round.id}/set-up/window"
    given = window(round, closes_on__day=later.day, closes_on__month=later.month)
    assert "Say why the round closes later" in page.post(address, data=given).text
    page.post(address, data=given | {"reason": "Snow"})
    assert clock.in_london(round.closes_at).date() == later.date()
    assert "Why: Snow" in page.get(f"/office/rounds/{round.id}/history").text


# Caps, priorities


def cap_fields(round, **given) -> dict:
    facts: dict = {"version": round.version}
    for number, cap in enumerate(terms_of(round)):
        row = {
            "key": cap.key,
            "plural": cap.plural,
            "most_pence": f"{cap.most_pence / 100:.2f}",
            "legal_forms": cap.legal_forms,
        }
        facts |= {f"caps-{number}-{name}": value for name, value in row.items()}
    return facts | {name.replace("__", "-"): value for name, value in given.items()}


def test_caps_are_changed_added_and_taken_out(page, round):
    address = f"/office/rounds/{round.id}/set-up/caps"
    text = page.post(address, data=cap_fields(round, add="1")).text
    assert 'name="caps-2-plural"' in text
    page.post(address, data=cap_fields(round, caps__0__most_pence="30,000"))
    assert terms_of(round)[0].most_pence == 3_000_000
    gone = cap_fields(round, caps__0__plural="", caps__0__most_pence="", caps__0__legal_forms=[])
    page.post(address, data=gone)
    assert [cap.key for cap in terms_of(round)] == ["unregistered"]


@pytest.mark.parametrize("typed", ["5000.004", "NaN", "-1", "1e3"])
def test_caps_that_are_no_money_are_refused(page, round, typed):
    address = f"/office/rounds/{round.id}/set-up/caps"
    text = page.post(address, data=cap_fields(round, caps__0__most_pence=typed)).text
    assert "Enter pounds and pence" in text
    assert f'value="{typed}"' in text


def test_a_form_in_two_caps_is_refused_in_words(page, round):
    both = cap_fields(round, caps__1__legal_forms=["unincorporated", "cio"])
    text = page.post(f"/office/rounds/{round.id}/set-up/caps", data=both).text
    assert "“Charitable incorporated organisation” is in two caps" in text


def test_priorities_are_chosen_with_words_of_ones_own(page, round):
    first, second = (each.priority_id for each in priorities_of(round))
    address = f"/office/rounds/{round.id}/set-up/priorities"
    assert "Choose at least one priority" in page.post(address, data={"version": round.version}).text
    given = {"version": round.version, f"fund-{second}": "1", f"guidance-{second}": "Young people in Peterlee"}
    page.post(address, data=given)
    [only] = priorities_of(round)
    assert (only.priority_id, only.guidance) == (second, "Young people in Peterlee")
    assert first != second


# Pot


def test_the_pot_of_a_round_in_preparation_is_set_by_one_person(page, round):
    page.post(f"/office/rounds/{round.id}/pot", data={"pot": "650,000"})
    assert pot_of(round).total_pence == 65_000_000


def test_the_pot_of_a_published_round_changes_when_a_second_person_approves(page, as_, round):
    make.put(round, "published", ROUND)
    address = f"/office/rounds/{round.id}/pot"
    assert "Say why the pot changes" in page.post(address, data={"pot": "800,000"}).text
    page.post(address, data={"pot": "800,000", "reason": "The board added money"})
    change = waiting_change(round)
    assert pot_of(round).total_pence == 70_000_000
    approve = f"/office/pot-changes/{change.id}/approve"
    assert page.post(approve).status_code == 403
    assert as_(make.staff("fund_officer", make.partnership())).post(approve).status_code == 404
    head = as_(make.staff("head_of_fund", round))
    assert "Approve or refuse a pot of £800,000.00" in head.get("/office").text
    assert head.post(approve).status_code == 302
    assert pot_of(round).total_pence == 80_000_000
    history = page.get(f"/office/rounds/{round.id}/history").text
    assert "The board added money" in history
    assert "£800,000.00" in history


def test_who_proposed_a_change_takes_it_back(page, round):
    make.put(round, "published", ROUND)
    page.post(f"/office/rounds/{round.id}/pot", data={"pot": "800,000", "reason": "More"})
    page.post(f"/office/pot-changes/{waiting_change(round).id}/put-away")
    assert waiting_change(round) is None
    assert pot_of(round).total_pence == 70_000_000


def test_offering_more_than_the_pot_takes_two_people_even_in_preparation(page, as_, round):
    page.post(
        f"/office/rounds/{round.id}/pot", data={"pot": "700,000", "over": "35,000", "reason": "Some will decline"}
    )
    assert pot_of(round).over_pence == 0
    as_(make.staff("decision_maker", round)).post(f"/office/pot-changes/{waiting_change(round).id}/approve")
    assert pot_of(round).over_pence == 3_500_000
    assert pot_of(round).room_pence == 73_500_000


# Life


def test_publishing_lacking_something_says_what(page, round):
    round.closes_at = clock.now() - timedelta(days=1)
    text = page.post(f"/office/rounds/{round.id}/moves/publish").text
    assert "The closing time has passed" in text
    assert round.status == "draft"


def test_a_finance_officer_cannot_make_the_moves(as_, round):
    client = as_(make.staff("finance_officer", round))
    assert client.post(f"/office/rounds/{round.id}/moves/publish").status_code == 403
    assert "moves/publish" not in client.get(f"/office/rounds/{round.id}").text


def test_finishing_is_offered_only_when_the_round_has_closed(page, round):
    make.put(round, "published", ROUND)
    address = f"/office/rounds/{round.id}"
    assert "moves/finish" not in page.get(address).text
    round.closes_at = clock.now() - timedelta(minutes=1)
    assert f"{address}/moves/finish" in page.get(address).text


def test_a_move_that_is_none_is_no_page(page, round):
    assert page.get(f"/office/rounds/{round.id}/moves/explode").status_code == 404


def test_a_clone_opens_on_its_own_page(page, round):
    answer = page.post(f"/office/rounds/{round.id}/clone", data={"title": "Next year"})
    copy = load_round(int(answer.location.rsplit("/", 1)[1]))
    assert (copy.title, copy.cloned_from_id) == ("Next year", round.id)


def test_the_office_says_what_waits_and_what_to_do_when_nothing_does(page, as_, round):
    assert f"Get {round.title} ready to publish" in page.get("/office").text
    assert "Nothing waits for you" in as_(make.staff("auditor", round)).get("/office").text


def test_the_page_of_a_round_needs_few_statements(page, round, statements):
    make.put(round, "published", ROUND)
    with statements() as seen:
        page.get(f"/office/rounds/{round.id}")
    assert len(seen) <= 10, seen
