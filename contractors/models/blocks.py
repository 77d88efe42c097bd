"""Blocks: what holds an invoice, or would hold it, at whose desk, for how much, since when."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contractors.causes import CauseCode
from contractors.models.invoices import Invoice
from contractors.models.walls import BOTH
from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, PartyModel, ScopedModel, User
from orders.models import Order

explain("one_foreseen_block_of_order", "cause", _("Ce blocage est déjà ouvert."))
explain("one_open_block_of_invoice", "cause", _("Ce blocage est déjà ouvert."))


IN_CIRCUIT = Q(cause=str(CauseCode.INTERNAL_CIRCUIT), amount=0)
"""Rows that hold nothing: they say in whose circuit an invoice is until it is paid."""


class BlockSide(models.TextChoices):
    """Who has to act."""

    LANDLORD = "landlord", _("Bailleur")
    CONTRACTOR = "contractor", _("Entreprise")


class BlockHow(models.TextChoices):
    """By what a block was opened or closed."""

    FACT = "fact", _("par un fait")
    HAND = "hand", _("à la main")


class Block(PartyModel):
    """A cause that holds an invoice, open until closed_at. Both sides read the same row.

    invoice: null while there is none: it *would* block, if the order were invoiced today. amount:
    euros including VAT that it holds; 0 where it holds nothing back by itself (reserves).
    department: the landlord's service, or "" for the contractor. opened_side: whose desk opened it
    by hand, "" for a fact. due_at: until when whoever holds
    it has to act, where that is known. remind_at: when the clock tells again, null once nobody is
    left to be told. passed_at: since when whoever holds it has it, where people passed it on;
    passed_side, passed_note: which side did, and why. tenant and reader_case are always null.
    """

    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="blocks",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        related_name="blocks",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    cause = models.CharField(max_length=3, choices=[(code.value, code.value) for code in CauseCode])
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    side = models.CharField(_("qui la tient"), max_length=10, choices=BlockSide)
    department = models.CharField(_("service"), max_length=20, blank=True)
    opened_at = models.DateTimeField()
    opened_how = models.CharField(max_length=4, choices=BlockHow, default=BlockHow.FACT)
    opened_side = models.CharField(max_length=10, blank=True)
    opened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    open_note = models.CharField(_("raison"), max_length=500, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    passed_side = models.CharField(max_length=10, blank=True, db_default="")
    passed_note = models.CharField(
        _("raison du passage"), max_length=500, blank=True, db_default=""
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_how = models.CharField(max_length=4, choices=BlockHow, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    close_note = models.CharField(_("raison de la levée"), max_length=500, blank=True)

    scope_rule = BOTH

    class Meta:
        verbose_name = _("blocage")
        verbose_name_plural = _("blocages")
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="block_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order", "cause", "side"],
                condition=Q(closed_at__isnull=True, order__isnull=False, invoice__isnull=True),
                name="one_foreseen_block_of_order",
            ),
            models.UniqueConstraint(
                fields=["landlord", "invoice", "cause", "side"],
                condition=Q(closed_at__isnull=True, invoice__isnull=False),
                name="one_open_block_of_invoice",
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=False) | Q(invoice__isnull=False),
                name="block_holds_something",
            ),
            models.CheckConstraint(
                condition=Q(
                    contractor__isnull=False, tenant__isnull=True, reader_case__isnull=True
                ),
                name="block_is_of_two_organisations",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) ^ ~Q(closed_how=""),
                name="block_closed_exactly_with_how",
            ),
            models.CheckConstraint(
                condition=(~Q(opened_how="hand") | ~Q(open_note=""))
                & (~Q(closed_how="hand") | ~Q(close_note="")),
                name="block_by_hand_has_a_reason",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="block_amount_is_not_negative"),
        ]
        indexes = [
            # The boards read what is open; counting and adding up stays in the index.
            models.Index(
                fields=["landlord", "opened_at", "id"],
                include=["contractor", "cause", "amount", "side", "department", "invoice", "order"],
                condition=Q(closed_at__isnull=True),
                name="block_landlord_open",
            ),
            models.Index(
                fields=["contractor", "opened_at", "id"],
                include=["landlord", "cause", "amount", "side", "department", "invoice", "order"],
                condition=Q(closed_at__isnull=True),
                name="block_contractor_open",
            ),
            # What one side holds itself, the oldest first: it may be a few among many.
            *(
                models.Index(
                    fields=[house, "side", "opened_at", "id"],
                    condition=Q(closed_at__isnull=True),
                    name=f"block_{house}_side",
                )
                for house in ("landlord", "contractor")
            ),
            # The trend reads what was closed of late.
            models.Index(
                fields=["landlord", "closed_at"],
                condition=Q(closed_at__isnull=False),
                name="block_landlord_closed",
            ),
            models.Index(
                fields=["contractor", "closed_at"],
                condition=Q(closed_at__isnull=False),
                name="block_contractor_closed",
            ),
            models.Index(fields=["landlord", "order"], name="block_of_order"),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="block_to_remind",
            ),
            models.Index(fields=["landlord", "invoice"], name="block_of_invoice"),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.order_id or self.invoice_id}"

    @property
    def held_since(self) -> datetime:
        """Return since when whoever holds it has it: alerts count from there."""
        return self.passed_at or self.opened_at


class BlockHolder(ScopedModel):
    """Who of a landlord's service sees to a block: its own people read it, never the company.

    It counts while the block stays where it was when he took it.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    block = models.OneToOneField(
        Block, on_delete=models.PROTECT, related_name="holder", db_constraint=False
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_at = models.DateTimeField()

    scope_rule = Rule(landlord="landlord_id")

    class Meta:
        verbose_name = _("personne qui s’occupe d’un blocage")
        verbose_name_plural = _("personnes qui s’occupent d’un blocage")

    def __str__(self) -> str:
        return f"{self.block_id} {self.user_id}"
