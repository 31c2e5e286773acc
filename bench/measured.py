"""What is measured: the site in a server process of its own over a world of a certain size, and a bare app beside it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import session
from sqlalchemy import event, select, text

from bench.many import fill
from fund import sessions
from fund.core import clock, demonstration, reference
from fund.core.database import db
from fund.tables import Person
from wsgi import ROOT, create_app

KEY = "a key for measuring that is long enough"
SERVE = """
import sys
from pathlib import Path
from waitress.server import create_server
if len(sys.argv) > 1:
    from wsgi import create_app
    from fund.core.serving import settle
    app = create_app(Path(sys.argv[1]), env="demonstration", secret_key="{key}")
    settle()
else:
    from flask import Flask
    app = Flask("hello")
    app.route("/")(lambda: "hello")
server = create_server(app, host="127.0.0.1", port=0, threads=4)
print(server.effective_port, flush=True)
server.run()
"""


def app_in(folder: Path):
    return create_app(folder, env="demonstration", secret_key=KEY, database_url="")


class World:
    """The demonstration as its scenes make it, in a folder to be copied."""

    def __init__(self, folder: Path):
        self.folder = folder
        began = time.monotonic()
        app = app_in(folder)
        with app.app_context():
            db.create_all()
            reference.load_all(clock.now())
            demonstration.play(demonstration.World(now=clock.now(), applications=0))
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        self.seconds = time.monotonic() - began


class Measured:
    """A copy of the world, filled up to a number of applications: so many in the round looked at, the others elsewhere."""

    def __init__(self, folder: Path, applications: int, in_round: int = 200):
        self.folder, self.app = folder, app_in(folder)
        began = time.monotonic()
        with self.app.app_context():
            round_id = db.session.scalar(
                text(
                    "select round_id from application where status = 'in_scoring' group by round_id order by count(*) desc limit 1"
                )
            )
            if round_id is not None:
                here = min(applications, in_round)
                fill(db.session, round_id, here, applications - here)
            self.applications = db.session.scalar(text("select count(*) from application")) or 0
            self.in_round = db.session.scalar(
                text("select count(*) from application where round_id = :id"), {"id": round_id}
            )
        self.seconds = time.monotonic() - began

    def path(self, page) -> str:
        with self.app.app_context():
            return page.path()

    def cookie(self, cast: str | None) -> str:
        """The Cookie header of somebody who has just signed in."""
        if cast is None:
            return ""
        now = clock.now()
        with self.app.test_request_context(method="POST"):
            who = db.session.scalars(select(Person).where(Person.cast_as == cast)).one()
            session.update(token=sessions.begin(who, now=now), seen=int(now.timestamp()))
            db.session.commit()
            value = self.app.session_interface.get_signing_serializer(self.app).dumps(dict(session))
        return f"{self.app.config['SESSION_COOKIE_NAME']}={value}"

    def statements(self, path: str, cookie: str) -> int:
        """How many SQL statements the page asks, the second time it is asked for."""
        client = self.app.test_client(use_cookies=False)
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
                seen.append(statement)

        client.get(path, headers={"Cookie": cookie})
        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        client.get(path, headers={"Cookie": cookie})
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    @contextmanager
    def served(self) -> Iterator[int]:
        with _process([str(self.folder)]) as port:
            yield port


@contextmanager
def served_hello() -> Iterator[int]:
    with _process([]) as port:
        yield port


@contextmanager
def _process(arguments: list[str]) -> Iterator[int]:
    command = [sys.executable, "-c", SERVE.format(key=KEY), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)
