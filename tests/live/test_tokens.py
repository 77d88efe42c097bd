"""What a token allows, and which ones are refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.core import signing
from django.utils import timezone

from nexxio.core import live

ID = UUID("0198c0de-0000-7000-8000-000000000001")


def test_token_names_its_holder_and_channels_once_each():
    token = live.stream_token(
        holder="alice", channels=[live.channel_for_organisation(ID), "user.1", "user.1"]
    )
    grant = live.read_token(token)
    assert grant is not None
    assert grant.holder == "alice"
    assert grant.channels == (f"org.{ID}", "user.1")


def test_channels_of_different_subjects_differ():
    names = {
        live.channel_for_organisation(ID),
        live.channel_for_case(ID),
    }
    assert len(names) == 2


def test_token_is_refused_from_ten_minutes_on():
    token = live.stream_token(holder="alice", channels=["user.1"])
    now = timezone.now()
    with time_machine.travel(now + timedelta(seconds=598), tick=False):
        assert live.read_token(token) is not None
    with time_machine.travel(now + timedelta(seconds=601), tick=False):
        assert live.read_token(token) is None


def test_token_from_the_future_is_refused():
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        token = live.stream_token(holder="alice", channels=["user.1"])
    assert live.read_token(token) is None


@pytest.mark.parametrize("forged", ["", "x", "a:b", "é", "W10:", "a.b:" + "c" * 43])
def test_forged_token_is_refused(forged):
    assert live.read_token(forged) is None


def test_altered_token_is_refused():
    token = live.stream_token(holder="alice", channels=["user.1"])
    assert live.read_token(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert live.read_token("X" + token) is None


def test_token_signed_for_another_purpose_is_refused():
    payload = ["alice", 10**13, "user.1"]
    assert live.read_token(signing.Signer(salt="other").sign_object(payload)) is None


@pytest.mark.parametrize("payload", [{}, [], ["alice"], ["alice", "soon"], "alice", 5])
def test_signed_nonsense_is_refused(payload):
    token = signing.Signer(salt=live._SALT).sign_object(payload)
    assert live.read_token(token) is None


@pytest.mark.parametrize("name", ["", "a b", "a\nb", "é", "!", "a" * 201])
def test_a_name_that_cannot_travel_in_a_line_is_an_error(name):
    with pytest.raises(ValueError, match="Not a legal name"):
        live.stream_token(holder="alice", channels=[name])
    with pytest.raises(ValueError, match="Not a legal name"):
        live.stream_token(holder=name, channels=[])
    with pytest.raises(ValueError, match="Not a legal name"):
        live.publish([("user.1", name)])
    with pytest.raises(ValueError, match="Not a legal name"):
        live.close_streams(name)


def test_holder_of_a_session_does_not_tell_its_key():
    key = "sessionkey0123456789"
    assert key not in live.holder_of_session(key)
    assert live.holder_of_session(key) == live.holder_of_session(key)
    assert live.holder_of_session(key) != live.holder_of_session(key + "0")


def test_a_payload_is_read_line_by_line_and_nonsense_is_skipped():
    payload = b"org.1 order.2\n! holder\n\norg.1\norg.1 a b\norg.1 data:\xff\n!! x\nuser.1 bell"
    assert list(live.parse_payload(payload)) == [
        ("org.1", "order.2"),
        ("!", "holder"),
        ("user.1", "bell"),
    ]
