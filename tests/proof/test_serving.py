"""The served site, as a process of its own: slow clients, a busy database, being stopped, being started twice."""

import http.cookiejar
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from fund.core.database import db
from wsgi import create_app

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key for proofs that is long enough"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


class Served:
    """`flask serve` with its jobs, over an empty database in its own folder."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        app = create_app(folder, env="demonstration", secret_key=KEY, database_url="")
        with app.app_context():
            db.create_all()
            db.engine.dispose()
        self.log = (folder / "log").open("w+")
        self.process = self.start()

    def start(self) -> subprocess.Popen:
        environment = {
            "FUND_INSTANCE": str(self.folder), "FUND_ENV": "demonstration", "SECRET_KEY": KEY, "PORT": str(self.port),
            "PATH": "/usr/bin:/bin",
        }  # fmt: skip
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self.log, stderr=subprocess.STDOUT)

    def wait(self, seconds: float = 60) -> "Served":
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/privacy", timeout=5).close()
                return self
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise AssertionError(f"not serving: {self.words()}")

    def words(self) -> str:
        return (self.folder / "log").read_text()

    def children(self) -> list[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(word) for word in listed.stdout.split()]

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.log.close()
        return code


@pytest.fixture
def served(tmp_path):
    served = Served(tmp_path)
    try:
        yield served.wait()
    finally:
        served.stop()


@pytest.mark.parametrize("kind", ["headers", "bodies"])
def test_three_hundred_slow_clients_hold_up_nobody(served, kind):
    """While 300 clients have sent half a request, a page is answered within two seconds."""
    half = {
        "headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        "bodies": b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nemail=a",
    }[kind]
    slow = []
    try:
        for _ in range(300):
            client = socket.create_connection(("127.0.0.1", served.port), timeout=10)
            client.sendall(half)
            slow.append(client)
        time.sleep(0.5)
        for client in slow:
            client.sendall(b"a")
        began = time.monotonic()
        with urllib.request.urlopen(f"{served.address}/privacy", timeout=10) as answer:
            assert answer.status == 200
        assert time.monotonic() - began < 2
    finally:
        for client in slow:
            client.close()


def ask_for_a_code(served, heard: list) -> None:
    """Send the sign-in form as a browser would, and note what came back."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(f"{served.address}/sign-in", timeout=30) as page:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())[1]
    heard.append("ready")
    data = urllib.parse.urlencode({"csrf_token": token, "email": "amina@example.org"}).encode()
    try:
        with browser.open(f"{served.address}/sign-in", data=data, timeout=60) as answer:
            heard.append(answer.status)
    except urllib.error.HTTPError as error:
        heard.append(error.code)
    except OSError as error:
        heard.append(type(error).__name__)


def test_a_busy_database_is_waited_for_and_a_stop_finishes_what_began(served):
    """The form waits for the write lock that somebody holds; the server is told to stop meanwhile; the form is still answered."""
    heard: list = []
    lock = sqlite3.connect(served.folder / "fund.sqlite", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    sender = threading.Thread(target=ask_for_a_code, args=(served, heard))
    sender.start()
    time.sleep(2)
    assert heard == ["ready"]
    served.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", served.port), timeout=5)
    lock.execute("ROLLBACK")
    lock.close()
    sender.join(60)
    served.process.wait(40)
    # The page it was sent on to is asked for anew, which a server that is going answers no more.
    assert heard[1] in (200, "URLError", "RemoteDisconnected", "ConnectionResetError")
    kept = sqlite3.connect(served.folder / "fund.sqlite")
    assert (
        kept.execute("select count(*) from sign_in_code").fetchone()[0]
        + kept.execute("select count(*) from outbox_message").fetchone()[0]
        >= 1
    )
    kept.close()
    assert served.process.returncode == 0


def test_a_jobs_process_that_dies_comes_back_and_none_is_left_behind(served):
    import os

    (before,) = served.children()
    os.kill(before, signal.SIGKILL)
    until = time.monotonic() + 30
    while served.children() in ([], [before]) and time.monotonic() < until:
        time.sleep(0.2)
    (after,) = served.children()
    assert after != before
    assert served.stop() == 0
    with pytest.raises(ProcessLookupError):
        os.kill(after, 0)


def test_a_taken_port_is_said_plainly(served):
    second = served.start()
    assert second.wait(60) == 1
    said = served.words()
    assert f"Port {served.port} is in use by another program." in said
    assert "Traceback" not in said
