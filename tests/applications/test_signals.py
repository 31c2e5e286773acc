"""Signals about bids: what two groups have in common is found, told to staff alone, answered once, and holds what it must."""

import random
import time as watch

import pytest

from applications.answers import answers_of, save_answer
from applications.applications import start_application
from applications.form_design import freeze_form
from applications.forms import form_of
from applications.screening import find_eligible, record_machine_findings
from applications.signals import answering, comparing, texts
from applications.signals.hooks import finders
from applications.standard_form import use_standard_form
from applications.submission import submit_application, take_back
from applications.tables import Application, BidPrint, Signal, SignalAnswer
from fund.core import clock
from fund.core.database import db
from fund.core.jobs import JOBS
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.names import likeness, organisation_key
from fund.organisations import change_organisation
from fund.people import grant_role
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept

LONG = (
    "On Friday nights the bus station fills with young people who have nowhere else to go. Last winter the police counted nineteen fights "
    "there and three of our own members were hurt. We open the hall next door from seven until eleven with two youth workers, food, music "
    "and a quiet room, and we walk the last ones home along the river path."
)
OTHER = (
    "Women who leave a violent partner often lose their home in the same week. Our advisers sit in the housing office each Tuesday and "
    "Thursday, speak with the landlord, find a safe flat and furnish it with what neighbours give. Children keep their school because we "
    "pay for the taxi until a place nearer by is found for every one of them."
)


def of(round, name="", *, legal_form="cio", values=None, **facts):
    """A sent bid of an organisation with these facts."""
    lead = make.person()
    organisation = make.organisation(lead, legal_form=legal_form, **({"name": name} if name else {}) | facts)
    return make_bid.submitted(lead, round, organisation=organisation, **(values or {}))


@pytest.fixture
@kept
def round(database):
    return make_bid.open_round()


@pytest.fixture
@kept
def officer(round):
    return make.staff("fund_officer", round)


def kinds(bid) -> list[str]:
    return [each.signal.kind for each in answering.signals_of(bid)]


def another_round(round):
    """A second open round of the same partnership, with its form."""
    later = make.round(round.fund.partnership)
    use_standard_form(later, by=None, now=clock.now())
    freeze_form(later, by=None, now=clock.now())
    return later


@pytest.mark.parametrize(
    ("one", "another", "are_near"),
    [
        ("The Corner Café CIC", "Corner Cafe", True),
        ("Peterlee Boxing Club Ltd", "Boxing Club, Peterlee", True),
        ("Durham Youth Project", "Durham Youth Projects", True),
        ("St John's Hall", "St. Johns Hall", True),
        ("1st Durham Scouts", "2nd Durham Scouts", False),
        ("Marra Mentors", "Lamplight Mentors", False),
        ("The CIC", "Ltd", False),
        ("", "", False),
    ],
)
def test_names_are_compared_without_their_writing(one, another, are_near):
    assert bool(likeness(organisation_key(one), organisation_key(another))) is are_near


def test_a_near_same_name_is_a_signal_for_both_bids(round):
    first = of(round, "The Corner Café CIC", address="1 High Street")
    second = of(round, "Corner Cafe", address="2 High Street")
    assert kinds(first) == kinds(second) == ["name"]
    (shown,) = answering.signals_of(first)
    assert shown.lines_of(first) == ["The Corner Café CIC"]
    assert shown.lines_of(second) == ["Corner Cafe"]


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [
        ("12 North Road", "12, North Rd", True),
        ("12 North Road", "14 North Road", False),
        ("The Old Chapel", "14 North Road", True),
        ("Flat 3, 12 North Road", "12 North Road", True),
    ],
)
def test_one_postcode_is_a_signal_unless_the_house_numbers_differ(round, mine, theirs, found):
    of(round, "Alpha Group", address=mine, postcode="DH1 1AA")
    assert kinds(of(round, "Omega Trust", address=theirs, postcode="DH1 1AA")) == (["address"] if found else [])


def test_a_building_that_many_share_is_no_signal_without_a_house_number(round):
    names = ("Alpha Group", "Beacon Trust", "Castle Youth", "Delta Women")
    bids = [of(round, name, postcode="DH1 1AA") for name in names]
    assert kinds(bids[-1]) == []


