"""One account under two names (rule 3): the bids are held for staff, and neither group hears of the other.

Accounts are compared by their fingerprint alone; nothing is decrypted.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from applications.signals.comparing import compare
from applications.signals.found import Found, pair_of
from applications.signals.hooks import finders
from applications.signals.scope import Bid, Scope, scope_of
from applications.tables import Application
from fund.core import withholding
from fund.core.database import db
from fund.tables import Fund, Round

from .tables import Award, BankDetail


@finders
def same_account(scope: Scope) -> Iterator[Found]:
    """Organisations of a partnership that gave the same account, now or before it was replaced; one statement."""
    holders: dict[str, dict[int, str]] = defaultdict(dict)
    given: dict[int, set[str]] = defaultdict(set)
    for fingerprint, organisation_id, ends_with in db.session.execute(_accounts(scope)):
        holders[fingerprint][organisation_id] = ends_with
        given[organisation_id].add(fingerprint)
    for bid in scope.focused():
        for fingerprint in sorted(given[bid.organisation_id]):
            for organisation_id, ends_with in sorted(holders[fingerprint].items()):
                if organisation_id != bid.organisation_id and (other := scope.latest.get(organisation_id)):
                    yield Found(
                        "bank", bid, other, "Both gave the same account.", _lines(bid, ends_with), _lines(other, ends_with),
                        pair_of(bid, other, fingerprint, fingerprint),
                    )  # fmt: skip


def _accounts(scope: Scope):
    return (
        select(BankDetail.fingerprint, Award.organisation_id, BankDetail.ends_with)
        .join(Award, Award.id == BankDetail.award_id)
        .join(Round, Round.id == Award.round_id)
        .join(Fund, Fund.id == Round.fund_id)
        .where(Fund.partnership_id == scope.partnership_id)
        .order_by(BankDetail.id)
    )


def _lines(bid: Bid, ends_with: str) -> list[str]:
    return [f"Account ending {ends_with}, given by {bid.organisation}"]


def compare_accounts(application: Application, now: datetime) -> None:
    """Look at once when an account is entered: nobody should confirm it before the question is asked."""
    with withholding.whole():
        scope = scope_of(application.round.fund.partnership_id, [application.id], now)
        compare(scope, only={"bank": same_account})
