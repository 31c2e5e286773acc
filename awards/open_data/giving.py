"""360Giving: the register as a package of grants, checked against the standard's own schema before it leaves."""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from awards.register import PublicAward
from fund.core.clock import today

SCHEMAS = Path(__file__).parent / "vendor"
# The publisher prefix comes with registration at 360Giving; until then this one marks the ids as unregistered.
UNREGISTERED = "unregistered"
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
SCHEMES = {"GB-CHC": "charityNumber", "GB-COH": "companyNumber"}
LONGEST_TITLE = 140


FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(text: object) -> bool:
    """A day is not a moment: the standard takes either, but a text must be only one of them."""
    if isinstance(text, str):
        datetime.fromisoformat(text)
        return "T" in text
    return True


@cache
def validator() -> Draft202012Validator:
    """The package schema with the grant schema it names, both from files: nothing is fetched."""
    package, grant = (json.loads((SCHEMAS / name).read_text()) for name in ("360-giving-package-schema.json", "360-giving-schema.json"))  # fmt: skip
    named = package["properties"]["grants"]["items"]["$ref"]
    for schema in (package, grant):
        del schema["$schema"]  # names the 2020-12 dialect with http, which no library knows
    resource = DRAFT202012.create_resource(grant)
    registry = Registry().with_resources([(named, resource), (grant["$id"], resource)])
    return Draft202012Validator(package, registry=registry, format_checker=FORMATS)


def problems_of(package: dict[str, Any]) -> list[str]:
    """What the schema has against a package, in words; nothing when it is right."""
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator().iter_errors(package)]


def package_of(awards: list[PublicAward], site: str, now: datetime) -> dict[str, Any]:
    """The package. Raises ValueError when the schema refuses it: nothing wrong is published."""
    funders = sorted({award.funder for award in awards})
    made = {
        "version": "1.4",
        "title": "Grants of the Violence Prevention Fund",
        "description": "Every grant that was accepted, with its purpose.",
        "identifier": f"{site}/register/360giving.json",
        "publisher": {"name": funders[0] if len(funders) == 1 else "Violence prevention partnerships", "website": site},
        "issued": today(now).isoformat(),
        "accessURL": f"{site}/register",
        "downloadURL": f"{site}/register/360giving.json",
        "license": LICENCE,
        "grants": [grant_of(award, site) for award in awards],
    }
    if awards and (found := problems_of(made)):
        raise ValueError(found[0])
    return made


def grant_of(award: PublicAward, site: str) -> dict[str, Any]:
    """One grant. Amounts are numbers of pounds, days are YYYY-MM-DD."""
    grant: dict[str, Any] = {
        "id": f"360G-{prefix_of(award)}-{award.reference}",
        "title": award.title[:LONGEST_TITLE],
        "description": f"{award.title}. Why: {award.reasons}"[:10_000],
        "currency": "GBP",
        "amountAppliedFor": in_pounds(award.asked_pence),
        "amountAwarded": in_pounds(award.amount_pence),
        "amountDisbursed": in_pounds(award.paid_pence),
        "awardDate": award.awarded_on.isoformat(),
        "plannedDates": [{"startDate": award.starts_on.isoformat(), "endDate": award.ends_on.isoformat()}],
        "recipientOrganization": [recipient_of(award)],
        "fundingOrganization": [{"id": f"360G-{prefix_of(award)}-{award.funder_slug}", "name": award.funder}],
        "grantProgramme": [{"title": award.fund, "code": award.round}],
        "fromOpenCall": "No" if award.direct_reason else "Yes",
        "dateModified": award.changed_at.isoformat(),
        "dataSource": f"{site}/register",
        "classifications": [{"vocabulary": "Status", "title": award.status}],
    }
    if award.priority:
        grant["classifications"].append({"vocabulary": "Strategy priority", "title": award.priority})
    if award.places:
        codes = dict(award.place_codes)
        grant["beneficiaryLocation"] = [_location(place, codes.get(place)) for place in award.places]
    return grant


def _location(place: str, code: str | None) -> dict[str, str]:
    found = {"name": place, "countryCode": "GB"}
    if code:
        found |= {"geoCode": code} | ({"geoCodeType": "WD"} if code.startswith("E05") else {})
    return found


def prefix_of(award: PublicAward) -> str:
    return award.prefix or UNREGISTERED


def recipient_of(award: PublicAward) -> dict[str, str]:
    """The recipient by the register that knows it, or by our own number when none does. Never an address."""
    if not award.identifiers:
        return {"id": f"360G-{prefix_of(award)}-org-{award.organisation_key}", "name": award.recipient}
    scheme, number = award.identifiers[0]
    found = {"id": f"{scheme}-{re.sub(r'[^A-Za-z0-9-]', '', number)}", "name": award.recipient}
    return found | {SCHEMES[each]: digits for each, digits in award.identifiers if each in SCHEMES}


def in_pounds(pence: int) -> int | float:
    """Whole pounds as a whole number, else with two decimals: exact for every amount a grant can have."""
    return pence // 100 if pence % 100 == 0 else pence / 100


COLUMNS = (
    "Identifier", "Title", "Description", "Currency", "Amount Applied For", "Amount Awarded", "Amount Disbursed", "Award Date", "Planned Dates:Start Date",
    "Planned Dates:End Date", "Recipient Org:Identifier", "Recipient Org:Name", "Recipient Org:Charity Number",
    "Recipient Org:Company Number", "Funding Org:Identifier", "Funding Org:Name", "Grant Programme:Title",
    "Beneficiary Location:0:Name", "Beneficiary Location:0:Geographic Code", "From An Open Call", "Classifications:0:Vocabulary",
    "Classifications:0:Title",
    "Last Modified", "Data Source",
)  # fmt: skip


def rows_of(awards: list[PublicAward], site: str):
    """The same grants as rows under the standard's titled columns."""
    for award in awards:
        grant, recipient = grant_of(award, site), recipient_of(award)
        place = grant.get("beneficiaryLocation", [{}])[0]
        funder, dates = grant["fundingOrganization"][0], grant["plannedDates"][0]
        yield (
            grant["id"], grant["title"], grant["description"], "GBP", grant["amountAppliedFor"], grant["amountAwarded"], grant["amountDisbursed"], grant["awardDate"], dates["startDate"],
            dates["endDate"], recipient["id"], recipient["name"], recipient.get("charityNumber", ""), recipient.get("companyNumber", ""),
            funder["id"], funder["name"], grant["grantProgramme"][0]["title"],
            place.get("name", ""), place.get("geoCode", ""), grant["fromOpenCall"], "Status", award.status, grant["dateModified"], grant["dataSource"],
        )  # fmt: skip
