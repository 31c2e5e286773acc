"""Bank details: entered by the grantee, checked by a call back, confirmed by a third person, never shown whole again.

They stand sealed in the database (fund.core.sealing). A change is a new row that starts again and holds
payments meanwhile.
"""

import json
import re
from datetime import datetime

from sqlalchemy import select

from applications.signals.answering import check_nothing_held
from applications.workflow import AWARDED, ENDED
from fund.core import audit
from fund.core.database import db
from fund.core.guards import once_only
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.core.sealing import fingerprint, seal, unseal
from fund.tables import Person

from .account_check import is_unusual
from .bank_signals import compare_accounts
from .decisions import may_take_part, refuse_unless
from .shared_accounts import tell_of_shared
from .tables import Award, BankDetail
from .telling import tell_applicant

LEAST_NOTE = 10
PURPOSE = "bank details"  # of the sealing; another word would make what is stored unreadable


def load_detail(key: int) -> BankDetail | None:
    return db.session.get(BankDetail, key)


def current_detail(award: Award) -> BankDetail | None:
    """The details that hold now, confirmed or not."""
    wanted = (BankDetail.award_id == award.id, BankDetail.replaced_at.is_(None))
    return db.session.scalar(select(BankDetail).where(*wanted).order_by(BankDetail.id.desc()).limit(1))


def confirmed_detail(award: Award) -> BankDetail:
    """The details to pay to. Raises Problem until two people have verified what the grantee entered."""
    detail = current_detail(award)
    if (problem := why_not_confirmed(detail)) or detail is None:
        raise Problem(problem)
    return detail


def why_not_confirmed(detail: BankDetail | None) -> str:
    """Why nothing can be paid to what the grantee entered, as a sentence; empty when it can."""
    if detail is None:
        return "The grantee has not entered bank details yet."
    if detail.confirmed_at is None:
        return "The bank details are not checked and confirmed by two people yet."
    return ""


def read_sort_code(text: str) -> str:
    """Six digits from "20-45-67" or "204567". Raises Problem otherwise."""
    digits = re.sub(r"[\s–-]", "", text)
    if not re.fullmatch(r"[0-9]{6}", digits) or digits == "000000":
        raise Problem("Enter a sort code with 6 digits, like 20-45-67", "sort_code")
    return digits


def read_account_number(text: str) -> str:
    """Eight digits; a shorter number of six or seven gets leading zeros, as banks do. Raises Problem otherwise."""
    digits = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{6,8}", digits) or not digits.strip("0"):
        raise Problem("Enter an account number with 8 digits", "account_number")
    return digits.zfill(8)


def enter_detail(award: Award, *, account_name: str, sort_code: str, account_number: str, by: Person, now: datetime) -> BankDetail:  # fmt: skip
    """Keep new details; what was there before is replaced and payments wait until these are verified.

    A pair that looks unusual is kept as it is and marked: the table it is compared with is old.
    """
    if award.application.status not in AWARDED:
        raise WrongMoment("Bank details are needed after the offer is accepted.")
    if not account_name.strip():
        raise Problem("Enter the name on the account", "account_name")
    number = {
        "account_name": account_name.strip(),
        "sort_code": read_sort_code(sort_code),
        "account_number": read_account_number(account_number),
    }
    if (old := current_detail(award)) is not None:
        old.replaced_at = now
    row = BankDetail(
        award_id=award.id, secret=seal(json.dumps(number).encode(), PURPOSE), ends_with=number["account_number"][-4:],
        fingerprint=_fingerprint(number), is_unusual=is_unusual(number["sort_code"], number["account_number"]), entered_at=now, entered_by_id=by.id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("bank.enter", row, by=by, now=now, award=award.id, replaces=old and old.id)
    compare_accounts(award.application, now)
    tell_of_shared(row, now)
    tell_applicant(
        "bank_changed", award.application, now=now, once=f"bank-{row.id}", entered_by=by.name, ends_with=row.ends_with
    )
    return row


def check_detail(detail: BankDetail, note: str, *, by: Person, now: datetime) -> None:
    """A finance officer called back on a number they found themselves; `note` says whom and which number."""
    _still_current(detail)
    if detail.checked_at is not None:
        raise WrongMoment("These details were checked already.")
    _refuse_one_of(by, detail, detail.entered_by_id)
    if len(note.strip()) < LEAST_NOTE:
        raise Problem("Say whom you called, on which number, and where you found it", "note")
    with once_only("These details were checked already."):
        detail.checked_at, detail.checked_by_id, detail.check_note = now, by.id, note.strip()
    audit.record("bank.check", detail, by=by, now=now, award=detail.award_id)


def confirm_detail(detail: BankDetail, *, by: Person, now: datetime) -> None:
    """A third person looks at the check and confirms (rule 11). Raises Problem while an account under two names is not answered."""
    _still_current(detail)
    if detail.checked_at is None:
        raise WrongMoment("These details must be checked by a call back first.")
    if detail.confirmed_at is not None:
        raise WrongMoment("These details were confirmed already.")
    _refuse_one_of(by, detail, detail.entered_by_id, detail.checked_by_id)
    check_nothing_held(detail.award.application, "bank")
    with once_only("These details were confirmed already."):
        detail.confirmed_at, detail.confirmed_by_id = now, by.id
    audit.record("bank.confirm", detail, by=by, now=now, award=detail.award_id)


def _still_current(detail: BankDetail) -> None:
    if detail.replaced_at is not None:
        raise WrongMoment("The grantee has entered new details since. Check those.")
    if detail.award.application.status in ENDED:
        raise WrongMoment("This award has ended. No payment goes to this account.")


def _refuse_one_of(by: Person, detail: BankDetail, *earlier: int | None) -> None:
    if by.id in earlier:
        raise Forbidden("You entered or checked these details. Another person must do this.")
    refuse_unless(may_take_part(by, detail.award.application))


def shown(detail: BankDetail) -> str:
    """What a page may say of an account."""
    return f"Account ending {detail.ends_with}"


def open_detail(detail: BankDetail) -> dict[str, str]:
    """The account in clear: account_name, sort_code, account_number. Only for the file that goes to the bank."""
    return json.loads(unseal(detail.secret, PURPOSE))


def _fingerprint(number: dict[str, str]) -> str:
    return fingerprint(f"{number['sort_code']} {number['account_number']}".encode(), "bank fingerprint")