def test_one_telephone_number_is_found_however_it_is_written(round):
    of(round, "Alpha Group", phone="01632 960 101", address="1 High Street")
    assert kinds(of(round, "Omega Trust", phone="+44 (0)1632 960101", address="2 High Street")) == ["phone"]


def test_one_person_who_signs_for_two_groups_is_a_signal(round):
    people = [{"name": "Jo Bell", "role": "Chair"}, {"name": "Sam Reed", "role": "Treasurer"}]
    again = [{"name": "BELL Jo", "role": "Treasurer"}, {"name": "Kim Lee", "role": "Chair"}]
    facts = {"legal_form": "unincorporated", "values": {"signatories": people}}
    first = of(round, "Alpha Group", address="1 High Street", **facts)
    second = of(round, "Omega Group Walkers", address="2 High Street", **facts | {"values": {"signatories": again}})
    assert kinds(second) == ["signatory"]
    assert "Jo Bell: signatory" in answering.signals_of(second)[0].lines_of(first)


# Texts -------------------------------------------------------------------------------------------------------------------


def test_copied_texts_with_some_words_changed_are_found_and_other_texts_are_not(round):
    changed = LONG.replace("nineteen", "twelve"), OTHER.replace("taxi", "minibus")
    first = of(round, "Alpha Group", address="1 High Street", values={"Q2": LONG, "Q5": OTHER})
    second = of(round, "Omega Trust", address="2 High Street", values={"Q4": changed[0], "Q6": changed[1]})
    assert kinds(of(round, "Castle Women", address="3 High Street")) == []
    (shown,) = answering.signals_of(second)
    assert shown.signal.kind == "text"
    assert "2 answers read nearly the same" in shown.signal.facts["says"]
    for bid, question in ((first, "Q2"), (second, "Q4")):
        assert form_of(bid).by_key[question].text in " ".join(shown.lines_of(bid))
        assert "two youth workers food music and a quiet room" in " ".join(shown.lines_of(bid))


def test_a_paragraph_inside_a_longer_answer_is_found(round):
    of(round, "Alpha Group", address="1 High Street", values={"Q2": LONG})
    longer = of(round, "Omega Trust", address="2 High Street", values={"Q2": f"{OTHER} {LONG}"})
    assert kinds(longer) == ["text"]
    assert texts.passage(LONG, f"{OTHER} {LONG}").startswith("on friday nights the bus station")
    assert texts.passage(LONG, OTHER) == ""


def test_what_more_than_five_organisations_write_is_nobodys(round):
    names = ("Alpha Group", "Beacon Trust", "Castle Youth", "Delta Women", "Echo Hall", "Foxtrot Farm")
    bids = [of(round, name, address=f"{place} High Street", values={"Q2": LONG}) for place, name in enumerate(names)]
    assert len(answering.signals_of(bids[4])) == 4
    comparing.compare_round(round, now=clock.now())
    assert [kinds(bid) for bid in bids] == [[]] * 6


def test_the_forms_own_example_may_be_copied(round):
    example = LONG + " Written by the fund as an example of a good answer."
    form = make_bid.form_of(make_bid.draft(round=round))
    common = texts.common_runs([example])
    assert texts.print_of(example, common) == []
    assert texts.passage(example, example, common) == ""
    assert form.by_key["Q2"].example or form.by_key["Q2"].help


def test_a_text_taken_over_from_ones_own_last_bid_is_no_signal(round):
    round.bids_per_organisation = 2
    first = of(round, "Alpha Group", values={"Q2": LONG})
    lead, organisation = first.collaborators[0].person, first.organisation
    second = start_application(round, organisation, by=lead, now=clock.now())
    make_bid.answer(second, lead, **make_bid.complete_values(Q2=LONG))
    submit_application(second, lead.name, "Chair", by=lead, now=clock.now())
    assert kinds(first) == kinds(second) == []


