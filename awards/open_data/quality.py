"""Quality checks of the published file, in the spirit of 360Giving's own (domain guide, section 13): advice for staff.

What the standard's schema refuses is never published (giving.package_of); what stands here is right but could be better.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fund.identifiers import IdentifierProblem, check_identifier

from .giving import LONGEST_TITLE, UNREGISTERED
from .texts import REMOVED

Grant = dict[str, Any]
NUMBERS = {"charityNumber": "GB-CHC", "companyNumber": "GB-COH"}


@dataclass(frozen=True)
class Finding:
    """One thing to better: what, for how many grants, and the first few of them."""

    what: str
    advice: str
    grants: tuple[str, ...]


def findings(package: dict[str, Any]) -> list[Finding]:
    """Everything there is to better in a package, the most frequent first."""
    found: dict[tuple[str, str], list[str]] = {}
    for grant in package["grants"]:
        for what, advice in _of(grant):
            found.setdefault((what, advice), []).append(grant["id"])
    for what, advice in _of_all(package["grants"]):
        found[what, advice] = []
    rows = [Finding(what, advice, tuple(ids)) for (what, advice), ids in found.items()]
    return sorted(rows, key=lambda row: -len(row.grants))


def _of(grant: Grant) -> Iterator[tuple[str, str]]:
    recipient = grant["recipientOrganization"][0]
    if grant["id"].startswith(f"360G-{UNREGISTERED}-"):
        yield "The publisher's prefix is not registered", "Register with 360Giving and enter the prefix here."
    if len(grant["title"]) >= LONGEST_TITLE:
        yield "A title of 140 characters or more", "Shorten the purpose with a change of the award."
    if grant["title"].strip() == grant["description"].strip():
        yield "The title is the description", "Write reasons."
    if not grant["amountAwarded"]:
        yield "An amount of nothing", "Check the award."
    for field, scheme in NUMBERS.items():
        if field in recipient and not _is_plausible(scheme, recipient[field]):
            yield f"An odd {'charity' if field == 'charityNumber' else 'company'} number", "Check it with the register."
    if recipient["id"].startswith("360G-") and "charityNumber" not in recipient and "companyNumber" not in recipient:
        yield "A recipient that no register confirms", "Right for an informal group; otherwise confirm its number."
    if REMOVED in f"{grant['title']} {grant['description']}":
        yield "An e-mail address or telephone number was taken out of the text", "Write reasons without them."
    for field, name in (("beneficiaryLocation", "place"), ("grantProgramme", "programme"), ("dataSource", "data source"), ("dateModified", "day of the last change")):  # fmt: skip
        if not grant.get(field):
            yield f"No {name}", "Every grant should have one."


def _is_plausible(scheme: str, number: str) -> bool:
    try:
        check_identifier(scheme, number)
    except IdentifierProblem:
        return False
    return True


def _of_all(grants: list[Grant]) -> Iterator[tuple[str, str]]:
    if len({grant["fundingOrganization"][0]["id"] for grant in grants}) > 1:
        yield "More than one funder in one file", "Right when several partnerships publish together."
