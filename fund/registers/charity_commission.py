"""The Charity Commission's register of charities: one call tells name, standing, accounts, figures and trustees.

Source: the Commission's "Register of Charities" API, operation GetAllCharityDetailsV2:
GET /allcharitydetailsV2/{RegisteredNumber}/{suffix} with the key in Ocp-Apim-Subscription-Key; suffix 0 is the charity
itself, others its linked charities. `reg_status` is R (registered) or RM (removed); money is in pounds.
"""

from typing import Any

from fund.core.clock import speak_day

from .calling import address_of, call, plausible
from .said import NoAnswer, Said, day_of, names_in, pence_of, text_of

SCHEME = "GB-CHC"
IN_TROUBLE = (
    ("insolvent", "registered, but insolvent"),
    ("in_administration", "registered, but in administration"),
    ("cio_dissolution_ind", "registered, but being dissolved"),
)
LATE = ("overdue", "double default")  # how its reporting_status says that a year's papers are missing


def ask(number: str, *, url: str, key: str, seconds: float) -> Said:
    """What the register says of a charity number, with or without the suffix of a linked charity. Raises NoAnswer."""
    main, _, suffix = plausible(SCHEME, number).partition("-")
    address = address_of(url, "allcharitydetailsV2", main, suffix or "0")
    answer = call(address, headers={"Ocp-Apim-Subscription-Key": key}, seconds=seconds)
    if answer.status == 404 or answer.data is None:
        # A wrong address in the settings is answered with 404 as well, so this alone is no verdict.
        return Said("unclear", "the register’s service has no entry for this number")
    return read(answer.data, main, suffix or "0")


def read(data: dict[str, Any], main: str, suffix: str = "0") -> Said:
    """One answer in our words. Raises NoAnswer when it is about another number or says no status we know of."""
    about = (str(data.get("reg_charity_number")), str(data.get("group_subsid_suffix") or 0))
    if about != (str(int(main)), str(int(suffix))) or text_of(data.get("charity_name")) is None:
        raise NoAnswer("unreadable")
    standing, words = _standing(data)
    return Said(
        standing, words, text_of(data.get("charity_name")), names_in(data.get("other_names"), "other_name"),
        registered_on=day_of(data.get("date_of_registration")), removed_on=day_of(data.get("date_of_removal")),
        accounts_to=day_of(data.get("latest_acc_fin_year_end_date")), overdue=_overdue(data),
        income_pence=pence_of(data.get("latest_income")), spending_pence=pence_of(data.get("latest_expenditure")),
        trustees=names_in(data.get("trustee_names"), "trustee_name"), also_number=text_of(data.get("charity_co_reg_number")),
    )  # fmt: skip


def _standing(data: dict[str, Any]) -> tuple[str, str]:
    status = data.get("reg_status")
    if status == "RM":
        when, why = day_of(data.get("date_of_removal")), text_of(data.get("removal_reason"))
        return "removed", "removed" + (f" on {speak_day(when)}" if when else "") + (f" ({why.lower()})" if why else "")
    if status != "R":
        raise NoAnswer("unreadable")
    for flag, words in IN_TROUBLE:
        if data.get(flag) is True:
            return "unclear", words
    return "registered", "registered"


def _overdue(data: dict[str, Any]) -> str | None:
    said = text_of(data.get("reporting_status")) or ""
    return "Accounts or the annual return are overdue" if any(word in said.lower() for word in LATE) else None