def test_earlier_rounds_of_the_partnership_are_compared_and_other_partnerships_are_not(round):
    earlier = another_round(round)
    of(earlier, "Alpha Group", address="1 High Street", values={"Q2": LONG})
    of(make_bid.open_round(), "Far Away Group", address="1 High Street", phone="01632 960101", values={"Q2": LONG})
    found = of(round, "Omega Trust", address="2 High Street", phone="01632 960101", values={"Q2": LONG})
    assert kinds(found) == ["text"]
    assert answering.signals_of(found)[0].signal.other.round_id == earlier.id


def test_two_hundred_bids_of_ten_texts_are_compared_in_well_under_two_seconds(round, statements):
    """All against all, fingerprints included, in the process's own time: other work may share the machine."""
    dice = random.Random(7)
    words = [f"word{number}" for number in range(3000)]

    def text() -> str:
        return " ".join(dice.choices(words, k=150))

    template = of(round, "Alpha Group", address="1 High Street")
    asked = [question for question in form_of(template).questions if question.kind == "long_text"][:10]
    rows = []
    for number in range(199):
        organisation = make.organisation(name=f"Group {text()[:40]}", address=f"{number + 10} High Street")
        bid = type(template)(
            round_id=round.id, organisation_id=organisation.id, form_id=template.form_id, reference=f"Z-{number}", created_at=clock.now(),
            created_by_id=template.created_by_id,
        )  # fmt: skip
        db.session.add(bid)
        db.session.flush()
        bid.submitted_at = clock.now()
        make.put(bid, "submitted", None)
        rows += [{"application_id": bid.id, "question_id": question.id, "value": text(), "digest": "-", "version": 1, "saved_at": clock.now(), "saved_by_id": template.created_by_id} for question in asked]  # fmt: skip
    rows[-1]["value"] = rows[0]["value"]
    table = next(iter(answers_of(template).values())).__table__
    db.session.execute(table.insert(), rows)
    began = watch.process_time()
    with statements() as seen:
        assert comparing.compare_round(round, now=clock.now()) == 1
    assert watch.process_time() - began < 2
    assert len(seen) < 20
    again = watch.process_time()
    assert comparing.compare_bid(template, now=clock.now()) == 0
    assert watch.process_time() - again < 1


# Coming, going, coming back ----------------------------------------------------------------------------------------------


@pytest.fixture
@kept
def pair(round):
    """Two bids with one telephone number."""
    first = of(round, "Alpha Group", phone="01632 960101", address="1 High Street")
    return first, of(round, "Omega Trust", phone="01632 960101", address="2 High Street")


def test_an_answer_is_kept_with_who_and_when_and_does_not_come_back(pair, officer, round, time):
    (shown,) = answering.signals_of(pair[0])
    answering.answer_signal(shown, "fine", "One centre answers for both; I rang it.", by=officer, now=clock.now())
    time.move(hours=5)
    JOBS["compare_bids"].run(clock.now())
    (again,) = answering.signals_of(pair[1])
    assert (again.answer.answer, again.answer.answered_by, again.is_open) == ("fine", officer, False)
    with pytest.raises(WrongMoment, match="answered this already"):
        answering.answer_signal(again, "fine", "Once more the same.", by=officer, now=clock.now())
    later = another_round(round)
    lead = pair[1].collaborators[0].person
    next_bid = make_bid.submitted(lead, later, organisation=pair[1].organisation, Q2=OTHER)
    assert [each.answer.answer for each in answering.signals_of(next_bid)] == ["fine"]


def test_changed_facts_ask_again(pair, officer):
    (shown,) = answering.signals_of(pair[0])
    answering.answer_signal(shown, "fine", "One centre answers for both; I rang it.", by=officer, now=clock.now())
    for bid in pair:
        change_organisation(bid.organisation, by=officer, now=clock.now(), phone="01632 960222")
    comparing.compare_round(pair[0].round, now=clock.now())
    (again,) = answering.signals_of(pair[0])
    assert again.answer is None
    assert Signal.query.filter(Signal.gone_at.is_not(None)).count() == 1


def test_what_is_no_longer_true_goes_and_an_answer_is_there_when_it_returns(pair, officer):
    (shown,) = answering.signals_of(pair[0])
    answering.answer_signal(shown, "fine", "One centre answers for both; I rang it.", by=officer, now=clock.now())
    change_organisation(pair[0].organisation, by=officer, now=clock.now(), phone="01632 960333")
    comparing.compare_round(pair[0].round, now=clock.now())
    assert answering.signals_of(pair[0]) == []
    change_organisation(pair[0].organisation, by=officer, now=clock.now(), phone="01632 960101")
    comparing.compare_round(pair[0].round, now=clock.now())
    assert [each.answer.answer for each in answering.signals_of(pair[0])] == ["fine"]


