"""Who is paid instead of a company: ceded claims and oppositions, each at one landlord."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contractors.transfers import OPEN, TransferKind, TransferState
from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel
from orders.models import Contract

explain(
    "one_open_transfer",
    "reference",
    _("Cet acte est déjà noté pour cette entreprise."),
)


class PaymentTransfer(ScopedModel):
    """A cession or an opposition that a landlord was notified of. It alone writes it.

    contract: whose claims, null for all of the company's. most: up to which sum in euros, null
    without bound. iban, bic: of the beneficiary, empty where none is paid (an opposition that only
    stops). It counts once a second person has called the beneficiary back at a known number, and
    until a second one has again: lift_by says which piece lifts it (note), lift_called_* is the
    call of whoever ended it.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        verbose_name=_("marché"),
    )
    kind = models.CharField(_("nature"), max_length=12, choices=TransferKind)
    beneficiary = models.CharField(_("bénéficiaire"), max_length=120)
    reference = models.CharField(_("référence de l’acte"), max_length=80)
    notified_on = models.DateField(_("reçu le"))
    most = models.DecimalField(
        _("à hauteur de"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    state = models.CharField(
        _("état"), max_length=10, choices=TransferState, default=TransferState.TO_CHECK
    )
    noted_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    called_name = models.CharField(_("personne jointe"), max_length=120, blank=True)
    called_phone = models.CharField(_("numéro appelé"), max_length=20, blank=True)
    number_from = models.CharField(_("origine du numéro"), max_length=200, blank=True)
    called_on = models.DateField(_("jour de l’appel"), null=True, blank=True)
    checked_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    lift_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    lift_asked_at = models.DateTimeField(null=True, blank=True)
    lift_called_name = models.CharField(
        _("personne jointe"), max_length=120, blank=True, db_default=""
    )
    lift_called_phone = models.CharField(
        _("numéro appelé"), max_length=20, blank=True, db_default=""
    )
    lift_number_from = models.CharField(
        _("origine du numéro"), max_length=200, blank=True, db_default=""
    )
    lift_called_on = models.DateField(_("jour de l’appel"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    note = models.CharField(_("raison"), max_length=500, blank=True)

    scope_rule = Rule(
        landlord="landlord_id", contractor="contractor_id", read_only=frozenset({"contractor"})
    )

    class Meta:
        verbose_name = _("cession ou opposition")
        verbose_name_plural = _("cessions et oppositions")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=TransferKind.values), name="transfer_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=TransferState.values), name="transfer_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["landlord", "contractor", "reference"],
                condition=Q(state__in=OPEN),
                name="one_open_transfer",
            ),
            models.CheckConstraint(
                condition=~Q(state=TransferState.IN_FORCE)
                | Q(checked_at__isnull=False, called_on__isnull=False) & ~Q(called_phone=""),
                name="transfer_in_force_by_a_call",
            ),
            models.CheckConstraint(
                condition=Q(noted_by__isnull=True) | ~Q(checked_by=F("noted_by")),
                name="transfer_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(lift_by__isnull=True) | ~Q(ended_by=F("lift_by")),
                name="transfer_lifted_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True)
                | ~Q(state__in=OPEN) & Q(ended_at__isnull=False),
                name="transfer_ended_exactly_when_it_is_over",
            ),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(most__gt=0), name="transfer_sum_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(kind=TransferKind.OPPOSITION) | ~Q(iban=""),
                name="ceded_claim_has_an_account",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "contractor", "state"], name="transfer_of_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
