"""What is said on an order: messages between its parties, and notes that stay in one house.

Who reads a message is in the row itself, as everywhere: contractor, tenant and reader_case are set
for those who do. A note has no party but its organisation, and so a table of its own.
"""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import PARTIES, Organisation, PartyModel, ScopedModel, StoredFile, User
from orders.models.orders import Order

# Nobody writes in another side's name, whatever code asks.
_OWN_WORDS = {
    "landlord": "side = 'landlord'",
    "contractor": "side = 'contractor'",
    "tenant": "side = 'tenant'",
    "link": "side = 'tenant'",
}


class Audience(models.TextChoices):
    """Who reads a message."""

    ORGANISATIONS = "organisations", _("Bailleur et entreprise")
    EVERYONE = "everyone", _("Bailleur, entreprise et locataire")
    LANDLORD = "landlord", _("Bailleur et locataire")


class Author(models.TextChoices):
    """Which side says it."""

    LANDLORD = "landlord", _("Bailleur")
    CONTRACTOR = "contractor", _("Entreprise")
    TENANT = "tenant", _("Locataire")


class OrderMessage(PartyModel):
    """A message on an order. It is never changed; it stays readable when the order is closed.

    author: a person's name is shown inside his own organisation only. send_key: made by the page,
    so that what is sent again after a failure is kept once.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="messages", db_constraint=False
    )
    side = models.CharField(max_length=10, choices=Author)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    audience = models.CharField(_("lecteurs"), max_length=14, choices=Audience)
    text = models.TextField(_("message"), blank=True)
    send_key = models.UUIDField(null=True, blank=True)

    scope_rule = replace(PARTIES, checks=_OWN_WORDS)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="message_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order", "send_key"], name="one_message_of_a_send"
            ),
            models.CheckConstraint(
                condition=Q(audience="organisations", tenant__isnull=True, reader_case__isnull=True)
                | Q(audience="everyone", reader_case__isnull=False)
                | Q(audience="landlord", reader_case__isnull=False, contractor__isnull=True),
                name="message_audience_is_who_reads",
            ),
            models.CheckConstraint(
                condition=Q(side__in=Author.values), name="message_side_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "order", "created_at"]),
            # What was said last, whatever the order: the inbox of either side.
            *(
                models.Index(
                    fields=[side, "-created_at", "-id"],
                    include=["order"],
                    name=f"message_newest_{side}",
                )
                for side in ("landlord", "contractor")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.side}"


class MessageFile(PartyModel):
    """A photo or a PDF that goes with a message; whoever reads the message reads it."""

    message = models.ForeignKey(
        OrderMessage, on_delete=models.PROTECT, related_name="files", db_constraint=False
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["landlord", "message"])]

    def __str__(self) -> str:
        return f"{self.message_id}"


class MessageReading(PartyModel):
    """Until which moment of an order's messages a side has read, and when it did."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    side = models.CharField(max_length=10, choices=Author)
    read_until = models.DateTimeField()
    read_at = models.DateTimeField()

    scope_rule = replace(PARTIES, checks=_OWN_WORDS)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "order", "side"], name="one_reading_of_a_side"
            ),
            models.CheckConstraint(
                condition=Q(read_until__lte=F("read_at")), name="reading_is_of_the_past"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.side}"


def _unread_by(side: str, column: str) -> Custom:
    return Custom(
        f"{column} = {setting(side)} AND side = '{side}'",
        lambda scope: Q(**{column: getattr(scope, column)}, side=side),
    )


class OrderUnread(ScopedModel):
    """That something was said on an order which one side hasn't read. Gone once it has.

    Kept behind each message by its event, since nobody writes in another side's name.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    side = models.CharField(max_length=10, choices=Author)
    latest_at = models.DateTimeField()

    scope_rule = Rule(
        landlord=_unread_by("landlord", "landlord_id"),
        contractor=_unread_by("contractor", "contractor_id"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "order", "side"], name="one_unread_of_a_side"
            ),
            models.CheckConstraint(
                condition=Q(side__in=["landlord", "contractor"]), name="unread_side_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=[side, "-latest_at", "-id"],
                include=["order"],
                condition=Q(side=side),
                name=f"unread_{side}",
            )
            for side in ("landlord", "contractor")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.side}"


_OWN_HOUSE = Rule(landlord="organisation_id", contractor="organisation_id")


class InternalNote(ScopedModel):
    """A note of one organisation on an order: nobody else reads that it is there.

    order_id is plain: the note is its organisation's, the order its landlord's.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    order_id = models.UUIDField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("note"), blank=True)
    send_key = models.UUIDField(null=True, blank=True)

    scope_rule = _OWN_HOUSE

    class Meta:
        verbose_name = _("note interne")
        verbose_name_plural = _("notes internes")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "id"], name="note_of_organisation"),
            models.UniqueConstraint(
                fields=["organisation", "order_id", "send_key"], name="one_note_of_a_send"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "order_id", "created_at"])]

    def __str__(self) -> str:
        return f"{self.order_id}"


class NoteFile(ScopedModel):
    """A photo or a PDF that goes with a note."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    note = models.ForeignKey(
        InternalNote, on_delete=models.PROTECT, related_name="files", db_constraint=False
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )

    scope_rule = _OWN_HOUSE

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["organisation", "note"])]

    def __str__(self) -> str:
        return f"{self.note_id}"
