"""The short form up to £5,000 and the full form above: which one a bid uses, and that no answer goes when it changes."""

import pytest

from applications.answers import save_answer, values_of
from applications.applications import load_application
from applications.form_design import freeze_form, set_short_limit
from applications.forms import asked_form, current_form, form_of
from applications.reading_age import reading_age
from applications.screening import checks_for, machine_findings
from applications.standard_form import standard_form, use_standard_form
from applications.submission import submit_application
from applications.workflow import APPLICATION
from evaluation.promises import _people_alone
from fund.core import clock
from fund.core.database import db
from fund.core.problems import Problem
from scoring.criteria import criteria_of, is_not_asked
from scoring.scores import save_score
from scoring.totals import weighted_total
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.factories import scoring as make_judging
from tests.kept import kept

WORDS = ["title", "Q2", "Q4", "Q9", "Q6", "Q10", "Q8", "budget"]
QUICK = ["priority", "places", "dates", "beneficiaries", "asked"]


@pytest.fixture
@kept
def round(database):
    row = make_judging.round()
    for name in ("Peterlee East", "Seaham"):
        make.area(row.fund.partnership, name)
    use_standard_form(row, by=None, now=clock.now(), two_tracks=True)
    freeze_form(row, by=None, now=clock.now())
    return row


def _ask(draft, lead, pence, seen):
    save_answer(draft, form_of(draft).by_key["asked"], pence, seen, by=lead, now=clock.now())


def test_the_short_form_has_eight_questions_and_five_quick_facts(round):
    short = current_form(round)
    asked = asked_form(short).view_for("cio", "short")
    assert [each.key for each in asked.questions if each.required and each.key not in QUICK] == [
        "title", "Q2", "Q4", "Q9", "Q6", "Q10", "Q8", "budget",
    ]  # fmt: skip
    assert set(QUICK) <= set(asked.by_key)
    assert asked.by_key["Q2"].text == "Why is this needed where you are?"
    assert asked_form(short).by_key["Q2"].text == "What local need will you meet, and how do you know?"


def test_the_short_form_reads_at_nine_to_eleven():
    texts = [
        " ".join(filter(None, (each["short"].get("text"), each.get("why"), each["short"].get("help"))))
        for section in standard_form()["sections"]
        for each in section["questions"]
        if each.get("short")
    ]
    assert len(texts) == 6
    assert max(reading_age(text) for text in texts) <= 11


@pytest.mark.parametrize(("pence", "track"), [(500_000, "short"), (500_001, "full"), (None, "full")])
def test_a_charity_uses_the_form_that_its_sum_calls_for(round, lead, pence, track):
    draft = make_bid.draft(lead, round, **({} if pence is None else {"asked": pence}))
    assert draft.track == track


def test_a_group_always_uses_the_short_form(round, lead):
    draft = make_bid.draft(lead, round, legal_form="unincorporated")
    assert draft.track == "short"
    _ask(draft, lead, 500_001, 0)
    assert draft.track == "short"  # and the cap refuses the sum, as ever


def test_changing_the_track_keeps_every_answer(as_, round, lead):
    draft = make_bid.complete_draft(lead, round, asked=600_000)
    assert len(values_of(draft)) > 20
    client, here = as_(lead), f"/applications/{draft.id}"
    assert "You are using the full form." in client.get(here).text
    posted = client.post(f"{here}/questions/asked", data={"value": "4,860.00", "version": "1"}, follow_redirects=True)
    assert "the short form is enough" in posted.text
    draft = load_application(draft.id)
    assert draft.track == "short"
    assert set(values_of(draft)) == {*WORDS, *QUICK}
    assert "because you ask for £5,000.00 or less" in client.get(here).text
    posted = client.post(f"{here}/questions/asked", data={"value": "6,000.00", "version": "2"}, follow_redirects=True)
    assert "we need the full form" in posted.text
    assert values_of(load_application(draft.id))["Q5"] == make_bid.WORDS


def test_what_a_colleague_types_while_the_track_changes_is_kept(as_, round, lead):
    draft = make_bid.draft(lead, round, asked=600_000)
    client, here = as_(lead), f"/applications/{draft.id}/questions/Q5"
    client.get(here)
    _ask(draft, lead, 400_000, 1)
    db.session.commit()
    assert client.post(here, data={"value": "Typed meanwhile.", "version": "0"}).status_code == 302
    assert "kept, but it is not sent" in client.get(here).text
    _ask(load_application(draft.id), lead, 600_000, 2)
    assert values_of(load_application(draft.id))["Q5"] == "Typed meanwhile."


def test_a_short_bid_is_sent_with_eight_answers(round, lead):
    short = {key: value for key, value in make_bid.complete_values(500_000).items() if key in {*WORDS, *QUICK}}
    draft = make_bid.draft(lead, round, legal_form="unincorporated", **short)
    submit_application(draft, "Ada Lead", "Chair", by=lead, now=clock.now())
    assert draft.status == "submitted"


