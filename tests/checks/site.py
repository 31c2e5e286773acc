"""A whole site for journeys: the real app in demonstration mode, with form tokens on, served on this machine.

Its world is made once by the packages' own scenes and copied for each test, so that no story disturbs another. It reads
the same standing clock as the test.
"""

import os
import shutil
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

from flask import session
from sqlalchemy import select
from waitress import wasyncore
from waitress.server import create_server

from fund import sessions
from fund.core import clock, demonstration, reference
from fund.core.database import db
from fund.tables import Person
from tests import postgres
from tests.quick import create_tables
from wsgi import create_app

KEY = "a key for journeys that is long enough"


class Template:
    """The demonstration world, made once in a run of the tests and copied for each site. A process that has made one in
    SQLite leaves a copy in the folder SHARED, when there is one, for the other processes of the run."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.server = os.environ.get("TEST_DATABASE_URL", "")
        self.copies = 0
        shared = Path(os.environ["SHARED"], "world") if "SHARED" in os.environ and not self.server else None
        if shared and shared.exists():
            shutil.copytree(shared, folder / "world")
            return
        self._make()
        if shared:
            shutil.copytree(folder / "world", shared.with_name(f"world-{os.getpid()}"))
            with suppress(OSError):  # another process was quicker
                shared.with_name(f"world-{os.getpid()}").rename(shared)

    def _make(self) -> None:
        url = postgres.new_database(self.server, f"world_{os.getpid()}") if self.server else ""
        app = make_app(self.folder / "world", url)
        with app.app_context(), clock.stand_still(clock.now()):
            create_tables()
            reference.load_all(clock.now())
            demonstration.play(demonstration.World(now=clock.now(), applications=0))
            db.session.commit()
            db.session.remove()
            db.engine.dispose()

    def copy(self) -> "Site":
        """A site of its own, whose world nobody has touched."""
        self.copies += 1
        folder = self.folder / f"site-{self.copies}"
        shutil.copytree(self.folder / "world", folder)
        url = ""
        if self.server:
            url = postgres.new_database(self.server, f"site_{os.getpid()}_{self.copies}", f"world_{os.getpid()}")
        return Site(make_app(folder, url))

    def drop(self) -> None:
        if self.server:
            postgres.drop_database(self.server, f"world_{os.getpid()}")


def make_app(folder: Path, url: str):
    app = create_app(folder, env="demonstration", secret_key=KEY, database_url=url, port=0)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def unhurried(app):
    """The app, whose every page waits first for as many seconds as ANSWER_AFTER says. A step that does not wait for the
    page it leads to passes on a quick machine and fails on a slow one: with ANSWER_AFTER=0.5 it fails everywhere."""
    seconds = float(os.environ.get("ANSWER_AFTER", "0"))
    if not seconds:
        return app

    def answer(environ, start_response):
        if not environ["PATH_INFO"].startswith("/static/"):
            time.sleep(seconds)
        return app(environ, start_response)

    return answer


class Site:
    """One served copy: `address`, `app`, and `cookie(person)` to be signed in as somebody."""

    def __init__(self, app):
        self.app = app
        self.address = ""

    @contextmanager
    def served(self):
        server = create_server(unhurried(self.app), host="127.0.0.1", port=0, threads=4)
        self.address = f"http://127.0.0.1:{server.effective_port}"
        stop = threading.Event()

        def loop():
            while not stop.is_set():
                wasyncore.loop(timeout=0.05, map=server._map, count=1)

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            stop.set()
            thread.join(10)
            server.task_dispatcher.shutdown()
            for channel in list(server._map.values()):
                channel.close()
            with self.app.app_context():
                if url := self.app.config["SETTINGS"].database_url:
                    db.engine.dispose()
                    postgres.drop_database(os.environ["TEST_DATABASE_URL"], url.rpartition("/")[2].partition("?")[0])
                else:
                    db.engine.dispose()

    def person(self, cast_as: str) -> SimpleNamespace:
        """Who plays this part: name, email, id."""
        with self.app.app_context():
            found = db.session.scalars(select(Person).where(Person.cast_as == cast_as)).one()
            return SimpleNamespace(id=found.id, name=found.name, email=found.email)

    def cookie(self, cast_as: str) -> dict[str, str]:
        """The cookie of a browser that has just signed in as this member of the cast."""
        moment = clock.now()
        with self.app.test_request_context(method="POST"):
            who = db.session.scalars(select(Person).where(Person.cast_as == cast_as)).one()
            session.update(token=sessions.begin(who, now=moment), seen=int(moment.timestamp()))
            db.session.commit()
            value = self.app.session_interface.get_signing_serializer(self.app).dumps(dict(session))
        return {"name": self.app.config["SESSION_COOKIE_NAME"], "value": value, "url": self.address}
