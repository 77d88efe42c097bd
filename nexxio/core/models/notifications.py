"""What people are told, and by which channel it left."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.events import Event
from nexxio.core.models.organisations import Organisation
from nexxio.core.models.users import Membership

_BY_HIMSELF = (
    "EXISTS (SELECT 1 FROM core_membership m WHERE m.id = core_noticemute.membership_id"
    " AND m.is_active AND m.organisation_id = core_noticemute.organisation_id"
    f" AND m.user_id = {setting('user')})"
)


class Notification(ScopedModel):
    """One fact told to one person of an organisation (the bell). Wording comes from the kind."""

    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=300)
    read_at = models.DateTimeField(null=True)

    scope_rule = Rule(user="user_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event", "kind"], name="told_once")]
        indexes = [
            models.Index(fields=["user", "organisation", "-created_at"]),
            models.Index(
                fields=["user", "organisation"],
                condition=Q(read_at__isnull=True),
                name="notification_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MessageState(models.TextChoices):
    """Where an outgoing message stands."""

    QUEUED = "queued", _("À envoyer")
    SENT = "sent", _("Envoyé")
    FAILED = "failed", _("Échec")


class Message(ScopedModel):
    """One message on one channel, with its delivery record.

    A link in the text is kept as ``{link}`` and put in at sending: the token is never stored.
    Erasure empties `address`, `subject` and `text`. landlord is the owner, as an event's is.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    link = models.ForeignKey(
        "core.Link",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    kind = models.CharField(max_length=60)
    channel = models.CharField(_("canal"), max_length=12)
    address = models.CharField(_("destinataire"), max_length=254)
    subject = models.CharField(_("objet"), max_length=200, blank=True)
    text = models.TextField(_("texte"))
    fallbacks = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    error = models.TextField(blank=True)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            f"landlord_id = {setting('contractor')}",
            lambda scope: Q(landlord_id=scope.contractor_id),
        ),
        read_only=frozenset({"landlord", "contractor"}),
    )

    class Meta:
        verbose_name = _("message envoyé")
        verbose_name_plural = _("messages envoyés")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind", "channel", "address"], name="one_message_per_channel"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="message_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="queued"),
                name="message_queued",
            ),
            models.Index(fields=["landlord", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.kind}"


class NoticeMute(ScopedModel):
    """A channel on which a member isn't told of a kind. No row: he is told.

    Written by himself only; kinds that are always sent have none.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    kind = models.CharField(_("nature"), max_length=60)
    channel = models.CharField(_("canal"), max_length=8)

    scope_rule = Rule(
        landlord="organisation_id",
        contractor="organisation_id",
        checks={"landlord": _BY_HIMSELF, "contractor": _BY_HIMSELF},
    )

    class Meta:
        verbose_name = _("alerte coupée")
        verbose_name_plural = _("alertes coupées")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "membership", "kind", "channel"], name="muted_once"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["bell", "sms", "email"]), name="mute_channel_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"
