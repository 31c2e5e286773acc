"""What came of a round: the public sees accepted returns only, never a small number, and can take every figure away."""

import csv
import io
from datetime import date

import pypdf
import pytest
from docx import Document

from evaluation.outcomes_reading import facts_of
from evaluation.release import release_of
from evaluation.returns import Measured
from evaluation.stories import publish_story
from fund.core import clock
from fund.core.database import db
from fund.rounds import load_round
from fund.tables import Priority
from tests.factories import evaluation as make
from tests.factories import fund as people
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def award_reaching(round, count: int, priority: int = 0, **facts):
    """An award whose first return, with this many people, is accepted."""
    award = make.award(round, priority_id=_priorities(round)[priority].id, **facts)
    make.accepted(make.period(award, 1), people_count=count, measured={})
    return award


def _priorities(round):
    found = list(db.session.query(Priority).filter_by(strategy_id=round.strategy_id).order_by(Priority.position))
    while len(found) < 4:
        found.append(people.priority(round.strategy, code=str(len(found) + 1), position=len(found) + 1))
    return found


@pytest.fixture
@kept
def round(database):
    return make.round()


@pytest.fixture
@kept
def small(round):
    """The row of design rule 15: 12, 7, 3 and 0 people of 22, by priority."""
    for priority, count in enumerate((12, 7, 3, 0)):
        award_reaching(round, count, priority)
    return round


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


def test_12_7_3_0_of_22_is_shown_as_12_c_less_than_5_0_22_on_the_page_and_in_the_file(client, small):
    """Design rule 15, in the table, in the chart and in the download alike."""
    shown = rows_of(client.get(f"/outcomes/{small.id}/priority.csv").text)
    assert [row[3] for row in shown[1:]] == ["12", "[c]", "<5", "0", "22"]
    page = client.get(f"/outcomes/{small.id}").text
    chart = page[
        page.index('id="chart-priority-title"') : page.index("</svg>", page.index('id="chart-priority-title"'))
    ]
    assert "[c]" in chart
    assert "&lt;5" in chart
    assert ">7<" not in chart
    assert ">3<" not in chart
    table = page[page.index("</svg>", page.index('id="chart-priority-title"')) :]
    cells = [
        part.split("</td>")[0].split(">")[-1] for part in table.split("<tbody")[1].split("</tbody>")[0].split("<td")
    ]
    assert [cells[at + 3] for at in range(0, 25, 5)] == ["12", "[c]", "&lt;5", "0", "22"]


def test_staff_see_the_counts_themselves(as_, small):
    manager = people.staff("grant_manager", small)
    shown = rows_of(as_(manager).get(f"/office/rounds/{small.id}/outcomes/priority.csv").text)
    assert [row[3] for row in shown[1:]] == ["12", "7", "3", "0", "22"]
    page = as_(manager).get(f"/office/rounds/{small.id}/outcomes").text
    assert f"/office/returns?round={small.id}&amp;priority=3&amp;state=accepted" in page


def test_evaluators_and_the_public_are_shown_the_same_cells(client, as_, small):
    evaluator = as_(people.staff("evaluator", small))
    for table in ("priority", "level", "strand", "place", "quarter"):
        mine = rows_of(evaluator.get(f"/evaluation/rounds/{small.id}/{table}.csv").text)
        assert mine == rows_of(client.get(f"/outcomes/{small.id}/{table}.csv").text)
    crossed = rows_of(evaluator.get(f"/evaluation/rounds/{small.id}/priority-level.csv").text)
    assert [row[-1] for row in crossed[1:]] == ["12", "[c]", "<5", "0", "22"]
    assert client.get(f"/outcomes/{small.id}/priority-level.csv").status_code == 404


def test_only_accepted_returns_count(client, round):
    award = award_reaching(round, 20)
    before = rows_of(client.get(f"/outcomes/{round.id}/priority.csv").text)
    make.sent(make.period(award, 2), people_count=4_321)
    make.draft(make.period(award, 3), people_count=8_765)
    assert rows_of(client.get(f"/outcomes/{round.id}/priority.csv").text) == before
    page = client.get(f"/outcomes/{round.id}").text
    assert "4,321" not in page
    assert "8,765" not in page
    assert "1 of 3 returns that were due" in page


def test_the_headline_says_people_money_and_how_many_answered(client, round):
    first, second = make.award(round), make.award(round)
    for award, value, asked, answered in ((first, 80, 20, 10), (second, 50, 30, 20)):
        completing, wellbeing = make.report(make.period(award, 1)).measured
        measured = {completing: Measured(9), wellbeing: Measured(value, asked, answered)}
        make.accepted(make.period(award, 1), people_count=15, measured=measured, spent_pence=594_000)
    page = " ".join(client.get(f"/outcomes/{round.id}").text.split())
    for words in (
        ">30<",
        "of 84 promised",
        ">£11,880<",
        "of £36,000 awarded",
        ">£396<",
        ">60 %<",
        "(of 60 % who answered)",
    ):
        assert words in page, words


def test_a_rate_that_tells_of_few_people_is_hidden(round, database):
    award = make.award(round)
    completing, wellbeing = make.report(make.period(award, 1)).measured
    make.accepted(make.period(award, 1), measured={completing: Measured(9), wellbeing: Measured(90, 20, 10)})
    (row,) = release_of(facts_of(load_round(round.id)), 5).tables["rate"].rows
    assert row[3] == "[c]", "one of ten did not get better"
    (row,) = release_of(facts_of(load_round(round.id)), 0).tables["rate"].rows
    assert row[3] == 90


