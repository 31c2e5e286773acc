"""The kinds of signals: their names for officers, and which hold a bid until a person answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`holds`: a bid with it is neither found eligible nor awarded before a person has answered (rule 3)."""

    key: str
    title: str
    asks: str
    holds: bool = False


KINDS = {
    kind.key: kind
    for kind in (
        Kind("bank", "Same bank account under another name", "Ask each group, by itself, whose account it is. Tell neither about the other.", holds=True),
        Kind("sanctions", "Near a name on the sanctions list", "Compare date of birth, nationality and the rest of the entry. A like name is no verdict.", holds=True),
        Kind("name", "Nearly the same name", "Is it one group that applies twice, or two groups?"),
        Kind("text", "Nearly the same text", "Did one copy the other, did one person write both, or do they work together?"),
        Kind("address", "Same address", "Do they share a building, or are they one group?"),
        Kind("phone", "Same telephone number", "Does one person answer for both?"),
        Kind("signatory", "Same person signs", "One person may sign for two groups. Is each group its own?"),
    )
}  # fmt: skip
