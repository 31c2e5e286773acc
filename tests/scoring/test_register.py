"""The register of conflicts: hints answered for good, a recused chair replaced, a recusal lifted by a second person only."""

import pytest

from fund.core import audit, clock
from fund.core.problems import Forbidden, Problem, WrongMoment
from scoring import conflicts, recusals, suggestions
from scoring.panels import seat_in
from scoring.permissions import is_chair
from scoring.ranking import ranked_list
from tests.factories import awards as awarding
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round()


@pytest.fixture
@kept
def officer(round):
    return make_fund.staff("fund_officer", round)


def hints(round, **wanted):
    return [(each.seat.label, each.kind) for each in suggestions.hints_in(round, **wanted)]


def test_hints_come_from_mail_domain_organisation_postcode_and_earlier_bids(round):
    bid = make.bid(round)
    bid.organisation.email = "hello@marra.uk"
    mail = make.seat(round, who=make_fund.person(email="jo@marra.uk"), label="Mail")
    member = make.seat(round, label="Member")
    make_fund.member(bid.organisation, member.person)
    neighbour = make.seat(round, label="Neighbour")
    bid.organisation.postcode = "DH1 4AB"
    make_fund.organisation(neighbour.person, postcode="dh14ab")
    writer = make.seat(round, label="Writer")
    earlier = awarding.bid(make.round())
    earlier.organisation_id = bid.organisation_id
    make_fund._add(awarding.Collaborator(application_id=earlier.id, person_id=writer.person_id, role="editor", added_at=clock.now()))  # fmt: skip
    make.seat(round, label="Nobody")
    assert sorted(hints(round)) == [("Mail", "mail"), ("Member", "organisation"), ("Neighbour", "postcode"), ("Writer", "past")]  # fmt: skip
    assert hints(round, seat=mail) == [("Mail", "mail")]
    assert hints(round, among=[]) == []


def test_post_boxes_of_everybody_say_nothing(round):
    bid = make.bid(round)
    bid.organisation.email = "group@gmail.com"
    make.seat(round, who=make_fund.person(email="jo@gmail.com"))
    assert hints(round) == []


def test_a_hint_answered_with_its_reason_never_comes_back(round, officer, as_):
    bid, seat = make.bid(round), make.seat(round)
    make_fund.member(bid.organisation, seat.person)
    address = f"/office/rounds/{round.id}/conflicts"
    client = as_(officer)
    assert f"Belongs to {bid.organisation.name}" in client.get(address).text
    key = f"{bid.id}-{seat.id}-organisation"
    assert "Say why this is not a conflict" in client.post(address, data={"hint": key, "because": " "}).text
    assert hints(round)
    client.post(address, data={"hint": key, "because": "she left ten years ago"})
    assert hints(round) == []
    assert "not a conflict, because she left ten years ago" in client.get(address).text
    [line] = [each for each in audit.AuditEvent.query if each.action == "conflict.not"]
    assert line.details["kind"] == "organisation"


def test_a_member_sees_the_hint_and_says_why_there_is_no_conflict(round, as_):
    bid, seat = make.bid(round), make.seat(round)
    row = make.reading(bid, seat, declared=False)
    make_fund.member(bid.organisation, seat.person)
    client, address = as_(seat.person), f"/assessing/rounds/{round.id}/conflicts"
    assert f"We noticed: Belongs to {bid.organisation.name}" in client.get(address).text
    assert "say why this is not a conflict" in client.post(address, data={f"conflict-{row.id}": "no"}).text
    answer = {f"conflict-{row.id}": "no", f"reason-{row.id}": "Only on their mailing list"}
    assert client.post(address, data=answer).status_code == 302
    assert hints(round) == []


def test_a_chair_answers_for_bids_that_they_do_not_read_and_is_replaced(round, officer, as_):
    chair, member = make.seat(round, "chair"), make.seat(round)
    bid, other = make.bid(round), make.bid(round)
    address = f"/assessing/rounds/{round.id}/conflicts"
    client = as_(chair.person)
    client.post(address, data={f"conflict-bid-{bid.id}": "yes", f"reason-bid-{bid.id}": "Trustee", f"conflict-bid-{other.id}": "no"})  # fmt: skip
    assert client.get(f"/panel/bids/{bid.id}").status_code == 403
    assert bid.reference not in client.get(f"/panel/rounds/{round.id}").text
    register = as_(officer).get(f"/office/rounds/{round.id}/conflicts").text
    assert "Nobody chairs" in register
    done = as_(officer).post(f"/office/applications/{bid.id}/stand-in", data={"seat": str(member.id)})
    assert done.status_code == 302
    assert is_chair(member.person, bid) is True
    assert not is_chair(member.person, other)
    assert as_(member.person).get(f"/panel/bids/{bid.id}").status_code == 200
    assert bid.reference in as_(member.person).get("/assessing").text
    assert as_(member.person).get(f"/panel/rounds/{round.id}").status_code == 404
    csv = as_(officer).get(f"/office/rounds/{round.id}/conflicts?format=csv").text
    assert f"{bid.reference},{bid.title}" in csv
    assert csv.count("Stands") == 2  # the heading and the one row
    assert member.label in csv


