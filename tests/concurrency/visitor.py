"""Who uses the site in the tests of kills: a desk that posts, and a page that stays live."""

from __future__ import annotations

import http.client
import select
import socket
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

_CSRF = "tests" * 6 + "ab"


@dataclass(frozen=True)
class Answer:
    """What a request got: status 0 when the connection broke before an answer came."""

    status: int
    seconds: float
    began: float
    ended: float
    body: str = ""
    location: str = ""


class Visitor:
    """One browser without a page: a session, a connection that is kept, plain requests."""

    def __init__(self, port: int, session: str = "", *, timeout: float = 20) -> None:
        self._port = port
        self._timeout = timeout
        self._cookies = f"sessionid={session}; csrftoken={_CSRF}"
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """GET a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, **data: str) -> Answer:
        """POST a form, with the token against forgery that a page would have carried."""
        return self._ask("POST", path, urlencode(data))

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {
            "Cookie": self._cookies,
            "X-CSRFToken": _CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        if self._connection is not None and _is_readable(self._connection.sock):
            self.close()  # the site closed what was idle
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=self._timeout
            )
        began = time.perf_counter()
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.close()
            ended = time.perf_counter()
            return Answer(0, ended - began, began, ended)
        ended = time.perf_counter()
        location = response.getheader("Location") or ""
        return Answer(response.status, ended - began, began, ended, text, location)


def _is_readable(sock: socket.socket | None) -> bool:
    return sock is not None and bool(select.select([sock], [], [], 0)[0])


class Page(threading.Thread):
    """An open page: holds its stream as live.js does, and comes back with the mark it saw last.

    `heard[key]` and `resyncs` are moments of `time.perf_counter()`.
    """

    def __init__(self, port: int, token: str) -> None:
        super().__init__(daemon=True)
        self.heard: defaultdict[str, list[float]] = defaultdict(list)
        self.resyncs: list[float] = []
        self.opened = 0
        self._port = port
        self._token = token
        self._mark = ""
        self._over = threading.Event()
        self._greeted = threading.Event()
        self._socket: socket.socket | None = None

    def open(self) -> Page:
        """Start, and return once the stream says hello."""
        self.start()
        if not self._greeted.wait(10):
            raise TimeoutError("the stream does not open")
        return self

    def leave(self) -> None:
        """Close the page."""
        self._over.set()
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.join(5)

    def knows_since(self, key: str, moment: float) -> bool:
        """Tell whether the key, or the order to fetch everything again, came after `moment`."""
        times = (*self.heard.get(key, ()), *self.resyncs)
        return any(when >= moment for when in times)

    def run(self) -> None:
        """Hold the stream until the page is left; come back half a second after it breaks."""
        while not self._over.is_set():
            try:
                self._hold()
            except OSError:
                pass
            self._over.wait(0.5)

    def _hold(self) -> None:
        since = f"&depuis={self._mark}" if self._mark else ""
        with socket.create_connection(("127.0.0.1", self._port), timeout=45) as stream:
            self._socket = stream
            stream.sendall(
                f"GET /flux/?t={self._token}{since} HTTP/1.1\r\n"
                "Host: localhost\r\nAccept: text/event-stream\r\n\r\n".encode()
            )
            name, rest = "", b""
            while part := stream.recv(65536):
                *lines, rest = (rest + part).split(b"\n")
                for line in lines:
                    name = self._take(line.decode(), name)

    def _take(self, line: str, name: str) -> str:
        if line.startswith("event: "):
            return line[7:]
        if not line.startswith("data: "):
            return name
        now = time.perf_counter()
        if name == "":
            self.heard[line[6:]].append(now)
        elif name == "resync":
            self.resyncs.append(now)
        elif name in ("hello", "beat"):
            self._mark = line[6:]
            if name == "hello":
                self.opened += 1
                self._greeted.set()
        return ""
