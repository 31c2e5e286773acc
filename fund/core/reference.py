"""Reference data that ships with the product: each package loads its own, again and again without harm."""

from collections.abc import Callable
from datetime import datetime

LOADERS: list[tuple[int, str, Callable[[datetime], str]]] = []


def reference(order: int):
    """Register a loader: it takes the moment, brings its tables up to the shipped data, flushes, and answers a sentence.

    Loading twice changes nothing the second time; data that changed becomes a new version, and the old one stays.
    """

    def keep(function):
        LOADERS.append((order, function.__module__, function))
        return function

    return keep


def load_all(now: datetime) -> list[str]:
    return [function(now) for _order, _name, function in sorted(LOADERS, key=lambda each: each[:2])]
