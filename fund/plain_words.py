"""Plain words for what registers and lawyers name: read beside the choice, at the moment of choosing."""

LEGAL_FORMS = {
    "cio": "A charity with its own legal standing, often with “CIO” after its name. It has a charity number.",
    "charity_company": "A charity that is also a company. It has a charity number and a company number.",
    "charitable_trust": "A charity run by trustees, who sign in their own names. It has a charity number.",
    "cic": "A company set up to help a community, with “CIC” after its name. It has a company number.",
    "clg": "A not-for-profit company without shares. It has a company number.",
    "cbs": "A society or co-operative owned by its members. It is on the Mutuals Public Register.",
    "casc": "A sports club that is listed by HM Revenue and Customs.",
    "unincorporated": "A group of people with a set of rules and a bank account, without a number on any register.",
    "school": "It has a school number, called a URN.",
    "council": "A county, district, town or parish council.",
    "nhs": "A hospital trust or another NHS organisation. It has an NHS code.",
    "police": "A police force or the office of a commissioner.",
    "private_company": "A business with shareholders. It has a company number.",
}

STANDING = {  # what registers say of an organisation: words for staff and the colour of the tag
    "confirmed": ("Confirmed", "green"),
    "to_check": ("To be checked", "yellow"),
    "removed": ("Removed", "red"),
    "none": ("No number", "grey"),
}

CHECKS = {"confirmed": ("Confirmed", "green"), "not_found": ("Not found", "orange"), "removed": ("Removed", "red")}
