"""The smallest site that has live pages: the stream, a page, its script, its tokens."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.live.settings")

from nexxio.core import live
from nexxio.core.stream import STREAM_PATH, stream_app

SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "live.js"
POLICY = b"default-src 'self'"
PAGE = """<!doctype html><title>Live</title>
<body data-stream-token="{token}" data-stream-space="{space}" data-stream-renew="/flux/jeton/?{q}">
<div id="one" data-live="order.1 orders"></div>
<div id="two" data-live="order.2 orders"></div>
<p data-live-lost hidden>déconnecté</p>
<script type="module" src="/live.js"></script>"""

sessions_over: set[str] = set()


async def application(scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
    """Serve /page, /live.js, /flux/, /flux/jeton/, /nombre (open streams), /fin (log out)."""
    if scope["type"] == "lifespan" or scope["path"] == STREAM_PATH:
        await stream_app(scope, receive, send)
        return
    raw = scope["query_string"].decode()
    query = {name: values[0] for name, values in parse_qs(raw).items()}
    status, kind, body = _answer(scope["path"], query, raw)
    headers = [(b"content-type", kind), (b"content-security-policy", POLICY)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


def _answer(path: str, query: dict[str, str], raw: str) -> tuple[int, bytes, str]:
    who, space = query.get("who", "alice"), query.get("space", "org.1")
    token = live.stream_token(holder=who, channels=[space])
    status, kind, body = 200, b"text/plain", ""
    if path == "/page":
        shown = "too-old" if "old" in query else token
        kind, body = b"text/html; charset=utf-8", PAGE.format(token=shown, space=space, q=raw)
    elif path == "/live.js":
        kind, body = b"text/javascript; charset=utf-8", SCRIPT.read_text(encoding="utf-8")
    elif path == "/flux/jeton/" and who not in sessions_over:
        kind, body = b"application/json", json.dumps({"token": token})
    elif path == "/nombre":
        body = str(len(stream_app._engine().hub))
    elif path == "/fin":
        sessions_over.add(who)
    else:
        status = 403
    return status, kind, body