def test_a_bid_that_was_taken_back_shows_nothing_until_it_is_sent_again(pair):
    lead = pair[1].collaborators[0].person
    take_back(pair[1], by=lead, now=clock.now())
    assert answering.signals_of(pair[0]) == []
    submit_application(pair[1], lead.name, "Chair", by=lead, now=clock.now())
    assert kinds(pair[0]) == ["phone"]
    assert Signal.query.count() == 1


def test_an_answer_that_was_changed_after_sending_is_compared_by_the_job(round, officer, time):
    first = of(round, "Alpha Group", address="1 High Street", values={"Q2": LONG})
    second = of(round, "Omega Trust", address="2 High Street")
    assert kinds(first) == []
    time.move(hours=1)
    lead = second.collaborators[0].person
    take_back(second, by=lead, now=clock.now())
    row = answers_of(second)["Q4"]
    save_answer(second, form_of(second).by_key["Q4"], LONG, row.version, by=lead, now=clock.now())
    db.session.flush()
    second.submitted_at = clock.now()
    make.put(second, "submitted", None)
    JOBS["compare_bids"].run(clock.now())
    assert kinds(first) == ["text"]
    assert BidPrint.query.count() == 2


@pytest.mark.parametrize(
    ("answer", "reason", "said"), [("fine", "ok", "Say why"), ("maybe", "A long enough reason", "Choose")]
)
def test_an_answer_needs_its_reason(pair, officer, answer, reason, said):
    (shown,) = answering.signals_of(pair[0])
    with pytest.raises(Problem, match=said):
        answering.answer_signal(shown, answer, reason, by=officer, now=clock.now())
    assert SignalAnswer.query.count() == 0


def test_nobody_answers_for_a_bid_of_their_own(pair, officer):
    make.member(pair[1].organisation, officer)
    (shown,) = answering.signals_of(pair[0])
    with pytest.raises(Forbidden):
        answering.answer_signal(shown, "fine", "They are honest, I know them.", by=officer, now=clock.now())


# Holding -----------------------------------------------------------------------------------------------------------------


def test_a_bid_that_an_officer_holds_is_not_found_eligible_before_it_is_answered(pair, officer):
    record_machine_findings(pair[0], by=officer, now=clock.now())
    (shown,) = answering.signals_of(pair[0])
    answering.answer_signal(shown, "held", "Waiting for the treasurer to ring back.", by=officer, now=clock.now())
    with pytest.raises(Problem, match="is held: “Same telephone number”") as refused:
        find_eligible(pair[0], by=officer, now=clock.now())
    assert "Omega" not in refused.value.sentence
    assert pair[1].reference not in refused.value.sentence
    (shown,) = answering.signals_of(pair[0])
    answering.answer_signal(shown, "fine", "The treasurer rang: one centre, two groups.", by=officer, now=clock.now())
    find_eligible(pair[0], by=officer, now=clock.now())
    assert pair[0].status == "eligible"


def test_an_unanswered_telephone_number_holds_nothing(pair, officer):
    record_machine_findings(pair[0], by=officer, now=clock.now())
    find_eligible(pair[0], by=officer, now=clock.now())


# Pages -------------------------------------------------------------------------------------------------------------------


