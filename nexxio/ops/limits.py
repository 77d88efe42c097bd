"""The largest request, whatever it holds: before Django reads it into a file.

DATA_UPLOAD_MAX_MEMORY_SIZE leaves files out, and a server or proxy of somebody's own may have no
limit: an endless body would fill the disk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

_TEXT = (
    "L’envoi est trop lourd : rien n’a été enregistré, votre saisie est toujours là. Choisissez un"
    " fichier plus léger."
)


def limited(application: Application, max_bytes: int, page: Callable[[], str]) -> Application:
    """Wrap an ASGI application: a body beyond `max_bytes` gets 413, told or found too long.

    page: makes what a browser shows in the form's place; a fragment gets plain words.
    """

    async def inner(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _told(scope) > max_bytes:
            await _refuse(scope, send, page)
            return
        left = max_bytes
        refused = False

        async def counted() -> Message:
            nonlocal left, refused
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0 and not refused:
                refused = True
                await _refuse(scope, send, page)
            return {"type": "http.disconnect"} if refused else message

        async def unless_refused(message: Message) -> None:
            if not refused:
                await send(message)

        await application(scope, counted, unless_refused)

    return inner


def _told(scope: Message) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _wants_page(scope: Message) -> bool:
    told = dict(scope["headers"])
    return b"text/html" in told.get(b"accept", b"") and b"hx-request" not in told


async def _refuse(scope: Message, send: Send, page: Callable[[], str]) -> None:
    kind, body = (b"html", page()) if _wants_page(scope) else (b"plain", _TEXT)
    data = body.encode()
    headers = [
        (b"content-type", b"text/" + kind + b"; charset=utf-8"),
        (b"content-length", str(len(data)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": data})
