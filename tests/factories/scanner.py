"""A virus scanner that speaks clamd's INSTREAM on a socket, and the harmless text that every scanner takes for a virus."""

import contextlib
import dataclasses
import socket
import struct
import threading

# In two halves, so that no scanner on a developer's machine takes this file for a virus.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeScanner:
    """`sick` are the words it finds; `silent` keeps the line open without an answer; `most` bytes are taken."""

    def __init__(self):
        self.sick, self.silent, self.most, self.asked = [EICAR], False, 50_000_000, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listening.getsockname()[1]}"
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._answer_all, daemon=True)
        self.thread.start()

    def _answer_all(self):
        self.listening.settimeout(0.1)
        while not self.stopped.is_set():
            try:
                line, _ = self.listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with contextlib.suppress(OSError), line:
                self._answer(line)

    def _answer(self, line: socket.socket):
        line.settimeout(5)
        command = b""
        while not command.endswith(b"\0"):
            command += line.recv(1)
        assert command == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self._exactly(line, 4))[0]:
            content += self._exactly(line, size)
            if len(content) > self.most:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.asked.append(content)
        if self.silent:
            self.stopped.wait(3)
            return
        found = any(words in content for words in self.sick)
        line.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")

    @staticmethod
    def _exactly(line: socket.socket, size: int) -> bytes:
        found = b""
        while len(found) < size:
            piece = line.recv(size - len(found))
            if not piece:
                raise OSError("the asker hung up")
            found += piece
        return found

    def stop(self):
        self.stopped.set()
        self.listening.close()
        self.thread.join(5)


def use(app, monkeypatch, **settings):
    """Have the app read these settings for the rest of the test."""
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], **settings))
