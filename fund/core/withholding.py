"""What is kept from a person: rows that no list, count, mean, search, export or log of theirs may show (rule 5).

A package names one root (bids) and says which of its rows are kept from whom. From the moment a page of the office or of a
panel has let its reader in, every query of that request leaves out these rows and all that hang on them, so that a page
written tomorrow keeps them too. Acts that must see everything say so with `whole()`; single things are refused by name.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, has_request_context, request
from sqlalchemy import ColumnElement, Text, and_, cast, event, false, inspect, literal, or_, select, union_all
from sqlalchemy.orm import Session, with_loader_criteria

from .database import db

NEARER = ("application", "award", "assignment", "decision", "tranche", "payment", "period", "promise", "seat")
KEPT_FROM = ("staff", "assessor")  # whose pages leave rows out; applicants and grantees see their own, always


@dataclass
class Root:
    """The rows that are kept: their model, who may not see which (person → keys), and the sentence of the refusal."""

    model: Any
    keys_for: Callable[[Any], frozenset[int]]
    refusal: str
    path: dict[Any, list] = field(default_factory=dict)


ROOTS: list[Root] = []


def keep_from(model, keys_for: Callable[[Any], frozenset[int]], refusal: str) -> None:
    """Say which rows of `model` are kept from whom. `keys_for` costs nothing for people from whom nothing is kept."""
    ROOTS[:] = [each for each in ROOTS if each.model is not model]
    ROOTS.append(Root(model, keys_for, refusal))


def kept_from(person) -> frozenset[int]:
    """The keys that are kept from this person; asked once in a request."""
    if not ROOTS or not getattr(person, "has_recusals", False):
        return frozenset()
    if not has_request_context():
        return ROOTS[0].keys_for(person)
    known = request.__dict__.setdefault("_kept_from", {})
    if person.id not in known:
        known[person.id] = ROOTS[0].keys_for(person)
    return known[person.id]


def refusal(person, thing) -> str | None:
    """Why this thing is not for this person: the sentence when it hangs on a row kept from them, else None."""
    if person is None or thing is None or not ROOTS:
        return None
    keys = kept_from(person)
    return ROOTS[0].refusal if keys and root_key(thing) in keys else None


def root_key(thing, depth: int = 4) -> int | None:
    """The key of the root that a thing hangs on, or None."""
    if isinstance(thing, ROOTS[0].model):
        return thing.id
    direct = getattr(thing, f"{ROOTS[0].model.__tablename__}_id", None)
    if isinstance(direct, int):
        return direct
    nearer = (getattr(thing, noun, None) for noun in NEARER) if depth else ()
    return next((key for each in nearer if each is not None and (key := root_key(each, depth - 1))), None)


def begin(person) -> None:
    """From here on this request's queries leave out what is kept from its reader."""
    blueprint = current_app.blueprints.get(request.blueprint or "")
    if getattr(blueprint, "audience", None) in KEPT_FROM:
        request.__dict__["_left_out"] = kept_from(person)


@contextmanager
def whole() -> Iterator[None]:
    """Inside, queries see everything: for acts whose answer must not depend on who presses the button."""
    if not has_request_context():
        yield
        return
    kept = request.__dict__.pop("_left_out", None)
    if kept:
        request.__dict__["_keeps_something"] = True
    try:
        yield
    finally:
        if kept is not None:
            request.__dict__["_left_out"] = kept


def keeps_something() -> bool:
    """Whether this request's reader has anything kept from them, also inside `whole()`: what they are told has no sum of it."""
    return bool(left_out()) or (has_request_context() and request.__dict__.get("_keeps_something", False))


def left_out() -> frozenset[int]:
    """The keys that this request's queries leave out."""
    return request.__dict__.get("_left_out") or frozenset() if has_request_context() else frozenset()


