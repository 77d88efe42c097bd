"""Invoices that came in as files, before and after they became invoices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contractors.models.invoices import Invoice
from contractors.received_states import OPEN, WRITTEN_BY_CONTRACTOR, ReceivedState
from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import PartyModel, StoredFile, User
from orders.models import Order

_WRITTEN = ", ".join(f"'{state}'" for state in WRITTEN_BY_CONTRACTOR)


def _of(side: str) -> Custom:
    """Whoever sent the file has it at once, the other side once it may be shared."""
    return Custom(
        f"{side}_id = {setting(side)} AND (side = '{side}' OR shared_at IS NOT NULL)",
        lambda scope: (
            Q(**{f"{side}_id": getattr(scope, f"{side}_id")})
            & (Q(side=side) | Q(shared_at__isnull=False))
        ),
    )


class ReceivedInvoice(PartyModel):
    """A file that one side says to be an invoice of the contractor to the landlord.

    The file is kept as it came. side: whose desk sent it. shared_at: since when the other side
    sees it: once it was read and is of these two parties; to a landlord that takes invoices by
    Chorus Pro only, once that filing is noted. arrived_on: the day that counts as its receipt.
    confirmed_at: since when its company, told what would hold it, wants it filed all the same.
    problems: what is wrong with it or with its order, {"rule", "message"}, for people to read;
    warnings: findings of the official rules that refuse nothing. references and words: what may
    name the order, on purpose and in notes. order: the one it was, or is to be, attached to.
    is_credit: it is a credit note, of the invoice that credits_number names. iban: where it wants
    to be paid, to be compared with what was checked, never to be paid to.
    waiting_since: since when somebody has to find its order; remind_at: when the clock tells again,
    null once nobody is left to be told. invited_at: when its landlord, which takes invoices through
    Chorus Pro only, asked the company to file it there; chorus_number: what Chorus Pro gave since.
    tenant and reader_case are always null.
    """

    side = models.CharField(max_length=10)
    sent_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    sha256 = models.CharField(max_length=64)
    state = models.CharField(
        _("état"), max_length=20, choices=ReceivedState, default=ReceivedState.READING
    )
    shared_at = models.DateTimeField(null=True, blank=True)
    arrived_on = models.DateField(_("reçue le"))
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=8, blank=True)
    profile = models.CharField(max_length=30, blank=True)
    number = models.CharField(_("numéro"), max_length=40, blank=True)
    issued_on = models.DateField(_("date de facture"), null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    total_without_vat = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    total_vat = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    total_with_vat = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    seller = models.JSONField(default=dict)
    buyer = models.JSONField(default=dict)
    references = models.JSONField(default=list)
    words = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    note = models.CharField(_("raison"), max_length=500, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    chorus_number = models.CharField(
        _("numéro Chorus Pro"), max_length=40, blank=True, db_default=""
    )
    is_credit = models.BooleanField(default=False, db_default=False)
    credits_number = models.CharField(max_length=40, blank=True, db_default="")
    iban = models.CharField(max_length=34, blank=True, db_default="")

    scope_rule = Rule(
        landlord=_of("landlord"),
        contractor=_of("contractor"),
        checks={"contractor": f"state IN ({_WRITTEN})"},
    )

    class Meta:
        verbose_name = _("facture reçue en fichier")
        verbose_name_plural = _("factures reçues en fichiers")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="received_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "invoice"],
                condition=Q(invoice__isnull=False),
                name="one_received_of_invoice",
            ),
            models.CheckConstraint(
                condition=Q(
                    contractor__isnull=False, tenant__isnull=True, reader_case__isnull=True
                ),
                name="received_is_of_two_organisations",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReceivedState.values)
                & Q(side__in=["landlord", "contractor"]),
                name="received_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(invoice__isnull=True) ^ Q(state="turned_into_invoice"),
                name="received_has_its_invoice",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["set_aside", "handed_back"]) | ~Q(note=""),
                name="received_put_away_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "-created_at", "-id"], name="received_landlord"),
            models.Index(fields=["contractor", "-created_at", "-id"], name="received_contractor"),
            models.Index(
                fields=["landlord", "contractor"],
                condition=Q(state__in=[str(state) for state in OPEN]),
                name="received_open",
            ),
            models.Index(fields=["contractor", "sha256"], name="received_by_file"),
            models.Index(fields=["contractor", "number"], name="received_by_number"),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="received_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.sha256[:12]
