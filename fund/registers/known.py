"""The registers that can be asked, by scheme: which settings they need and how often we ask them at most."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from . import charity_commission, companies_house
from .said import NoAnswer, Said


@dataclass(frozen=True)
class Register:
    """One register. `most_in_five_minutes` is our own limit, well under theirs, so that others may use the key too."""

    scheme: str
    name: str
    setting: str
    most_in_five_minutes: int
    look_up: Callable[..., Said]


REGISTERS = {
    each.scheme: each
    for each in (
        Register("GB-CHC", "the Charity Commission", "charity_commission", 150, charity_commission.ask),
        # Companies House allows 600.
        Register("GB-COH", "Companies House", "companies_house", 300, companies_house.ask),
    )
}


def has_key(scheme: str) -> bool:
    """Whether this installation can ask the register of a scheme."""
    return scheme in REGISTERS and bool(_setting(REGISTERS[scheme], "key"))


def with_keys() -> list[str]:
    """The schemes whose register can be asked."""
    return [scheme for scheme in REGISTERS if has_key(scheme)]


def ask_register(scheme: str, number: str, seconds: float) -> Said:
    """Ask the register itself; no database is touched. Raises NoAnswer."""
    register = REGISTERS[scheme]
    key = _setting(register, "key")
    if not key:
        raise NoAnswer("refused")
    return register.look_up(number, url=_setting(register, "url"), key=key, seconds=seconds)


def _setting(register: Register, what: str) -> str:
    return getattr(current_app.config["SETTINGS"], f"{register.setting}_{what}").strip()
