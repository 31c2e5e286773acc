"""Due diligence: each check says what the system knows, an officer says what they saw, and the pack says what is open."""

import hashlib
import io
from datetime import date

import pytest
from pypdf import PdfReader

from applications.diligence import keeping, looking
from applications.diligence.checks import CHECKS
from applications.tables import DiligenceLook, DiligencePack
from fund.core import clock, files
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.organisations import change_organisation, record_check
from fund.policies import add_policy
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.factories.uploads import pdf as a_pdf
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make_bid.open_round()


@pytest.fixture
@kept
def officer(round):
    return make.staff("fund_officer", round)


@pytest.fixture
@kept
def bid(round):
    return make_bid.submitted(make.person("Ada Lead"), round)


def line(bid, key: str, reader=None):
    return next(each for each in looking.lines_of(bid, clock.now(), reader) if each.check.key == key)


def words(bid, key: str) -> str:
    return " ".join(line(bid, key).finding.lines)


def test_the_checks_of_this_package_are_there_in_order():
    assert sorted(CHECKS, key=lambda key: CHECKS[key].order)[:6] == ["identity", "people", "papers", "accounts", "signals", "sanctions"]  # fmt: skip


@pytest.mark.parametrize(("confirmed", "state"), [(True, "clear"), (None, "unknown"), (False, "look")])
def test_identity_says_what_the_register_said(round, confirmed, state):
    lead = make.person()
    bid = make_bid.submitted(lead, round, organisation=make.organisation(lead, confirmed=confirmed))
    assert line(bid, "identity").finding.state == state


def test_identity_shows_evidence_and_who_else_gave_the_number(bid, officer, round):
    number = bid.organisation.identifiers[0]
    record_check(number, "confirmed", "Register page of today, same address.", by=officer, now=clock.now())
    assert "Register page of today" in words(bid, "identity")
    assert officer.name in words(bid, "identity")
    other = make.organisation(name="Borrowed Number")
    other.identifiers[0].number = number.number
    assert line(bid, "identity").finding.state == "look"
    assert "Borrowed Number" in words(bid, "identity")


def test_a_group_that_no_register_holds_is_judged_by_its_signatories(round):
    lead = make.person()
    bid = make_bid.submitted(lead, round, organisation=make.organisation(lead, legal_form="unincorporated"))
    assert line(bid, "identity").finding.state == "clear"
    assert "Jo Bell: signatory, Treasurer" in words(bid, "people")


def test_papers_are_missing_in_date_running_out_or_over(bid, officer, time):
    lead = bid.collaborators[0].person
    assert line(bid, "papers").finding.state == "unknown"
    for kind, until in (
        ("safeguarding", date(2027, 12, 31)),
        ("insurance", date(2026, 9, 1)),
        ("equality", date(2026, 2, 20)),
    ):
        add_policy(bid.organisation, kind, a_pdf(), f"{kind}.pdf", until, by=lead, now=clock.now())
    said = words(bid, "papers")
    assert "until 31 December 2027" in said
    assert "It runs out before the work ends" in said
    time.move(days=30)
    assert "It has run out" in words(bid, "papers")
    assert line(bid, "papers").finding.state == "look"


def test_accounts_ask_what_the_form_does_not_and_look_at_large_sums(bid, officer):
    assert "not given" in words(bid, "accounts")
    assert "Reserves: the form does not ask. Look at the accounts." in words(bid, "accounts")
    for pence, state in ((971_999, "look"), (972_000, "unknown")):  # the bid asks for £4,860.00
        change_organisation(bid.organisation, by=officer, now=clock.now(), annual_income_pence=pence)
        assert line(bid, "accounts").finding.state == state


def test_signals_and_the_list_stand_in_the_pack(bid, round):
    assert line(bid, "signals").finding.state == "clear"
    assert "No sanctions list was read" in words(bid, "sanctions")
    change_organisation(bid.organisation, by=bid.collaborators[0].person, now=clock.now(), phone="01632 960101")
    lead = make.person()
    other = make_bid.submitted(
        lead, round, organisation=make.organisation(lead, name="Omega Trust", phone="01632 960101")
    )
    found = line(bid, "signals").finding
    assert found.state == "look"
    assert found.bids == {other.id}
    assert "Omega Trust" in words(bid, "signals")


# Looking -----------------------------------------------------------------------------------------------------------------


def test_an_officer_looks_with_who_and_when_and_the_pack_counts_what_is_open(bid, officer):
    left = looking.open_count(looking.lines_of(bid, clock.now()))
    looking.record_look(bid, "papers", "fine", "Seen all five on paper.", by=officer, now=clock.now())
    assert looking.open_count(looking.lines_of(bid, clock.now())) == left - 1
    seen = line(bid, "papers")
    assert (seen.look.looked_by, seen.look.looked_at, seen.is_open) == (officer, clock.now(), False)
    looking.record_look(bid, "papers", "not_fine", "The insurance is of another group.", by=officer, now=clock.now())
    assert line(bid, "papers").is_open
    assert DiligenceLook.query.count() == 2
    looking.record_look(bid, "identity", "not_fine", "The register shows another address.", by=officer, now=clock.now())
    assert line(bid, "identity").is_open, "clear by the machine, not fine by a person"


