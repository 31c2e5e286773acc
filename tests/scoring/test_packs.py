"""The decision pack: the same bytes from the same record, whatever the database, the keys, the day and the place."""

import io
import json
import locale
import os
import re
import time as clock_of_machine

import pikepdf
import pytest
from sqlalchemy import select, update

from fund.core import clock
from fund.core.database import db
from fund.core.jobs import run_job
from fund.core.pdf.document import draw, plain_text
from fund.people import grant_role
from fund.tables import Person, Round
from scoring import conflicts, draws, meetings, moderation, planning
from scoring.criteria import criteria_of
from scoring.pack import keeping
from scoring.pack.document import document_of, facts_of, pack_of
from scoring.pack.names import Names
from scoring.ranking import freeze_ranking
from scoring.tables import DecisionPack, Draw
from tests.checks.copies import copied_with_other_keys
from tests.core.pdf.pdf_helpers import failures
from tests.factories import fund as make
from tests.factories import scoring as given
from tests.kept import kept

LEAK = "Ask Petra Underhill on 07700 900123 or petra@hillside.example; account 12345678, sort code 12-34-56."


@pytest.fixture
@kept
def round(database):
    """Three bids: two agreed, one with a late conflict; a scenario, a draw held and signed, a recorded ranking."""
    of = given.round(pot_pence=1_500_000)
    chair = given.seat(of, "chair", label="The chair").person
    officer, head = make.staff("fund_officer", of), make.staff("head_of_fund", of)
    bids = [given.scored_bid(of, given.MARKS_OF_62, given.MARKS_OF_71, given.MARKS_OF_74) for _ in range(3)]
    conflicts.declare_late(bids[2][1][0], LEAK, by=bids[2][1][0].seat.person, now=clock.now())
    for bid, _ in bids[:2]:
        for each in criteria_of(of):
            moderation.agree_score(
                bid, each, mark=4, reason=f"Agreed on {each.code}. {LEAK}", by=chair, now=clock.now()
            )
        moderation.save_words(
            bid, strengths="Warm.", improvements="Measure more.", note=LEAK, by=chair, now=clock.now()
        )
        make.put(bid, "moderated", None)
    on = meetings.begin_meeting(of, by=chair, now=clock.now())
    meetings.everybody_is_here(on, of, by=chair, now=clock.now())
    meetings.take_up(on, meetings.items_of(on)[0], by=chair, now=clock.now())
    meetings.record_vote(on, meetings.items_of(on)[0], of, f"Agree. {LEAK}", (2, 0, 0), by=chair, now=clock.now())
    planning.save_scenario(of, "Two priorities", planning.Bounds(), by=officer, now=clock.now())
    draw_ = draws.publish_seed(of, "lottery 070809", {"1": 1}, by=officer, now=clock.now())
    draws.hold_draw(draw_, of, by=officer, now=clock.now())
    draws.sign_draw(draw_, of, by=head, now=clock.now())
    freeze_ranking(of, by=officer, now=clock.now())
    db.session.flush()
    of.people = officer, head
    return of


def words(pdf: bytes) -> str:
    """Every word of the file: the attached facts, and the pages' own plain text."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return opened.attachments["decision-pack.json"].get_file().read_bytes().decode()


def test_another_database_with_other_keys_gives_the_same_bytes(round, tmp_path):
    """Every key is another and runs the other way; on PostgreSQL's run the copy is an SQLite database."""
    prefix = round.prefix
    for redacted in (False, True):
        here = pack_of(round, redacted=redacted)
        with copied_with_other_keys(tmp_path / str(redacted)) as there:
            other = there.session.scalars(select(Round).where(Round.prefix == prefix)).one()
            assert other.id != round.id
            assert pack_of(other, redacted=redacted) == here


