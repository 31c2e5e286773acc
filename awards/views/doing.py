"""What the small buttons of awarding share: do one act, commit, say so; or say why not and change nothing."""

from collections.abc import Callable

from flask import flash, redirect
from werkzeug.wrappers import Response

from fund.core.database import db
from fund.core.forms import BaseForm
from fund.core.problems import Problem


def done(act: Callable[[], object], said: str, to: str, form: BaseForm | None = None) -> Response | None:
    """Run an act and commit. A refusal goes beside the form's field (then None is returned: draw the page again), or,
    for a plain button, to the top of the page it leads to. Wrong persons and wrong moments get their own pages."""
    try:
        act()
    except Problem as problem:
        db.session.rollback()
        if problem.status in (403, 404) or (problem.status == 409 and form is None):
            raise
        if form is not None:
            form.refuse(problem)
            return None
        flash(problem.sentence, "error")
    else:
        db.session.commit()
        if said:
            flash(said, "success")
    return redirect(to)
