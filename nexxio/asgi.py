"""The one ASGI site: Django's pages, and the event stream beside it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nexxio.settings.dev")

django_pages = get_asgi_application()

from nexxio.core.stream import STREAM_PATH, stream_app  # noqa: E402 (needs the settings)
from nexxio.ops.limits import limited  # noqa: E402
from nexxio.ops.metrics import open_stream  # noqa: E402
from nexxio.ops.outage import too_large  # noqa: E402

pages = limited(django_pages, settings.MAX_REQUEST_BYTES, too_large)

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Route the stream and the server's life to the hub, the rest to Django."""
    if scope["type"] == "lifespan":
        await stream_app(scope, receive, send)
    elif scope.get("path") == STREAM_PATH:
        with open_stream():
            await stream_app(scope, receive, send)
    else:
        await pages(scope, receive, send)
