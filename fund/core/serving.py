"""The processes: a web server that outlasts slow clients and finishes what it began, and the jobs in a process beside it.

Waitress reads requests without a thread for each, so that people on slow lines (or attackers) hold up nobody.
"""

import errno
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import click
import waitress.server
from flask import Flask
from waitress import wasyncore

from .jobs import Election, scheduler_for

STOP_SECONDS = 25  # a host that asks us to stop usually waits 30 before it kills
CONNECTIONS = 2000  # open at once; each costs a few kilobytes, not a thread
RESTART_SECONDS = 5
STANDBY_SECONDS = 15
NEW_OBJECTS = 50_000  # made before Python looks for rubbish again; a page of five hundred rows makes as many


class Stopping(threading.Event):
    """Set by SIGTERM or Ctrl+C."""

    def listen(self, wake=lambda: None) -> None:
        def ask(*_):
            self.set()
            wake()

        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, ask)


class Beside:
    """A child process that is started again when it dies, until we stop."""

    def __init__(self, command: list[str], environment: dict[str, str]):
        self.command, self.environment = command, environment
        self.process: subprocess.Popen | None = None
        self.stopping = threading.Event()
        self.keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> "Beside":
        self.keeper.start()
        return self

    def _keep(self) -> None:
        while not self.stopping.is_set():
            self.process = subprocess.Popen(self.command, env=self.environment)
            code = self.process.wait()
            if not self.stopping.is_set():
                click.echo(f"The jobs process ended with code {code}; starting it again.", err=True)
            self.stopping.wait(RESTART_SECONDS)

    def stop(self) -> None:
        self.stopping.set()
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()


def serve(app: Flask) -> None:
    """Serve the site until SIGTERM or Ctrl+C. Raises ClickException with a sentence when the port cannot be had."""
    settings = app.config["SETTINGS"]
    server = open_server(app, settings)
    settle()
    beside = jobs_beside(app).start() if settings.jobs else None
    stopping = Stopping()
    stopping.listen(wake=server.pull_trigger)
    click.echo(f"Serving on http://{settings.host}:{settings.port} (stop with Ctrl+C)")
    try:
        run(server, stopping)
    finally:
        if beside:
            beside.stop()


def settle() -> None:
    """Tell Python that what is loaded now stays: looking through it again and again took a tenth of the longest pages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)


def open_server(app: Flask, settings):
    """A waitress server that holds its port. Raises ClickException when the port is taken or not allowed."""
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(address[:2], family=family, backlog=1024)
    except OSError as error:
        raise click.ClickException(_sorry(error, settings)) from None
    return waitress.server.create_server(
        app, sockets=[listening], threads=settings.threads, ident=None, channel_timeout=30,
        connection_limit=CONNECTIONS, asyncore_use_poll=True, max_request_header_size=65_536,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1024, clear_untrusted_proxy_headers=False,
    )  # fmt: skip


def _sorry(error: OSError, settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {settings.port} is in use by another program. Stop that, or choose another port: PORT={settings.port + 1}"
    if error.errno == errno.EACCES:
        return f"This account may not listen on port {settings.port}. Choose one above 1023: PORT=8000"
    return f"Cannot listen on {settings.host} port {settings.port}: {error.strerror or error}"


def run(server, stopping: threading.Event) -> None:
    """Answer until `stopping` is set; then take no more connections, finish the requests that have come in, and close."""
    sockets = server._map
    while not stopping.is_set():
        wasyncore.loop(timeout=1, use_poll=True, map=sockets, count=1)
    server.del_channel(sockets)
    server.socket.close()
    until = time.monotonic() + STOP_SECONDS
    while time.monotonic() < until and any(_is_busy(each) for each in list(server.active_channels.values())):
        wasyncore.loop(timeout=0.1, use_poll=True, map=sockets, count=1)
    server.task_dispatcher.shutdown(timeout=1)
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.trigger.close()


def _is_busy(channel) -> bool:
    """Whether a whole request waits for its answer, or an answer is still on its way out."""
    return bool(channel.requests or channel.total_outbufs_len)


def jobs_beside(app: Flask) -> Beside:
    command = [sys.executable, "-m", "flask", "--app", str(Path(app.root_path, "wsgi.py")), "jobs"]
    return Beside([*command, "--parent", str(os.getpid())], os.environ | {"FUND_INSTANCE": app.instance_path})


def run_jobs(app: Flask, parent: int | None = None) -> None:
    """Run the jobs at their times while this process leads; wait for that when another does.

    Ends on SIGTERM (after the running job), when `parent` is gone, or when the lead was lost with the database.
    """
    stopping, election = Stopping(), Election(app)
    stopping.listen()

    def is_over(wait: float) -> bool:
        return stopping.wait(wait) or (parent is not None and os.getppid() != parent)

    said = False
    while not election.win():
        if not said:
            click.echo("Another process runs the jobs; this one waits.")
            said = True
        if is_over(STANDBY_SECONDS):
            return
    scheduler = scheduler_for(app)
    scheduler.start()
    while election.still_leads() and not is_over(2):
        pass
    scheduler.shutdown(wait=True)