def test_staff_see_both_sides_and_answer(pair, officer, round, as_):
    office, key = as_(officer), Signal.query.one().id
    here = f"/office/applications/{pair[0].id}"
    for page in (here, f"{here}/screening", f"/office/rounds/{round.id}/signals", f"{here}/signals/{key}"):
        text = office.get(page).text
        assert "Same telephone number" in text, page
        assert "Omega Trust" in text, page
    assert "Answer 1 signal" in office.get("/office").text
    refused = office.post(f"{here}/signals/{key}", data={"answer": "fine", "reason": "no"})
    assert "Say why, in a few words" in refused.text
    done = office.post(f"{here}/signals/{key}", data={"answer": "held", "reason": "Waiting for a call back."}, follow_redirects=True)  # fmt: skip
    assert "Your answer is kept." in done.text
    assert "This bid cannot be found eligible" in done.text
    assert "Waiting for a call back." in office.get(f"/office/applications/{pair[1].id}").text
    for show, there in (("open", True), ("held", True), ("answered", False), ("all", True), ("nonsense", True)):
        text = office.get(f"/office/rounds/{round.id}/signals?show={show}").text
        assert ("Omega Trust" in text) is there, show
    assert "Omega Trust" not in office.get(f"/office/rounds/{round.id}/signals?kind=text&show=all").text


@pytest.fixture
@kept
def many(round):
    """Three hundred and one signals between forty-seven bids; of 120 of them somebody said that they are no problem."""
    lead, form_id = make.person(), make_bid.draft(round=round).form_id
    bids = []
    for number in range(47):
        organisation = make.organisation(name=f"Group {number:02} of the river")
        bid = Application(
            round_id=round.id, organisation_id=organisation.id, form_id=form_id, reference=f"Z-{number:02}", created_at=clock.now(),
            created_by_id=lead.id,
        )  # fmt: skip
        db.session.add(bid)
        db.session.flush()
        bid.submitted_at = clock.now()
        bids.append(make.put(bid, "submitted", None))
    pairs = [(later, earlier) for place, later in enumerate(bids) for earlier in bids[max(0, place - 7) : place]][:301]
    for number, (later, earlier) in enumerate(pairs):
        facts = {
            "says": f"Finding {number}.",
            "sides": {str(later.id): [f"=mine {number}"], str(earlier.id): ["theirs"]},
        }
        kind = "bank" if number % 100 == 0 else "phone"
        db.session.add(Signal(application_id=later.id, other_id=earlier.id, kind=kind, facts=facts, digest=f"d{number}", mark=f"m{number}", found_at=clock.now()))  # fmt: skip
    db.session.flush()
    for row in Signal.query.filter(Signal.kind == "phone").order_by(Signal.id).limit(120):
        db.session.add(SignalAnswer(signal_id=row.id, answer="fine", reason="One centre for both.", answered_at=clock.now(), answered_by_id=lead.id))  # fmt: skip
    db.session.commit()
    return pairs


def test_some_hundred_signals_are_paged_sorted_found_and_taken_away(many, round, officer, as_, statements):
    client, here = as_(officer), f"/office/rounds/{round.id}/signals"
    client.get(here)
    for address in (here, f"{here}?show=all&page=3&sort=-organisation", f"{here}?show=answered&q=group+1", f"{here}?show=all&format=csv"):  # fmt: skip
        with statements() as seen:
            assert client.get(address).status_code == 200
        assert len(seen) <= 10, "\n".join(seen)
    first = client.get(here).text
    assert "181 of 301 signals, 181 without an answer" in first
    assert first.count("<tr") == 51
    assert first.index("Holds both bids") < first.index("To answer</strong>"), "what holds a bid stands first"
    assert "page=4" in first
    assert client.get(f"{here}?page=4").text.count("<tr") == 32
    assert "4 of 301 signals" in client.get(f"{here}?kind=bank&show=held").text
    assert "120 of 301 signals" in client.get(f"{here}?show=answered").text
    assert "7 of 301 signals" in client.get(f"{here}?show=all&q=z-00").text, "a bid is found on either side"
    assert "No signal fits" in client.get(f"{here}?q=nothing%25like").text
    upwards, downwards = (client.get(f"{here}?show=all&sort={sort}").text for sort in ("bid", "-bid"))
    assert "Z-01</span></td>" in upwards
    assert "Z-01</span></td>" not in downwards
    assert 'aria-sort="descending"' in downwards
    csv = client.get(f"{here}?show=answered&sort=-bid&format=csv")
    lines = csv.get_data(as_text=True).splitlines()
    assert len(lines) == 121
    assert "Not a problem" in lines[1]
    assert "'=mine" in lines[1], "no cell starts a formula"
    assert csv.headers["Content-Disposition"].endswith(f"signals-of-round-{round.id}.csv")


