"""Form packs: every word of the form is in them, what is written in them comes back, and nothing is taken silently."""

import io
import re

import pytest
from docx import Document

from applications.answers import save_answer, values_of
from applications.forms import asked_form, current_form, form_of
from applications.packs.docx_writer import as_docx
from applications.packs.hearing import hear
from applications.packs.odt_writer import as_odt
from applications.packs.reading import read_pack
from applications.packs.sheet import pack_of
from applications.packs.taking import forget_old
from applications.tables import PackUpload
from fund.core import clock
from fund.core.uploads import checked
from tests.factories import applications as make_bid
from tests.factories import fund as make

WRITERS = {"docx": as_docx, "odt": as_odt}


def pack_with(values, application=None, kind="docx", round=None):
    """A pack in which somebody wrote these answers by question key."""
    round = round or application.round
    asked = form_of(application) if application is not None else asked_form(current_form(round))
    return WRITERS[kind](pack_of(round, asked, values, application), clock.now())


def put_in(client, application, content: bytes, name: str = "our bid.docx"):
    """Put a file in; the answer is the check page, or the refusal."""
    return client.post(
        f"/applications/{application.id}/pack", data={"pack": (io.BytesIO(content), name)}, follow_redirects=True,
        content_type="multipart/form-data",
    )  # fmt: skip


def waiting(application) -> PackUpload:
    return PackUpload.query.filter_by(application_id=application.id).order_by(PackUpload.id.desc()).first()


def confirm(client, application, page: str, **choices):
    """Press save with what the page offers, except where `choices` says otherwise."""
    data = dict(re.findall(r'name="(seen-[^"]+)" value="(\d+)"', page))
    data |= dict(re.findall(r'name="(take-[^"]+)" type="radio" value="(\w+)" checked', page))
    data |= {f"take-{key}": value for key, value in choices.items()}
    return client.post(f"/applications/{application.id}/pack/{waiting(application).id}/check", data=data, follow_redirects=True)  # fmt: skip


# The file ---------------------------------------------------------------------------------------------------------


def test_every_question_is_in_the_blank_pack_under_its_part(client, database):
    round = make_bid.open_round()
    form = asked_form(current_form(round))
    sheet = Document(io.BytesIO(client.get(f"/rounds/{round.id}/pack/docx").data))
    heads = [each.text for each in sheet.paragraphs if each.style.name == "Heading 1"]
    assert heads[1:] == [f"{number}. {section.title}" for number, section in enumerate(form.sections, 1)]
    assert [each.text for each in sheet.paragraphs if each.style.name == "Heading 2"] == [
        q.text for q in form.questions
    ]
    words = " ".join(each.text for each in sheet.paragraphs)
    for question in form.questions:
        assert not question.example or question.example in words
        assert not question.word_limit or f"Up to {question.word_limit} words." in words
    cells = [cell.text for table in sheet.tables for row in table.rows for cell in row.cells]
    assert "Peterlee East" in cells
    assert f"PACK-{round.id}-1-{form.content_sha256[:8].upper()}" in cells
    assert sheet.core_properties.title == f"Application form: {round.title}"
    assert 'w:lang w:val="en-GB"' in sheet.styles.element.xml


@pytest.mark.parametrize("kind", WRITERS)
def test_our_own_door_lets_it_in_and_the_page_links_to_it(client, database, kind):
    round = make_bid.open_round()
    answer = client.get(f"/rounds/{round.id}/pack/{kind}")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert checked(answer.data, f"form.{kind}", most_megabytes=10).content == answer.data
    assert f"/rounds/{round.id}/pack/{kind}" in client.get(f"/rounds/{round.id}/questions").text
    assert f"/rounds/{round.id}/pack/docx" in client.get(f"/rounds/{round.id}").text


def test_a_round_in_preparation_has_none_and_the_old_address_leads_on(client, database):
    assert client.get(f"/rounds/{make.round(published=False).id}/pack/docx").status_code == 404
    round = make_bid.open_round()
    assert client.get(f"/rounds/{round.id}/pack/exe").status_code == 404
    assert client.get(f"/rounds/{round.id}/questions/word").headers["Location"] == f"/rounds/{round.id}/pack/docx"


