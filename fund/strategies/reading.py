"""Turns YAML into frozen dataclasses, strictly: a dataclass is its own schema.

Every key must be a field of the dataclass, every field without a default must be there, every value must have the
field's type. Whatever does not fit is refused with a sentence that names the file and the key. Knows nothing of grants.
"""

import dataclasses
import datetime as dt
import functools
import types
import typing
from collections.abc import Callable, Hashable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from fund.strategies.gap import Gap

T = typing.TypeVar("T")

GAP_WORDS = {"gap": True, "not_recorded": False}  # how the files write a gap -> is the document silent?


class PackError(ValueError):
    """A data file that cannot be used; the message names file and key and says what is wrong."""


@dataclasses.dataclass(frozen=True)
class Place:
    """Where in which file we are reading, for the sentence of a refusal."""

    file: str
    key: str = ""

    def at(self, key: str | int) -> "Place":
        if isinstance(key, int):
            return Place(self.file, f"{self.key}[{key + 1}]")
        return Place(self.file, f"{self.key}.{key}" if self.key else key)

    def refuse(self, what: str) -> typing.NoReturn:
        raise PackError(f"{self.file}: {self.key or 'the file'} {what}")


class OneKeyOnce(yaml.SafeLoader):
    """Safe YAML that refuses a key written twice; the stock loader silently keeps the last one."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.MarkedYAMLError(problem=f"the key {twice[0]} is there twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def load_yaml(path: Path) -> Any:
    """The file's data. Raises PackError when it is not there or not readable YAML."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=OneKeyOnce)
    except FileNotFoundError:
        raise PackError(f"{path.name}: there is no such file") from None
    except yaml.YAMLError as problem:
        raise PackError(f"{path.name}: cannot be read as YAML: {problem}") from problem


def pounds(value: Any, place: Place) -> int:
    """Pounds as written in a file, as integer pence; a fraction of a penny is refused."""
    amount = _decimal(value, place) * 100
    if amount != amount.to_integral_value() or amount < 0:
        place.refuse(f"must be pounds and pence, not {value!r}")
    return int(amount)


def in_pounds(key: str, **kwargs: Any) -> Any:
    """A dataclass field in pence that the file writes in pounds under `key`."""
    return dataclasses.field(metadata={"key": key, "read": pounds}, **kwargs)


def build(cls: type[T], data: Any, place: Place) -> T:
    """One `cls` from a mapping. Raises PackError for an unknown, missing or ill-typed key."""
    if not isinstance(data, dict):
        place.refuse("must hold keys and values")
    wanted = _fields(typing.cast(Hashable, cls))
    for key in data:
        if key not in wanted:
            place.at(str(key)).refuse(f"is not a key we know; known here: {', '.join(wanted)}")
    found = {}
    for key, (field, hint) in wanted.items():
        if key in data:
            found[field.name] = field.metadata.get("read", functools.partial(_value, hint))(data[key], place.at(key))
        elif _has_no_default(field):
            place.at(key).refuse("is missing; write gap where the strategy does not say")
    return cls(**found)


@functools.cache
def _fields(cls: Any) -> dict[str, tuple[dataclasses.Field, Any]]:
    hints = typing.get_type_hints(cls)
    return {f.metadata.get("key", f.name): (f, hints[f.name]) for f in dataclasses.fields(cls) if f.init}


def _has_no_default(field: dataclasses.Field) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _value(hint: Any, value: Any, place: Place) -> Any:
    if isinstance(hint, types.UnionType):
        return _union(typing.get_args(hint), value, place)
    if typing.get_origin(hint) is tuple:
        return _tuple(typing.get_args(hint)[0], value, place)
    if dataclasses.is_dataclass(hint):
        return build(typing.cast(type, hint), value, place)
    return _SIMPLE[hint](value, place)


def _union(choices: tuple, value: Any, place: Place) -> Any:
    gap = _as_gap(value, place) if Gap in choices else None
    if gap is not None:
        return gap
    [real] = [choice for choice in choices if choice not in (Gap, types.NoneType)]
    return _value(real, value, place)


def _as_gap(value: Any, place: Place) -> Gap | None:
    if isinstance(value, str) and value in GAP_WORDS:
        return Gap(silent=GAP_WORDS[value])
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in GAP_WORDS:
        [(word, note)] = value.items()
        return Gap(_text(note, place.at(word)), GAP_WORDS[word])
    return None


def _tuple(hint: Any, value: Any, place: Place) -> tuple:
    if not isinstance(value, list):
        place.refuse("must be a list")
    return tuple(_value(hint, item, place.at(index)) for index, item in enumerate(value))


def _text(value: Any, place: Place) -> str:
    if not isinstance(value, str) or not value.strip():
        place.refuse(f"must be text, not {value!r}; put numbers and dates in quotation marks")
    if value in GAP_WORDS:
        place.refuse("cannot be a gap here")
    return value


def _whole(value: Any, place: Place) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        place.refuse(f"must be a whole number, not {value!r}")
    return value


def _decimal(value: Any, place: Place) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        place.refuse(f"must be a number, not {value!r}")
    number = Decimal(str(value))
    if not number.is_finite():
        place.refuse(f"must be a number, not {value!r}")
    return number


def _yes_no(value: Any, place: Place) -> bool:
    if not isinstance(value, bool):
        place.refuse(f"must be true or false, not {value!r}")
    return value


def _date(value: Any, place: Place) -> dt.date:
    """A day; YAML makes dates by itself, JSON writes them as text."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        place.refuse(f"must be a date such as 2023-01-31, not {value!r}")


_SIMPLE: dict[Any, Callable[[Any, Place], Any]] = {
    str: _text,
    int: _whole,
    Decimal: _decimal,
    bool: _yes_no,
    dt.date: _date,
}
