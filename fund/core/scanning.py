"""The virus scanner: ClamAV's clamd, asked over its socket. It answers clean, infected or nothing at all.

Which files wait for it, and what follows from its answer, is said in `files`. Source of the rule that nothing unchecked
leaves: OWASP ASVS 5.0, requirement 5.4.3.
"""

import socket
import struct
import time
from dataclasses import dataclass

import structlog
from flask import current_app

from .problems import Problem
from .settings import Settings

log = structlog.get_logger(__name__)
IN_UPLOAD_SECONDS = 5  # somebody waits for the page; what takes longer is left to the job
IN_JOB_SECONDS = 60
CONNECT_SECONDS = 2
PIECE = 64 * 1024  # bytes sent at a time


class ScannerAway(Exception):
    """The scanner does not answer (`is_silent`), or could not look at this one file."""

    def __init__(self, why: str, *, is_silent: bool):
        super().__init__(why)
        self.is_silent = is_silent


@dataclass(frozen=True)
class Verdict:
    """What the scanner said; `found` is its name for what is in the file."""

    is_clean: bool
    found: str | None = None


def is_scanned() -> bool:
    """Whether this installation has a scanner."""
    return bool(current_app.config["SETTINGS"].clamd)


def scan(content: bytes, *, seconds: float) -> Verdict:
    """Ask the scanner, for at most so many seconds in all. Raises ScannerAway.

    Spoken here and not by the clamd library: that one waits for a silent host without end, and sends pieces that may
    arrive cut short.
    """
    until = time.monotonic() + seconds
    try:
        line = _connected(current_app.config["SETTINGS"].clamd, min(seconds, CONNECT_SECONDS))
    except OSError as error:
        raise ScannerAway(type(error).__name__, is_silent=True) from None
    try:
        with line:
            answer = _asked(line, content, until)
    except OSError as error:  # it hangs up on a file that is larger than it takes
        raise ScannerAway(type(error).__name__, is_silent=False) from None
    if answer == "stream: OK":
        return Verdict(True)
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Verdict(False, answer.removeprefix("stream: ").removesuffix(" FOUND")[:200])
    raise ScannerAway(answer[:200] or "no answer", is_silent=False)


def _asked(line: socket.socket, content: bytes, until: float) -> str:
    _say(line, b"zINSTREAM\0", until)
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        _say(line, struct.pack("!L", len(piece)) + piece, until)
    _say(line, struct.pack("!L", 0), until)
    return _heard(line, until)


def _connected(address: str, seconds: float) -> socket.socket:
    if "/" in address:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(seconds)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _say(line: socket.socket, content: bytes, until: float) -> None:
    line.settimeout(_left(until))
    line.sendall(content)


def _heard(line: socket.socket, until: float) -> str:
    """The answer up to its zero byte, or to the end of the line."""
    said = b""
    while not said.endswith(b"\0") and len(said) < 4_000:
        line.settimeout(_left(until))
        piece = line.recv(1_000)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def look(content: bytes, name: str) -> Verdict | None:
    """In an upload: the verdict, or None when there is no scanner or it does not answer now.

    Raises Problem beside `files` for a file that holds a virus: it is refused at once, and nothing of it is kept.
    """
    if not is_scanned():
        return None
    try:
        verdict = scan(content, seconds=IN_UPLOAD_SECONDS)
    except ScannerAway as away:
        log.warning("scanner_away", error=str(away))
        return None
    if not verdict.is_clean:
        log.warning("infected_upload", found=verdict.found, size=len(content))
        raise Problem(
            f"“{name}” holds a virus, so we did not keep it. Check your computer, then add a copy that is clean.",
            "files",
        )
    return verdict


def check_settings(settings: Settings) -> None:
    """Raises ValueError with a sentence when the scanner's address cannot be one."""
    if not settings.clamd or "/" in settings.clamd:
        return
    host, _, port = settings.clamd.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError("FUND_CLAMD must be host:port, like 127.0.0.1:3310, or the path of a socket")