def test_the_caps_speak_the_same_sentence_in_the_short_form(round, lead):
    short = {key: value for key, value in make_bid.complete_values(500_001).items() if key in {*WORDS, *QUICK}}
    draft = make_bid.draft(lead, round, legal_form="unincorporated", **short)
    with pytest.raises(Problem) as refused:
        submit_application(draft, "Ada Lead", "Chair", by=lead, now=clock.now())
    assert refused.value.sentence == (
        "You asked for £5,000.01. Groups that are not registered can ask for up to £5,000.00. Take off £0.01 to carry on."
    )


def test_every_standard_criterion_reads_an_answer_of_the_short_form(round, lead):
    draft = make_bid.draft(lead, round, asked=400_000)
    criteria = criteria_of(round)
    assert [each.code for each in criteria if is_not_asked(each, draft)] == []


def test_a_criterion_that_the_short_form_leaves_out_does_not_apply_and_its_weight_is_shared(round, lead):
    draft = make_bid.draft(lead, round, asked=400_000)
    criteria = criteria_of(round)
    evidence = next(each for each in criteria if each.code == "C3")
    evidence.reads = ["Q5"]
    assert is_not_asked(evidence, draft)
    marks = {each.code: None if each is evidence else 4 for each in criteria}
    assert weighted_total(marks, criteria) == 80
    _ask(draft, lead, 600_000, 1)
    assert not is_not_asked(evidence, draft)


def test_one_form_for_all_where_the_officer_wants_it(as_, database, lead):
    round = make.round()
    form = use_standard_form(round, by=None, now=clock.now(), two_tracks=True)
    officer = make.staff("fund_officer", round)
    set_short_limit(form, None, by=officer, now=clock.now())
    freeze_form(round, by=officer, now=clock.now())
    draft = make_bid.draft(lead, round, asked=100_000)
    assert draft.track == "full"
    assert "Q5" in form_of(draft).by_key
    assert "full form" not in as_(lead).get(f"/applications/{draft.id}").text


def test_anybody_can_read_the_short_form_alone(client, round):
    here = f"/rounds/{round.id}/questions"
    both = client.get(here).text
    assert "There are two forms." in both
    assert "Only in the full form." in both
    short = client.get(f"{here}?form=short").text
    assert "Why is this needed where you are?" in short
    assert "What evidence supports your approach?" not in short
    assert "Only in the full form." not in short


def test_a_page_of_a_group_stays_within_its_statements(as_, round, lead, statements):
    draft = make_bid.draft(lead, round, legal_form="unincorporated", asked=400_000)
    client = as_(lead)
    for key in ("Q4", "host"):
        with statements() as count:
            client.get(f"/applications/{draft.id}/questions/{key}")
        assert len(count) <= 6
    assert APPLICATION.state(draft.status).key == "draft"


def test_an_assessor_is_told_and_may_say_that_it_does_not_apply(as_, round, lead):
    draft = make_bid.draft(lead, round, asked=400_000, title="Evening club", Q4=make_bid.WORDS)
    draft.submitted_at = clock.now()
    make.put(draft, "in_scoring", None)
    criteria = {each.code: each for each in criteria_of(round)}
    criteria["C3"].reads = ["Q5"]
    db.session.flush()
    who = make.person("Wren")
    reading = make_judging.reading(draft, make_judging.seat(round, who=who))
    page = as_(who).get(f"/assessing/{reading.id}").text
    assert page.count("The short form of this bid does not ask about this.") == 1
    given = {"mark": None, "not_applicable": True, "reason": "The form does not ask.", "seen_version": 0, "by": who}
    assert save_score(reading, criteria["C3"], now=clock.now(), **given)
    with pytest.raises(Problem, match="applies to every bid"):
        save_score(reading, criteria["C1"], now=clock.now(), **given)


def test_a_short_bid_promises_how_many_people_take_part():
    assert [row["target"] for row in _people_alone({"total": 40})] == [40]
    assert _people_alone({}) == []


@pytest.mark.parametrize(
    ("legal_form", "pence", "track", "has_group"),
    [("unincorporated", 480_000, "short", True), ("cio", 480_000, "short", False), ("cio", 1_500_000, "full", False)],
)
def test_each_track_and_kind_of_organisation_has_its_own_checklist(
    as_, round, lead, legal_form, pence, track, has_group
):
    """A short bid is complete without the questions of the full form, and a charity is not asked for a group's signatories."""
    bid = make_bid.submitted(lead, round, organisation=make.organisation(lead, legal_form=legal_form), asked=pence)
    assert bid.track == track
    assert ("group" in {check.key for check in checks_for(bid)}) is has_group
    assert machine_findings(bid)["complete"].answer == "pass"
    page = as_(make.staff("fund_officer", round)).get(f"/office/applications/{bid.id}/screening").text
    assert f"{track.title()} form. The checklist is that of this form" in page
    assert ("Rules and signatories" in page) is has_group
