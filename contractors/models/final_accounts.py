"""Final accounts: what an order that was invoiced by situations comes to in the end."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contractors.final_states import LIVE, FinalState
from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Rule
from nexxio.core.models import PartyModel, StoredFile
from orders.models import Order, SealState

explain("one_live_final_account", "order", _("Un décompte de cette commande est déjà en cours."))


def _person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )


class FinalAccount(PartyModel):
    """A final account: submitted by the company, answered by the landlord, then agreed.

    tenant and reader_case are always null: no tenant reads it. content: its lines (final_facts), as
    they were on the day that it was submitted, never changed since; digest: their SHA-256. total:
    what its invoices come to less credit notes; balance: what is left of it to be paid or held;
    held: retentions that aren't released; deducted: what the landlord takes off, with its reason.
    All of them VAT included. note: why it was returned or contested. seal, file, verify_hash: the
    PDF of one that is agreed, and of the code that is printed on it.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("décompte n°"))
    state = models.CharField(_("état"), max_length=10, choices=FinalState)
    as_of = models.DateField(_("arrêté au"))
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    total_without_vat = models.DecimalField(max_digits=12, decimal_places=2)
    total = models.DecimalField(_("total TTC"), max_digits=12, decimal_places=2)
    balance = models.DecimalField(_("solde TTC"), max_digits=12, decimal_places=2)
    held = models.DecimalField(_("retenue tenue"), max_digits=12, decimal_places=2)
    deducted = models.DecimalField(_("retiré"), max_digits=12, decimal_places=2, default=0)
    deduct_note = models.CharField(_("raison"), max_length=500, blank=True)
    note = models.CharField(_("explication"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(_("remis le"))
    submitted_by = _person()
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    answered_by = _person()
    closed_at = models.DateTimeField(_("accepté ou contesté le"), null=True, blank=True)
    closed_by = _person()
    seal = models.CharField(
        max_length=10, choices=SealState, default=SealState.NONE, db_default=SealState.NONE
    )
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    verify_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    version = models.PositiveIntegerField(default=1)

    # A company agrees only to what its landlord has notified.
    scope_rule = Rule(
        landlord="landlord_id",
        contractor="contractor_id",
        checks={
            "contractor": "(state = 'submitted' OR"
            " (state IN ('agreed', 'contested') AND answered_at IS NOT NULL))"
        },
    )

    class Meta:
        verbose_name = _("décompte final")
        verbose_name_plural = _("décomptes finaux")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="final_account_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order", "number"], name="one_final_account_number"
            ),
            models.UniqueConstraint(
                fields=["landlord", "order"],
                condition=Q(state__in=LIVE),
                name="one_live_final_account",
            ),
            models.CheckConstraint(
                condition=Q(
                    contractor__isnull=False, tenant__isnull=True, reader_case__isnull=True
                ),
                name="final_account_is_of_two_organisations",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FinalState.values), name="final_account_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) ^ ~Q(state=FinalState.SUBMITTED),
                name="final_account_answered_exactly_when_it_is",
            ),
            models.CheckConstraint(
                condition=Q(deducted=0, deduct_note="")
                | Q(deducted__gt=0, deducted__lte=F("total")) & ~Q(deduct_note=""),
                name="final_account_deducts_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[FinalState.RETURNED, FinalState.CONTESTED]) ^ ~Q(note=""),
                name="final_account_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(seal=SealState.SEALED),
                name="final_account_sealed_exactly_when_it_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(seal=SealState.NONE) | Q(state=FinalState.AGREED),
                name="final_account_sealed_once_agreed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["verify_hash"], condition=~Q(verify_hash=""), name="final_account_verify"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} n° {self.number}"
