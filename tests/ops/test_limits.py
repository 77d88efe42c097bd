"""A request that is too large is stopped before it fills the disk, told or not."""

from __future__ import annotations

import asyncio

from nexxio.ops.limits import limited
from nexxio.ops.outage import too_large


def ask(
    chunks: list[bytes], *, told: int | None = None, words: list[str] | None = None, **more: bytes
) -> tuple[list[int], int]:
    """Return the statuses that were sent, and how many bytes the application read.

    words: takes the text that was sent. more: headers, their dashes written as underscores.
    """
    sent, read = [], 0
    left = list(chunks)

    async def application(_scope, receive, send):
        nonlocal read
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                await send({"type": "http.response.start", "status": 499, "headers": []})
                return
            read += len(message["body"])
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message):
        if message["type"] == "http.response.start":
            sent.append(message["status"])
        elif words is not None:
            words.append(message["body"].decode())

    headers = [(name.replace("_", "-").encode(), value) for name, value in more.items()]
    headers += [] if told is None else [(b"content-length", str(told).encode())]
    scope = {"type": "http", "headers": headers}
    asyncio.run(limited(application, 10, too_large)(scope, receive, send))
    return sent, read


def test_what_fits_passes():
    assert ask([b"12345", b"67890"]) == ([200], 10)
    assert ask([b"1234567890"], told=10) == ([200], 10)


def test_a_length_that_is_told_is_refused_before_anything_is_read():
    assert ask([b"1"], told=11) == ([413], 0)


def test_an_endless_body_is_cut_and_the_application_says_nothing_more():
    assert ask([b"12345"] * 50) == ([413], 10)


def test_a_browser_reads_a_page_that_says_what_to_do_and_a_fragment_plain_words():
    words: list[str] = []
    browser = {"told": 200_000_000, "accept": b"text/html,*/*", "words": words}
    assert ask([b"1"], **browser) == ([413], 0)
    assert "<h1>Ce fichier est trop lourd</h1>" in words[0]
    assert "64 Mo au plus" in words[0]
    assert "Revenez à la page précédente" in words[0]
    ask([b"1"], **browser, hx_request=b"true")
    assert words[1].startswith("L’envoi est trop lourd : rien n’a été enregistré")
