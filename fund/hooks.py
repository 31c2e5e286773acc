"""Places where packages further down add what they know to a round, so that the fund need not know them."""

from collections.abc import Callable
from typing import Any


class Hook:
    """Functions that later packages give. Call it with a function to add that one (also as a decorator)."""

    def __init__(self):
        self.functions: list[Callable] = []

    def __call__(self, function: Callable) -> Callable:
        if function not in self.functions:
            self.functions.append(function)
        return function

    def ask(self, *given: Any, **named: Any) -> list[Any]:
        """Every function's answer, in the order in which they were added."""
        return [function(*given, **named) for function in self.functions]


when_created = Hook()  # function(round, by=, now=): a round was made from a strategy's defaults
when_cloned = Hook()  # function(old, new, by=, now=): a round was made from another
asked_by_priority = Hook()  # function(round) -> {priority code: pence asked in bids that were sent}
round_counts = Hook()  # function(round, now) -> [(name, value, note)]: figures on the round's page in the office
next_returns = Hook()  # function(keys of awards, today) -> {key: (sentence, address, colour)}: the return to do next
letters_about = Hook()  # function(application) -> [(words, address)]: letters that the applicant can read about a bid

bids_due = Hook()  # function(until) -> [retention.Due]: bids whose time is over by then, were nothing else to keep them
kept_longer = Hook()  # function(keys of bids) -> {key: moment or None}: bids kept until then, or with no end in sight
bids_by_key = Hook()  # function(keys) -> {key: bid}, with what pages show of them
held_about = (
    Hook()
)  # function(person, now) -> [people_data.Held]: what there is about somebody, what goes and what stays
data_about = Hook()  # function(person) -> {heading: rows}: what there is about somebody, for themselves
forgets_person = Hook()  # function(person, now) -> {table: count}: take somebody out of a package's own tables
uses_of_organisation = (
    Hook()
)  # function(key) -> ["bids", "register"]: bids with words in them, a line in the public register
forgets_organisation = Hook()  # function(organisation, keeps_name): take an organisation out of a package's own tables