def test_a_recused_chair_cannot_undo_their_replacement_even_as_an_officer(round, as_):
    chair, member, another = make.seat(round, "chair"), make.seat(round), make.seat(round)
    make_fund.grant_role(chair.person, "fund_officer", by=None, now=clock.now(), partnership=round.fund.partnership)
    bid = make.bid(round)
    row = conflicts.declare_beside(chair, bid, True, "Trustee", by=chair.person, now=clock.now())
    by = make_fund.staff("head_of_fund", round)
    recusals.name_stand_in(bid, member, by=by, now=clock.now())
    assert as_(chair.person).get(f"/office/applications/{bid.id}/stand-in").status_code == 403
    assert as_(chair.person).post(f"/office/applications/{bid.id}/stand-in", data={"seat": str(another.id)}).status_code == 403  # fmt: skip
    assert as_(chair.person).post(f"/office/conflicts/{row.id}/lift", data={"reason": "It is fine"}).status_code == 403
    with pytest.raises(Forbidden):
        recusals.name_stand_in(bid, another, by=chair.person, now=clock.now())
    assert recusals.stand_in_of(bid).seat_id == member.id


def test_a_stand_in_scores_and_has_no_conflict(round, officer):
    chair, member, observer = make.seat(round, "chair"), make.seat(round), make.seat(round, "observer")
    bid = make.bid(round)
    with pytest.raises(WrongMoment):
        recusals.name_stand_in(bid, member, by=officer, now=clock.now())
    conflicts.declare_beside(chair, bid, True, "Trustee", by=chair.person, now=clock.now())
    conflicts.declare(make.reading(bid, member, declared=False), True, "Friend", by=member.person, now=clock.now())
    for seat, sentence in ((member, "declared a conflict"), (observer, "a member who scores"), (chair, "a member who")):
        with pytest.raises(Problem, match=sentence):
            recusals.name_stand_in(bid, seat, by=officer, now=clock.now())


def test_a_recusal_is_lifted_by_a_second_person_and_the_reading_begins_again(round, officer, as_):
    bid, seat = make.bid(round), make.seat(round)
    row = make.reading(bid, seat, declared=False)
    conflict = conflicts.declare(row, True, "Same name as a trustee", by=seat.person, now=clock.now())
    make.make.put(bid, "in_scoring", None)
    address = f"/office/conflicts/{conflict.id}/lift"
    second = make_fund.staff("head_of_fund", round)
    assert as_(seat.person).get(address).status_code == 403
    assert as_(make_fund.person()).get(address).status_code == 404
    assert "Give a reason" in as_(officer).post(address, data={"reason": ""}).text
    as_(officer).post(address, data={"reason": "Another person of that name"})
    assert conflict.conflicted
    assert "A second person" in as_(officer).get(address).text
    with pytest.raises(Forbidden, match="A second person"):
        recusals.lift(conflict, by=officer, now=clock.now())
    as_(second).post(address, data={"do": "lift"})
    assert (conflict.conflicted, conflict.lifted_by_id, row.status) == (False, second.id, "assigned")
    assert as_(seat.person).get(f"/assessing/{row.id}").status_code == 200
    assert "Lifted" in as_(officer).get(f"/office/rounds/{round.id}/conflicts").text


def test_lifting_a_late_recusal_leaves_its_scores_void(round, officer):
    _bid, rows = make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71, make.MARKS_OF_74)
    conflict = conflicts.declare_late(rows[0], "My sister works there", by=rows[0].seat.person, now=clock.now())
    recusals.ask_to_lift(conflict, "She left", by=officer, now=clock.now())
    recusals.lift(conflict, by=make_fund.staff("head_of_fund", round), now=clock.now())
    assert rows[0].status == "recused"
    [ranked] = ranked_list(round)
    assert str(ranked.members_total) == "72.50"


