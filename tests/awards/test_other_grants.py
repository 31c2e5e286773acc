"""Other funders' open data: read, matched to an organisation, shown at the decision; hostile files are refused whole."""

import io
import json

import pytest

from awards import other_grants
from awards.open_data import giving, reading
from awards.register import public_awards
from awards.tables import OtherGrant
from fund.core import clock
from fund.core.problems import Problem
from tests.factories import awards as given
from tests.factories import fund as make

pytestmark = pytest.mark.usefixtures("letters_undrawn")


def grant(**facts):
    return {
        "id": "360G-Other-1", "title": "Youth club", "description": "A club", "currency": "GBP", "amountAwarded": 1234.56,
        "awardDate": "2025-05-01", "recipientOrganization": [{"id": "GB-CHC-1", "name": "Somebody"}],
        "fundingOrganization": [{"id": "GB-CHC-2", "name": "Another Trust"}],
    } | facts  # fmt: skip


def package(*grants) -> bytes:
    return json.dumps({"version": "1.4", "grants": list(grants)}).encode()


def test_grants_are_found_by_number_or_name_and_shown_where_one_decides(round, as_):
    bid = given.bid(round)
    number, partnership = bid.organisation.identifiers[0], round.fund.partnership
    by_number = grant(recipientOrganization=[{"id": f"{number.scheme}-{number.number}", "name": "An older name"}])
    by_name = grant(id="360G-Other-2", title="Night bus", recipientOrganization=[{"id": "x", "name": f"The {bid.organisation.name.upper()} Ltd."}])  # fmt: skip
    page, officer = f"/office/partnerships/{partnership.id}/other-funders", make.staff("fund_officer", round)
    sent = {"file": (io.BytesIO(package(by_number, by_name, grant(id="360G-Other-3"))), "grants.json")}
    assert as_(officer).post(page, data=sent, content_type="multipart/form-data").status_code == 302
    assert "Another Trust" in as_(officer).get(page).text
    found = other_grants.to_organisation(bid.organisation, partnership.id)
    assert {row.title for row in found} == {"Youth club", "Night bus"}
    assert found[0].pence == 123_456
    decider = as_(make.staff("decision_maker", round))
    assert "£1,234.56 from Another Trust" in decider.get(f"/office/applications/{bid.id}/decision").text
    decision = given.proposed(bid)
    assert "£1,234.56 from Another Trust" in decider.get(f"/office/decisions/{decision.id}").text
    assert as_(make.staff("decision_maker", round)).post(page).status_code in (403, 404)
    assert as_(make.person()).get(page).status_code in (403, 404)


def test_our_own_files_can_be_read_as_json_and_csv_and_a_second_time_replaces(round, client):
    award = given.accepted(round, 480_001)
    officer, partnership = make.staff("fund_officer", round), round.fund.partnership
    for address in ("/register/360giving.json", "/register/360giving.csv"):
        content = client.get(address).data
        assert other_grants.import_file(partnership, content, by=officer, now=clock.now()) == 1
        assert [row.pence for row in OtherGrant.query] == [480_001]
    assert OtherGrant.query.one().identifier == giving.grant_of(public_awards()[0], "")["id"]
    assert award.reference in OtherGrant.query.one().identifier


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "no 360Giving file"),
        (b"PK\x03\x04", "column|no 360Giving"),
        (b"{", "not whole JSON"),
        (b"[" * 100_000, "not whole JSON"),
        (b'{"grants": [1]}', "something else"),
        (b'{"grants": {}}', "no list of grants"),
        (package(), "no grant"),
        (b'{"grants": [{"id": "a", "amountAwarded": NaN, "awardDate": "2025-01-01"}]}', "not whole JSON"),
        (package(grant(amountAwarded="1e999999")), "Grant 1"),
        (package(grant(amountAwarded=-1)), "Grant 1"),
        (package(grant(awardDate="soon")), "Grant 1"),
        (package(grant(title={"a": 1})), "Grant 1"),
        (b"a,b\n1,2\n", "column “Identifier” is missing"),
        (b"x" * (reading.MOST_BYTES + 1), "larger than 5 MB"),
    ],
)
def test_hostile_and_broken_files_are_refused_whole(round, content, said):
    with pytest.raises(Problem, match=said):
        other_grants.import_file(round.fund.partnership, content, by=make.person(), now=clock.now())
    assert OtherGrant.query.count() == 0


def test_markup_and_control_characters_are_only_text(round, as_):
    bid = given.bid(round)
    nasty = grant(title="<script>x</script>\x00\x1b[31m", recipientOrganization=[{"id": "x", "name": bid.organisation.name}])  # fmt: skip
    other_grants.import_file(round.fund.partnership, package(nasty), by=make.person(), now=clock.now())
    page = as_(make.staff("decision_maker", round)).get(f"/office/applications/{bid.id}/decision").text
    assert "<script>x" not in page
    assert "&lt;script&gt;x&lt;/script&gt; [31m" in page