def test_people_of_a_project_in_several_wards_are_shared_and_add_up(round, database):
    award_reaching(round, 23, places=["Seaham", "Crook", "Shildon"])
    table = release_of(facts_of(load_round(round.id)), 0).tables["place"]
    assert table.rows == (("Crook", 8), ("Seaham", 8), ("Shildon", 7))
    assert table.total == ("All", 23)


def test_quarters_that_nobody_reported_leave_a_gap(round, database):
    award_reaching(round, 23)
    rows = release_of(facts_of(load_round(round.id)), 5).tables["quarter"].rows
    assert rows == (("Jan 2025", 23, 14), ("Apr 2025", None, 14), ("Jul 2025", None, 14))


def test_stories_are_public_once_an_officer_published_them(client, round):
    award = make.award(round)
    row = make.accepted(make.period(award, 1), story="Jo was helped", story_consent=True)
    assert "Jo was helped" not in client.get(f"/outcomes/{round.id}").text
    publish_story(row, "A girl was helped", by=people.staff("grant_manager", round), now=clock.now())
    page = client.get(f"/outcomes/{round.id}").text
    assert "A girl was helped" in page
    assert "Jo was helped" not in page
    assert page.index("People reached: ") < page.index("A girl was helped")  # the figure that it explains


def test_outcome_pages_take_at_most_ten_statements_however_many_awards(client, as_, round, statements):
    manager, evaluator = as_(people.staff("grant_manager", round)), as_(people.staff("evaluator", round))
    addresses = [
        (client, f"/outcomes/{round.id}"), (manager, f"/office/rounds/{round.id}/outcomes"),
        (evaluator, f"/evaluation/rounds/{round.id}"), (client, "/outcomes"), (client, "/funded"),
    ]  # fmt: skip
    counts = []
    for _ in range(2):
        for count in (14, 3):
            award_reaching(round, count, places=["Seaham", "Crook"])
        for who, address in addresses:
            with statements() as seen:
                assert who.get(address).status_code == 200
            assert len(seen) <= 10, (address, len(seen))
            counts.append(len(seen))
    assert counts[:5] == counts[5:]


def test_rounds_without_awards_or_not_public_have_no_page(client, round, database):
    assert client.get(f"/outcomes/{round.id}").status_code == 404
    assert "Nothing to show yet" in client.get("/outcomes").text
    hidden = make.round(published=False)
    assert client.get(f"/outcomes/{hidden.id}").status_code == 404
    assert client.get("/outcomes/999999").status_code == 404
    award_reaching(round, 12)
    assert round.title in client.get("/outcomes").text
    assert client.get(f"/outcomes/{round.id}/secrets.csv").status_code == 404


def test_rounds_with_awards_come_first_for_evaluators_who_find_the_reference_too(as_, small):
    coming = people.round(small.fund.partnership, delivery_start_on=date(2027, 1, 1), delivery_end_on=date(2027, 12, 31))  # fmt: skip
    evaluator = as_(people.staff("evaluator", small.fund.partnership))
    page = evaluator.get("/evaluation/rounds").text
    assert page.index(f">{small.title}<") < page.index(f">{coming.title}<")
    assert "No awards yet" in page
    assert 'href="/evidence"' in page
    assert 'href="/office/indicators"' in page
    assert 'href="/evaluation/rounds"' in evaluator.get("/office/indicators").text


def test_evaluators_see_their_rounds_only_and_no_people(as_, small):
    lead = make.lead(make.award(small))
    evaluator = as_(people.staff("evaluator", small))
    assert small.title in evaluator.get("/evaluation/rounds").text
    page = evaluator.get(f"/evaluation/rounds/{small.id}").text
    assert lead.name not in page
    assert lead.email not in page
    for stranger in (people.staff("evaluator", people.round()), people.person(), people.staff("grant_manager", small)):
        assert as_(stranger).get(f"/evaluation/rounds/{small.id}").status_code == 404
        assert as_(stranger).get(f"/evaluation/rounds/{small.id}/priority.csv").status_code == 404
    assert as_(people.staff("evaluator", small)).get(f"/office/rounds/{small.id}/outcomes").status_code == 404


def test_events_about_people_are_hidden_when_few(round, database):
    outcomes = [{"indicator": "EXCL", "measure": "suspensions", "baseline": "9", "target": 5, "unit": "count"}]
    award = make.award(round, outcomes=outcomes)
    (key,) = make.report(make.period(award, 1)).measured
    make.accepted(make.period(award, 1), measured={key: Measured(2)})
    assert release_of(facts_of(load_round(round.id)), 5).tables["other"].rows == (("Suspensions (count)", 1, 5, "<5"),)


def test_the_public_takes_the_page_away_as_a_paper_with_the_same_figures_and_nothing_hidden_shown(small, client):
    page = client.get(f"/outcomes/{small.id}").text
    for kind in ("pdf", "docx"):
        assert f'href="/outcomes/{small.id}?format={kind}"' in page
    pdf = client.get(f"/outcomes/{small.id}?format=pdf")
    assert pdf.mimetype == "application/pdf"
    words = " ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(pdf.data)).pages)
    word = Document(io.BytesIO(client.get(f"/outcomes/{small.id}?format=docx").data))
    cells = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert "22 of" in words
    shown = [row[3] for row in cells if len(row) == 6 and row[0][:1].isdigit()]
    assert shown == ["12", "[c]", "<5", "0"]
    assert "How sure are we?" in words


def test_the_paper_is_made_in_as_many_statements_as_the_page(small, client, statements):
    client.get(f"/outcomes/{small.id}")
    with statements() as page:
        client.get(f"/outcomes/{small.id}")
    with statements() as paper:
        client.get(f"/outcomes/{small.id}?format=docx")
    assert len(paper) == len(page)
