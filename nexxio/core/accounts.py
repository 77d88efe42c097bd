"""Accounts: nobody signs up alone; people come by invitation or from the demo world."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from nexxio.core import live


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth with sign-up closed and streams closed at log-out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an account is made by an invitation."""
        return False

    def logout(self, request: HttpRequest) -> None:
        """End the session and the stream that it keeps open."""
        holder = live.holder_of_session(request.session.session_key or "")
        super().logout(request)
        try:
            live.close_streams(holder)
        except live.PushUnavailable:
            return  # the stream asks for its rights again within ten minutes

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a log-in code or password link, signed by the product (templates/account/email)."""
        super().send_mail(template_prefix, email, {**context, "site_url": settings.SITE_URL})