def test_the_register_is_for_officers_and_auditors(round, as_):
    chair = make.seat(round, "chair")
    address = f"/office/rounds/{round.id}/conflicts"
    assert as_(make_fund.staff("auditor", round)).get(address).status_code == 200
    for who in (chair.person, make_fund.person(), make_fund.staff("fund_officer", make.round())):
        assert as_(who).get(address).status_code == 404
    assert seat_in(chair.person, round.id) is not None


@pytest.fixture
@kept
def mixed(round):
    """A round with a line of each kind: (a reader who was late, a chair, the bid of both, a bid with a hint and an answer)."""
    bid, rows = make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71)
    chair = make.seat(round, "chair", label="The chair")
    conflicts.declare_late(rows[0], "My sister works there", by=rows[0].seat.person, now=clock.now())
    conflicts.declare_beside(chair, bid, True, "Trustee", by=chair.person, now=clock.now())
    other = make.bid(round, title="Kestrel evenings")
    other.organisation.postcode = "DL3 7AA"
    for seat in (chair, rows[1].seat):
        make_fund.member(other.organisation, seat.person)
    [first, _second] = suggestions.hints_in(round)
    suggestions.not_a_conflict(first, "She left", by=make_fund.staff("head_of_fund", round), now=clock.now())
    return rows[0].seat, chair, bid, other


def found_in(text: str) -> str:
    """The sentence over the list that says how many lines there are."""
    return text.partition('fund-found" role="status">')[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("query", "found", "says", "silent"),
    [
        ("", "4 of 4 lines", "My sister works there", "Nothing here"),
        ("?state=stands", "2 of 4 lines", "Trustee", "Belongs to"),
        ("?state=late", "1 of 4 lines", "My sister works there", "Trustee"),
        ("?state=unled", "1 of 4 lines", "Trustee", "My sister works there"),
        ("?state=hint", "1 of 4 lines", "Belongs to", "My sister works there"),
        ("?state=answered", "1 of 4 lines", "not a conflict, because She left", "Trustee"),
        ("?state=lifted", "0 of 4 lines", "Nothing here", "My sister works there"),
        ("?q=kestrel", "2 of 4 lines", "Kestrel evenings", "My sister works there"),
        ("?member={chair}", "2 of 4 lines", "Trustee", "My sister works there"),
        ("?member={late}&state=stands", "1 of 4 lines", "My sister works there", "Trustee"),
    ],
)
def test_the_register_is_filtered_by_state_member_and_bid_and_its_csv_follows(query, found, says, silent, mixed, round, officer, as_):  # fmt: skip
    late, chair, _bid, _other = mixed
    address = f"/office/rounds/{round.id}/conflicts" + query.format(late=late.id, chair=chair.id)
    text = as_(officer).get(address).text
    assert found_in(text) == found
    table = text.partition("</form>")[2]
    assert says in table
    assert silent not in table
    if "Nothing here" not in (says, silent):
        csv = as_(officer).get(f"{address}{'&' if query else '?'}format=csv").text
        assert csv.count("\n") == int(found.split()[0]) + 1
        assert says in csv
        assert silent not in csv


def test_the_register_is_sorted_by_bid_member_state_and_day_and_hints_come_last(mixed, round, officer, as_):
    def labels(sort: str) -> list[str]:
        csv = as_(officer).get(f"/office/rounds/{round.id}/conflicts?format=csv&sort={sort}").text
        return [line.split(",")[-2] for line in csv.splitlines()[1:]]

    assert labels("declared")[-1] == labels("-declared")[-1] == "Waits for an answer"
    assert labels("state") == list(reversed(labels("-state")))
    assert labels("nonsense") == labels("declared")


def test_a_long_register_comes_in_pages_of_fifty_and_takes_no_more_statements(mixed, round, officer, as_, statements):
    address, client = f"/office/rounds/{round.id}/conflicts", as_(officer)
    client.get(address)
    with statements() as few:
        client.get(address)
    for number in range(60):
        seat = make.seat(round, label=f"Reader {number:02}")
        make_fund.member(mixed[3].organisation, seat.person)
    with statements() as many:
        text = client.get(address).text
    assert found_in(text) == "64 of 64 lines"
    assert text.count('class="fund-card hint"') == 47  # three lines of these fifty are no hints
    assert "Reader 59" in client.get(f"{address}?page=2").text
    assert len(many) == len(few)


def test_an_answer_leaves_the_officer_in_the_list_that_they_had_filtered(mixed, round, officer, as_):
    [hint] = suggestions.hints_in(round)
    address = f"/office/rounds/{round.id}/conflicts?state=hint"
    done = as_(officer).post(address, data={"hint": hint.key, "because": "Long ago"})
    assert done.headers["Location"].endswith("?state=hint")
