"""What registers answer is read as they document it; whatever goes wrong is no answer, never a verdict."""

import gzip
import json
from datetime import date

import pytest
from structlog.testing import capture_logs

from fund.registers import charity_commission, companies_house
from fund.registers.calling import address_of
from fund.registers.said import NoAnswer, Said, from_facts
from tests.checks.registers import KEY, Registers, charity, company, cut, drip, flood, hang

CHARITY, COMPANY = "9900201", "99000301"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def registers():
    with Registers() as running:
        yield running


def ask_charity(registers, number=CHARITY, key=KEY, seconds=2.0) -> Said:
    return charity_commission.ask(number, url=f"{registers.address}/register/api", key=key, seconds=seconds)


def ask_company(registers, number=COMPANY, key=KEY, seconds=2.0) -> Said:
    return companies_house.ask(number, url=registers.address, key=key, seconds=seconds)


def test_a_charity_on_the_register_is_read_with_its_figures(registers):
    registers.say(
        CHARITY, charity(9900201, "LAMPLIGHT MENTORS", other_names=[{"other_name": "LAMPLIGHT", "name_type": "W"}])
    )
    said = ask_charity(registers)
    assert (said.standing, said.words, said.name, said.other_names) == ("registered", "registered", "LAMPLIGHT MENTORS", ("LAMPLIGHT",))  # fmt: skip
    assert (said.registered_on, said.accounts_to, said.overdue) == (date(2014, 5, 6), date(2025, 3, 31), None)
    assert (said.income_pence, said.spending_pence) == (18_640_000, 17_995_050)
    assert said.trustees == ("Ada Wear", "Bede Tees")
    path, headers = registers.seen[0]
    assert path == "/register/api/allcharitydetailsV2/9900201/0"
    assert headers["Ocp-Apim-Subscription-Key"] == KEY


def test_a_linked_charity_is_asked_for_by_its_suffix(registers):
    registers.say("9900201-3", charity(9900201, "LAMPLIGHT LINKED", group_subsid_suffix=3))
    assert ask_charity(registers, "9900201-3").name == "LAMPLIGHT LINKED"
    assert registers.seen[0][0] == "/register/api/allcharitydetailsV2/9900201/3"


@pytest.mark.parametrize(
    ("facts", "standing", "words"),
    [
        ({"reg_status": "RM", "date_of_removal": "2024-03-03T00:00:00", "removal_reason": "CEASED TO EXIST"}, "removed", "removed on 3 March 2024 (ceased to exist)"),
        ({"reg_status": "RM"}, "removed", "removed"),
        ({"insolvent": True}, "unclear", "registered, but insolvent"),
        ({"in_administration": True}, "unclear", "registered, but in administration"),
        ({"cio_dissolution_ind": True}, "unclear", "registered, but being dissolved"),
    ],
)  # fmt: skip
def test_the_standing_of_a_charity(registers, facts, standing, words):
    registers.say(CHARITY, charity(9900201, "LAMPLIGHT MENTORS", **facts))
    said = ask_charity(registers)
    assert (said.standing, said.words) == (standing, words)


@pytest.mark.parametrize(
    ("status", "late"),
    [("Submission Overdue", True), ("Submission Double Default", True), ("Submission Received", False), ("Recently Registered", False), (None, False)],
)  # fmt: skip
def test_overdue_papers_of_a_charity(registers, status, late):
    registers.say(CHARITY, charity(9900201, "LAMPLIGHT MENTORS", reporting_status=status))
    assert ask_charity(registers).overdue == ("Accounts or the annual return are overdue" if late else None)


def test_a_company_on_the_register_is_read(registers):
    former = [{"name": "SKERNE SPORTS LTD", "effective_from": "2016-02-03", "ceased_on": "2018-01-01"}]
    registers.say(COMPANY, company(COMPANY, "SKERNE SIDE SPORTS CIC", previous_company_names=former))
    said = ask_company(registers)
    assert (said.standing, said.words, said.former_names) == ("registered", "active", ("SKERNE SPORTS LTD",))
    assert (said.accounts_to, said.overdue, said.removed_on) == (date(2025, 2, 28), None, None)
    assert registers.seen[0][0] == "/company/99000301"


