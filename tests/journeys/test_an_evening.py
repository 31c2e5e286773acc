"""An evening of 15 bids: by the keyboard alone, and without scripts with at most 12 clicks a bid besides typing."""

import pytest
from sqlalchemy import delete, select, update

from applications.tables import Application
from fund.core.clock import now
from fund.core.database import db
from scoring.tables import Assignment, Conflict, Quote, Score, Seal, Seat, SectionRead

from .story import says
from .test_by_keyboard import walk_to

pytestmark = pytest.mark.journey
BIDS, MOST_CLICKS = 15, 12
REASON = "Says who, where and when."


@pytest.fixture
def evening(site) -> list[int]:
    """The keys of 15 readings that Wren has before her, nothing marked yet; every bid has its yes or no."""
    wren = site.person("assessor_wren")
    with site.app.app_context():
        mine = select(Assignment).join(Seat, Seat.id == Assignment.seat_id).join(Application)
        scored = select(Application.round_id).where(Application.status == "in_scoring")
        query = mine.where(Seat.person_id == wren.id, Application.round_id.in_(scored))
        every = list(
            db.session.scalars(query.where(Assignment.status.in_(("assigned", "sealed"))).order_by(Assignment.id))
        )
        rows, rest = every[:BIDS], every[BIDS:]
        keys, bids = [each.id for each in rows], [each.application_id for each in rows]
        for model in (Quote, SectionRead, Seal, Score):
            db.session.execute(delete(model).where(model.assignment_id.in_(keys)))
        table, bid = Assignment.__table__, Application.__table__
        db.session.execute(update(table).where(table.c.id.in_(keys)).values(status="assigned", sealed_at=None))
        db.session.execute(update(bid).where(bid.c.id.in_(bids)).values(status="in_scoring"))
        left = [each.id for each in rest]
        db.session.execute(update(table).where(table.c.id.in_(left)).values(status="excused", sealed_at=None))
        seat = rows[0].seat_id
        said = set(db.session.scalars(select(Conflict.application_id).where(Conflict.seat_id == seat)))
        for key in set(bids) - said:
            db.session.add(Conflict(application_id=key, seat_id=seat, conflicted=False, declared_at=now()))
        db.session.commit()
    return keys


def sealed(site, keys: list[int]) -> list[tuple[str, list[tuple[int | None, str | None]]]]:
    """What is kept of each reading: its state, and (mark, reason) in the order of the criteria."""
    found = []
    with site.app.app_context():
        for key in keys:
            rows = db.session.scalars(select(Score).where(Score.assignment_id == key).order_by(Score.criterion_id))
            found.append((db.session.get_one(Assignment, key).status, [(row.mark, row.reason) for row in rows]))
    return found


def marks_for(number: int, criteria: int) -> list[int]:
    return [1 + (number + place) % 5 for place in range(criteria)]


def expected(criteria: int) -> list[tuple[str, list[tuple[int, str]]]]:
    return [("sealed", [(mark, REASON) for mark in marks_for(number, criteria)]) for number in range(BIDS)]


def test_fifteen_bids_with_the_keyboard_alone(evening, site, visit):
    """n, a digit, the reason, Escape, and on; the next bid opens by itself. The mouse is never touched."""
    wren = visit("assessor_wren").go("/assessing")
    page, keyboard = wren.page, wren.page.keyboard
    walk_to(wren, "main a.govuk-button[href^='/assessing/']")
    keyboard.press("Enter")
    for number in range(BIDS):
        page.wait_for_url(f"**/assessing/{evening[number]}*")
        page.locator("[data-keys]:not([hidden])").wait_for(state="attached")
        assert page.locator(".evening__place strong").inner_text() == f"{number + 1} of {BIDS}"
        criteria = page.locator("[data-criterion]").count()
        for mark in marks_for(number, criteria):
            keyboard.press("n")
            keyboard.press(str(mark))
            keyboard.insert_text(REASON)
            keyboard.press("Escape")
        walk_to(wren, "main button[value=seal]", 20)
        keyboard.press("Enter")
    page.wait_for_url("**/assessing")
    says(wren, "is finished")
    assert sealed(site, evening) == expected(criteria)


class Counting:
    """Clicks of one bid, counted."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.clicks += 1


def test_fifteen_bids_without_scripts_in_twelve_clicks_each(evening, site, visit):
    """One click says that the bid is read, one gives each mark, Tab leads to its reason, one finishes and opens the next."""
    wren = visit("assessor_wren", java_script_enabled=False).go("/assessing")
    wren.page.get_by_role("button", name="Go on with").first.click()
    most = 0
    for number in range(BIDS):
        wren.page.wait_for_url(f"**/assessing/{evening[number]}*")
        counting = Counting(wren.page)
        counting.click("button[value=all]")
        assert not wren.page.locator(".sections__mark--not").count()
        sections = wren.page.locator("[data-criterion]")
        criteria = sections.count()
        for place, mark in enumerate(marks_for(number, criteria)):
            counting.click(f"[data-criterion] >> nth={place} >> input[value='{mark}']")
            wren.page.keyboard.press("Tab")
            wren.page.keyboard.insert_text(REASON)
        counting.click("button[value=seal]:visible")
        most = max(most, counting.clicks)
    assert most <= MOST_CLICKS, f"{most} clicks"
    says(wren, "is finished")
    assert sealed(site, evening) == expected(criteria)
