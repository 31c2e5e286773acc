"""The legal forms an applicant may have and what each means for registers, caps and checks."""

import dataclasses
import functools
from pathlib import Path

from fund.strategies.reading import PackError, Place, build, load_yaml

FILE = Path(__file__).parent / "legal_forms.yaml"
CAP_CLASSES = ("registered", "non_registered", "decide", "refused")
CAN_APPLY = ("yes", "no", "decide")


@dataclasses.dataclass(frozen=True)
class LegalForm:
    """One row of legal_forms.yaml. `decide` in cap_class or can_apply leaves it to the round."""

    key: str
    label: str
    own_legal_person: str
    registers: tuple[str, ...]  # schemes of identifiers.yaml
    cap_class: str
    needs_subsidy_check: bool
    can_apply: str
    source: str
    unverified: tuple[str, ...] = ()
    note: str | None = None


@dataclasses.dataclass(frozen=True)
class _File:
    schema_version: int
    legal_forms: tuple[LegalForm, ...]


@functools.cache
def legal_forms() -> tuple[LegalForm, ...]:
    """Every legal form, in the file's order. Raises PackError when the file is not right."""
    forms = build(_File, load_yaml(FILE), Place(FILE.name)).legal_forms
    for form in forms:
        if form.cap_class not in CAP_CLASSES or form.can_apply not in CAN_APPLY:
            raise PackError(f"{FILE.name}: {form.key} has a cap_class or can_apply that we do not know")
    if len({form.key for form in forms}) != len(forms):
        raise PackError(f"{FILE.name}: a key is there twice")
    return forms


def legal_form(key: str) -> LegalForm:
    """The form with this key. Raises PackError when there is none."""
    for form in legal_forms():
        if form.key == key:
            return form
    raise PackError(f"There is no legal form called {key!r}.")


@functools.cache
def legal_form_keys() -> frozenset[str]:
    return frozenset(form.key for form in legal_forms())
