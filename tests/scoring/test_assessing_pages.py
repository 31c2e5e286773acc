"""The assessor's pages: conflicts first, one post saves all, the seal holds, and nobody sees what is not theirs."""

import pytest

from fund.core import clock, files
from scoring import criteria, scores
from scoring.evidence import load_cards
from tests.factories import scoring as make
from tests.fund.test_needs import dataset
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    load_cards(clock.now())
    return make.round()


@pytest.fixture
@kept
def rows(round):
    """Three readings of one bid in scoring."""
    bid = make.bid(round)
    found = [make.reading(bid, make.seat(round)) for _ in range(3)]
    make.start(bid)
    return found


def page_of(row):
    return f"/assessing/{row.id}"


def filled(row, **changes):
    data = {}
    for each in criteria.criteria_of(row.application.round_id):
        data |= {f"mark-{each.id}": "3", f"reason-{each.id}": f"Because of {each.code}.", f"version-{each.id}": "0"}
    return data | changes


def test_no_bid_opens_before_every_bid_has_its_yes_or_no(round, as_):
    seat, bids = make.seat(round), [make.bid(round), make.bid(round)]
    readings = [make.reading(bid, seat, declared=False) for bid in bids]
    for bid in bids:
        make.make.put(bid, "in_scoring", None)
    client = as_(seat.person)
    assert client.get(page_of(readings[0])).location.endswith(f"/assessing/rounds/{round.id}/conflicts")
    declare = f"/assessing/rounds/{round.id}/conflicts"
    shown = client.get(declare).text
    assert all(bid.reference in shown and bid.title in shown and bid.organisation.name in shown for bid in bids)
    half = client.post(declare, data={f"conflict-{readings[0].id}": "no"})
    assert f"Choose yes or no for {bids[1].reference}" in half.text
    assert client.get(page_of(readings[0])).status_code == 302
    client.post(declare, data={f"conflict-{readings[0].id}": "no", f"conflict-{readings[1].id}": "yes", f"reason-{readings[1].id}": "I am a trustee"})  # fmt: skip
    assert client.get(page_of(readings[0])).status_code == 200
    assert client.get(page_of(readings[1])).status_code == 403


def test_a_conflicted_assessor_gets_403_at_every_address_of_the_bid(round, as_, database):
    bid, seat = make.bid(round), make.seat(round)
    row = make.reading(bid, seat, declared=False)
    make.make.put(bid, "in_scoring", None)
    make.conflicts.declare(row, True, "I am a trustee", by=seat.person, now=clock.now())
    document = make.document(bid)
    first = criteria.criteria_of(round)[0]
    client = as_(seat.person)
    for address in (page_of(row), f"{page_of(row)}/conflict", f"{page_of(row)}/documents/{document.id}"):
        assert client.get(address).status_code == 403, address
    assert client.post(page_of(row), data=filled(row)).status_code == 403
    assert client.post(f"{page_of(row)}/criteria/{first.id}", data=filled(row)).status_code == 403
    assert client.get("/assessing").status_code == 200


def test_another_assessors_page_and_a_strangers_look_like_no_page(rows, as_, database):
    document = make.document(rows[0].application)
    for who in (rows[1].seat.person, make.make.person()):
        client = as_(who)
        for address in (
            page_of(rows[0]),
            f"{page_of(rows[0])}/conflict",
            f"{page_of(rows[0])}/documents/{document.id}",
        ):
            assert client.get(address).status_code == 404, address
    assert as_(make.make.person()).get("/assessing").status_code == 403


def test_an_assessor_reads_the_documents_of_the_bid_and_of_no_other(rows, round, as_, app, database):
    mine = make.document(rows[0].application)
    other = make.document(make.bid(round))
    client = as_(rows[0].seat.person)
    assert client.get(f"{page_of(rows[0])}/documents/{mine.id}").data == b"accounts"
    assert client.get(f"{page_of(rows[0])}/documents/{other.id}").status_code == 404
    assert files.read(mine.file) == b"accounts"


def test_one_post_saves_all_and_seals_without_a_script(rows, as_):
    client = as_(rows[0].seat.person)
    half = filled(rows[0], do="seal")
    first, *_ = criteria.criteria_of(rows[0].application.round_id)
    half[f"reason-{first.id}"] = ""
    refused = client.post(page_of(rows[0]), data=half)
    assert "Give your reason for “Local need, evidenced”" in refused.text
    assert f'href="#reason-{first.id}"' in refused.text
    assert "Because of C7." in refused.text
    assert scores.marks_of(rows[0])["C1"] == 3  # the half that is right is kept
    again = filled(rows[0], do="seal") | {f"version-{first.id}": "1"}
    done = client.post(page_of(rows[0]), data=again)
    assert done.status_code == 302
    assert rows[0].status == "sealed"
    assert "disabled" in client.get(page_of(rows[0])).text


def test_autosave_answers_version_and_total_and_both_texts_when_they_differ(rows, as_):
    client = as_(rows[0].seat.person)
    first, second, *_ = criteria.criteria_of(rows[0].application.round_id)
    json = {"Accept": "application/json"}

    def send(criterion, mark, reason, version):
        data = {f"mark-{criterion.id}": mark, f"reason-{criterion.id}": reason, f"version-{criterion.id}": version}
        return client.post(f"{page_of(rows[0])}/criteria/{criterion.id}", data=data, headers=json)

    assert send(first, "5", "Well shown.", "0").json == {"version": 1, "total": "20.0"}
    assert send(second, "4", "Agreed in writing.", "0").json == {"version": 1, "total": "32.0"}
    clash = send(first, "2", "From the other window.", "0")
    assert clash.status_code == 409
    assert clash.json["theirs"] == {"mark": 5, "not_applicable": False, "reason": "Well shown.", "version": 1}
    assert send(first, "7", "x", "1").status_code == 400
    assert scores.marks_of(rows[0]) == {"C1": 5, "C2": 4}


