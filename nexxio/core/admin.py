"""Platform staff: organisations and people; dead letters, jobs and messages, read-only."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nexxio.core import accounts, relay
from nexxio.core.actors import Actor, Side
from nexxio.core.identity import services
from nexxio.core.models import (
    Delivery,
    Job,
    Membership,
    Message,
    Organisation,
    Partnership,
    User,
)

# allauth's own pages would show keys of sessions and secrets of factors, and let them be changed.
admin.site.unregister((Authenticator, UserSession))


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

    def save_model(self, request: HttpRequest, obj: Organisation, *args: Any) -> None:
        """Save; the pages of an organisation that is closed go silent."""
        super().save_model(request, obj, *args)
        if not obj.is_active:
            accounts.close_streams_of_organisation(obj.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An organisation is deactivated, never deleted."""
        return False


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
    actions = ("reset_factors",)

    @admin.action(description=_("Retirer les seconds facteurs perdus (identité vérifiée)"))
    def reset_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let people back in who lost passkey, phone and codes; each act is in their history."""
        actor = Actor(side=Side.SYSTEM, name=str(request.user), user_id=request.user.pk)
        for user in queryset:
            count = services.reset_second_factors(actor=actor, user=user)
            self.log_change(request, user, f"Seconds facteurs retirés : {count}")
            self.message_user(request, _("%(who)s : %(n)d retiré(s).") % {"who": user, "n": count})

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
