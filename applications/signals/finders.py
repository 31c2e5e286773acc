"""What the bids themselves say: near-same names, one address, one telephone, one signatory. Own bids are never compared."""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from rapidfuzz import fuzz, process

from fund.names import NEAR_ORGANISATIONS, full_name, likeness, organisation_key

from .found import Found, pair_of
from .hooks import finders
from .scope import Bid, Scope

MOST_AT_A_POSTCODE = 3  # organisations; more than that share a building that many use
LEAST_DIGITS = 10


@finders
def near_names(scope: Scope) -> Iterator[Found]:
    """ "The Corner Café CIC" and "Corner Cafe" are one name."""
    keys = {key: organisation_key(bid.organisation) for key, bid in scope.latest.items()}
    for bid in scope.focused():
        mine = organisation_key(bid.organisation)
        like = process.extract(
            mine, keys, scorer=fuzz.ratio, processor=None, score_cutoff=NEAR_ORGANISATIONS, limit=None
        )
        for theirs, _ratio, key in like:
            other = scope.latest[key]
            if key != bid.organisation_id and (alike := likeness(mine, theirs)):
                says = "The names are the same but for their writing." if alike == 100 else f"The names are {alike} per cent alike."  # fmt: skip
                yield Found(
                    "name", bid, other, says, [bid.organisation], [other.organisation],
                    pair_of(bid, other, bid.organisation, other.organisation),
                )  # fmt: skip


def _shared(scope: Scope, facts_of: Callable[[Bid], str]) -> Iterator[tuple[Bid, Bid, str]]:
    """Pairs of a bid in question and another organisation's latest bid with the same fact; empty facts are none."""
    holders: dict[str, list[Bid]] = defaultdict(list)
    for bid in scope.latest.values():
        if fact := facts_of(bid):
            holders[fact].append(bid)
    for bid in scope.focused():
        fact = facts_of(bid)
        for other in holders.get(fact, []) if fact else []:
            if other.organisation_id != bid.organisation_id:
                yield bid, other, fact


@functools.lru_cache(maxsize=4096)
def house_numbers(address: str) -> frozenset[str]:
    """The numbers in an address line: "Flat 3, 12a High Street" has 3 and 12a."""
    return frozenset(re.findall(r"\b\d+[a-z]?\b", address.lower()))


@finders
def same_address(scope: Scope) -> Iterator[Found]:
    """One postcode with one house number; one postcode alone where a number is missing and few organisations are there."""
    at: dict[str, set[int]] = defaultdict(set)
    for bid in scope.latest.values():
        at[bid.postcode].add(bid.organisation_id)
    for bid, other, postcode in _shared(scope, lambda each: each.postcode):
        mine, theirs = house_numbers(bid.address), house_numbers(other.address)
        if mine & theirs:
            says = "They give one postcode and one house number."
        elif (mine and theirs) or len(at[postcode]) > MOST_AT_A_POSTCODE:
            continue
        else:
            says = "They give one postcode; a house number is missing."
        yield Found("address", bid, other, says, [_where(bid)], [_where(other)], pair_of(bid, other, [bid.address, postcode], [other.address, postcode]))  # fmt: skip


def _where(bid: Bid) -> str:
    return ", ".join(filter(None, (" ".join(bid.address.split()), bid.postcode)))


def phone_key(phone: str) -> str:
    """The digits of a British number as dialled at home, or nothing when they are too few."""
    digits = re.sub(r"\D", "", phone.replace("(0)", ""))
    digits = "0" + digits.removeprefix("00").removeprefix("44") if digits.startswith(("44", "0044")) else digits
    return digits if len(digits) >= LEAST_DIGITS else ""


@finders
def same_phone(scope: Scope) -> Iterator[Found]:
    for bid, other, number in _shared(scope, lambda each: phone_key(each.phone)):
        yield Found("phone", bid, other, "They give one telephone number.", [bid.phone], [other.phone], pair_of(bid, other, number, number))  # fmt: skip


@finders
def same_signatory(scope: Scope) -> Iterator[Found]:
    """The same full name signs for two organisations: signatories, and whoever declared a bid to be true."""
    named: dict[str, dict[int, tuple[Bid, str, str]]] = defaultdict(dict)
    for bid in scope.latest.values():
        for name, role in scope.people[bid.id]:
            named[full_name(name)].setdefault(bid.organisation_id, (bid, name, role))
    for bid in scope.focused():
        seen = set()
        for name, role in scope.people[bid.id]:
            for key, (other, their_name, their_role) in named.get(full_name(name), {}).items():
                if not full_name(name) or key == bid.organisation_id or (key, full_name(name)) in seen:
                    continue
                seen.add((key, full_name(name)))
                yield Found(
                    "signatory", bid, other, "One full name stands for both.", [f"{name}: {role}"], [f"{their_name}: {their_role}"],
                    pair_of(bid, other, full_name(name), full_name(name)),
                )  # fmt: skip
