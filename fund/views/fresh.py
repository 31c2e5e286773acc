"""A fresh sign-in: before what matters most (bank details, e-mail address, second step) the person gives a code again.

`@fresh_sign_in` stands below `@needs` on a view. A form that was opened in time may still be sent for a while, so that
nothing typed is lost.
"""

from collections.abc import Callable
from functools import wraps

from flask import redirect, request, session, url_for

from fund import sessions
from fund.core.clock import now


def fresh_sign_in(view: Callable) -> Callable:
    """Ask for a code first when the last one is older than a quarter of an hour (ASVS 7.5.1)."""

    @wraps(view)
    def confirmed(**given):
        within = sessions.FRESH * (2 if request.method == "POST" else 1)
        if sessions.is_fresh(session["token"], now=now(), within=within):
            return view(**given)
        session["next"] = request.path
        return redirect(url_for("own_sign_in.confirm"))

    return confirmed