@event.listens_for(Session, "do_orm_execute")
def _leave_out(state) -> None:
    keys = left_out()
    if not keys or not state.is_select or state.is_column_load or state.is_relationship_load:
        return
    if state.execution_options.get("whole"):
        return
    state.statement = state.statement.options(
        *(with_loader_criteria(model, shown, propagate_to_loaders=False) for model, shown in _criteria(keys))
    )


def _criteria(keys: frozenset[int]) -> Iterator[tuple[Any, ColumnElement[bool]]]:
    """For each model: what holds for its rows that may be shown."""
    for model, columns in _hanging().items():
        if not getattr(model, "never_withheld", False):
            yield (
                model,
                and_(*(or_(column.is_(None), column.not_in(_gone(parent, keys))) for column, parent in columns)),
            )
    for model in _naming():
        yield model, or_(model.about.is_(None), model.about.not_in(_labels(keys)))


def _naming() -> list[Any]:
    """Models that name what they are about in words ("award-12"), as an upstream table must."""
    return [each.class_ for each in db.Model.registry.mappers if getattr(each.class_, "names_what_it_is_about", False)]


def _labels(keys: frozenset[int]):
    """The words by which such rows name what is kept: table and key, of everything that has a reference."""
    tables = [model.__table__ for model in _hanging() if "reference" in model.__table__.c]
    root = ROOTS[0].model.__table__
    return union_all(
        *(
            select(literal(f"{table.name}-") + cast(table.c.id, Text)).where(
                table.c.id.in_(keys if table is root else _gone(table, keys))
            )
            for table in tables
        )
    )


def _gone(table, keys: Iterable[int]):
    """The keys of a table's rows that hang on the roots kept."""
    root = ROOTS[0].model.__table__
    if table is root:
        return keys
    by_table = {model.__table__: columns for model, columns in _hanging().items()}
    wanted = [table.c[column.key].in_(_gone(parent, keys)) for column, parent in by_table[table]]
    return select(table.c.id).where(or_(*wanted))


def _hanging() -> dict[Any, list[tuple[Any, Any]]]:
    """Every model that hangs on the root: its columns that lead there, each with the table it leads to. Worked out once."""
    root = ROOTS[0]
    if not root.path:
        found: dict[Any, list] = {root.model: [(root.model.id, root.model.__table__)]}
        models = [each.class_ for each in db.Model.registry.mappers if each.class_ is not root.model]
        while new := {
            model: columns
            for model in models
            if model not in found and (columns := _leading(model, {each.__table__ for each in found}))
        }:
            found |= new
        root.path = found
    return root.path


def _leading(model, tables) -> list[tuple[Any, Any]]:
    mapper = inspect(model)
    return [
        (mapper.get_property_by_column(key.parent).class_attribute, key.column.table)
        for key in model.__table__.foreign_keys
        if key.column.table in tables
    ]


def about(person, subject_type, subject_id, *texts) -> ColumnElement[bool]:
    """Whether a line of a log (type and key of its row; words that may name it) is about what is kept from a person."""
    keys = kept_from(person)
    if not keys:
        return false()
    rows = [and_(subject_type == model.__tablename__, subject_id.in_(hanging_on(model, keys))) for model in _hanging()]
    return or_(*rows, named(person, *texts))


def named(person, *texts) -> ColumnElement[bool]:
    """Whether words name, by a reference, what is kept from a person."""
    found = [cast(text, Text).contains(name, autoescape=True) for name in _names(kept_from(person)) for text in texts]
    return or_(false(), *found)


def hanging_on(model, keys: frozenset[int]):
    """The keys of a model's rows that are these roots or hang on them: a query, or the keys themselves."""
    return keys if model is ROOTS[0].model else _gone(model.__table__, keys)


def _names(keys: frozenset[int]) -> list[str]:
    """The references by which the kept rows, and what hangs on them, are named in words."""
    models = [model for model in _hanging() if "reference" in model.__table__.c] if keys else []
    wanted = (
        select(model.__table__.c.reference).where(model.__table__.c.id.in_(hanging_on(model, keys))) for model in models
    )
    return [name for query in wanted for name in db.session.scalars(query) if name]
