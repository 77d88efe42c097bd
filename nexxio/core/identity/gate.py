"""The gate before an organisation's space: a second factor, where the organisation asks for it.

It asks the database nothing on an ordinary page: what the organisation wants comes with the
membership, and that this session has shown a second factor is kept in the session.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from nexxio.core import accounts
from nexxio.core.htmx import load_again
from nexxio.core.identity import sessions
from nexxio.core.identity.factors import has_factor
from nexxio.core.models import Organisation, User

_SHOWN = "second_factor_of"


def held(request: HttpRequest) -> bool:
    """Tell whether this session's person showed or made a second factor in it."""
    return bool(request.session.get(_SHOWN) == str(request.user.pk))


def wanted(request: HttpRequest, organisation: Organisation) -> bool:
    """Tell whether `organisation` keeps this session out until a second factor is shown."""
    return organisation.requires_second_factor and not held(request)


def wanted_of_staff(request: HttpRequest) -> bool:
    """Tell the same for the platform's administration (NEXXIO_STAFF_SECOND_FACTOR)."""
    return settings.STAFF_SECOND_FACTOR and not held(request)


def shown_first(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """View decorator: whoever has a second factor shows it before he changes what proves him.

    A session that began before the factor was made knows the password only: with a factor of its
    own making, or the other's recovery codes, it would pass the gate.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and not held(request) and has_factor(user):
            return refusal(request)
        return view(request, *args, **kwargs)

    return inner


def refusal(request: Any) -> HttpResponseBase:
    """Lead to the page that explains and helps; a fragment's page is asked to load again."""
    if getattr(request, "htmx", False):
        return load_again(status=403)
    back = request.get_full_path() if request.method == "GET" else "/"
    return redirect(f"{reverse('account_protect')}?{urlencode({'next': back})}")


@receiver(authenticator_used, dispatch_uid="nexxio.gate.used")
@receiver(authenticator_added, dispatch_uid="nexxio.gate.added")
def note_factor(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Keep in the session that its person has shown, or just made, a second factor."""
    request.session[_SHOWN] = str(user.pk)


@receiver(authenticator_removed, dispatch_uid="nexxio.gate.removed")
def note_removal(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """End the person's other sessions; without any factor left, this one has shown none either."""
    if not has_factor(user):
        request.session.pop(_SHOWN, None)
    sessions.end_others(request)
    accounts.close_streams_of(user.pk)
