"""Account numbers are never shown, three people stand behind them, and no instalment is paid twice (rules 3 and 11)."""

import pytest
from sqlalchemy.exc import IntegrityError

from awards import bank, payments, tranches
from awards.shared_accounts import shared_account
from awards.tables import Payment, Tranche
from fund import ledger
from fund.core import clock
from fund.core.audit import AuditEvent
from fund.core.outbox import OutboxMessage
from fund.core.problems import Forbidden, Problem, WrongMoment
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

pytestmark = pytest.mark.usefixtures("letters_undrawn")

NOTE = "Called the treasurer on the number of the charity register"


def enter(award, **changed):
    facts = {"account_name": "Marra", "sort_code": "20-45-67", "account_number": "12345678"} | changed
    return bank.enter_detail(award, **facts, by=given.lead(award.application), now=clock.now())


@pytest.fixture
@kept
def accepted(round):
    return given.accepted(round)


@pytest.fixture
@kept
def delivering(round, time):
    award = given.in_delivery(round, 1_825_000, ends_on=clock.date(2027, 5, 31))
    time.move(days=130)
    return award


def first(award) -> Tranche:
    return Tranche.query.filter_by(award_id=award.id, number=1).one()


def prepare(tranche, by=None):
    return payments.prepare_payment(
        tranche, by=by or make.staff("finance_officer", tranche.award.round), now=clock.now()
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [("sort_code", "20-45-6"), ("sort_code", "²04567"), ("sort_code", "000000"), ("account_number", "12345"), ("account_number", "1234567x"), ("account_number", "00000000"), ("account_name", "  ")],
)  # fmt: skip
def test_numbers_of_the_wrong_shape_are_refused_beside_their_field(accepted, field, typed):
    with pytest.raises(Problem) as refused:
        enter(accepted, **{field: typed})
    assert refused.value.field == field


def test_the_database_the_log_and_the_mail_hold_no_account_number(accepted):
    detail = enter(accepted)
    kept = repr([detail.secret, detail.ends_with, detail.fingerprint])
    said = repr([(line.details, line.action) for line in AuditEvent.query]) + repr(
        [mail.body for mail in OutboxMessage.query]
    )
    assert "12345678" not in kept + said
    assert "204567" not in kept + said
    assert bank.open_detail(detail)["account_number"] == "12345678"
    assert bank.shown(detail) == "Account ending 5678"


def test_details_need_a_check_and_a_third_person(accepted, round):
    detail = enter(accepted)
    checker, third = make.staff("finance_officer", round), make.staff("head_of_fund", round)
    with pytest.raises(WrongMoment, match="checked by a call back first"):
        bank.confirm_detail(detail, by=third, now=clock.now())
    with pytest.raises(Problem, match="whom you called"):
        bank.check_detail(detail, "ok", by=checker, now=clock.now())
    bank.check_detail(detail, NOTE, by=checker, now=clock.now())
    with pytest.raises(Forbidden, match="Another person"):
        bank.confirm_detail(detail, by=checker, now=clock.now())
    with pytest.raises(Problem, match="not checked and confirmed"):
        bank.confirmed_detail(accepted)
    bank.confirm_detail(detail, by=third, now=clock.now())
    assert bank.confirmed_detail(accepted).id == detail.id


def test_who_entered_the_details_cannot_check_them(accepted, round):
    detail = enter(accepted)
    with pytest.raises(Forbidden):
        bank.check_detail(detail, NOTE, by=given.lead(accepted.application), now=clock.now())


def test_a_change_starts_again_and_holds_payments(delivering):
    payment = prepare(first(delivering))
    enter(delivering, account_number="87654321")
    with pytest.raises(Problem, match="not checked and confirmed"):
        payments.release_payments([payment], by=make.staff("head_of_fund", delivering.round), now=clock.now())
    given.with_bank(delivering, account_number="87654321")
    with pytest.raises(Problem, match="changed after payment"):
        payments.release_payments([payment], by=make.staff("head_of_fund", delivering.round), now=clock.now())
    assert ledger.fresh_pot(delivering.round).paid_pence == 0


def test_the_same_account_under_another_name_is_shown_to_staff(round):
    one, other = given.accepted(round), given.accepted(round)
    enter(one)
    enter(other)
    assert shared_account(other).others == (one.reference,)
    enter(other, account_number="11112222")
    assert shared_account(other) is None


def test_a_payment_takes_two_people_and_posts_once(delivering):
    finance = make.staff("finance_officer", delivering.round)
    payment = prepare(first(delivering), finance)
    with pytest.raises(Forbidden, match="Another person must release it"):
        payments.release_payments([payment], by=finance, now=clock.now())
    payments.release_payments([payment], by=make.staff("finance_officer", delivering.round), now=clock.now())
    assert (delivering.paid_pence, delivering.committed_pence) == (456_250, 1_368_750)
    assert OutboxMessage.query.filter_by(template="remittance").count() == 1
    with pytest.raises(WrongMoment, match="already"):
        payments.release_payments([payment], by=make.staff("head_of_fund", delivering.round), now=clock.now())
    with pytest.raises(WrongMoment, match="already prepared"):
        prepare(first(delivering))


def test_the_database_itself_keeps_a_second_payment_away(delivering, database):
    payment = prepare(first(delivering))
    twin = {c.key: getattr(payment, c.key) for c in Payment.__table__.columns if c.key != "id"}
    database.session.add(Payment(**twin))
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        database.session.flush()
    database.session.rollback()


def test_who_assessed_the_bid_does_not_pay_it(delivering):
    judge = make.staff("finance_officer", delivering.round)
    given.assessed_by(judge, delivering.application)
    with pytest.raises(Forbidden, match="You assessed this bid"):
        prepare(first(delivering), judge)


def test_the_next_instalment_waits_for_the_return_before_it(delivering, time):
    payment = prepare(first(delivering))
    payments.release_payments([payment], by=make.staff("head_of_fund", delivering.round), now=clock.now())
    time.move(days=100)
    second = Tranche.query.filter_by(award_id=delivering.id, number=2).one()
    with pytest.raises(Problem, match="Return 1 accepted"):
        prepare(second)
    payments.clear_gate(delivering, "return-1", by=None, now=clock.now())
    payments.clear_gate(delivering, "return-1", by=None, now=clock.now())
    assert prepare(second).amount_pence == 456_250


def test_conditions_that_hold_payments_hold_them_until_somebody_saw_the_evidence(round, time):
    award = given.accepted(round, 400_000)
    given.with_bank(award)
    make.put(award.application, "in_delivery", None)
    time.move(days=130)
    with pytest.raises(Problem, match="Condition 3 is not cleared: Insurance"):
        prepare(first(award))
    assert len(tranches.open_conditions(award)) == 2


def test_an_instalment_is_not_paid_before_its_day(round):
    award = given.in_delivery(round)
    with pytest.raises(Problem, match="due on 1 June 2026"):
        prepare(first(award))


def test_a_payment_taken_back_can_be_prepared_again(delivering):
    payment = prepare(first(delivering))
    payments.take_back(payment, "Wrong run", by=make.staff("finance_officer", delivering.round), now=clock.now())
    assert prepare(first(delivering)).amount_pence == 456_250
