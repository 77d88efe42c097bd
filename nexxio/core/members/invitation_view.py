"""The page behind an invitation's link. A GET shows, a POST accepts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nexxio.core.errors import Invalid
from nexxio.core.http import Request, unlisted
from nexxio.core.members import joining, tokens
from nexxio.core.members.forms import NewcomerForm
from nexxio.core.members.wording import department_text, roles_text
from nexxio.core.models import Membership, User
from nexxio.core.shell import home_of


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponseBase:
    """Show what is offered, or why it can't be accepted; accept by a POST."""
    found = tokens.find(token)
    situation = _situation(request, found)
    if found is None or situation not in ("new", "accept"):
        return _page(request, token, found, situation)
    form = NewcomerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (situation == "accept" or form.is_valid()):
        new = joining.Newcomer(**_values(form)) if situation == "new" else None
        user = request.user if situation == "accept" else None
        try:
            member = joining.accept(found=found, token=token, user=user, new=new)
        except Invalid as invalid:
            for name, errors in invalid.errors.items():
                form.add_error(name, errors)
        except joining.Useless:
            # Somebody was faster: what became of it is what the page now says.
            fresh = tokens.find(token)
            return _page(request, token, fresh, _situation(request, fresh))
        else:
            return _welcome(request, member, is_new=new is not None)
    return _page(request, token, found, situation, form)


def _values(form: NewcomerForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("first_name", "last_name", "password")}


def _situation(request: Request, found: tokens.Found | None) -> str:
    """Say which page is shown: new, accept, log_in, other_account, or why the link is useless."""
    if found is None:
        return "unknown"
    user: User | AnonymousUser = request.user
    if found.state == "accepted" and user.is_authenticated and user.pk == found.account:
        return "mine"
    if found.state != "open":
        return found.state
    if not user.is_authenticated:
        return "log_in" if found.account else "new"
    return "accept" if user.pk == found.account else "other_account"


_USELESS = ("unknown", "accepted", "revoked", "closed", "expired")


def _page(
    request: Request,
    token: str,
    found: tokens.Found | None,
    situation: str,
    form: NewcomerForm | None = None,
) -> HttpResponseBase:
    here = reverse("members:invitation", args=[token])
    context: dict[str, Any] = {
        "found": found,
        "situation": situation,
        "form": form,
        "login_url": f"{reverse('account_login')}?next={here}",
    }
    if found is not None:
        context["roles"] = roles_text(found.roles, joining.side_of(found))
        context["department"] = department_text(found.department)
    status = 404 if situation in _USELESS else 200
    if request.method == "POST" and status == 200:  # noqa: PLR2004 (an HTTP status)
        status = 422 if form is not None else 409
    return unlisted(render(request, "core/members/invitation.html", context, status=status))


def _welcome(request: Request, member: Membership, *, is_new: bool) -> HttpResponseBase:
    if is_new:
        # The link came to this address: whoever opened it and chose the password is logged in.
        login(request, member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    name = member.organisation.name
    messages.success(request, _("Bienvenue dans l’espace « %(name)s ».") % {"name": name})
    return redirect(home_of(member))
