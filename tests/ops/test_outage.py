"""A database that is away: plain words, a reference, and no 500."""

from __future__ import annotations

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client
from psycopg_pool import PoolTimeout

from nexxio.ops.outage import is_outage


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("connection refused"),
        InterfaceError("the connection is closed"),
        PoolTimeout("couldn't get a connection after 4.00 sec"),
        caused(OperationalError(), psycopg.errors.AdminShutdown()),
        caused(OperationalError(), psycopg.errors.CannotConnectNow()),
        caused(OperationalError(), psycopg.errors.TooManyConnections()),
        caused(RuntimeError("template"), OperationalError("server closed the connection")),
    ],
)
def test_a_database_that_does_not_answer_is_an_outage(error):
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        None,
        ValueError("x"),
        caused(OperationalError(), psycopg.errors.DeadlockDetected()),
        caused(OperationalError(), psycopg.errors.QueryCanceled()),
        caused(IntegrityError(), psycopg.errors.UniqueViolation()),
    ],
)
def test_a_fault_of_ours_is_none(error):
    assert not is_outage(error)


@pytest.fixture
def failing(monkeypatch):
    """Have the page of the log-in raise an error."""

    def fail(error: Exception) -> None:
        def broken(*_args, **_kwargs):
            raise error

        monkeypatch.setattr("nexxio.core.views.portal.home", broken)
        monkeypatch.setattr("nexxio.core.shell._public", broken)

    return fail


@pytest.mark.django_db
def test_pages_say_that_the_service_restarts_and_that_nothing_is_lost(failing):
    failing(OperationalError("gone"))
    answer = Client(raise_request_exception=False).get("/compte/login/")
    text = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Le service redémarre, réessayez dans un instant" in text
    assert "ce que vous aviez saisi est toujours dans la page précédente" in text
    assert answer["X-Request-ID"] in text
    assert "<style" not in text


@pytest.mark.django_db
def test_fragments_get_words_for_a_toast(failing):
    failing(OperationalError("gone"))
    client = Client(raise_request_exception=False)
    answer = client.get("/compte/login/", headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().startswith("Le service redémarre, réessayez dans un instant.")


@pytest.mark.django_db
def test_a_session_that_can_not_be_read_is_an_outage_too(monkeypatch):
    """It breaks in a middleware, where no other middleware sees the exception."""

    def broken(*_args, **_kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", broken)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    assert client.get("/").status_code == 503


@pytest.mark.django_db
def test_an_error_of_ours_is_a_500_with_its_reference(failing):
    failing(ZeroDivisionError())
    client = Client(raise_request_exception=False)
    page = client.get("/compte/login/")
    fragment = client.get("/compte/login/", headers={"HX-Request": "true"})
    assert (page.status_code, fragment.status_code) == (500, 500)
    assert page["X-Request-ID"] in page.content.decode()
    assert fragment.content.decode().endswith(fragment["X-Request-ID"])


@pytest.mark.django_db
def test_too_many_fields_are_told_in_plain_words():
    fields = {f"field{n}": "x" for n in range(2001)}
    answer = Client().post("/compte/login/", fields)
    assert answer.status_code == 400
    assert "La demande n’a pas pu être lue" in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()
