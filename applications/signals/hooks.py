"""Where packages further down add what they know: bank accounts, people named to sign."""

from fund.hooks import Hook

finders = Hook()  # function(scope) -> iterable of Found: what bids of a scope have in common
people_named = (
    Hook()
)  # function({application keys}) -> [(application key, name, role)]: people named after the bid was sent
