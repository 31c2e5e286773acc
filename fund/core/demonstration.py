"""Scenes of the demonstration: each package adds its part of the known world; `demo reset` plays them in order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class World:
    """What the scenes share: the moment the world is made for, how many bids are wanted, and things by name."""

    now: datetime
    applications: int
    things: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.things[name]

    def __setitem__(self, name: str, thing: Any) -> None:
        self.things[name] = thing


SCENES: list[tuple[int, str, Callable[[World], None]]] = []


def scene(order: int):
    """Register a scene. Orders: 10 people and organisations, 20 rounds, 30 applications, 40 scoring, 50 awards, 60 outcomes."""

    def keep(function):
        SCENES.append((order, function.__name__, function))
        return function

    return keep


def play(world: World) -> World:
    for _order, _name, function in sorted(SCENES, key=lambda each: each[:2]):
        function(world)
    return world