@pytest.mark.parametrize("kind", WRITERS)
def test_what_a_draft_says_comes_back_from_its_own_pack_word_for_word(draft, kind):
    asked, values = form_of(draft), values_of(draft)
    values["Q1"] = "First line\nSecond  line, with <angles> & “quotes”\n\nLast"
    values["match"] = [{"source": "Parish council", "kind": "in kind", "amount_pence": 50_000, "secured": False}]
    values["risks"] = [{"risk": "Too few come", "likelihood": 2, "impact": 4, "mitigation": "We ask schools"}]
    read = read_pack(pack_with(values, draft, kind), f"a.{kind}", draft.round, asked, most_megabytes=10)
    assert (read.is_current, read.loose, read.references) == (True, [], [draft.reference])
    heard = {key: hear(asked.by_key[key], rows) for key, rows in read.boxes.items()}
    assert {key: each.value for key, each in heard.items() if each.value is not None} == values
    assert not [sentence for each in heard.values() for sentence in each.sentences]


# Put back in ------------------------------------------------------------------------------------------------------


def test_nothing_is_saved_before_it_is_confirmed_and_the_check_survives_a_reload(as_, lead):
    application = make_bid.draft(lead)
    client = as_(lead)
    page = put_in(client, application, pack_with(make_bid.complete_values(), application))
    assert page.status_code == 200
    assert "Check what the pack says" in page.text
    assert "New answer" in page.text
    assert values_of(application) == {}
    again = client.get(page.request.path)
    assert again.text.count("Use the answer of the pack") == page.text.count("Use the answer of the pack") > 20
    assert "Go on checking it" in client.get(f"/applications/{application.id}/pack").text
    done = confirm(client, application, again.text)
    assert "answers are saved" in done.text
    assert values_of(application) == make_bid.complete_values()
    assert waiting(application).content == {}
    assert waiting(application).closed_at


def test_an_answer_that_is_there_is_shown_beside_the_new_one_and_has_to_be_chosen(as_, lead):
    application = make_bid.draft(lead, title="Boxing club", Q2="We know it from the school.")
    client = as_(lead)
    page = put_in(client, application, pack_with({"title": "Chess club", "Q2": "We asked parents."}, application)).text
    assert "Boxing club" in page
    assert "Chess club" in page
    assert "Would replace yours" in page
    refused = confirm(client, application, page, title="pack").text
    assert "Choose what to do with “What local need will you meet, and how do you know?”" in refused
    assert values_of(application)["title"] == "Boxing club"
    confirm(client, application, page, title="pack", Q2="keep")
    assert values_of(application) == {"title": "Chess club", "Q2": "We know it from the school."}


def test_an_answer_changed_meanwhile_is_not_overwritten_and_the_others_are_saved(as_, lead):
    application = make_bid.draft(lead, title="Boxing club")
    colleague = make.person("Kofi Colleague")
    make_bid.collaborator(application, colleague, "editor")
    client = as_(lead)
    page = put_in(client, application, pack_with({"title": "Chess club", "Q2": "New."}, application)).text
    save_answer(application, form_of(application).by_key["title"], "Kofi's club", 1, by=colleague, now=clock.now())
    answer = confirm(client, application, page, title="pack")
    assert answer.status_code == 409
    assert "Kofi Colleague changed this answer" in answer.text
    assert "Kofi&#39;s club" in answer.text
    assert values_of(application) == {"title": "Kofi's club", "Q2": "New."}
    confirm(client, application, answer.text, title="pack")
    assert values_of(application)["title"] == "Chess club"


