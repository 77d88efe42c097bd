"""Accounts: nobody signs up alone; people come by invitation or from the demo world."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock, live
from nexxio.core.models import User

logger = logging.getLogger(__name__)

_BEGAN = "logged_in_at"
_GUESSES = "guesses_of_account"


def _account(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email", "")).lower()


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
    transaction.on_commit(lambda: live.silence(live.channel_for_user(user_id)))


def close_streams_of_organisation(organisation_id: UUID) -> None:
    """Once this is committed, end all streams of an organisation that is closed."""
    transaction.on_commit(lambda: live.silence(live.channel_for_organisation(organisation_id)))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth with sign-up closed, streams closed at log-out, and limits that lock nobody out."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "L’adresse e-mail ou le mot de passe ne correspond pas. Vérifiez la saisie, ou demandez"
            " un code par e-mail."
        ),
        "too_many_login_attempts": _(
            "Trop d’essais manqués. Attendez cinq minutes, ou entrez par un code reçu par e-mail ou"
            " par une clé d’accès : votre compte n’est pas bloqué."
        ),
        "rate_limited": _("Trop d’essais en peu de temps. Attendez cinq minutes et recommencez."),
        "incorrect_code": _("Code incorrect, ou qui n’est plus valable."),
        "incorrect_password": _("Ce mot de passe n’est pas le bon."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an account is made by an invitation."""
        return False

    def logout(self, request: HttpRequest) -> None:
        """End the session and the stream that it keeps open."""
        holder = live.holder_of_session(request.session.session_key or "")
        super().logout(request)
        live.silence(holder)

    def set_password(self, user: User, password: str) -> None:
        """Set a new password; pages of other browsers, whose sessions end with it, go silent."""
        user.set_password(password)
        user.save(update_fields=["password"])
        close_streams_of(user.pk)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords per account *and* address: a stranger's don't count for its owner.

        allauth's hook; tests/accounts/test_limits.py fails should it move.
        """
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse past the limits: of the address, of the address for this account, of the account.

        The last one is wide: it answers a guess from very many addresses, and leaves log-in by
        code and by passkey open.
        """
        if not ratelimit.consume(request, action=_GUESSES, key=_account(credentials), dry_run=True):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a wrong password for the account, wherever it came from."""
        ratelimit.consume(request, action=_GUESSES, key=_account(credentials))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell a person what was changed in his account; the change stands without the mail."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except OSError:
            logger.exception("A notice of a changed account could not be sent.")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a log-in code or password link, signed by the product (templates/account/email)."""
        super().send_mail(template_prefix, email, {**context, "site_url": settings.SITE_URL})
