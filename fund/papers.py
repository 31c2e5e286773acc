"""Papers: which documents the fund asks of which kind of organisation. Source: the domain guide, "Who can apply".

An unregistered group is asked for its rules and what it spent, never for a charity's accounts; a public body is not
asked for what everybody knows of it.
"""

from dataclasses import dataclass

PUBLIC_BODIES = frozenset({"school", "council", "nhs", "police"})
GROUPS = frozenset({"unincorporated"})


@dataclass(frozen=True)
class Paper:
    """One kind of paper. `expires` marks those that run out; `kept` those that the next bid can use again."""

    key: str
    label: str
    hint: str
    not_for: frozenset[str] = frozenset()
    only_for: frozenset[str] = frozenset()
    group_label: str = ""
    group_hint: str = ""
    expires: bool = False
    kept: bool = True

    def is_asked_of(self, legal_form: str) -> bool:
        return legal_form not in self.not_for and (not self.only_for or legal_form in self.only_for)

    def label_for(self, legal_form: str) -> str:
        return self.group_label if self.group_label and legal_form in GROUPS else self.label

    def hint_for(self, legal_form: str) -> str:
        return self.group_hint if self.group_hint and legal_form in GROUPS else self.hint


PAPERS = (
    Paper(
        "governing", "Governing document", "The paper that says what you are for and who decides, such as your articles.",
        not_for=PUBLIC_BODIES, group_label="Your rules (constitution)",
        group_hint="The paper that says what your group is for and who decides. It should name three or more people who are not related.",
    ),
    Paper(
        "accounts", "Latest accounts", "The last year's accounts, as you sent them to your register.",
        not_for=PUBLIC_BODIES, group_label="Your accounts or a list of what you spent",
        group_hint="A simple list of money in and out is enough. A new group can leave this out.",
    ),
    Paper(
        "bank", "Bank statement", "One page, with the name and the sort code. You can black out the rest.",
        not_for=PUBLIC_BODIES, group_hint="One page, with the name of the group. Two people who are not related must sign for the account.",
    ),
    Paper(
        "host", "Letter from a host", "If another organisation holds the money for you: a letter in which it says so.",
        only_for=GROUPS, kept=False,
    ),
    Paper("safeguarding", "Safeguarding policy", "How you keep children and adults safe.", expires=True),
    Paper("equality", "Equality policy", "How you treat people fairly.", expires=True),
    Paper("data_protection", "Data protection policy", "How you keep what people tell you private.", expires=True),
    Paper("insurance", "Insurance certificate", "Public liability, and employer's liability if you have staff.", not_for=PUBLIC_BODIES, expires=True),
    Paper("dbs", "List of DBS checks", "Numbers and dates only. Do not send the certificates.", expires=True),
    Paper("partner", "Letter from a partner", "From somebody who works with you on this.", kept=False),
    Paper("other", "Something else", "Anything else that the panel should see.", kept=False),
)  # fmt: skip
BY_KEY = {paper.key: paper for paper in PAPERS}


def papers_for(legal_form: str) -> list[Paper]:
    """What an organisation of this legal form may be asked for, in order."""
    return [paper for paper in PAPERS if paper.is_asked_of(legal_form)]


def kept_papers_for(legal_form: str) -> list[Paper]:
    """Those of them that are kept for the next bid."""
    return [paper for paper in papers_for(legal_form) if paper.kept]