@pytest.mark.parametrize(
    ("legal_form", "asked", "sentence"),
    [
        ("unincorporated", 500_001, "You asked for £5,000.01. Groups that are not registered can ask for up to £5,000.00. Take off £0.01 to carry on."),
        ("cio", 4_000_001, "You asked for £40,000.01. Registered organisations can ask for up to £40,000.00. Take off £0.01 to carry on."),
    ],
)  # fmt: skip
def test_the_cap_speaks_the_same_sentence_through_a_pack(as_, lead, legal_form, asked, sentence):
    """Design rule 1: a penny over in an imported form pack."""
    application = make_bid.draft(lead, legal_form=legal_form)
    page = put_in(as_(lead), application, pack_with({"asked": asked}, application)).text
    assert sentence in page
    assert "please look" in page
    within = put_in(as_(lead), application, pack_with({"asked": asked - 1}, application)).text
    assert "Take off" not in within
    assert "New answer" in within


def test_the_joint_cap_names_the_other_bid_through_a_pack_too(as_, lead):
    """Design rule 3: £22,500.00 + £17,500.00 pass, + £17,500.01 is refused naming both."""
    round = make_bid.open_round(bids_per_organisation=2, joint_cap_pence=4_000_000)
    organisation = make.organisation(lead)
    first = make_bid.submitted(lead, round, organisation=organisation, asked=2_250_000)
    second = make_bid.draft(lead, round, organisation)
    page = put_in(as_(lead), second, pack_with({"asked": 1_750_001}, second)).text
    assert f"{first.reference} asks for £22,500.00, and this bid ({second.reference}) for £17,500.01" in page
    assert "together" not in put_in(as_(lead), second, pack_with({"asked": 1_750_000}, second)).text


@pytest.mark.parametrize(
    ("text", "kept"),
    [("5,000", 500_000), ("£5000.00", 500_000), ("5000.004", None), ("NaN", None), ("-1", None), ("1e3", None)],
)
def test_money_in_a_cell_is_read_as_on_the_page(draft, text, kept):
    """Design rule 1: what is pounds and pence and what is not."""
    heard = hear(form_of(draft).by_key["asked"], [[0, text]])
    assert heard.value == kept
    assert bool(heard.sentences) == (kept is None)
    assert kept is not None or heard.sentences == [f"“{text}”: Enter pounds and pence, like 1250.50."]


def test_what_is_too_long_says_so_and_can_still_be_taken_and_shortened_later(as_, lead):
    application = make_bid.draft(lead)
    client = as_(lead)
    page = put_in(client, application, pack_with({"Q1": "word " * 166}, application)).text
    assert "You wrote 166 words. The most is 165" in page
    confirm(client, application, page, Q1="pack")
    assert len(values_of(application)["Q1"].split()) == 166


def test_viewers_and_strangers_can_put_nothing_in_and_see_no_upload(as_, lead):
    application = make_bid.draft(lead)
    put_in(as_(lead), application, pack_with({"title": "Chess club"}, application))
    address = f"/applications/{application.id}/pack/{waiting(application).id}/check"
    viewer, stranger = make.person(), make.person()
    make_bid.collaborator(application, viewer, "viewer")
    assert put_in(as_(viewer), application, b"x").status_code == 403
    assert as_(viewer).get(address).status_code == 403
    assert as_(viewer).get(f"/applications/{application.id}/pack/odt").status_code == 200
    for path in (address, f"/applications/{application.id}/pack", f"/applications/{application.id}/pack/docx"):
        assert as_(stranger).get(path).status_code == 404
    other = make_bid.draft(stranger)
    assert as_(stranger).get(f"/applications/{other.id}/pack/{waiting(application).id}/check").status_code == 404


def test_a_sent_bid_takes_no_pack(as_, lead):
    application = make_bid.draft(lead)
    content = pack_with(make_bid.complete_values(), application)
    put_in(as_(lead), application, content)
    sent = make_bid.submitted(lead)
    assert put_in(as_(lead), sent, pack_with({}, sent)).status_code == 409


def test_a_pack_can_be_left_and_is_forgotten_after_two_weeks(as_, lead, time):
    application = make_bid.draft(lead)
    client = as_(lead)
    put_in(client, application, pack_with({"title": "Chess club"}, application))
    page = client.post(f"/applications/{application.id}/pack/{waiting(application).id}/discard", follow_redirects=True)
    assert "Nothing was taken" in page.text
    assert values_of(application) == {}
    assert waiting(application).content == {}
    time.move(days=15)
    assert forget_old(clock.now()) == 1
