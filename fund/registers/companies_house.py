"""Companies House's register of companies: one call tells name, status, former names and what is overdue.

Source: the Companies House Public Data API, company profile: GET /company/{companyNumber}, HTTP basic auth with the key as
the user name and no password; 600 requests in five minutes, then 429. Unknown numbers are answered with 404 and
{"errors": [{"error": "company-profile-not-found"}]}.
"""

from typing import Any

from fund.core.clock import speak_day

from .calling import address_of, call, plausible
from .said import NoAnswer, Said, day_of, dict_of, names_in, text_of

SCHEME = "GB-COH"
STATUSES = {
    "active": ("registered", "active"),
    "open": ("registered", "open"),
    "registered": ("registered", "registered"),
    "dissolved": ("removed", "dissolved"),
    "removed": ("removed", "removed"),
    "closed": ("removed", "closed"),
    "converted-closed": ("removed", "converted or closed"),
    "liquidation": ("unclear", "in liquidation"),
    "receivership": ("unclear", "in receivership"),
    "administration": ("unclear", "in administration"),
    "voluntary-arrangement": ("unclear", "in a voluntary arrangement"),
    "insolvency-proceedings": ("unclear", "in insolvency proceedings"),
}
STRIKING_OFF = "active-proposal-to-strike-off"  # a company_status_detail


def ask(number: str, *, url: str, key: str, seconds: float) -> Said:
    """What the register says of a company number. Raises NoAnswer."""
    number = plausible(SCHEME, number)
    answer = call(address_of(url, "company", number), auth=(key, ""), seconds=seconds)
    if answer.status == 404:
        return _not_found(answer.data)
    return read(answer.data or {}, number)


def read(data: dict[str, Any], number: str) -> Said:
    """One answer in our words. Raises NoAnswer when it is about another number or has no name or status."""
    name, status = text_of(data.get("company_name")), text_of(data.get("company_status"))
    if data.get("company_number") != number or not name or not status:
        raise NoAnswer("unreadable")
    accounts = dict_of(data.get("accounts"))
    ended = day_of(data.get("date_of_cessation"))
    standing, words = _standing(status, data.get("company_status_detail"))
    return Said(
        standing, words + (f" on {speak_day(ended)}" if standing == "removed" and ended else ""), name,
        former_names=names_in(data.get("previous_company_names"), "name"),
        registered_on=day_of(data.get("date_of_creation")), removed_on=ended if standing == "removed" else None,
        accounts_to=day_of(dict_of(accounts.get("last_accounts")).get("made_up_to")), overdue=_overdue(data, accounts),
    )  # fmt: skip


def _standing(status: str, detail: Any) -> tuple[str, str]:
    standing, words = STATUSES.get(status, ("unclear", f"“{status}”"))
    if standing == "registered" and detail == STRIKING_OFF:
        return "unclear", f"{words}, but about to be struck off"
    return standing, words


def _not_found(data: dict[str, Any] | None) -> Said:
    """Only the register's own word counts: a wrong address in the settings is answered with 404 as well."""
    errors = (data or {}).get("errors")
    if "company-profile-not-found" in names_in(errors, "error"):
        return Said("missing", "not on the register")
    return Said("unclear", "the register’s service has no entry for this number")


def _overdue(data: dict[str, Any], accounts: dict[str, Any]) -> str | None:
    accounts_late = accounts.get("overdue") is True or dict_of(accounts.get("next_accounts")).get("overdue") is True
    statement_late = dict_of(data.get("confirmation_statement")).get("overdue") is True
    late = [words for is_late, words in ((accounts_late, "accounts"), (statement_late, "the confirmation statement")) if is_late]  # fmt: skip
    if not late:
        return None
    words = " and ".join(late)
    return f"{words[0].upper()}{words[1:]} {'is' if late == ['the confirmation statement'] else 'are'} overdue"
