"""What is really logged while people work: a reference, and nobody."""

from __future__ import annotations

import io
import json
import logging
import re
import secrets

import pytest
import structlog
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from nexxio.core import links, relay
from nexxio.core.notifications import sending
from nexxio.core.scoping import system_scope
from nexxio.core.tasks import drain_relay
from nexxio.ops import logs, tracing
from orders.models import OrderContact
from tests.factories.full import fill
from tools.base import wait_until

ACCESS_CODE = "4521-KRYPTON"


@pytest.fixture
def written():
    """Every line of every logger, at DEBUG, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter("json"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_nothing_that_people_are_is_logged(world, written, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    first, second = world.first, world.second
    with system_scope("tests: logs"):
        OrderContact.objects.update(access=["digicode"], access_code=ACCESS_CODE)
        token = links.token_of(first.link.pk)
        people = [
            *(m.user for party in (first, second) for m in (party.manager, party.desk)),
            first.technician.user,
        ]
        names = [user.last_name for user in people] + [first.tenant.last_name]
        emails = [user.email for user in people]
        phones = [first.tenant.phone, first.tenant.phone.replace(" ", "")]
    fill(world)
    relay.drain_batches()
    relay.deliver_one_by_one()
    sending.send_due()
    client = Client(raise_request_exception=False)
    org = first.landlord.slug
    client.post(reverse("account_login"), {"login": emails[0], "password": "wrong-Password-1"})
    client.post(reverse("account_reset_password"), {"email": emails[0]})
    client.get(reverse("tenants:follow", args=[token]))
    client.get(reverse("tenants:follow", args=["B" * 24]))
    client.force_login(first.manager.user)
    client.get(reverse("orders:landlord_detail", args=[org, first.order.pk]))
    client.get(reverse("orders:landlord_list", args=[org]), {"q": names[-1]})
    client.post(reverse("orders:landlord_new", args=[org]), {"description": names[-1]})
    said = written.getvalue()
    assert len(lines(written)) > 10
    forbidden = [*emails, *phones, *names, token, "B" * 24, ACCESS_CODE, "wrong-Password-1"]
    forbidden = [word for word in forbidden if word]
    assert [word for word in forbidden if word in said] == []
    assert not re.search(r"sessionid|csrftoken|Mozilla", said)


def test_each_answer_has_the_reference_that_its_lines_carry(db, written):
    client = Client()
    given = client.get("/compte/login/", headers={"X-Request-ID": "proxy-0123456789"})
    made = client.get("/compte/login/")
    forged = client.get("/compte/login/", headers={"X-Request-ID": "x y\nz" * 9})
    assert given["X-Request-ID"] == "proxy-0123456789"
    assert re.fullmatch(r"[0-9a-f]{16}", made["X-Request-ID"])
    assert re.fullmatch(r"[0-9a-f]{16}", forged["X-Request-ID"])
    asked = [line for line in lines(written) if line["event"] == "request"]
    assert [line["request_id"] for line in asked] == [
        answer["X-Request-ID"] for answer in (given, made, forged)
    ]
    assert asked[0]["view"] == "account_login"
    assert asked[0]["status"] == 200
    assert structlog.contextvars.get_contextvars() == {}


def test_a_task_carries_the_reference_of_the_request_that_sent_it(written):
    headers: dict = {}
    with structlog.contextvars.bound_contextvars(request_id="abc-12345"):
        tracing.send_reference(headers=headers)
    assert headers == {"nexxio_request_id": "abc-12345"}
    drain_relay.push_request(**headers)
    try:
        tracing.bind_reference(task_id="t-1", task=drain_relay)
        logging.getLogger("nexxio.tests").info("inside")
        tracing.forget_reference()
        logging.getLogger("nexxio.tests").info("after")
    finally:
        drain_relay.pop_request()
    inside, after = lines(written)[-2:]
    assert (inside["request_id"], inside["task"]) == ("abc-12345", "nexxio.core.tasks.drain_relay")
    assert "request_id" not in after


def test_the_reference_goes_through_a_real_broker_and_worker(written):
    queue = f"tests-{secrets.token_hex(4)}"
    app = Celery("tracing", broker=django_settings.REDIS_URL, set_as_current=False)
    app.conf.update(task_ignore_result=True, worker_hijack_root_logger=False)

    @app.task(name="tests.say")
    def say() -> None:
        logging.getLogger("nexxio.tests").info("said in the task")

    def said() -> list[dict]:
        return [line for line in lines(written) if line["event"] == "said in the task"]

    with structlog.contextvars.bound_contextvars(request_id="browser-0001"):
        say.apply_async(queue=queue)
    with start_worker(app, pool="solo", perform_ping_check=False, queues=queue, loglevel="ERROR"):
        assert wait_until(lambda: bool(said()), 20)
    (line,) = said()
    assert (line["request_id"], line["task"]) == ("browser-0001", "tests.say")