@pytest.mark.parametrize(
    ("status", "standing", "words"),
    [
        ("dissolved", "removed", "dissolved on 4 May 2025"),
        ("converted-closed", "removed", "converted or closed on 4 May 2025"),
        ("liquidation", "unclear", "in liquidation"),
        ("administration", "unclear", "in administration"),
        ("voluntary-arrangement", "unclear", "in a voluntary arrangement"),
        ("open", "registered", "open"),
        ("a status of next year", "unclear", "“a status of next year”"),
    ],
)
def test_the_standing_of_a_company(registers, status, standing, words):
    registers.say(
        COMPANY, company(COMPANY, "SKERNE SIDE SPORTS CIC", company_status=status, date_of_cessation="2025-05-04")
    )
    said = ask_company(registers)
    assert (said.standing, said.words) == (standing, words)


def test_a_company_about_to_be_struck_off_is_not_simply_active(registers):
    detail = {"company_status_detail": "active-proposal-to-strike-off"}
    registers.say(COMPANY, company(COMPANY, "SKERNE SIDE SPORTS CIC", **detail))
    assert ask_company(registers).standing == "unclear"


@pytest.mark.parametrize(
    ("accounts", "statement", "sentence"),
    [
        (True, False, "Accounts are overdue"),
        (False, True, "The confirmation statement is overdue"),
        (True, True, "Accounts and the confirmation statement are overdue"),
        (False, False, None),
    ],
)
def test_overdue_papers_of_a_company(registers, accounts, statement, sentence):
    late = {"accounts": {"overdue": accounts}, "confirmation_statement": {"overdue": statement}}
    registers.say(COMPANY, company(COMPANY, "SKERNE SIDE SPORTS CIC", **late))
    assert ask_company(registers).overdue == sentence


def test_not_found_is_a_verdict_only_in_the_registers_own_words(registers):
    """A wrong address in the settings answers 404 as well; that must never lower anybody's cap."""
    assert ask_company(registers).standing == "missing"
    registers.say(COMPANY, b"<html>nginx: not found</html>", 404)
    assert ask_company(registers).standing == "unclear"
    registers.say(COMPANY, {"message": "no route"}, 404)
    assert ask_company(registers).standing == "unclear"
    assert ask_charity(registers).standing == "unclear"


@pytest.mark.parametrize(
    ("answer", "status", "kind"),
    [
        ({"message": "Rate limit is exceeded"}, 429, "busy"),
        ({"error": "Invalid Authorization"}, 401, "refused"),
        ({"message": "Out of call volume quota"}, 403, "refused"),
        (b"<html><h1>Bad gateway</h1></html>", 502, "unreachable"),
        ({}, 500, "unreachable"),
        (b"<html><h1>Sign in to the guest network</h1></html>", 200, "unreadable"),
        (b'{"company_name": "HALF A', 200, "unreadable"),
        (b"[]", 200, "unreadable"),
        (b"null", 200, "unreadable"),
        (b"", 200, "unreadable"),
        (b"[" * 200_000, 200, "unreadable"),
        (b'{"company_number": "99000301"}', 200, "unreadable"),
        ({"company_number": "99000999", "company_name": "ANOTHER", "company_status": "active"}, 200, "unreadable"),
        ({"company_number": "99000301", "company_name": ["A"], "company_status": {"x": 1}}, 200, "unreadable"),
        (b"\xff\xfe\x00", 200, "unreadable"),
        ({}, 418, "unreadable"),
        (cut, 200, "unreachable"),
        (hang, 200, "unreachable"),
        (drip, 200, "unreachable"),
        (flood, 200, "unreadable"),
    ],
)
def test_what_goes_wrong_is_no_answer(registers, answer, status, kind):
    registers.say(COMPANY, answer, status)
    with pytest.raises(NoAnswer) as refused:
        ask_company(registers, seconds=0.5)
    assert refused.value.kind == kind
    assert "still to be checked" in refused.value.sentence


def test_an_answer_about_another_charity_is_no_answer(registers):
    for facts in (
        {"reg_charity_number": 9900202},
        {"group_subsid_suffix": 4},
        {"reg_status": "X"},
        {"charity_name": None},
    ):
        registers.say(CHARITY, charity(9900201, "LAMPLIGHT MENTORS") | facts)
        with pytest.raises(NoAnswer) as refused:
            ask_charity(registers)
        assert refused.value.kind == "unreadable"


