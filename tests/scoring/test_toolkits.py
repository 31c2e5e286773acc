"""Evidence cards: what the toolkits say, how sure we are, and the flags that assessors see."""

import csv
import datetime as dt

import pytest

from applications.sample.reader import sample_bids
from scoring.toolkits.reader import FLAGS, HERE, SNAPSHOT_ON, _flag, card, cards, methods, yef_card


def test_every_strand_and_intervention_is_a_card_with_its_own_key():
    assert len([each for each in cards() if each.toolkit == "yef"]) == 32
    assert len([each for each in cards() if each.toolkit == "college"]) == 28
    assert len({each.key for each in cards()}) == 60


def test_mentoring_shows_rating_figure_and_source():
    mentoring = yef_card("mentoring")
    assert (mentoring.impact, mentoring.percent_less_violence, mentoring.flag) == ("moderate", 21, None)
    assert mentoring.evidence_quality is None
    assert len(mentoring.source_urls) == 2
    assert all(url.startswith("https://") for url in mentoring.source_urls)


def test_evidence_quality_is_one_to_five_or_unknown():
    assert yef_card("focused-deterrence").evidence_quality == 4
    assert {each.evidence_quality for each in cards()} <= {None, 1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("key", "flag"),
    [
        ("yef:prison-awareness", "harmful"),
        ("college:juvenile-awareness", "harmful"),
        ("yef:sport-and-physical-activity", "superseded"),
        ("yef:pre-court-diversion", "superseded"),
        ("yef:knife-crime-education", "insufficient"),
        ("yef:trauma-informed-training", "insufficient"),
        ("yef:police-in-schools", "insufficient"),
        ("yef:detached-youth-work", "unverified"),
        ("yef:informal-pre-court-diversion", "unverified"),
        ("college:second-responder", "unverified"),
        ("college:neighbourhood-watch", "unverified"),
        ("college:cctv", None),
        ("yef:cbt", None),
        ("yef:no-strand", None),
    ],
)
def test_the_flag_follows_the_rule(key, flag):
    assert card(key).flag == flag


def test_harm_outranks_everything_and_replacement_outranks_missing_evidence():
    assert _flag(harmful=True, status="superseded", impact="insufficient evidence") == "harmful"
    assert _flag(harmful=False, status="superseded", impact="insufficient evidence") == "superseded"
    assert _flag(harmful=False, status="unverified", impact="no clear evidence") == "insufficient"


def test_no_card_has_a_flag_of_its_own_making():
    assert {each.flag for each in cards()} == {None, *FLAGS}


def test_a_confirmed_card_has_a_source():
    assert [each.key for each in cards() if each.status.startswith("confirmed") and not each.source_urls] == []


def test_every_card_carries_the_day_of_the_copy_and_keeps_the_age_of_the_rating():
    assert {each.snapshot_on for each in cards()} == {SNAPSHOT_ON} == {dt.date(2026, 11, 21)}
    assert yef_card("formal-pre-court-diversion").source_date == "2025-09-25"


def test_every_strand_that_a_sample_bid_claims_has_a_card():
    assert [bid.id for bid in sample_bids() if yef_card(bid.yef_strand_id) is None] == []


def test_an_unknown_card_is_none():
    assert card("yef:juggling") is None


def test_the_college_explains_its_five_dimensions():
    assert [each.key for each in methods() if each.kind == "dimension"] == ["E", "M1", "M2", "I", "E2"]
    assert all(each.words for each in methods())


@pytest.mark.parametrize("name", ["yef_toolkit.csv", "college_of_policing_toolkit.csv"])
def test_no_row_has_too_many_or_too_few_cells(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
