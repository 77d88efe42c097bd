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

_TEXT = "L’envoi est trop volumineux. Rien n’a été enregistré.".encode()


def limited(application: Application, max_bytes: int) -> Application:
    """Wrap an ASGI application: a body beyond `max_bytes` gets 413, told or found too long."""

    async def inner(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _told(scope) > max_bytes:
            await _refuse(send)
            return
        left = max_bytes
        refused = False

        async def counted() -> Message:
            nonlocal left, refused
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0 and not refused:
                refused = True
                await _refuse(send)
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


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(_TEXT)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _TEXT})