def test_another_day_place_and_language_give_the_same_bytes(round, time, monkeypatch):
    before, here = pack_of(round), locale.setlocale(locale.LC_ALL)
    time.move(days=400)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    clock_of_machine.tzset()
    try:
        for name in ("de_DE.UTF-8", "C.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            assert pack_of(round) == before
    finally:
        locale.setlocale(locale.LC_ALL, here)
        monkeypatch.undo()
        clock_of_machine.tzset()
    assert os.environ.get("TZ") != "Pacific/Kiritimati"


def test_a_changed_record_gives_another_file(round):
    before = pack_of(round)
    db.session.execute(update(moderation.AgreedScore).values(reason="Another reason."))
    db.session.expire_all()
    assert pack_of(round) != before


def test_both_copies_pass_the_standards_for_reading_and_for_keeping(round):
    assert failures(pack_of(round)) == []
    assert failures(pack_of(round, redacted=True)) == []


def test_it_holds_rules_criteria_seats_conflicts_scores_moderation_rankings_scenarios_and_draws(round):
    facts = facts_of(round)
    said = plain_text(document_of(facts))
    for words_of_it in ("Local need", "quorum 3", "The chair", "after opening", "Because of C3.", "Agreed on C7.", "Warm.", "“Two priorities”", "lottery 070809", "Void since a late conflict", "Ranking 1, recorded", "2 for, 0 against"):  # fmt: skip
        assert words_of_it in said, words_of_it
    assert len(facts["bids"]) == 3
    assert facts["about"]["record_until"] == "2026-02-03T12:00:00.000000+00:00"
    assert json.loads(words(draw(document_of(facts)))) == json.loads(json.dumps(facts))


def test_the_redacted_copy_names_nobody_and_shows_no_contact_or_bank_details(round):
    everybody = list(db.session.scalars(select(Person).order_by(Person.id)))
    for number, each in enumerate(everybody):  # the factory's "Person 3" is also how the copy calls somebody
        each.name = f"Wilfreda Somebody{number}"
    people = {each.name for each in everybody}
    facts = facts_of(round, redacted=True, strike=["Petra Underhill"])
    pack = draw(document_of(facts))
    said = words(pack) + plain_text(document_of(facts))
    for secret in (*people, "Petra", "Underhill", "07700", "hillside.example", "12345678", "12-34-56"):
        assert secret not in said, secret
    assert "[taken out]" in said
    assert facts["conflicts"][0]["reason"] == ""
    assert "Petra" in words(pack_of(round))


def test_the_seed_of_a_draw_stays_whole_in_the_redacted_copy_so_that_anyone_can_repeat_it(round):
    """Its figures may look like a telephone number or a sort code; it was published before the draw."""
    db.session.execute(update(Draw).values(seed="Lottery 4 11 23 31 38 52"))
    db.session.expire_all()
    [draw_] = facts_of(round, redacted=True)["draws"]
    assert draw_["seed"] == "Lottery 4 11 23 31 38 52"


def test_amounts_and_dates_stay_in_the_redacted_copy(round):
    names = Names(round, redacted=True)
    kept = "They ask £12,345,678.00 for 2026-02-03, 12 to 18 year olds, C1 and 100 of 250."
    assert names.text(kept) == kept


def test_the_button_makes_it_keeps_it_and_gives_it_out(round, as_):
    officer, *_ = round.people
    page = f"/office/rounds/{round.id}/decision-pack"
    client = as_(officer)
    assert "No pack yet" in client.get(page).text
    assert client.post(page, data={"do": "redacted", "strike": "Petra Underhill\n"}).status_code == 302
    pack = db.session.scalars(select(DecisionPack)).one()
    assert (pack.state, pack.redacted, pack.strike) == ("built", True, ["Petra Underhill"])
    shown = client.get(page).text
    assert pack.file.sha256[:16] in shown
    answer = client.get(f"{page}/{pack.id}")
    assert answer.data == pack_of(round, redacted=True, strike=["Petra Underhill"])
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_a_large_round_is_made_by_the_job_while_the_page_says_how_far(round, as_, monkeypatch, time):
    officer, *_ = round.people
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    page, client = f"/office/rounds/{round.id}/decision-pack", as_(officer)
    client.post(page, data={"do": "full"})
    assert "0 of 100" in client.get(page).text
    assert "is being made. Wait" in client.post(page, data={"do": "full"}).text
    heard = []
    whole = keeping._Progress.__call__
    monkeypatch.setattr(keeping._Progress, "__call__", lambda self, percent: heard.append(percent) or whole(self, percent))  # fmt: skip
    run = run_job("make_decision_packs", clock.now())
    assert (run.result, run.failed) == ("1 made", False)
    assert heard[0] == 0
    assert heard == sorted(heard)
    assert heard[-1] >= 50
    pack = db.session.scalars(select(DecisionPack)).one()
    assert pack.percent == 100
    assert pack.file.name == f"decision-pack-{round.prefix}.pdf"
    assert "0 of 100" not in client.get(page).text


def test_a_pack_that_a_process_left_half_made_is_taken_up_again(round, time):
    officer, *_ = round.people
    pack = keeping.ask_for_pack(round, redacted=False, strike=[], by=officer, now=clock.now())
    db.session.commit()
    assert keeping.claim(clock.now()) is pack
    assert keeping.claim(clock.now()) is None
    assert keeping.claim(time.move(minutes=16)) is pack


def test_the_command_writes_the_same_file(round, app, tmp_path):
    db.session.commit()
    path = tmp_path / "pack.pdf"
    found = app.test_cli_runner().invoke(args=["decision-pack", round.prefix, "--output", str(path)])
    assert found.exit_code == 0, found.output
    assert path.read_bytes() == pack_of(round)
    assert re.search(r"[0-9a-f]{64}", found.output)
    assert app.test_cli_runner().invoke(args=["decision-pack", "NO-SUCH"]).exit_code == 1


def test_who_declared_a_conflict_or_does_not_belong_here_gets_no_pack(round, as_):
    officer, *_ = round.people
    keeping.make_pack(
        keeping.ask_for_pack(round, redacted=False, strike=[], by=officer, now=clock.now()), now=clock.now()
    )
    db.session.commit()
    pack = db.session.scalars(select(DecisionPack)).one()
    page = f"/office/rounds/{round.id}/decision-pack"
    reader = given.seat(round, label="Recused officer").person
    grant_role(reader, "fund_officer", by=None, now=clock.now(), partnership=round.fund.partnership)
    bid = given.bid(round, status="in_scoring")
    conflicts.declare(given.assignments.assign(bid, given.panels.seat_in(reader, round.id), by=None, now=clock.now()), True, "A friend", by=reader, now=clock.now())  # fmt: skip
    db.session.commit()
    for address in (page, f"{page}/{pack.id}"):
        assert as_(reader).get(address).status_code == 403
        assert as_(make.person()).get(address).status_code == 404
        assert as_(make.staff("finance_officer", round)).get(address).status_code in (403, 404)
    assert as_(make.staff("auditor", round)).get(page).status_code == 200
    assert as_(make.staff("auditor", round)).post(page, data={"do": "full"}).status_code in (403, 404)
    assert as_(officer).get(f"/office/rounds/{make.round().id}/decision-pack/{pack.id}").status_code in (403, 404)