def test_changed_facts_open_a_check_again(bid, officer):
    looking.record_look(
        bid, "accounts", "fine", "Accounts of March seen; reserves of four months.", by=officer, now=clock.now()
    )
    assert not line(bid, "accounts").is_open
    change_organisation(bid.organisation, by=officer, now=clock.now(), annual_income_pence=100)
    assert line(bid, "accounts").has_changed
    assert line(bid, "accounts").is_open
    assert "The facts have changed since" in line(bid, "accounts").words


@pytest.mark.parametrize(
    ("key", "answer", "reason", "said"),
    [("papers", "fine", "ok", "Say what"), ("papers", "perhaps", "A long reason indeed", "Choose"), ("nonsense", "fine", "A long reason", "Choose")],
)  # fmt: skip
def test_a_look_needs_its_words(bid, officer, key, answer, reason, said):
    with pytest.raises(Problem, match=said):
        looking.record_look(bid, key, answer, reason, by=officer, now=clock.now())


def test_nobody_looks_at_their_own_organisation_or_at_a_draft(bid, officer, round):
    make.member(bid.organisation, officer)
    with pytest.raises(Forbidden):
        looking.record_look(bid, "papers", "fine", "They are fine, I know them.", by=officer, now=clock.now())
    with pytest.raises(WrongMoment):
        looking.record_look(
            make_bid.draft(round=round), "papers", "fine", "They are fine.", by=officer, now=clock.now()
        )


# The pack as a PDF -------------------------------------------------------------------------------------------------------


def test_a_kept_pack_is_the_same_bytes_ever_after_and_says_what_was_open(bid, officer, time):
    pack = keeping.keep_pack(bid, by=officer, now=clock.now())
    content = files.read(pack.file)
    time.move(days=40)
    change_organisation(bid.organisation, by=officer, now=clock.now(), annual_income_pence=100)
    assert files.read(pack.file) == content
    assert hashlib.sha256(content).hexdigest() == pack.file.sha256
    lines = looking.lines_of(bid, clock.now())
    assert keeping.keep_pack(bid, by=officer, now=clock.now()).open_count == looking.open_count(lines)
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    for each in lines:
        assert each.check.title in text
    assert f"{pack.open_count} of {len(lines)} checks" in text


def test_hostile_names_only_draw_words(round, officer):
    lead = make.person()
    organisation = make.organisation(lead, name="<b>Bold</b> & <img src=/etc/passwd> " + "long" * 200)
    pack = keeping.keep_pack(make_bid.submitted(lead, round, organisation=organisation), by=officer, now=clock.now())
    assert files.read(pack.file).startswith(b"%PDF")


# Pages -------------------------------------------------------------------------------------------------------------------


def test_an_officer_works_through_the_page(bid, officer, as_):
    client, here = as_(officer), f"/office/applications/{bid.id}/due-diligence"
    text = client.get(here).text
    assert "Who they are" in text
    assert "open" in text
    assert here in client.get(f"/office/applications/{bid.id}").text
    refused = client.post(f"{here}/papers", data={"answer": "fine", "reason": "ok"})
    assert "Say what you looked at" in refused.text
    done = client.post(f"{here}/papers", data={"answer": "not_fine", "reason": "Insurance is missing."}, follow_redirects=True)  # fmt: skip
    assert "your answer is kept" in done.text
    assert "Insurance is missing." in done.text
    kept = client.post(f"{here}/packs", follow_redirects=True)
    assert "The PDF is kept" in kept.text
    pack = DiligencePack.query.one()
    assert pack.file.sha256 in kept.text
    answer = client.get(f"{here}/packs/{pack.id}")
    assert answer.mimetype == "application/pdf"
    assert answer.data == files.read(pack.file)
    assert client.get(f"{here}/nonsense").status_code == 404
    assert client.get(f"{here}/packs/99").status_code == 404


def test_readers_read_and_strangers_find_nothing(bid, officer, round, as_):
    pack = keeping.keep_pack(bid, by=officer, now=clock.now())
    here = f"/office/applications/{bid.id}/due-diligence"
    auditor = as_(make.staff("auditor", round))
    assert "Say what you saw" not in auditor.get(here).text
    assert auditor.get(f"{here}/packs/{pack.id}").status_code == 200
    assert auditor.post(f"{here}/papers", data={"answer": "fine", "reason": "An auditor looked."}).status_code == 403
    assert auditor.post(f"{here}/packs").status_code == 403
    for who in (bid.collaborators[0].person, make.person(), make.staff("fund_officer", make.round())):
        for page in (here, f"{here}/papers", f"{here}/packs/{pack.id}"):
            assert as_(who).get(page).status_code == 404
        assert as_(who).post(f"{here}/packs").status_code == 404
    assert DiligenceLook.query.count() == 0
