"""Documents of a bid and the organisation's papers: who may add, read and take out, and what stays on record."""

import io
import json
import re
from datetime import date

import pytest

from applications import documents
from applications.answers import changes_of, values_of
from applications.forms import form_of
from applications.submission import latest_submission, submit_application
from applications.tables import Document
from fund import policies
from fund.core import clock, files
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.papers import papers_for
from fund.tables import PolicyDocument
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.factories import uploads as make_file

PDF = make_file.pdf()


def here(application, *rest) -> str:
    return "/".join((f"/applications/{application.id}/questions/documents", *(str(each) for each in rest)))


def add(client, application, *given, kind="safeguarding", **fields):
    sent = [(io.BytesIO(content), name) for content, name in given]
    data = {"kind": kind, "files": sent, **fields}
    return client.post(here(application, "documents"), data=data, follow_redirects=True)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def names(application) -> list[str]:
    return [row["name"] for row in values_of(application).get("documents", [])]


def question(application):
    return form_of(application).by_key["documents"]


def put(application, by, name="policy.pdf", kind="safeguarding", content=PDF, **facts) -> Document:
    return documents.add_document(
        application, question(application), kind, content, name, by=by, now=clock.now(), **facts
    )


def test_several_files_at_once_by_a_plain_post(as_, draft, lead):
    page = add(as_(lead), draft, (PDF, "one.pdf"), (make_file.photo(), "two.jpg"))
    assert "2 papers are added." in text(page)
    assert names(draft) == ["one.pdf", "two.jpg"]


def test_the_good_file_stays_and_the_bad_one_is_refused_with_a_sentence(as_, draft, lead):
    page = add(as_(lead), draft, (PDF, "one.pdf"), (b"MZ\x90", "two.pdf"), (b"x", "three.exe"))
    assert names(draft) == ["one.pdf"]
    for words in ("“two.pdf” is not what its ending says", "“three.exe” is not a kind of file we can take"):
        assert words in text(page)


def test_the_script_hears_the_same_sentences(as_, draft, lead):
    client = as_(lead)
    data = {"kind": "safeguarding", "files": [(io.BytesIO(b"MZ"), "a.pdf")]}
    answer = client.post(here(draft, "documents"), data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "is not what its ending says" in answer.json["errors"][0]
    data = {"kind": "safeguarding", "files": [(io.BytesIO(PDF), "a.pdf")]}
    answer = client.post(here(draft, "documents"), data=data, headers={"Accept": "application/json"})
    assert (answer.status_code, len(answer.json["added"])) == (200, 1)


@pytest.mark.parametrize(("given", "kind", "words"), [((), "safeguarding", "Choose one file or more"), (((PDF, "a.pdf"),), "", "Choose what these papers are")])  # fmt: skip
def test_what_is_missing_is_said(as_, draft, lead, given, kind, words):
    assert words in text(add(as_(lead), draft, *given, kind=kind))
    assert names(draft) == []


def test_the_same_file_twice_is_there_once(draft, lead):
    assert put(draft, lead).id == put(draft, lead, "again.pdf").id
    assert names(draft) == ["policy.pdf"]


def test_a_bid_holds_only_so_many(app, draft, lead, monkeypatch):
    import dataclasses

    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], documents_per_bid=1))
    put(draft, lead)
    with pytest.raises(Problem, match="A bid can hold 1 documents"):
        put(draft, lead, "two.pdf", content=make_file.pdf(lambda pdf: pdf.add_blank_page()))


