"""The receipt as a PDF: reference, London time, SHA-256; the same bytes every time; only for people of the bid."""

import io

from pypdf import PdfReader

from applications import submission
from fund.core import clock
from tests.factories import applications as make_bid
from tests.factories import fund as make


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_it_says_what_was_sent_and_when(as_, draft, lead):
    sent = submission.submit_application(draft, "Ada Lead", "Chair", by=lead, now=clock.now())
    client = as_(lead)
    page = client.get(f"/applications/{draft.id}/receipt")
    assert f"/applications/{draft.id}/receipt/pdf" in page.text
    answer = client.get(f"/applications/{draft.id}/receipt/pdf")
    assert answer.mimetype == "application/pdf"
    assert f"{draft.reference}-receipt.pdf" in answer.headers["Content-Disposition"]
    words = words_of(answer.data)
    for each in (
        draft.reference,
        "Tuesday 3 February 2026, midday (London time)",
        "£4,860.00",
        "Ada Lead, Chair",
        "Evening club",
    ):
        assert each in words
    assert sent.sha256 in words.replace(" ", "")


def test_it_has_the_same_bytes_another_day_even_when_the_bid_moved_on(as_, draft, lead, time):
    submission.submit_application(draft, "Ada Lead", "Chair", by=lead, now=clock.now())
    first = as_(lead).get(f"/applications/{draft.id}/receipt/pdf").data
    time.move(days=3)
    draft.organisation.name = "Another name"
    assert as_(lead).get(f"/applications/{draft.id}/receipt/pdf").data == first


def test_strangers_and_unsent_bids_have_none(as_, draft, lead):
    address = f"/applications/{draft.id}/receipt/pdf"
    assert as_(lead).get(address).status_code == 404
    submission.submit_application(draft, "Ada Lead", "Chair", by=lead, now=clock.now())
    assert as_(make.person("Stranger")).get(address).status_code == 404
    viewer = make.person("Viewer")
    make_bid.collaborator(draft, viewer, "viewer")
    assert as_(viewer).get(address).status_code == 200
    submission.take_back(draft, by=lead, now=clock.now())
    assert as_(lead).get(address).status_code == 404
