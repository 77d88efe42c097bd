"""Who an organisation is on an invoice, and the file of each invoice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contractors.models.invoices import Invoice
from contractors.models.walls import of_invoice, partner_of
from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import Organisation, Partnership, ScopedModel, StoredFile


class BillingDetails(ScopedModel):
    """What the law wants to read of an organisation on an invoice; it alone writes it.

    Partners read it: each invoice names both. name: as registered, "" where it is the
    organisation's own. Bank details are not here.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("raison sociale"), max_length=120, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    vat_number = models.CharField(_("numéro de TVA"), max_length=14, blank=True)
    is_vat_exempt = models.BooleanField(_("franchise de TVA"), default=False)
    electronic_address = models.CharField(
        _("adresse électronique de facturation"), max_length=60, blank=True
    )
    line = models.CharField(_("adresse"), max_length=120, blank=True)
    more = models.CharField(_("complément d’adresse"), max_length=120, blank=True)
    postcode = models.CharField(_("code postal"), max_length=5, blank=True)
    city = models.CharField(_("ville"), max_length=80, blank=True)
    legal_form = models.CharField(_("forme juridique"), max_length=60, blank=True)
    capital = models.DecimalField(
        _("capital social"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    register = models.CharField(_("immatriculation"), max_length=80, blank=True)

    scope_rule = Rule(
        landlord=Custom(
            f"organisation_id = {setting('landlord')}"
            f" OR {partner_of('contractor_id', 'landlord_id', 'landlord')}",
            lambda scope: (
                Q(organisation_id=scope.landlord_id)
                | Q(
                    organisation_id__in=Partnership.objects.filter(
                        landlord_id=scope.landlord_id
                    ).values("contractor_id")
                )
            ),
        ),
        contractor=Custom(
            f"organisation_id = {setting('contractor')}"
            f" OR {partner_of('landlord_id', 'contractor_id', 'contractor')}",
            lambda scope: (
                Q(organisation_id=scope.contractor_id)
                | Q(
                    organisation_id__in=Partnership.objects.filter(
                        contractor_id=scope.contractor_id
                    ).values("landlord_id")
                )
            ),
        ),
        checks={
            "landlord": f"organisation_id = {setting('landlord')}",
            "contractor": f"organisation_id = {setting('contractor')}",
        },
    )

    class Meta:
        verbose_name = _("coordonnées de facturation")
        verbose_name_plural = _("coordonnées de facturation")

    def __str__(self) -> str:
        return str(self.organisation_id)


class InvoiceFileState(models.TextChoices):
    """Where the file of an invoice stands."""

    LACKING = "lacking", _("Mentions manquantes")
    PREPARING = "preparing", _("En préparation")
    READY = "ready", _("Prête")
    FAILED = "failed", _("Échec")


class InvoiceFile(ScopedModel):
    """The Factur-X of an invoice: opened when it is filed, made by a worker, then never changed.

    parties: seller and buyer as they were at that moment, so that nothing said later rewrites it.
    asked_at: since when a worker is to make it; null before all mentions were there.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    state = models.CharField(
        max_length=10, choices=InvoiceFileState, default=InvoiceFileState.LACKING
    )
    parties = models.JSONField(default=dict)
    asked_at = models.DateTimeField(null=True, blank=True)
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        null=True,
        blank=True,
    )

    scope_rule = of_invoice(read_only=frozenset({"landlord"}))

    class Meta:
        verbose_name = _("facture électronique")
        verbose_name_plural = _("factures électroniques")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "invoice"], name="one_invoice_file"),
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(state=InvoiceFileState.READY),
                name="invoice_file_ready_exactly_when_it_is_there",
            ),
            models.CheckConstraint(
                condition=Q(state__in=InvoiceFileState.values), name="invoice_file_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} ({self.state})"
