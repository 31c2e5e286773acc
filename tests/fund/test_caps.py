"""Design rules 1 and 2: who may ask for how much, and what a register has to do with it."""

import pytest

from fund import organisations
from fund.caps import cap_for, check_within_cap, registration_of
from fund.core import clock
from fund.core.money import parse_pounds
from fund.core.problems import Problem
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round()


@pytest.fixture
@kept
def officer(round):
    return make.staff("fund_officer", round)


def check(organisation, result, officer, which=0):
    number = organisation.identifiers[which]
    return organisations.record_check(number, result, "Seen on the register", by=officer, now=clock.now())


def number(organisation, scheme, digits):
    return organisations.add_identifier(organisation, scheme, digits, by=None, now=clock.now())


@pytest.mark.parametrize(("form", "most"), [("unincorporated", 500_000), ("cio", 4_000_000)])
def test_rule_1_the_cap_passes_and_a_penny_more_is_refused(round, form, most):
    cap = cap_for(round, make.organisation(legal_form=form))
    check_within_cap(cap, most)
    with pytest.raises(Problem):
        check_within_cap(cap, most + 1)


def test_rule_1_says_what_to_take_off(round):
    group = cap_for(round, make.organisation(legal_form="unincorporated"))
    with pytest.raises(Problem) as refused:
        check_within_cap(group, 500_001, "asked")
    assert refused.value.field == "asked"
    assert refused.value.sentence == (
        "You asked for £5,000.01. Groups that are not registered can ask for up to £5,000.00. Take off £0.01 to carry on."
    )
    charity = cap_for(round, make.organisation())
    with pytest.raises(Problem, match=r"You asked for £40,000.01. Registered organisations can ask for up to £40,000.00. Take off £0.01"):  # fmt: skip
        check_within_cap(charity, 4_000_001)


@pytest.mark.parametrize("typed", ["5,000", "£5000.00", "5000"])
def test_rule_1_five_thousand_pounds_however_it_is_typed(typed):
    assert parse_pounds(typed) == 500_000


@pytest.mark.parametrize("typed", ["5000.004", "NaN", "-1", "1e3", "Infinity", "", "٥٠٠٠"])
def test_rule_1_what_is_not_pounds_and_pence_is_refused(typed):
    with pytest.raises(Problem, match="Enter pounds and pence"):
        parse_pounds(typed)


def test_rule_2_registered_needs_the_legal_form_and_a_confirmed_number(round):
    cap = cap_for(round, make.organisation(legal_form="cio", confirmed=True))
    assert (cap.key, cap.most_pence, cap.provisional) == ("registered", 4_000_000, False)


def test_rule_2_a_confirmed_number_without_the_legal_form_is_not_registered(round, officer):
    group = make.organisation(legal_form="unincorporated")
    number(group, "GB-CHC", "9900777")
    check(group, "confirmed", officer)
    assert cap_for(round, group).most_pence == 500_000


def test_rule_2_the_legal_form_without_a_number_is_not_registered(round, officer):
    charity = make.organisation(legal_form="cio", confirmed=None)
    organisations.remove_identifier(charity, charity.identifiers[0], by=officer, now=clock.now())
    assert cap_for(round, charity).key == "unregistered"


def test_rule_2_until_it_is_checked_the_registered_cap_holds_provisionally(round, officer):
    charity = make.organisation(legal_form="cio", confirmed=None)
    assert cap_for(round, charity).provisional
    assert cap_for(round, charity).most_pence == 4_000_000
    check(charity, "confirmed", officer)
    assert not cap_for(round, charity).provisional


@pytest.mark.parametrize("result", ["removed", "not_found"])
def test_rule_2_a_number_found_removed_or_missing_lowers_the_cap_at_once(round, officer, result):
    charity = make.organisation(legal_form="cio", confirmed=True)
    check(charity, result, officer)
    assert cap_for(round, charity).most_pence == 500_000


def test_rule_2_a_new_number_does_not_outweigh_a_removed_one_until_it_is_confirmed(round, officer, time):
    charity = make.organisation(legal_form="cio", confirmed=True)
    time.move(days=1)
    check(charity, "removed", officer)
    number(charity, "GB-CHC", "9900888")
    assert cap_for(round, charity).most_pence == 500_000
    time.move(days=1)
    check(charity, "confirmed", officer, which=1)
    assert cap_for(round, charity).most_pence == 4_000_000


def test_rule_2_only_a_register_that_holds_the_legal_form_counts(round, officer):
    charity = make.organisation(legal_form="cio", confirmed=None)
    organisations.remove_identifier(charity, charity.identifiers[0], by=officer, now=clock.now())
    number(charity, "GB-UKPRN", "10009999")
    check(charity, "confirmed", officer)
    assert registration_of(charity) == "none"
    assert cap_for(round, charity).most_pence == 500_000


def test_rule_2_a_form_that_no_register_holds_may_show_any_number(round, officer):
    force = make.organisation(legal_form="police", confirmed=None)
    assert registration_of(force) == "to_check"
    check(force, "confirmed", officer)
    assert cap_for(round, force).most_pence == 4_000_000


def test_a_form_that_the_round_does_not_fund_is_refused(round):
    person = make.organisation(legal_form="individual", confirmed=None)
    with pytest.raises(Problem, match="does not fund organisations of this legal form"):
        cap_for(round, person)
