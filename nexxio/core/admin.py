"""Platform staff: organisations and people; dead letters, jobs and messages, read-only."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from nexxio.core import accounts, relay
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Invalid, Refused
from nexxio.core.members import entering
from nexxio.core.members.forms import EnterForm
from nexxio.core.models import (
    Delivery,
    Job,
    Membership,
    Message,
    Organisation,
    Partnership,
    PlatformEntry,
    User,
)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Looks, never edits: aggregates change through services."""

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False


class DeliveryState(admin.SimpleListFilter):
    """Dead, pending or done."""

    title = _("état")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [("dead", _("Abandonnées")), ("pending", _("En attente")), ("done", _("Faites"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow."""
        wanted = {
            "dead": {"dead_at__isnull": False},
            "pending": {"dead_at__isnull": True, "done_at__isnull": True},
            "done": {"done_at__isnull": False},
        }.get(self.value() or "", {})
        return queryset.filter(**wanted)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    """The outbox: what is late, and the dead letters with their replay."""

    list_display = (
        "subscriber",
        "event_kind",
        "attempts",
        "next_attempt_at",
        "done_at",
        "dead_at",
        "last_error",
    )
    list_filter = (DeliveryState, "subscriber")
    list_select_related = ("event",)
    ordering = ("-next_attempt_at",)
    show_full_result_count = False
    actions = ("replay",)

    @admin.display(description=_("événement"))
    def event_kind(self, delivery: Delivery) -> str:
        """Return the event's kind."""
        return delivery.event.kind

    @admin.display(description=_("dernière erreur"))
    def last_error(self, delivery: Delivery) -> str:
        """Return why the last attempt failed, in brief."""
        return delivery.error[:80]

    @admin.action(description=_("Rejouer les remises abandonnées"))
    def replay(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Take the chosen dead letters up again."""
        count = relay.replay(list(queryset.values_list("pk", flat=True)))
        self.message_user(request, _("%d remise(s) reprise(s).") % count, messages.SUCCESS)


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Long jobs."""

    list_display = ("kind", "landlord", "state", "attempts", "created_at", "finished_at", "error")
    list_filter = ("state", "kind")
    list_select_related = ("landlord",)
    ordering = ("-created_at",)


@admin.register(Message)
class MessageAdmin(ReadOnly):
    """Delivery record of messages. The text stays out: it is between the parties."""

    list_display = ("channel", "kind", "landlord", "state", "attempts", "created_at", "sent_at")
    list_filter = ("state", "channel")
    list_select_related = ("landlord",)
    fields = ("channel", "kind", "landlord", "state", "attempts", "created_at", "sent_at", "error")
    ordering = ("-created_at",)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Landlords and contractors."""

    list_display = ("name", "kind", "legal_form", "siret", "is_active")
    list_filter = ("kind", "legal_form", "is_active")
    search_fields = ("name", "siret")
    prepopulated_fields = {"slug": ("name",)}
    change_form_template = "admin/organisation_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page by which staff ask to look into the organisation's space."""
        view = self.admin_site.admin_view(self.enter_page)
        return [path("<uuid:pk>/entrer/", view, name="enter_organisation"), *super().get_urls()]

    def enter_page(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        """Ask for a reason and a duration, then link to the space, in the site's own process."""
        organisation = get_object_or_404(self.get_queryset(request), pk=pk)
        form = EnterForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            actor = Actor(side=Side.SYSTEM, name=str(request.user), user_id=request.user.pk)
            try:
                entry = entering.enter(actor=actor, organisation=organisation, **form.cleaned_data)
            except Invalid as invalid:
                for name, found in invalid.errors.items():
                    form.add_error(name, found)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                self.log_change(request, organisation, f"Accès {entry.pk}")
                # No redirect to the site itself: a form's answer may not lead to another origin.
                return redirect(request.path)
        title = _("Entrer dans l'espace de %(name)s") % {"name": organisation.name}
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

    def save_model(self, request: HttpRequest, obj: Organisation, *args: Any) -> None:
        """Save; the pages of an organisation that is closed go silent."""
        super().save_model(request, obj, *args)
        if not obj.is_active:
            accounts.close_streams_of_organisation(obj.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An organisation is deactivated, never deleted."""
        return False


@admin.register(PlatformEntry)
class PlatformEntryAdmin(ReadOnly):
    """Stays of platform staff in organisations' spaces."""

    list_display = ("staff", "organisation", "reason", "created_at", "expires_at", "ended_at")
    list_select_related = ("staff", "organisation")
    list_filter = ("side",)
    ordering = ("-created_at",)


@admin.register(Partnership)
class PartnershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who works with whom."""

    list_display = ("landlord", "contractor", "created_at")
    list_select_related = ("landlord", "contractor")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People. Passwords are never typed here."""

    list_display = ("email", "first_name", "last_name", "is_active", "is_staff", "last_login")
    search_fields = ("email", "first_name", "last_name")
    fields = ("email", "first_name", "last_name", "is_active", "is_staff")
    ordering = ("email",)

    def save_model(self, request: HttpRequest, obj: User, *args: Any) -> None:
        """Save; the pages of a person who may no longer enter go silent."""
        super().save_model(request, obj, *args)
        if not obj.is_active:
            accounts.close_streams_of(obj.pk)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who belongs where, with which roles and limit."""

    list_display = ("user", "organisation", "department", "roles", "spend_limit", "is_active")
    list_filter = ("department", "is_active")
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "organisation__name")

    def save_model(self, request: HttpRequest, obj: Membership, *args: Any) -> None:
        """Save; pages that a member may no longer open go silent, the others come back at once."""
        super().save_model(request, obj, *args)
        if not obj.is_active:
            accounts.close_streams_of(obj.user_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A membership is deactivated, never deleted: visits and events point at it."""
        return False
