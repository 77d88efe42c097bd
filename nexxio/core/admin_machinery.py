"""What runs by itself: deliveries, jobs, imports, messages, events; and what staff did."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nexxio.core import subscriptions
from nexxio.core.admin_base import Act, ReadOnly, listed, titled
from nexxio.core.events import all_event_types
from nexxio.core.imports.registry import all_kinds as import_kinds
from nexxio.core.models import Delivery, Event, ImportRun, Job, JobState, Message
from nexxio.core.notifications.registry import all_kinds as notice_kinds
from nexxio.core.platform import services


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


def _subscribers() -> list[tuple[str, Any]]:
    names = {*subscriptions.names(batch=True), *subscriptions.names(batch=False)}
    return [(name, name) for name in sorted(names)]


SubscriberFilter = listed(_("abonné"), "subscriber", _subscribers)
EventKindFilter = listed(
    _("nature"), "kind", lambda: [(cls.kind, cls.kind) for cls in all_event_types()]
)
ImportKindFilter = listed(
    _("nature"), "kind", lambda: [(kind.name, kind.title) for kind in import_kinds()]
)
MessageKindFilter = listed(
    _("nature"), "kind", lambda: [(kind.name, kind.name) for kind in notice_kinds()]
)
ChannelFilter = listed(_("canal"), "channel", lambda: [("sms", "SMS"), ("email", _("e-mail"))])


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    """The outbox: what is late, and the dead letters with their replay."""

    list_display = (
        "subscriber",
        "event_kind",
        "landlord",
        "attempts",
        "next_attempt_at",
        "done_at",
        "dead_at",
        "last_error",
    )
    list_filter = (DeliveryState, SubscriberFilter)
    list_select_related = ("event", "event__landlord")
    fields = (
        "subscriber",
        "event_kind",
        "landlord",
        "attempts",
        "next_attempt_at",
        "done_at",
        "dead_at",
        "error",
    )
    ordering = ("-id",)
    acts = {
        "replay": Act(
            label=_("Rejouer"),
            run=lambda actor, row: services.replay_delivery(actor=actor, delivery_id=row.pk),
            done=_("Remise reprise"),
            shown=lambda row: row.dead_at is not None,
        )
    }

    @admin.display(description=_("événement"))
    def event_kind(self, delivery: Delivery) -> str:
        """Return the event's kind."""
        return delivery.event.kind

    @admin.display(description=_("organisation"))
    def landlord(self, delivery: Delivery) -> str:
        """Return whose event it is."""
        return delivery.event.landlord.name

    @admin.display(description=_("dernière erreur"))
    def last_error(self, delivery: Delivery) -> str:
        """Return why the last attempt failed, in brief."""
        return delivery.error[:80]


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Long jobs. What they were given stays out: names of files are people's words."""

    list_display = ("kind", "landlord", "state", "attempts", "created_at", "finished_at", "error")
    list_filter = ("state", "was_refused")
    list_select_related = ("landlord",)
    fields = (
        "kind",
        "landlord",
        ("state", "was_refused"),
        ("done_steps", "total_steps"),
        "attempts",
        "created_at",
        "started_at",
        "leased_until",
        "finished_at",
        "error",
    )
    ordering = ("-id",)
    acts = {
        "retry": Act(
            label=_("Relancer"),
            run=lambda actor, row: services.retry_job(actor=actor, job_id=row.pk),
            done=_("Travail relancé"),
            confirm=_("Un processus reprendra ce travail depuis le début ; le bailleur le lira."),
            shown=lambda row: row.state == JobState.FAILED,
        ),
        "abandon": Act(
            label=_("Abandonner"),
            run=lambda actor, row: services.abandon_job(actor=actor, job_id=row.pk),
            done=_("Travail abandonné"),
            confirm=_("Ce travail ne sera pas fait ; le bailleur le lira."),
            danger=True,
            shown=lambda row: row.state in (JobState.QUEUED, JobState.RUNNING),
        ),
    }


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly):
    """Imports: how far they got. Neither the file nor its name."""

    list_display = ("kind_title", "landlord", "step", "created_at", "applied_at", "undone_at")
    list_filter = (ImportKindFilter,)
    list_select_related = ("landlord", "job")
    fields = (
        "kind_title",
        "landlord",
        "step",
        "created_at",
        "applied_at",
        "undone_at",
        "file_erased_at",
        "error",
    )
    ordering = ("-id",)

    @admin.display(description=_("nature"))
    def kind_title(self, run: ImportRun) -> str:
        """Return the kind in words, or its code when this version no longer has it."""
        titles = {kind.name: str(kind.title) for kind in import_kinds()}
        return titles.get(run.kind, run.kind)

    @admin.display(description=_("étape"))
    def step(self, run: ImportRun) -> str:
        """Return the job of the present step and its state."""
        return str(run.job) if run.job else "–"

    @admin.display(description=_("erreur"))
    def error(self, run: ImportRun) -> str:
        """Return why the present step failed."""
        return (run.job.error if run.job else "") or "–"


@admin.register(Message)
class MessageAdmin(ReadOnly):
    """Delivery record of messages. Text and address stay out: they are between the parties."""

    list_display = ("channel", "kind", "landlord", "state", "attempts", "created_at", "sent_at")
    list_filter = (("state", titled(_("état"))), ChannelFilter, MessageKindFilter)
    list_select_related = ("landlord",)
    fields = ("channel", "kind", "landlord", "state", "attempts", "created_at", "sent_at", "error")
    ordering = ("-id",)


@admin.register(Event)
class EventAdmin(ReadOnly):
    """The history of everything: ids and codes, no word of people."""

    title = _("Événements")
    one = _("événement")
    list_display = ("kind", "landlord", "contractor", "actor_side", "channel", "recorded_at")
    list_filter = (EventKindFilter,)
    list_select_related = ("landlord", "contractor")
    fields = (
        "kind",
        "landlord",
        "contractor",
        ("subject_type", "subject_id"),
        ("actor_side", "channel"),
        "payload",
        ("happened_at", "recorded_at"),
    )
    ordering = ("-id",)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly):
    """What the platform's staff did here."""

    title = _("Journal de l’équipe")
    one = _("acte de l’équipe")
    list_display = ("action_time", "user", "content_type", "object_repr", "said")
    list_filter = ("action_time",)
    list_select_related = ("user", "content_type")
    search_fields = ("object_id__exact", "user__email")
    search_help_text = _("Identifiant exact, ou adresse de la personne de l’équipe")
    fields = ("action_time", "user", "content_type", "object_repr", "object_id", "said")
    ordering = ("-action_time", "-id")

    @admin.display(description=_("acte"))
    def said(self, entry: LogEntry) -> str:
        """Return the act in words."""
        return entry.get_change_message()
