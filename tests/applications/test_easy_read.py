"""Every round has an Easy Read page: short sentences beside pictures, from its own facts or in an officer's words."""

import re
from pathlib import Path

import pytest

from applications import easy_read
from applications.reading_age import reading_age
from fund.core import clock
from fund.core.problems import Problem, Stale
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept

PICTURES = Path(__file__).resolve().parents[2] / "static" / "pictures" / "easy-read"


@pytest.fixture
@kept
def round(database):
    return make_bid.open_round()


@pytest.fixture
@kept
def officer(round):
    return make.staff("fund_officer", round)


def words(round) -> str:
    return "\n".join(line["words"] for line in easy_read.lines_for(round))


def write(round, by, *lines, seen=None):
    given = [{"picture": picture, "words": text} for picture, text in lines]
    return easy_read.write_easy_read(round, given, seen, by=by, now=clock.now())


def test_the_first_draft_says_what_how_much_who_when_and_who_helps(round):
    said, partnership = words(round), round.fund.partnership
    for fact in (
        "up to £5,000", "up to £40,000", clock.speak_moment(round.closes_at), partnership.phone, partnership.email, partnership.short_name,
        "One person alone cannot ask.", "You fill in a form.",
    ):  # fmt: skip
        assert fact in said, fact
    assert ".." not in said


def test_our_own_sentences_are_short_and_plain(round):
    own = [line["words"] for line in easy_read.first_draft(round) if line["picture"] in ("form", "decide", "help", "no", "safe")]  # fmt: skip
    for text in own:
        assert (reading_age(text) or 5) <= 10, text
        assert not [hint for hint in easy_read.hints_for(text) if "make two" in hint[0]], text


def test_the_draft_follows_the_round_and_an_officers_words_hold(round, officer):
    round.title = "Another"
    assert easy_read.written_for(round) is None
    write(round, officer, ("money", "We have money.\n\n  For groups. "), ("no", "  "))
    assert easy_read.lines_for(round) == [{"picture": "money", "words": "We have money.\nFor groups."}]


@pytest.mark.parametrize(
    ("line", "field"), [(("", "We have money."), "picture_1"), (("gun", "We have money."), "picture_1"), (("money", "x" * 301), "words_1"), (("money", ""), "words_1")]
)  # fmt: skip
def test_what_is_not_right_is_said_beside_its_line(round, officer, line, field):
    with pytest.raises(Problem) as refused:
        write(round, officer, line)
    assert refused.value.field == field


def test_two_officers_do_not_write_over_each_other(round, officer):
    write(round, officer, ("money", "One."), seen=0)
    with pytest.raises(Stale):
        write(round, officer, ("money", "Two."), seen=0)
    write(round, officer, ("money", "Two."), seen=1)
    assert words(round) == "Two."


def test_every_picture_is_there_drawn_without_a_script_and_has_words_for_who_cannot_see_it():
    assert {path.stem for path in PICTURES.glob("*.svg")} == set(easy_read.PICTURES)
    for path in PICTURES.glob("*.svg"):
        assert not re.search(r"script|style=|href|\son\w+=", path.read_text()), path.name
    assert all(alt.strip() for alt in easy_read.PICTURES.values())


def test_everybody_reads_it_and_the_round_leads_to_it(client, round):
    page = client.get(f"/rounds/{round.id}/easy-read")
    assert page.status_code == 200
    images = re.findall(r'<img class="easy-read__picture" src="([^"]+)" alt="([^"]+)"', page.text)
    assert len(images) == len(easy_read.lines_for(round))
    picture = client.get(images[0][0])
    assert picture.mimetype == "image/svg+xml"
    picture.close()
    assert f'href="/rounds/{round.id}/easy-read"' in client.get(f"/rounds/{round.id}").text
    assert client.get(f"/rounds/{make.round(published=False).id}/easy-read").status_code == 404


def test_an_officer_writes_it_with_hints_and_can_start_again(as_, round, officer):
    client, address = as_(officer), f"/office/rounds/{round.id}/easy-read"
    page = client.get(address).text
    assert "first draft" in page
    assert "Reading age" in page
    long = "This is a very long sentence that goes on and on and never seems to come to its end."
    data = {"version": "0", "picture_1": "money", "words_1": long, "picture_2": "", "words_2": ""}
    page = client.post(address, data=data, follow_redirects=True).text
    assert "The Easy Read page is saved." in page
    assert "A sentence of 19 words: make two" in page
    assert f"Saved by {officer.name}" in page
    assert "You fill in a form." in client.get(f"{address}?draft=1").text
    assert words(round) == long, "nothing is kept before it is saved"
    refused = client.post(address, data={**data, "words_1": "Mine."}).text
    assert "Somebody else changed this" in refused
    assert "Mine." in refused, "what was typed is still there"


def test_only_officers_of_the_partnership_write_it(as_, round):
    far, auditor = make.staff("fund_officer", make.partnership("elsewhere")), make.staff("auditor", round)
    address = f"/office/rounds/{round.id}/easy-read"
    assert as_(make.person("Stranger")).get(address).status_code == 404
    assert as_(far).get(address).status_code in (403, 404)
    assert as_(auditor).get(address).status_code in (403, 404)