def test_a_page_opened_before_the_other_window_saved_shows_both_texts_and_keeps_the_rest(rows, as_):
    client = as_(rows[0].seat.person)
    first, second, *_ = criteria.criteria_of(rows[0].application.round_id)
    client.post(page_of(rows[0]), data={f"mark-{first.id}": "5", f"reason-{first.id}": "Saved first.", f"version-{first.id}": "0"})  # fmt: skip
    page = client.post(page_of(rows[0]), data=filled(rows[0])).text
    assert "Saved first." in page
    assert "Because of C1." in page
    assert scores.marks_of(rows[0])[second.code] == 3


def test_nobody_sees_anothers_scores_before_their_own_are_in(rows, as_):
    make.give(rows[1], make.MARKS_OF_71)
    label, secret = rows[1].seat.label, "Because of C3."
    for address in (page_of(rows[0]), "/assessing", f"{page_of(rows[0])}/conflict"):
        page = as_(rows[0].seat.person).get(address).text
        assert label not in page
        assert secret not in page
    make.give(rows[0], make.MARKS_OF_62)
    assert label in as_(rows[0].seat.person).get(page_of(rows[0])).text


def test_the_page_shows_evidence_and_descriptors_beside_the_answers(rows, as_, database):
    make.answer(rows[0].application, "Q2", "Our ward has the most assaults.")
    page = as_(rows[0].seat.person).get(page_of(rows[0])).text
    assert "Our ward has the most assaults." in page
    assert "21% less violence" in page
    assert "Says nothing about local need." in page
    assert 'href="#answer-Q2"' in page


@pytest.mark.parametrize("strand", [None, "no-strand"])
def test_without_a_strand_the_page_says_that_it_is_no_fault_and_what_to_ask_instead(rows, as_, strand):
    load_cards(clock.now())
    rows[0].application.strand_id = strand
    page = as_(rows[0].seat.person).get(page_of(rows[0])).text
    assert "No toolkit strand is claimed" in page
    assert "What to ask: night-time economy" in page
    assert "Compare the claim with the card" not in page
    assert "No toolkit strand claimed" not in as_(rows[0].seat.person).get("/evidence").text


def test_a_late_conflict_closes_the_bid_through_its_page(rows, as_):
    make.give(rows[0], make.MARKS_OF_62)
    client = as_(rows[0].seat.person)
    assert "Give a reason" in client.post(f"{page_of(rows[0])}/conflict", data={"reason": ""}).text
    assert client.post(f"{page_of(rows[0])}/conflict", data={"reason": "My sister works there"}).status_code == 302
    assert client.get(page_of(rows[0])).status_code == 403


def test_the_assessing_page_asks_the_database_five_times_open_or_finished(rows, as_, statements):
    make.give(rows[1], make.MARKS_OF_71)
    client, address = as_(rows[0].seat.person), page_of(rows[0])
    for _ in range(2):
        client.get(address)
        with statements() as seen:
            client.get(address)
        assert len(seen) <= 5, seen
        if rows[0].status == "assigned":
            make.give(rows[0], make.MARKS_OF_62)


def test_saving_one_criterion_asks_eight_times_three_of_them_for_the_log(rows, as_, statements):
    client, criterion = as_(rows[0].seat.person), criteria.criteria_of(rows[0].application.round_id)[0]
    address, json = f"{page_of(rows[0])}/criteria/{criterion.id}", {"Accept": "application/json"}
    for number, mark in enumerate(("3", "4")):
        data = {
            f"mark-{criterion.id}": mark,
            f"reason-{criterion.id}": "Well shown.",
            f"version-{criterion.id}": str(number),
        }
        with statements() as seen:
            assert client.post(address, data=data, headers=json).status_code == 200
        assert len(seen) <= 8, seen


def test_the_trend_of_a_ward_is_a_small_line_beside_its_table_and_a_small_number_stays_hidden(rows, as_):
    row = rows[0]
    where = row.application.round.fund.partnership
    dataset(where, {"Elvet": [40, 3, 52], "Esh": [7, 8]})
    make.answer(row.application, "places", ["Elvet", "Esh"])
    page = as_(row.seat.person).get(page_of(row)).text
    places = page.partition('<div class="needs">')[2].partition("Source:")[0]
    assert places.count('class="chart chart--spark"') == 2
    assert places.count('<table class="needs__years">') == 1
    assert '<th scope="row">Elvet</th><td>40</td><td>&lt;5</td><td>52</td>' in places
    assert '<th scope="row">Esh</th><td>7</td><td>8</td><td>–</td>' in places, (
        "a year that nobody counted is no other year's"
    )
    assert '<th scope="col">2020-21</th>' in places
    line = places.partition("Elvet, 2020-21 to 2022-23")[2].partition("</svg>")[0]
    assert "2021-22: &lt;5" in line
    assert "<polyline" not in line, "no line leads across the hidden year"
    assert line.count("<circle") == 2


def test_the_line_is_drawn_once_where_two_criteria_show_the_needs(rows, as_):
    row = rows[0]
    dataset(row.application.round.fund.partnership, {"Elvet": [40, 30, 52]})
    make.answer(row.application, "places", ["Elvet"])
    second = criteria.criteria_of(row.application.round_id)[1]
    second.shows = [*second.shows, "needs"]
    page = as_(row.seat.person).get(page_of(row)).text
    assert page.count('<table class="needs__years">') == 2
    assert page.count('class="chart chart--spark"') == 1
