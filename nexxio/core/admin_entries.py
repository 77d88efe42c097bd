"""Stays of platform staff in organisations' spaces: asked for here, read by those who are seen."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from nexxio.core.admin_base import ReadOnly, acting
from nexxio.core.errors import Invalid, Refused
from nexxio.core.members import entering
from nexxio.core.members.forms import EnterForm
from nexxio.core.models import PlatformEntry, User


class Entering(admin.ModelAdmin):  # type: ignore[type-arg]
    """An organisation's page with the way into its space."""

    change_form_template = "admin/organisation_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page by which staff ask to look into the organisation's space."""
        view = self.admin_site.admin_view(self.enter_page)
        return [path("<uuid:pk>/entrer/", view, name="enter_organisation"), *super().get_urls()]

    def enter_page(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Ask for a reason and a duration, then link to the space, in the site's own process."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        organisation = get_object_or_404(self.get_queryset(request), pk=pk)
        form = EnterForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                entry = entering.enter(
                    actor=acting(request), organisation=organisation, **form.cleaned_data
                )
            except Invalid as invalid:
                for name, found in invalid.errors.items():
                    form.add_error(name, found)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                said = {"minutes": form.cleaned_data["minutes"], "reason": entry.reason}
                text = _("Accès en lecture, %(minutes)s min : %(reason)s") % said
                self.log_change(request, organisation, text)
                self.message_user(request, _("Accès ouvert."), messages.SUCCESS)
                # No redirect to the site itself: a form's answer may not lead to another origin.
                return redirect(request.path)
        title = _("Entrer dans l’espace « %(name)s »") % {"name": organisation.name}
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "organisation": organisation,
            "open": [
                {"entry": found, "url": settings.SITE_URL + entering.home_of_entry(found)}
                for found in entering.open_entries(cast(User, request.user))
                if found.organisation_id == organisation.pk
            ],
            "opts": self.opts,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/enter.html", context, status=status)


@admin.register(PlatformEntry)
class PlatformEntryAdmin(ReadOnly):
    """Stays of platform staff in organisations' spaces."""

    list_display = ("staff", "organisation", "reason", "created_at", "expires_at", "ended_at")
    list_select_related = ("staff", "organisation")
    list_filter = ("side",)
    ordering = ("-created_at",)
