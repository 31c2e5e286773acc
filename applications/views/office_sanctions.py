"""For the fund's office: the sanctions list of the partnership, read from the published CSV."""

from flask import flash, redirect, render_template, request, url_for
from wtforms import FileField

from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import BaseForm
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import Problem
from fund.tables import Partnership

from ..sanctions import lists
from ..sanctions.comparing import compare_with_list
from ..sanctions.reading import MOST_BYTES
from ..tables.sanctions import LIST_SOURCES
from .office_list import blueprint


def load_partnership(key: int) -> Partnership | None:
    return db.session.get(Partnership, key)


class ListForm(BaseForm):
    file = FileField(
        "The list",
        description="The CSV file as it is published, or that CSV in a ZIP file. XML, ODS and PDF are not read.",
        render_kw={"accept": ".csv,.zip"},
    )


@blueprint.route("/office/partnerships/<key:partnership_id>/sanctions-list", methods=["GET"])
@needs("see_sanctions_list", partnership=load_partnership)
def sanctions_list(partnership: Partnership):
    return _page(partnership, ListForm())


@blueprint.route("/office/partnerships/<key:partnership_id>/sanctions-list", methods=["POST"])
@needs("read_sanctions_list", partnership=load_partnership)
def read_sanctions_list(partnership: Partnership):
    """Read a list and compare the bids under way with it."""
    form, sent = ListForm(), request.files.get("file")
    if form.validate_on_submit():
        try:
            if sent is None or not sent.filename:
                raise Problem("Choose the CSV of the sanctions list", "file")
            row = lists.read_file(partnership, sent.stream.read(MOST_BYTES + 1), by=signed_in(), now=now())
            near = compare_with_list(partnership, now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            found = f"{near} new to look at." if near else "Nothing new to look at."
            flash(f"{row.names_count:,} names are read and compared with the bids under way. {found}", "success")
            return redirect(url_for(".sanctions_list", partnership_id=partnership.id))
    return _page(partnership, form)


def _page(partnership: Partnership, form: ListForm):
    current = lists.current_list(partnership.id)
    return render_template(
        "applications/office/sanctions_list.html",
        partnership=partnership,
        form=form,
        current=current,
        warning_text=lists.warning_about(current, now()),
        earlier=lists.lists_of(partnership),
        sources=LIST_SOURCES,
        may_read=may(signed_in(), "read_sanctions_list", partnership),
    )
