"""What the templates need from Python: the GOV.UK macros' loader, and small questions a macro asks of a form field.

The application factory calls prepare_jinja(app) once. Rules about money, rounds or people do not belong here.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, request, url_for
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.datastructures import MultiDict

from .rendering import InBlocks, text_of

# The addresses every page links to. An application that puts them elsewhere passes its own to prepare_jinja.
LINKS = {
    "home": "/",
    "sign_in": "/sign-in",
    "sign_out": "/sign-out",
    "accessibility": "/accessibility",
    "privacy": "/privacy",
    "contact": "/contact",
    "complaints": "/complaints",
    "demo": "/demo",
}

# Field class name -> how it is drawn. What is not listed is drawn by its widget's input type.
KINDS = {
    "MoneyField": "money",
    "DateField3": "date",
    "RadioField": "radios",
    "SelectField": "select",
    "SelectMultipleField": "checkboxes",
    "BooleanField": "checkbox",
    "TextAreaField": "textarea",
    "Email": "email",
    "EmailField": "email",
    "TelField": "tel",
    "FileField": "file",
    "MultipleFileField": "file",
    "IntegerField": "number",
    "DecimalField": "number",
}


def prepare_jinja(app: Flask, **links: str) -> None:
    """Give app's Jinja environment the GOV.UK macros and the globals that layouts and components use."""
    env = app.jinja_env
    # The ported macros read options that were not given (params.hint.text): an unknown name must read as empty.
    env.undefined = ChainableUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.code_generator_class, env.text_of = InBlocks, text_of
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    # Flask's own loader stays first, so blueprints and the template folder work as usual.
    env.loader = ChoiceLoader([loader for loader in (env.loader, govuk) if loader])
    env.globals.update(
        links=LINKS | links,
        asset_url=asset_url,
        url_with=url_with,
        field_kind=field_kind,
        field_options=field_options,
        field_anchor=field_anchor,
        error_links=error_links,
        count_words=count_words,
    )
    app.extensions["fund_assets"] = {}


def asset_url(filename: str) -> str:
    """The address of a static file, with a fingerprint so that browsers may keep it until it changes."""
    known = current_app.extensions["fund_assets"]
    if filename not in known or current_app.debug:
        content = Path(current_app.static_folder or "", filename).read_bytes()
        known[filename] = hashlib.sha256(content).hexdigest()[:10]
    return url_for("static", filename=filename, v=known[filename])


def url_with(**changes: Any) -> str:
    """This page's address with parts of its query changed; None takes a part away.

    Sorting, paging and exporting keep what was filtered. A changed order or filter starts at page one again.
    """
    query = MultiDict(request.args)
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        query.poplist(key)
        if value is not None:
            query.add(key, str(value))
    pairs = urlencode(list(query.items(multi=True)))
    path = quote(request.path)
    return f"{path}?{pairs}" if pairs else path


def field_kind(field: Any) -> str:
    """How a WTForms field is drawn: text, money, date, radios, checkboxes, select, textarea, file, hidden and so on."""
    for cls in type(field).__mro__:
        if cls.__name__ in KINDS:
            return KINDS[cls.__name__]
    kind = getattr(field.widget, "input_type", None)
    return kind or ("textarea" if type(field.widget).__name__ == "TextArea" else "text")


def field_options(field: Any) -> list[dict[str, Any]]:
    """The choices of a radio, checkbox or select field as dictionaries: value, text, chosen, hint."""
    found = []
    for choice in field.iter_choices():
        value, label, chosen = choice[0], choice[1], choice[2]
        hint = (choice[3] or {}).get("hint") if len(choice) > 3 else None
        found.append({"value": str(value), "text": str(label), "chosen": bool(chosen), "hint": hint})
    return found


def field_anchor(field: Any) -> str:
    """The id an error message links to: a date has three boxes, the link goes to the first that is wrong."""
    if field_kind(field) != "date":
        return field.id
    wrong = getattr(field, "wrong_parts", None) or ["day"]
    return f"{field.id}-{next(part for part in ('day', 'month', 'year') if part in wrong)}"


def error_links(form: Any) -> Iterator[tuple[str | None, str]]:
    """Every sentence of a form that did not pass, as (id of the field or None, sentence), in the form's order."""
    for message in getattr(form, "form_errors", ()):
        yield None, str(message)
    for field in form:
        yield from _field_errors(field)


def _field_errors(field: Any) -> Iterator[tuple[str | None, str]]:
    if hasattr(field, "entries"):  # a FieldList: its own sentences are strings, its rows speak for themselves
        yield from ((field.id, str(error)) for error in field.errors if isinstance(error, str))
        for entry in field.entries:
            yield from _field_errors(entry)
    elif hasattr(field, "form"):  # a FormField: a form inside a form
        yield from error_links(field.form)
    else:
        yield from ((field_anchor(field), str(error)) for error in field.errors)


def count_words(text: str | None) -> int:
    """Words as the counter shows them: what stands between spaces."""
    return len((text or "").split())
