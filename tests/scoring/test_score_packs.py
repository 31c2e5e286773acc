"""Score packs: bids and sheets as a Word file, read back, looked at, kept; what moved on online is never overwritten unasked."""

import copy
import io

import docx
import html5lib
import pytest

from fund.core import clock
from fund.core.database import db
from fund.core.problems import Problem
from scoring import conflicts, score_packs, scores
from scoring.criteria import criteria_of
from tests.factories import fund as make
from tests.factories import scoring as given
from tests.kept import kept

TEXT = "Young people here carry knives because they are afraid."


class Train:
    """A member with two bids to score, on a train."""

    def __init__(self):
        self.round = given.round()
        self.seat = given.seat(self.round)
        self.bids = [given.bid(self.round) for _ in range(2)]
        given.answer(self.bids[0], "Q1", TEXT)
        self.readings = [given.reading(bid, self.seat) for bid in self.bids]
        for bid in self.bids:
            make.put(bid, "in_scoring", None)
        self.criteria = criteria_of(self.round)
        db.session.commit()
        self.page = f"/assessing/rounds/{self.round.id}/score-pack"

    def online(self, code: str, mark: int, reason: str, reading=0) -> None:
        criterion = next(each for each in self.criteria if each.code == code)
        scores.save_score(
            self.readings[reading], criterion, mark=mark, reason=reason, by=self.seat.person, now=clock.now()
        )
        db.session.commit()

    def marks(self, reading=0) -> dict:
        db.session.expire_all()
        found = scores.scores_of(self.readings[reading])
        return {each.code: (found[each.id].mark, found[each.id].reason) for each in self.criteria if each.id in found}


@pytest.fixture
@kept
def train(database):
    return Train()


def fill(content: bytes, sheets: dict[tuple[str, str], tuple[str, str]]) -> bytes:
    """The file with marks and reasons written into sheets (reference, code), as Word does it."""
    word = docx.Document(io.BytesIO(content))
    for table in word.tables:
        for (reference, code), (mark, reason) in sheets.items():
            if table.rows[0].cells[0].text.startswith(f"Score sheet {reference} {code} "):
                table.rows[1].cells[1].text, table.rows[2].cells[1].text = mark, reason
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def upload(client, page, content, name="pack.docx"):
    return client.post(page, data={"files": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def fields_of(html: str) -> dict[str, str]:
    """What the check screen would send when nothing is chosen anew."""
    page, found = html5lib.parse(html, namespaceHTMLElements=False), {}
    for field in page.iter("input"):
        name, kind = field.get("name", ""), field.get("type")
        if name.startswith(("mark-", "reason-", "version-", "take-")) and (
            kind != "radio" or "checked" in field.attrib
        ):
            found[name] = field.get("value", "")
    return found


def test_the_file_holds_the_answers_and_comes_back_as_scores(train, as_):
    client = as_(train.seat.person)
    assert "your 2 bids along" in client.get(train.page).text
    content = client.get(f"{train.page}/file").data
    words = "\n".join(each.text for each in docx.Document(io.BytesIO(content)).paragraphs)
    assert TEXT in words
    one, other = (bid.reference for bid in train.bids)
    filled = fill(content, {(one, "C1"): ("4", "Clear figures."), (other, "C2"): ("2", "One letter only.")})
    shown = upload(client, train.page, filled)
    assert "Clear figures." in shown.text
    assert train.marks() == {}  # nothing is kept before it is looked at
    assert client.post(train.page, data={**fields_of(shown.text), "do": "keep"}).status_code == 302
    assert train.marks() == {"C1": (4, "Clear figures.")}
    assert train.marks(1) == {"C2": (2, "One letter only.")}


def test_where_online_moved_on_both_are_shown_and_online_stays_unless_chosen(train, as_):
    client, reference = as_(train.seat.person), train.bids[0].reference
    content = client.get(f"{train.page}/file").data
    train.online("C1", 5, "Written at home.")
    shown = upload(client, train.page, fill(content, {(reference, "C1"): ("1", "Written on the train.")})).text
    for words in ("Changed online since", "Written at home.", "Written on the train."):
        assert words in shown
    fields = fields_of(shown)
    client.post(train.page, data={**fields, "do": "keep"})
    assert train.marks() == {"C1": (5, "Written at home.")}
    chosen = {name: "file" if name.startswith("take-") else value for name, value in fields.items()}
    client.post(train.page, data={**chosen, "do": "keep"})
    assert train.marks() == {"C1": (1, "Written on the train.")}


def test_what_moves_on_between_looking_and_keeping_is_refused_whole(train, as_):
    client, reference = as_(train.seat.person), train.bids[0].reference
    content = client.get(f"{train.page}/file").data
    shown = upload(
        client, train.page, fill(content, {(reference, "C1"): ("1", "Train."), (reference, "C2"): ("2", "Train.")})
    )
    train.online("C2", 5, "Home.")
    assert "Nothing of the file is kept" in client.post(train.page, data={**fields_of(shown.text), "do": "keep"}).text
    assert train.marks() == {"C2": (5, "Home.")}


def test_an_empty_sheet_takes_nothing_away_and_a_wrong_mark_is_pointed_at(train, as_):
    client, reference = as_(train.seat.person), train.bids[0].reference
    train.online("C1", 5, "Home.")
    content = client.get(f"{train.page}/file").data
    shown = upload(
        client, train.page, fill(content, {(reference, "C1"): ("", ""), (reference, "C2"): ("7", "Too good.")})
    )
    assert "is no mark from 0 to 5" in shown.text
    client.post(train.page, data={**fields_of(shown.text), "do": "keep"})
    assert train.marks() == {"C1": (5, "Home.")}


@pytest.mark.parametrize(("content", "name", "says"), [(b"", "a.docx", "empty"), (b"%PDF-1.4", "a.docx", "is not"), (b"words", "a.txt", "Word file")])  # fmt: skip
def test_other_files_are_refused_with_a_sentence(train, as_, content, name, says):
    assert says in upload(as_(train.seat.person), train.page, content, name).text


def test_a_file_of_another_round_or_with_a_sheet_twice_is_refused(train, as_):
    other = Train()
    content = as_(other.seat.person).get(f"{other.page}/file").data
    assert "None of the bids" in upload(as_(train.seat.person), train.page, content).text
    word = docx.Document(io.BytesIO(content))
    word.element.body.append(
        copy.deepcopy(next(each for each in word.tables if "Score sheet" in each.rows[0].cells[0].text)._tbl)
    )
    out = io.BytesIO()
    word.save(out)
    with pytest.raises(Problem, match="twice"):
        score_packs.read_pack(out.getvalue(), "pack.docx")


def test_recused_finished_and_other_peoples_bids_are_not_in_it(train, as_):
    conflicts.declare_late(train.readings[0], "My sister", by=train.seat.person, now=clock.now())
    db.session.commit()
    content = as_(train.seat.person).get(f"{train.page}/file").data
    words = "\n".join(each.text for each in docx.Document(io.BytesIO(content)).paragraphs)
    assert train.bids[0].reference not in words
    assert train.bids[1].reference in words
    assert TEXT not in words
    assert as_(make.person()).get(train.page).status_code == 404


def test_nothing_opens_before_every_conflict_is_answered(train, as_):
    given.reading(given.bid(train.round, status="in_scoring"), train.seat, declared=False)
    db.session.commit()
    for page in (train.page, f"{train.page}/file"):
        assert as_(train.seat.person).get(page).status_code == 302