def test_a_document_is_saved_and_never_opened_by_the_browser(as_, draft, lead):
    document = put(draft, lead, 'a"b\r\n.pdf')
    answer = as_(lead).get(f"/applications/{draft.id}/documents/{document.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_only_people_of_the_bid_and_staff_get_its_documents(as_, draft, lead):
    document = put(draft, lead)
    other = make_bid.draft(lead, draft.round, make.organisation(lead, name="Another"))
    officer, far = make.staff("fund_officer", draft.round), make.staff("fund_officer", make.partnership("elsewhere"))
    viewer = make.person("Viewer")
    make_bid.collaborator(draft, viewer, "viewer")
    mine, office = (
        f"/applications/{draft.id}/documents/{document.id}",
        f"/office/applications/{draft.id}/documents/{document.id}",
    )
    for person, address, status in (
        (viewer, mine, 200), (make.person("Stranger"), mine, 404), (officer, mine, 404), (officer, office, 200),
        (far, office, 404), (lead, office, 404), (lead, f"/applications/{other.id}/documents/{document.id}", 404),
    ):  # fmt: skip
        assert as_(person).get(address).status_code == status, (person.name, address)
    assert as_(viewer).post(here(draft, "documents"), data={}).status_code == 403
    assert as_(viewer).post(here(draft, "documents", document.id, "remove")).status_code == 403
    assert as_(make.person("Nobody")).post(here(draft, "documents", document.id, "remove")).status_code == 404


def test_what_is_taken_out_is_gone_for_readers_and_stays_on_record(as_, draft, lead):
    document, client = put(draft, lead), as_(lead)
    page = client.post(here(draft, "documents", document.id, "remove"), follow_redirects=True)
    assert "The paper is taken out." in text(page)
    assert names(draft) == []
    assert client.get(f"/applications/{draft.id}/documents/{document.id}").status_code == 404
    said = [change.value and change.value[0]["name"] for change, _who in changes_of(draft, question(draft))]
    assert said == [None, "policy.pdf"]
    row = db.session.get_one(Document, document.id)
    assert files.read(row.file) == PDF


def test_a_sent_bid_names_every_file_with_its_fingerprint_and_takes_no_more(draft, lead):
    document = put(draft, lead)
    submit_application(draft, "Ada", "Chair", by=lead, now=clock.now())
    sent = json.loads(latest_submission(draft).snapshot)
    answer = next(each for each in sent["answers"] if each["key"] == "documents")
    assert answer["value"][0]["sha256"] == document.file.sha256
    with pytest.raises(WrongMoment):
        put(draft, lead, "late.pdf")
    with pytest.raises(WrongMoment):
        documents.remove_document(draft, question(draft), document, by=lead, now=clock.now())


def test_papers_can_be_left_out_and_the_way_on_is_open(as_, draft, lead):
    client = as_(lead)
    assert "Optional" in text(client.get(f"/applications/{draft.id}"))
    assert "8 of 8 parts done" in text(client.get(f"/applications/{draft.id}"))
    assert client.post(here(draft), data={"go": "continue"}).location.endswith("/check")
    assert client.post(here(draft), data={"go": "return"}).location.endswith(f"/applications/{draft.id}")


def test_the_page_takes_six_statements(as_, draft, lead, statements):
    put(draft, lead)
    client, address = as_(lead), here(draft)
    client.get(address)
    with statements() as seen:
        client.get(address)
    assert len(seen) <= 6, "\n".join(seen)


def test_a_group_is_not_asked_for_what_only_charities_have(as_, lead):
    group = make_bid.draft(lead, legal_form="unincorporated")
    page = text(as_(lead).get(here(group)))
    for words in (
        "Your rules (constitution)",
        "Your accounts or a list of what you spent",
        "Letter from a host",
        "Two people who are not related",
    ):
        assert words in page
    charity = text(as_(lead).get(here(make_bid.draft(lead, group.round, make.organisation(lead, name="Charity")))))
    assert "Letter from a host" not in charity
    assert "Latest accounts" in charity
    assert {paper.key for paper in papers_for("council")} & {"accounts", "governing", "bank", "insurance"} == set()


def policy(application, by, kind="insurance", expires_on=None, content=PDF) -> PolicyDocument:
    return policies.add_policy(application.organisation, kind, content, "cover.pdf", expires_on, by=by, now=clock.now())


def test_a_paper_kept_once_is_used_by_the_next_bid(as_, draft, lead):
    policy(draft, lead, expires_on=date(2026, 2, 3))
    client = as_(lead)
    assert "Insurance certificate: cover.pdf (until 3 February 2026)" in text(client.get(here(draft)))
    client.post(here(draft, "documents", "kept"))
    assert names(draft) == ["cover.pdf"]
    policies.remove_policy(
        draft.organisation, policies.policies_of(draft.organisation)["insurance"], by=lead, now=clock.now()
    )
    assert names(draft) == ["cover.pdf"], "a bid keeps what it used"


def test_a_paper_that_ran_out_yesterday_is_not_offered(as_, draft, lead, time):
    policy(draft, lead, expires_on=date(2026, 2, 3))
    time.move(days=1)
    client = as_(lead)
    assert "cover.pdf" not in client.get(here(draft)).text
    client.post(here(draft, "documents", "kept"))
    assert names(draft) == []
    assert "Ran out" in client.get(f"/organisations/{draft.organisation_id}/papers").text


def test_the_vault_is_not_shown_to_a_helper_from_elsewhere(as_, draft, lead):
    policy(draft, lead)
    helper = make.person("Helper")
    make_bid.collaborator(draft, helper, "editor")
    client = as_(helper)
    assert "cover.pdf" not in client.get(here(draft)).text
    client.post(here(draft, "documents", "kept"))
    assert names(draft) == []
    add(client, draft, (PDF, "mine.pdf"), keep="y")
    assert "safeguarding" not in policies.policies_of(draft.organisation)


def test_a_paper_of_a_bid_is_kept_for_the_next_one_when_asked(as_, draft, lead):
    add(as_(lead), draft, (PDF, "one.pdf"))
    assert policies.policies_of(draft.organisation) == {}
    add(as_(lead), draft, (make_file.photo(), "two.jpg"), keep="y")
    assert policies.policies_of(draft.organisation)["safeguarding"].file.name == "two.jpg"


def test_a_new_paper_takes_the_place_and_the_old_one_stays_on_record(as_, draft, lead):
    old, client = policy(draft, lead), as_(lead)
    address = f"/organisations/{draft.organisation_id}/papers"
    data = {"kind": "insurance", "files": (io.BytesIO(make_file.photo()), "new.jpg"), "expires_on-day": "1", "expires_on-month": "5", "expires_on-year": "2027"}  # fmt: skip
    page = client.post(address, data=data, follow_redirects=True)
    assert "The paper is kept." in text(page)
    assert "until 1 May 2027" in text(page)
    assert policies.policies_of(draft.organisation)["insurance"].file.name == "new.jpg"
    assert db.session.get_one(PolicyDocument, old.id).removed_at is not None
    assert client.get(f"{address}/{old.id}").data == PDF


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "insurance"}, "Choose a file"),
        ({"kind": "", "files": (PDF, "a.pdf")}, "Choose what it is"),
        ({"kind": "partner", "files": (PDF, "a.pdf")}, "Choose what it is"),
        ({"kind": "insurance", "files": (b"<svg>", "a.pdf")}, "not what its ending says"),
        ({"kind": "insurance", "files": (PDF, "a.pdf"), "expires_on-day": "2", "expires_on-month": "2", "expires_on-year": "2026"}, "This day is over"),
    ],
)  # fmt: skip
def test_the_vault_says_what_is_wrong(as_, draft, lead, fields, words):
    data = dict(fields)
    if "files" in data:
        data["files"] = (io.BytesIO(data["files"][0]), data["files"][1])
    assert words in text(as_(lead).post(f"/organisations/{draft.organisation_id}/papers", data=data))
    assert policies.policies_of(draft.organisation) == {}


def test_strangers_see_no_papers(as_, draft, lead):
    kept = policy(draft, lead)
    address, client = f"/organisations/{draft.organisation_id}/papers", as_(make.person("Stranger"))
    other = make.organisation(lead, name="Another")
    assert [client.get(address).status_code, client.get(f"{address}/{kept.id}").status_code] == [404, 404]
    assert client.post(f"{address}/{kept.id}/remove").status_code == 404
    assert as_(lead).get(f"/organisations/{other.id}/papers/{kept.id}").status_code == 404


def test_what_is_far_too_large_is_refused_in_our_own_style(as_, draft, lead):
    sent = b"x" * (60 * 1024 * 1024)
    answer = as_(lead).post(here(draft, "documents"), data=sent, content_type="multipart/form-data; boundary=part")
    assert answer.status_code == 413
    assert "The file is too big" in answer.text
    assert names(draft) == []


def test_two_hundred_files_at_once_stop_at_the_limit_and_keep_those_before(as_, draft, lead):
    page = add(as_(lead), draft, *((f"page {number}".encode(), f"{number}.txt") for number in range(200)))
    assert page.status_code == 200
    assert "A bid can hold 30 documents." in text(page)
    assert len(names(draft)) == 30