def test_the_latest_answer_about_the_same_facts_counts_wherever_it_was_given(pair, officer, round):
    """One statement reads the signals with their answers, also those of a row that is gone."""
    (shown,) = answering.signals_of(pair[0])
    row = shown.signal
    twin = Signal(application_id=row.application_id, other_id=row.other_id, kind=row.kind, facts=row.facts, digest=row.digest, mark="twin", found_at=clock.now(), gone_at=clock.now())  # fmt: skip
    db.session.add(twin)
    db.session.flush()
    for signal, answer in ((row, "held"), (twin, "fine")):
        db.session.add(SignalAnswer(signal_id=signal.id, answer=answer, reason="It was said then.", answered_at=clock.now(), answered_by_id=officer.id))  # fmt: skip
        db.session.flush()
    assert [each.answer.answer for each in answering.signals_of(pair[1])] == ["fine"]


def test_a_bid_with_signals_takes_six_statements(pair, officer, as_, statements):
    client, here = as_(officer), f"/office/applications/{pair[0].id}"
    (shown,) = answering.signals_of(pair[0])
    answering.answer_signal(shown, "fine", "One centre answers for both; I rang it.", by=officer, now=clock.now())
    db.session.commit()
    client.get(here)
    with statements() as seen:
        assert "One centre answers for both" in client.get(here).text
    assert len(seen) <= 6, "\n".join(seen)


def test_the_applicant_sees_nothing_of_it(pair, officer, as_):
    (shown,) = answering.signals_of(pair[0])
    answering.answer_signal(shown, "held", "Waiting for the treasurer to ring back.", by=officer, now=clock.now())
    lead = as_(pair[0].collaborators[0].person)
    for page in ("/applications", f"/applications/{pair[0].id}", f"/applications/{pair[0].id}/status", f"/applications/{pair[0].id}/history"):  # fmt: skip
        text = lead.get(page, follow_redirects=True).text
        for word in ("Omega", pair[1].reference, "signal", "Signal", "held", "telephone number"):
            assert word not in text, (page, word)
    assert lead.get(f"/office/applications/{pair[0].id}/signals/{shown.signal.id}").status_code == 404


def test_strangers_other_partnerships_and_readers_do_not_answer(pair, round, as_):
    key, here = Signal.query.one().id, f"/office/applications/{pair[0].id}"
    pages = (f"{here}/signals/{key}", f"/office/rounds/{round.id}/signals")
    for who in (make.person(), make.staff("fund_officer", make.round())):
        for page in pages:
            assert as_(who).get(page).status_code == 404
        assert as_(who).post(pages[0], data={"answer": "fine", "reason": "A stranger says so."}).status_code == 404
    auditor = as_(make.staff("auditor", round))
    assert "Only" not in auditor.get(pages[0]).text
    assert auditor.post(pages[0], data={"answer": "fine", "reason": "An auditor says so."}).status_code == 403
    assert as_(make.staff("fund_officer", round)).get(f"{here}/signals/{key + 99}").status_code == 404
    assert SignalAnswer.query.count() == 0


def test_staff_of_one_round_do_not_read_of_another(round, as_):
    earlier = another_round(round)
    of(earlier, "Alpha Group", phone="01632 960101", address="1 High Street")
    bid = of(round, "Omega Trust", phone="01632 960101", address="2 High Street")
    person = make.person()
    grant_role(person, "fund_officer", by=None, now=clock.now(), round=round)
    client = as_(person)
    here = f"/office/rounds/{round.id}/signals?show=all"
    for page in (f"/office/applications/{bid.id}", here, f"{here}&format=csv"):
        assert "Alpha Group" not in client.get(page).text
    assert "0 of 0 signals" in client.get(here).text
    assert client.get(f"/office/applications/{bid.id}/signals/{Signal.query.one().id}").status_code == 404


def test_looking_at_the_pages_compares_nothing(pair, officer, as_, monkeypatch):
    def fail(scope):
        raise AssertionError("a page compared")

    monkeypatch.setattr(finders, "functions", [fail])
    for page in (f"/office/applications/{pair[0].id}", f"/office/rounds/{pair[0].round_id}/signals"):
        assert as_(officer).get(page).status_code == 200
