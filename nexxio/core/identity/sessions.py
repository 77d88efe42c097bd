"""A person's sessions: device in words and last activity. No address is kept.

Rows are allauth.usersessions'; its own tracking would write on every page. Here the activity is
written at most every quarter of an hour. A row is what a person reads and ends; a session may be
without one. So whatever must end all of them does it by what each session remembers of its
account: a new password by itself, `end_all` by counting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.models import F
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from nexxio.core import accounts, clock, live
from nexxio.core.identity.devices import PHONES, device_words
from nexxio.core.models import User

EVERY = timedelta(minutes=15)
NOWHERE = "0.0.0.0"  # noqa: S104 (an address that says nothing, not one to listen on)
_SEEN = "seen_at"


@dataclass(frozen=True)
class Seen:
    """One session, as its person reads it."""

    pk: int
    device: str
    icon: str
    began: datetime
    seen: datetime
    current: bool


@receiver(pre_save, sender=UserSession, dispatch_uid="nexxio.sessions.words")
def forget_place(instance: UserSession, **_kwargs: Any) -> None:
    """Keep neither the address nor the browser's full signature: allauth would store both."""
    instance.ip = NOWHERE
    instance.user_agent = device_words(instance.user_agent)


@receiver(user_logged_in, dispatch_uid="nexxio.sessions.began")
def note_begin(request: HttpRequest, **_kwargs: Any) -> None:
    """Start the quarter of an hour with the log-in."""
    request.session[_SEEN] = clock.now().isoformat()


class ActivityMiddleware:
    """Notes that a session was used, at most every quarter of an hour. No query in between."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            note_activity(request)
        return self.get_response(request)


def note_activity(request: HttpRequest, *, at_once: bool = False) -> None:
    """Write the session's last activity when that is due; make its row when there is none."""
    now, seen = clock.now(), request.session.get(_SEEN)
    if seen and not at_once and now - datetime.fromisoformat(seen) < EVERY:
        return
    request.session[_SEEN] = now.isoformat()
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    if not rows.update(last_seen_at=now, user=request.user):
        UserSession.objects.create_from_request(request)


def renew_key(request: HttpRequest) -> None:
    """Give the session another key, under which its person's list knows it, and end its stream."""
    former = request.session.session_key
    request.session.cycle_key()
    if former:
        rows = UserSession.objects.filter(session_key=former)
        rows.update(session_key=request.session.session_key)
        live.silence(live.holder_of_session(former))


def sessions_of(request: HttpRequest) -> list[Seen]:
    """Return the living sessions of the request's person: this one first, then the latest used."""
    note_activity(request, at_once=True)
    found = [
        Seen(
            pk=row.pk,
            device=row.user_agent,
            icon="device-mobile" if row.user_agent.endswith(PHONES) else "device-desktop",
            began=row.created_at,
            seen=row.last_seen_at,
            current=row.session_key == request.session.session_key,
        )
        for row in UserSession.objects.purge_and_list(request.user)
    ]
    return sorted(found, key=lambda one: (not one.current, -one.seen.timestamp()))


def end_one(request: HttpRequest, pk: int) -> bool:
    """End another session of the request's person; False when he has no such other session."""
    return _end(_others(request).filter(pk=pk)) > 0


def end_others(request: HttpRequest) -> int:
    """End all sessions of the request's person but this one; returns how many."""
    return _end(_others(request))


def end_all(user: User) -> None:
    """End all sessions of a person, listed or not, and once this is committed their streams.

    The count is the platform's to write: the site can't (core/db/grants.py).
    """
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    accounts.close_streams_of(user.pk)


def _others(request: HttpRequest) -> Any:
    mine = UserSession.objects.filter(user_id=request.user.pk)
    return mine.exclude(session_key=request.session.session_key)


def _end(rows: Iterable[UserSession]) -> int:
    found = list(rows)
    SessionsAdapter().end_sessions(found)
    return len(found)


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """allauth.usersessions, with the stream closed that a session keeps open."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End the sessions; their pages go silent at once and ask for a log-in."""
        for session in sessions:
            holder = live.holder_of_session(session.session_key)
            session.end()
            live.silence(holder)
