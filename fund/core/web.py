"""What every answer of the site owes: headers, calm errors, closed addresses, hostile ids refused, GET that never writes."""

import secrets
from urllib.parse import urlsplit

import structlog
from flask import Flask, abort, g, has_request_context, jsonify, render_template, request
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, UnicodeConverter

from . import clock, lighter, logs, money, navigation, scanning, stores
from .database import db
from .forms import unkeepable
from .permissions import close_what_is_not_declared, may, signed_in
from .problems import Problem

log = structlog.get_logger(__name__)
csrf = CSRFProtect()
login = LoginManager()

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# For a preview that one of our own pages shows in a frame as wide as a phone.
FRAMED_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
FORM_BYTES = 4 * 1024 * 1024  # text of one form, without its documents
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


WITH_MICROPHONE = HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")


class KeyConverter(BaseConverter):
    """A row's key in an address: plain digits, no leading zero, small enough for any database."""

    regex = r"[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        if not value.isascii():
            raise ValueError
        return int(value)


class WordConverter(UnicodeConverter):
    """A short name in an address: letters, digits and hyphens."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}"


def prepare(app: Flask) -> None:
    """Give the app everything in this module. Called once, before any package adds its addresses. Raises ValueError with a
    sentence when a setting cannot be used."""
    logs.prepare()
    settings = app.config["SETTINGS"]
    stores.check_settings(settings)
    scanning.check_settings(settings)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        DEMO=settings.is_demonstration,
        SESSION_COOKIE_NAME="__Host-session" if settings.is_production else "session",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=(settings.upload_megabytes + 2) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=3000,
        TRUSTED_HOSTS=_trusted_hosts(settings),
    )
    app.url_map.converters.update(key=KeyConverter, word=WordConverter)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
    app.before_request(_refuse_what_cannot_be_kept)  # before the token is looked for, which reads the form
    csrf.init_app(app)
    login.init_app(app)
    app.before_request(close_what_is_not_declared)
    app.after_request(_add_headers)
    lighter.init_app(app)
    _calm_errors(app)
    navigation.init_app(app)
    app.jinja_env.globals.update(may=lambda name, thing=None: may(signed_in(), name, thing), now=clock.now)
    app.jinja_env.filters.update(
        pounds=money.pounds,
        short_pounds=money.short_pounds,
        day=clock.speak_day,
        moment=clock.speak_moment,
    )


def _trusted_hosts(settings) -> list[str] | None:
    if not settings.is_production:
        return None
    named = [host.strip() for host in settings.trusted_hosts.split(",") if host.strip()]
    return named or [urlsplit(settings.public_url).hostname or "localhost"]


def _refuse_what_cannot_be_kept() -> None:
    """NUL and half characters in an address reach no database. In forms the base form says which field has them."""
    if any(unkeepable(value) for values in request.args.lists() for value in (values[0], *values[1])):
        abort(400)
    # Plain forms are read at once, so the framework's limit for form text does not hold for them.
    if request.mimetype == "application/x-www-form-urlencoded" and (request.content_length or 0) > FORM_BYTES:
        abort(413)


def _add_headers(response):
    if response.status_code == 200 and "answer_with" in g:
        response.status_code = g.answer_with
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or not _host().startswith(("127.", "localhost")):
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if request.endpoint == "static" and request.args.get("v") and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"  # the address changes with the file
    elif request.endpoint != "static" and not getattr(g, "may_be_cached", False):
        response.headers["Cache-Control"] = "no-store"
    return response


def _host() -> str:
    try:
        return request.host
    except SecurityError:
        return ""


def wants_json() -> bool:
    """Whether the page's own script asks (autosave), so that a refusal comes back as JSON."""
    return request.accept_mimetypes.best == "application/json"


def _calm_errors(app: Flask) -> None:
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(Exception, _failed)


def _problem(problem: Problem):
    db.session.rollback()
    if problem.status == 403:
        log.info("refused", endpoint=request.endpoint, person=getattr(signed_in(), "id", None))
    return _page(problem.status, sentence=problem.sentence)


def _stale_form(error: CSRFError):
    return _page(
        400,
        sentence="This form was open too long or was opened in another window. Go back, reload the page and send it again.",
    )


def _http_error(error: HTTPException):
    if isinstance(error, InternalServerError):
        return _failed(error)
    if error.response is not None:
        return error.response
    if isinstance(error, SecurityError):  # for a host that is not ours no address can be made, so no page drawn
        return "This site does not answer to that name.", 400, {"Content-Type": "text/plain; charset=utf-8"}
    body, status = _page(error.code or 500)
    kept = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    return body, status, kept


def _database_away(error: OperationalError):
    db.session.rollback()
    log.error("database_away", error=type(error.orig).__name__)
    return _page(503)


def _database_error(error: DBAPIError):
    return _failed(error)


def _failed(error: Exception):
    db.session.rollback()
    g.reference = secrets.token_hex(4)
    log.exception("failed", reference=g.reference, endpoint=request.endpoint)
    return _page(500, reference=g.reference)


ERROR_PAGES = (400, 403, 404, 405, 409, 413, 429, 500, 503)


def _page(status: int, **context):
    g.may_be_cached = False
    if wants_json():
        return jsonify(error=context.get("sentence") or "This did not work. Try again."), status
    template = f"errors/{status if status in ERROR_PAGES else (400 if status < 500 else 500)}.html"
    return render_template(template, **context), status


def _is_reading() -> bool:
    return has_request_context() and request.method in ("GET", "HEAD")


@event.listens_for(Session, "before_flush")
def _get_never_writes(session, _context, _instances):
    """GET writes nothing: a changed object is refused before it becomes SQL, so that the message can name it."""
    if not _is_reading():
        return
    changed = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
    if changed:
        raise RuntimeError(f"GET {request.path} tried to write {changed[:3]}")


_WRITES = ("insert", "update", "delete", "replace", "create", "drop", "alter", "truncate")


@event.listens_for(Engine, "before_cursor_execute")
def _get_never_writes_sql(_connection, _cursor, statement, *_):
    """Nor by statements that pass the objects by: bulk updates, inserts and plain SQL."""
    if _is_reading() and statement.lstrip()[:8].lower().startswith(_WRITES):
        raise RuntimeError(f"GET {request.path} tried to run {statement[:60]}")
