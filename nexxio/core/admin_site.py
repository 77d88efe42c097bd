"""The platform staff's site: each page runs in a logged system scope."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core import admin_index, clock, coded, pulse
from nexxio.core.accounts import logged_in_at
from nexxio.core.identity import gate
from nexxio.core.scoping import system_scope

logger = logging.getLogger(__name__)

SESSION_LIFE = timedelta(hours=8)
"""How long platform staff work before they log in again, also when never idle."""


class PlatformSite(AdminSite):
    """Served only by the process that logs in with the system's role."""

    site_header = _("Nexxio · plateforme")
    site_title = _("Nexxio")
    index_title = _("Administration de la plateforme")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 (Django's signature)
        """Wrap Django's own check in the system scope, and render before leaving it."""
        checked = super().admin_view(view, cacheable)

        @wraps(checked)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            reason = f"admin: {request.user.pk} {request.method} {request.path}"
            logger.info("system scope: %s", reason)
            with system_scope(reason):
                response: HttpResponseBase = checked(request, *args, **kwargs)
                if isinstance(response, TemplateResponse):
                    response.render()
            return response

        return inner

    def has_permission(self, request: HttpRequest) -> bool:
        """Ask for active staff who logged in within the last hours, with a second factor if set."""
        return (
            _logged_in_lately(request)
            and super().has_permission(request)
            and not gate.wanted_of_staff(request)
        )

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Send people to the product's own log-in, with its rate limits and codes.

        Django's form, which tries any number of passwords, is never shown.
        """
        if request.user.is_authenticated and request.user.is_staff:
            if self.has_permission(request):
                return redirect(f"{self.name}:index")
            if _logged_in_lately(request):
                return gate.refusal(request)
            logout(request)
        return secure_admin_login(_nobody)(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the page that shows how live the product is."""
        own = [
            path("direct/", self.admin_view(self.pulse_page), name="pulse"),
            path("codes/", self.admin_view(self.codes_page), name="codes"),
        ]
        return [*own, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Group by what staff do, on the first page and beside every list."""
        found = super().get_app_list(request, app_label)
        if app_label is not None:
            return found
        pages = {
            "@direct": (_("En direct"), reverse(f"{self.name}:pulse")),
            "@codes": (_("Motifs et codes"), reverse(f"{self.name}:codes")),
        }
        return admin_index.arranged(found, pages)

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Show what has to be looked at, then the lists."""
        return super().index(request, {**(extra_context or {}), "pulse": pulse.measure()})

    def codes_page(self, request: HttpRequest) -> HttpResponseBase:
        """Show the coded lists, which a release changes and nobody else."""
        lists = coded.all_lists()
        context = {**self.each_context(request), "title": _("Motifs et codes"), "lists": lists}
        return TemplateResponse(request, "admin/codes.html", context)

    def pulse_page(self, request: HttpRequest) -> HttpResponseBase:
        """Show the delay from act to push, what waits, and what died."""
        context = {**self.each_context(request), "title": _("En direct"), "pulse": pulse.measure()}
        return TemplateResponse(request, "admin/pulse.html", context)


def _logged_in_lately(request: HttpRequest) -> bool:
    began = logged_in_at(request)
    return began is not None and clock.now() - began < SESSION_LIFE


def _nobody(_request: HttpRequest) -> HttpResponseBase:
    """Reached by nobody: visitors are sent to the log-in, and those who aren't staff refused."""
    raise PermissionDenied
