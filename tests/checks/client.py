"""The test client: each request in an app context of its own, each answer checked as it comes."""

import os

from flask.testing import FlaskClient

from fund.core.database import db
from fund.core.web import FRAMED_POLICY, HEADERS, WITH_MICROPHONE
from tests.checks.html import BadPage, check_page

# PostgreSQL's pages are built by the same templates as SQLite's: `make test` reads SQLite's, `make proof` both.
READS_PAGES = not os.environ.get("TEST_DATABASE_URL") or bool(os.environ.get("EVERYTHING_TWICE"))


class CheckedClient(FlaskClient):
    """A client whose every request has an app context and session of its own, as in real life.

    What the test has in hand is committed before and read afresh after. HTML pages must be whole, and every answer
    carries the headers.
    """

    def open(self, *args, **kwargs):
        db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.expire_all()
        for each in (*response.history, response):
            check_answer(each, csrf=self.application.config["WTF_CSRF_ENABLED"])
        return response


def check_answer(response, *, csrf: bool) -> None:
    """Raises BadPage when an answer lacks a header or a page is not whole."""
    where = f"{response.request.method} {response.request.full_path.rstrip('?')} ({response.status_code})"
    for name, value in HEADERS.items():
        framed = name == "Content-Security-Policy" and response.request.path.endswith("/preview")
        heard = (
            name == "Permissions-Policy" and "/questions/" in response.request.path
        )  # may be answered by a voice note
        also = (FRAMED_POLICY,) if framed else (WITH_MICROPHONE,) if heard else ()
        if response.headers.get(name) not in (value, *also):
            raise BadPage(f"{where} came without its {name}")
    if response.mimetype != "text/html" or response.status_code in (301, 302, 303, 307, 308):
        return
    if "charset=utf-8" not in response.headers["Content-Type"]:
        raise BadPage(f"{where} does not name its letters")
    if READS_PAGES and response.request.method != "HEAD":
        check_page(response.get_data(as_text=True), where, csrf=csrf)