def test_a_packed_answer_is_not_unpacked(registers):
    body = gzip.compress(json.dumps(company(COMPANY, "SKERNE SIDE SPORTS CIC")).encode())
    registers.say(COMPANY, body, Content_Encoding="gzip")
    with pytest.raises(NoAnswer, match="unreadable"):
        ask_company(registers)
    assert registers.seen[0][1]["Accept-Encoding"] == "identity"


def test_a_redirect_is_not_followed(registers):
    """Q48: the canary on another port hears nothing, and so gets no key."""
    with Registers() as canary:
        for status in (301, 302, 303, 307, 308):
            registers.say(COMPANY, b"", status, Location=f"{canary.address}/company/{COMPANY}")
            with pytest.raises(NoAnswer, match="unreadable"):
                ask_company(registers)
        assert canary.seen == []


def test_a_register_says_how_long_to_wait(registers):
    registers.say(COMPANY, {}, 429, Retry_After="300")
    with pytest.raises(NoAnswer) as refused:
        ask_company(registers)
    assert refused.value.wait == 300
    registers.say(COMPANY, {}, 429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT")
    with pytest.raises(NoAnswer) as refused:
        ask_company(registers)
    assert refused.value.wait is None


def test_nobody_at_the_address_is_no_answer():
    with Registers() as gone:
        pass
    with pytest.raises(NoAnswer, match="unreachable"):
        ask_company(gone)


@pytest.mark.parametrize(
    "number",
    ["../../admin", "99000301/officers", "99000301?x=1", "99000301#", "99000301@evil.example", "//evil.example/x", "99000301\r\nX: y", "%2e%2e", "", "९९०००३०१", "9" * 400],
)  # fmt: skip
def test_a_number_never_changes_host_or_path(registers, number):
    """Q48: what is not a number of the register is not asked about at all."""
    for ask in (ask_company, ask_charity):
        with pytest.raises(NoAnswer, match="unreadable"):
            ask(registers, number)
    assert registers.seen == []


def test_parts_of_an_address_are_quoted():
    assert address_of("https://register.example/api/", "a/../b?c", "d#e@f") == "https://register.example/api/a%2F..%2Fb%3Fc/d%23e%40f"  # fmt: skip


@pytest.mark.parametrize(
    "base", ["http://register.example", "file:///etc/passwd", "ftp://127.0.0.1", "", "register.example"]
)
def test_the_key_is_sent_over_https_only(base):
    with pytest.raises(NoAnswer, match="refused"):
        address_of(base, "company", COMPANY)


def test_the_log_says_which_register_failed_and_nothing_of_number_or_key(registers):
    registers.say(COMPANY, {}, 500)
    with capture_logs() as lines, pytest.raises(NoAnswer):
        ask_company(registers)
    assert [line["event"] for line in lines] == ["register_no_answer"]
    assert KEY not in str(lines)
    assert COMPANY not in str(lines)


def test_an_answer_is_kept_and_read_back_whole(registers):
    registers.say(
        CHARITY, charity(9900201, "LAMPLIGHT MENTORS", reg_status="RM", date_of_removal="2024-03-03T00:00:00")
    )
    said = ask_charity(registers)
    assert from_facts(json.loads(json.dumps(said.as_facts()))) == said


def test_hostile_values_are_left_out_or_made_harmless(registers):
    facts = {
        "charity_name": "LAMP\u0000LIGHT\n<b>MENTORS</b>" + "x" * 900, "latest_income": 1e40, "latest_expenditure": "12",
        "date_of_registration": "yesterday", "latest_acc_fin_year_end_date": 20250331, "trustee_names": "nobody",
        "other_names": [1, {"other_name": 2}, {"other_name": "REAL"}], "reporting_status": ["overdue"],
    }  # fmt: skip
    registers.say(CHARITY, charity(9900201, "x", **facts))
    said = ask_charity(registers)
    assert said.name is not None
    assert said.name.startswith("LAMP LIGHT <b>MENTORS</b>x")
    assert len(said.name) == 300
    assert (said.income_pence, said.spending_pence, said.registered_on, said.accounts_to) == (None, None, None, None)
    assert (said.trustees, said.other_names, said.overdue) == ((), ("REAL",), None)
