"""An account that does not fit the banks' arithmetic is a hint to whoever enters and whoever checks it, never a refusal."""

import pytest
import uk_mod_check

from awards import account_check, bank
from awards.account_check import is_unusual
from tests.factories import awards as given
from tests.factories import fund as make

pytestmark = pytest.mark.usefixtures("letters_undrawn")

FITS = {"sort_code": "08-99-99", "account_number": "66374958"}
UNUSUAL = {"sort_code": "08-99-99", "account_number": "66374959"}
UNKNOWN = {"sort_code": "00-00-01", "account_number": "12345678"}
WARNING = "This sort code and account number look unusual together."


@pytest.mark.parametrize(
    ("sort_code", "account_number", "unusual"),
    [
        # From the test cases that Vocalink publishes with its rules.
        ("089999", "66374958", False),
        ("107999", "88837491", False),
        ("202959", "63748472", False),
        ("871427", "46238510", False),
        ("118765", "64371389", False),
        ("134020", "63849203", False),
        ("089999", "66374959", True),
        ("107999", "88837493", True),
        ("203099", "66831036", True),
        ("000001", "12345678", False),  # a sort code that is in no table says nothing
    ],
)
def test_the_banks_own_examples(sort_code, account_number, unusual):
    assert is_unusual(sort_code, account_number) is unusual


def test_a_fault_in_the_hint_stops_nobody(monkeypatch):
    def break_down(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(uk_mod_check, "validate", break_down)
    assert account_check.is_unusual("089999", "66374959") is False


@pytest.mark.parametrize(("typed", "warned"), [(FITS, False), (UNUSUAL, True), (UNKNOWN, False)])
def test_the_grantee_is_warned_and_the_account_is_kept(round, as_, typed, warned):
    award = given.accepted(round)
    client = as_(given.lead(award.application))
    page = client.post(f"/grants/{award.id}/bank", data=typed | {"account_name": "Marra"}, follow_redirects=True).text
    assert (WARNING in page) is warned
    detail = bank.current_detail(award)
    assert detail is not None
    assert (detail.ends_with, detail.is_unusual) == (typed["account_number"][-4:], warned)
    assert (WARNING in client.get(f"/grants/{award.id}/bank").text) is warned
    assert typed["account_number"] not in page


def test_the_checker_is_warned_until_the_account_is_confirmed(round, as_):
    award = given.accepted(round)
    as_(given.lead(award.application)).post(f"/grants/{award.id}/bank", data=UNUSUAL | {"account_name": "Marra"})
    finance = as_(make.staff("finance_officer", round))
    here = f"/office/awards/{award.id}"
    assert WARNING in finance.get(here).text
    detail = bank.current_detail(award)
    note = {"note": "Called the treasurer on the number of the charity register"}
    finance.post(f"/office/bank/{detail.id}/check", data=note)
    as_(make.staff("grant_manager", round)).post(f"/office/bank/{detail.id}/confirm")
    assert bank.confirmed_detail(award) is detail
    assert WARNING not in finance.get(here).text
