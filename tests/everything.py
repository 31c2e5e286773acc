"""The whole suite on both databases side by side: SQLite's words as they come, PostgreSQL's when it has finished.

`make test` runs this. Arguments go to both runs of pytest.
"""

import os
import subprocess
import sys
import tempfile
import time

from tests import postgres


def main(arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "--durations=8", "--ignore=tests/proof", *arguments]
    plain = {name: value for name, value in os.environ.items() if name not in ("TEST_DATABASE_URL", "DATABASE_URL")}
    began = time.monotonic()
    with postgres.running() as url, tempfile.TemporaryFile("w+") as words:
        beside = subprocess.Popen(
            command, env=plain | {"TEST_DATABASE_URL": url}, stdout=words, stderr=subprocess.STDOUT
        )
        print("On SQLite:", flush=True)
        try:
            on_sqlite = subprocess.call(command, env=plain)
            print("On PostgreSQL:", flush=True)
            on_postgres = beside.wait()
        finally:
            beside.kill()
        words.seek(0)
        print(words.read(), flush=True)
    verdict = {0: "passes"}
    print(
        f"SQLite {verdict.get(on_sqlite, 'FAILS')}, PostgreSQL {verdict.get(on_postgres, 'FAILS')}: {time.monotonic() - began:.0f} seconds"
    )
    return on_sqlite or on_postgres


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
