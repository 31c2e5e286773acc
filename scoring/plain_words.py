"""Whether words for applicants are plain: the reading age, and words of the trade with what to say instead.

It only points; a person writes and signs. The reading age is that of applications.reading_age.
"""

import re

from applications.reading_age import TARGET, reading_age

SLACK = 2  # years above the target before it is mentioned: the measure may be a year off
JARGON = {
    "beneficiaries": "people you help", "buy-in": "support", "capacity building": "training or support", "co-production": "planning it together",
    "cohort": "group of people", "deliverables": "what you will do", "evidence-based": "shown by research to work",
    "facilitate": "help or run", "going forward": "from now on", "granular": "detailed", "holistic": "whole", "impactful": "useful",
    "in terms of": "about", "KPI": "target", "KPIs": "targets", "leverage": "use", "methodology": "way of working", "multi-agency": "working with other services",
    "operationalise": "put into practice", "outputs": "what you did", "prior to": "before", "robust": "strong", "service users": "people who come",
    "signposting": "telling people where to go", "stakeholder": "person it matters to", "stakeholders": "people it matters to", "synergy": "working well together",
    "theory of change": "how your work leads to change", "trauma-informed": "careful with people who have been hurt", "triangulate": "check against other sources",
    "upskill": "train", "utilise": "use", "wraparound": "all-round",
}  # fmt: skip
_WORDS = re.compile(
    rf"(?<![\w-])(?:{'|'.join(sorted(map(re.escape, JARGON), key=len, reverse=True))})(?![\w-])", re.IGNORECASE
)
_PLAIN = {word.casefold(): instead for word, instead in JARGON.items()}


def remarks(text: str | None) -> list[str]:
    """What somebody who writes for applicants could mend, as sentences; none when it reads well."""
    found, seen = [], set()
    age = reading_age(text)
    if age is not None and age > TARGET[1] + SLACK:
        found.append(f"Reading age {age}; aim at {TARGET[0]} to {TARGET[1]}. Shorter words and sentences help.")
    for match in _WORDS.finditer(text or ""):
        word = match[0].casefold()
        if word not in seen:
            seen.add(word)
            found.append(f"“{match[0]}”: try “{_PLAIN[word]}”.")
    return found
