"""The stream through a real server and a real broker, with raw sockets."""

from __future__ import annotations

import asyncio
import http.client
import signal
import socket
import time
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from nexxio.core import live
from tests.live.conftest import run
from tests.live.ears import listen
from tests.live.servers import stream_server

pytestmark = pytest.mark.slow


def get(server, path, method="GET"):
    """Ask once, without reading a body that never ends."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request(method, path)
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read() if answer.status != 200 else answer.readline()
    connection.close()
    return answer.status, headers, body


def test_headers_forbid_storing_and_buffering(shared_server, token):
    status, headers, first = get(shared_server, f"/flux/?t={token('org.1')}")
    assert status == 200
    assert headers["content-type"].startswith("text/event-stream")
    assert "no-store" in headers["cache-control"]
    assert headers["x-accel-buffering"] == "no"
    assert first == b"retry: 3000\n"


@pytest.mark.parametrize("query", ["", "?t=", "?t=forged", "?depuis=1", "?t=%ff%00"])
def test_without_a_valid_token_the_answer_is_401_and_plain(shared_server, query):
    status, headers, body = get(shared_server, "/flux/" + query)
    assert status == 401
    assert headers["content-type"].startswith("text/plain")
    assert headers["cache-control"] == "no-store"
    assert "Jeton" in body.decode()


def test_an_old_token_is_401(shared_server, token):
    with time_machine.travel(timezone.now() - timedelta(seconds=601), tick=False):
        old = token("org.1")
    assert get(shared_server, f"/flux/?t={old}")[0] == 401


def test_other_paths_and_methods_are_refused(shared_server, token):
    assert get(shared_server, "/")[0] == 404
    assert get(shared_server, f"/flux/?t={token('org.1')}", "POST")[0] == 405


def test_a_key_is_delivered_and_two_subjects_do_not_mix(shared_server, push, token):
    async def scene():
        # No other test speaks here: the hub repeats what was said shortly before.
        tokens = [token("org.71", holder="a"), token("org.72", "user.72", holder="b")]
        async with listen(2, tokens, shared_server.url) as ears:
            push(("org.71", "order.11"), ("org.72", "order.22"), ("user.72", "bell"))
            await ears.until(lambda: len(ears.times) == 3)
            heard = {
                tuple(text for name, text in ear.events if name == "message")
                for ear in ears.members
            }
            assert heard == {("order.11",), ("order.22", "bell")}

    run(scene())


def test_what_was_published_before_the_stream_opened_is_heard(shared_server, push, token):
    async def scene():
        made_with_the_page = token("org.3")
        async with listen(1, [token("org.4", holder="other")], shared_server.url) as witness:
            push(("org.3", "order.33"), ("org.4", "order.44"))
            await witness.arrivals("order.44", 1)
        async with listen(1, [made_with_the_page], shared_server.url) as ears:
            # A server that is younger than its margin for clocks says `resync` instead.
            await ears.until(lambda: "order.33" in ears.times or ears.named["resync"] == 1)

    run(scene())


def test_a_token_that_ends_asks_the_page_to_renew(shared_server, token):
    with time_machine.travel(timezone.now() - timedelta(seconds=597), tick=False):
        ending = token("org.1")

    async def scene():
        async with listen(1, [ending], shared_server.url) as ears:
            assert ears.open == 1
            await ears.until(lambda: ears.named["renew"] == 1, 6)
            assert ears.members[0].events[-1][0] == "renew"

    run(scene())


def test_closing_streams_ends_them_and_keeps_their_tokens_out(shared_server, push, token):
    async def scene():
        tokens = [token("org.1", holder="alice"), token("org.1", holder="bob")]
        async with listen(2, tokens, shared_server.url) as ears:
            alice, bob = sorted(ears.members, key=lambda ear: tokens[1] in ear._request.decode())
            live.close_streams("alice")
            await ears.until(lambda: ears.named["end"] == 1)
            push(("org.1", "order.5"))
            await ears.arrivals("order.5", 1)
            assert ("message", "order.5") in bob.events
            assert ("message", "order.5") not in alice.events
        assert get(shared_server, f"/flux/?t={tokens[0]}")[0] == 401
        assert get(shared_server, f"/flux/?t={tokens[1]}")[0] == 200

    run(scene())


def test_five_hundred_streams_hear_one_broadcast_once(shared_server, push, token):
    async def scene():
        tokens = [token("org.9", holder=f"h{number}") for number in range(500)]
        async with listen(500, tokens, shared_server.url) as ears:
            assert ears.open == 500
            push(("org.9", "order.9"))
            await ears.arrivals("order.9", 500)
            await asyncio.sleep(0.2)
            assert len(ears.times["order.9"]) == 500

    run(scene())


def test_a_reader_that_takes_nothing_is_dropped_and_nobody_waits_for_it(shared_server, push, token):
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", shared_server.port))
    deaf.sendall(
        f"GET /flux/?t={token('org.8', holder='deaf')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    )
    time.sleep(0.3)

    async def scene():
        async with listen(1, [token("org.8", holder="quick")], shared_server.url) as ears:
            for batch in range(60):
                keys = [f"order.{'x' * 150}.{batch}.{number}" for number in range(500)]
                push(*(("org.8", key) for key in keys))
                await ears.arrivals(keys[-1], 1)
            assert len(ears.times) == 30_000
            assert ears.open == 1

    run(scene())
    deaf.settimeout(5)
    received = b""
    with suppress(ConnectionResetError):
        while data := deaf.recv(65536):
            received += data
    assert len(received) < 30_000 * 160, "what the system had buffered, and no more"
    assert not received.endswith(b"0\r\n\r\n"), "cut, not finished"
    deaf.close()


def test_after_the_broker_was_killed_pages_fetch_and_messages_flow(settings, own_broker, token):
    settings.REDIS_URL = own_broker.url
    with stream_server(own_broker.url, secret_key=settings.SECRET_KEY) as server:

        async def scene():
            tokens = [token("org.1", holder=f"h{number}") for number in range(20)]
            async with listen(20, tokens, server.url) as ears:
                live.publish([("org.1", "order.1")])
                await ears.arrivals("order.1", 20)
                resyncs = ears.named["resync"]
                own_broker.kill()
                await ears.until(lambda: ears.named["pause"] == 20)
                await asyncio.sleep(3)
                own_broker.start()
                back = time.monotonic()
                await ears.until(lambda: ears.named["resync"] == resyncs + 20)
                live.publish([("org.1", "order.2")])
                await ears.arrivals("order.2", 20)
                assert time.monotonic() - back < 5
                assert ears.open == 20

        run(scene())


def test_a_broker_that_hangs_is_given_up_and_found_again(settings, own_broker, token):
    settings.REDIS_URL = own_broker.url
    with stream_server(own_broker.url, secret_key=settings.SECRET_KEY) as server:

        async def scene():
            async with listen(1, [token("org.1")], server.url) as ears:
                await asyncio.sleep(0.5)
                pauses = ears.named["pause"]
                own_broker.freeze()
                await ears.until(lambda: ears.named["pause"] > pauses, 15)
                own_broker.thaw()
                resyncs = ears.named["resync"]
                await ears.until(lambda: ears.named["resync"] > resyncs)
                live.publish([("org.1", "order.1")])
                await ears.arrivals("order.1", 1)

        run(scene())


def test_streams_open_while_the_broker_is_away_and_are_told(settings, own_broker, token):
    own_broker.kill()
    with stream_server(own_broker.url, secret_key=settings.SECRET_KEY) as server:

        async def scene():
            async with listen(1, [token("org.1")], server.url) as ears:
                await ears.until(lambda: ears.named["pause"] == 1)
                own_broker.start()
                await ears.until(lambda: ears.members[0].events[-1][0] == "resync")

        run(scene())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_stops_within_three_seconds_with_open_streams(broker, settings, token, number):
    with stream_server(broker.url, secret_key=settings.SECRET_KEY) as server:
        deaf = socket.create_connection(("127.0.0.1", server.port))
        deaf.sendall(
            f"GET /flux/?t={token('org.1', holder='deaf')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        )

        async def scene():
            tokens = [token("org.1", holder=f"h{n}") for n in range(100)]
            async with listen(100, tokens, server.url) as ears:
                server.interrupt(number)
                begin = time.monotonic()
                while server.process.poll() is None:
                    await asyncio.sleep(0.02)
                    assert time.monotonic() - begin < 3
                await ears.until(lambda: ears.open == 0)

        run(scene())
        deaf.close()
