"""Accounts: nobody signs up alone; people come by invitation or from the demo world."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from nexxio.core import clock, live
from nexxio.core.models import User

_BEGAN = "logged_in_at"


@receiver(user_logged_in, dispatch_uid="nexxio.accounts")
def note_login(request: HttpRequest, **_kwargs: Any) -> None:
    """Keep in the session when its person logged in."""
    request.session[_BEGAN] = clock.now().isoformat()


def logged_in_at(request: HttpRequest) -> datetime | None:
    """Return when the session's person logged in (UTC); None when that isn't known."""
    began = request.session.get(_BEGAN)
    return datetime.fromisoformat(began) if began else None


def close_streams_of(user_id: UUID) -> None:
    """Once this is committed, end all streams of a person whose rights have changed.

    Pages whose rights still stand ask for another token and go on.
    """
    transaction.on_commit(lambda: _close(live.channel_for_user(user_id)))


def close_streams_of_organisation(organisation_id: UUID) -> None:
    """Once this is committed, end all streams of an organisation that is closed."""
    transaction.on_commit(lambda: _close(live.channel_for_organisation(organisation_id)))


def _close(name: str) -> None:
    try:
        live.close_streams(name)
    except live.PushUnavailable:
        return  # the stream asks for its rights again within ten minutes


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth with sign-up closed and streams closed at log-out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an account is made by an invitation."""
        return False

    def logout(self, request: HttpRequest) -> None:
        """End the session and the stream that it keeps open."""
        holder = live.holder_of_session(request.session.session_key or "")
        super().logout(request)
        _close(holder)

    def set_password(self, user: User, password: str) -> None:
        """Set a new password; pages of other browsers, whose sessions end with it, go silent."""
        user.set_password(password)
        user.save(update_fields=["password"])
        close_streams_of(user.pk)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a log-in code or password link, signed by the product (templates/account/email)."""
        super().send_mail(template_prefix, email, {**context, "site_url": settings.SITE_URL})
