"""The landlord's certificate, the reserves that it notes, and what tenants sign.

A tenant reads what he signed and nothing of the certificate: amounts and refusals are between the
two organisations. The landlord meets a certificate once it has been submitted.
"""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Custom, setting
from nexxio.core.models import PartyModel, StoredFile, User
from orders.certificate_states import (
    CertificateRefusal,
    CertificateState,
    CheckOutcome,
    NotFixed,
    ReserveState,
    SignOffHow,
)
from orders.models.orders import Order
from orders.models.visits import Visit
from orders.models.walls import PARTIES_OF_ORDER

explain("one_open_certificate", "order", _("Un constat attend déjà sur cette commande."))
explain("one_open_check", "order", _("Le bailleur vérifie déjà ce qui n’est pas réglé."))

_ORGANISATIONS = replace(PARTIES_OF_ORDER, tenant=None, link=None)
_UNSIGNED = "state IN ('draft', 'to_sign', 'expired')"
_UNLIFTED = "state IN ('open', 'claimed')"


class SealState(models.TextChoices):
    """Where the sealed PDF of a signed certificate stands."""

    NONE = "none", _("Sans objet")
    PREPARING = "preparing", _("En préparation")
    SEALED = "sealed", _("Scellé")
    FAILED = "failed", _("Échec")


class Certificate(PartyModel):
    """A version of an order's service certificate (constat de service fait).

    content: all that is signed, as it was when submitted, with what the landlord certified less;
    content_sha256: of its canonical JSON. quantities: what the company says was done, by line, of
    those that it lowers. cut_note: why the landlord certifies less.
    delay_days, clause: of the contract, copied then. due_at: until when the landlord has to answer;
    remind_at: when the clock looks next, null once it is answered. decided_by: null when the clock
    took it as given. file: the sealed PDF; verify_hash: of the code that is printed on it.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="certificates", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(
        max_length=10, choices=CertificateState, default=CertificateState.DRAFT
    )
    report = models.CharField(_("ce qui a été fait"), max_length=1000, blank=True)
    content = models.JSONField(default=dict)
    quantities = models.JSONField(
        default=dict, db_default=Value({}, output_field=models.JSONField()), blank=True
    )
    content_sha256 = models.CharField(max_length=64, blank=True)
    total_without_vat = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    total_with_vat = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    delay_days = models.PositiveSmallIntegerField(_("délai en jours"), default=30)
    clause = models.CharField(_("clause d’acceptation tacite"), max_length=300, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("à signer avant le"), null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    department = models.CharField(_("service signataire"), max_length=20, blank=True)
    refusal_reason = models.CharField(max_length=12, choices=CertificateRefusal, blank=True)
    refusal_note = models.CharField(_("explication"), max_length=500, blank=True)
    cut_note = models.CharField(
        _("constaté en moins"), max_length=500, blank=True, default="", db_default=""
    )
    seal = models.CharField(max_length=10, choices=SealState, default=SealState.NONE)
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    verify_hash = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_rule = replace(
        _ORGANISATIONS,
        landlord=Custom(
            f"landlord_id = {setting('landlord')} AND asked_at IS NOT NULL",
            lambda scope: Q(landlord_id=scope.landlord_id, asked_at__isnull=False),
        ),
        # Whoever asks for a signature never writes one.
        checks={"contractor": _UNSIGNED, "paper": _UNSIGNED},
    )

    class Meta:
        verbose_name = _("constat de service fait")
        verbose_name_plural = _("constats de service fait")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="certificate_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order", "number"], name="one_certificate_number"
            ),
            models.UniqueConstraint(
                fields=["landlord", "order"],
                condition=Q(state__in=["draft", "to_sign"]),
                name="one_open_certificate",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CertificateState.values), name="certificate_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "expired"]) | Q(asked_at__isnull=False),
                name="certificate_is_asked_before_it_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) ^ Q(state__in=["signed", "refused", "tacit"]),
                name="certificate_decided_at_exactly_when_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="tacit") | ~Q(clause=""), name="certificate_tacit_has_a_clause"
            ),
            models.CheckConstraint(
                condition=~Q(state="tacit") | Q(decided_by__isnull=True),
                name="certificate_tacit_is_nobodys",
            ),
            models.CheckConstraint(
                condition=Q(remind_at__isnull=True) | Q(state="to_sign"),
                name="certificate_reminds_only_while_to_sign",
            ),
            models.CheckConstraint(
                condition=Q(delay_days__range=(1, 30)), name="certificate_delay_at_most_30_days"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(seal="sealed"),
                name="certificate_sealed_exactly_when_it_has_a_file",
            ),
        ]
        indexes = [
            # What the contractor corrects.
            models.Index(
                fields=["contractor", "created_at", "id"],
                include=["order"],
                condition=Q(state__in=["draft", "refused"]),
                name="certificate_to_correct",
            ),
            # The parapheur: what waits, the oldest first; counted without the table.
            models.Index(
                fields=["landlord", "asked_at", "id"],
                include=["order", "contractor", "total_without_vat"],
                condition=Q(state="to_sign"),
                name="certificate_waiting",
            ),
            # Whose companies have one, within a limit or above it: what it can be narrowed to.
            models.Index(
                fields=["landlord", "contractor", "total_without_vat"],
                include=["id", "order", "asked_at"],
                condition=Q(state="to_sign"),
                name="certificate_company_waits",
            ),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="certificate_to_remind",
            ),
            models.Index(
                fields=["verify_hash"], condition=~Q(verify_hash=""), name="certificate_verify"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} constat v{self.number}"


class Reserve(PartyModel):
    """A defect that the landlord noted when it signed, until it agrees that it is gone.

    photo: of the defect; claim_photo: of the work put right. remind_at: when the clock tells the
    company next that its day has passed, null while it isn't its turn.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="reserves", db_constraint=False
    )
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="reserves", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("réserve n°"))
    state = models.CharField(max_length=8, choices=ReserveState, default=ReserveState.OPEN)
    text = models.CharField(_("défaut constaté"), max_length=300)
    due_on = models.DateField(_("à lever avant le"))
    answer = models.CharField(_("reprise"), max_length=300, blank=True)
    objection = models.CharField(_("ce qui manque encore"), max_length=300, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    photo = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    claim_photo = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    remind_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0, db_default=0)
    version = models.PositiveIntegerField(default=1)

    scope_rule = replace(
        _ORGANISATIONS,
        checks={"contractor": _UNLIFTED, "paper": _UNLIFTED},
    )

    class Meta:
        verbose_name = _("réserve")
        verbose_name_plural = _("réserves")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="reserve_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order", "number"], name="one_reserve_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReserveState.values), name="reserve_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) ^ Q(state="lifted"),
                name="reserve_lifted_at_exactly_when_lifted",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(claimed_at__isnull=False),
                name="reserve_claimed_has_its_instant",
            ),
            models.CheckConstraint(
                condition=Q(remind_at__isnull=True) | Q(state="open"),
                name="reserve_reminds_only_while_open",
            ),
        ]
        indexes = [
            # Both portals' lists of what isn't lifted, and the desks' first ones.
            *(
                models.Index(
                    fields=[side, "state", "due_on", "id"],
                    include=["order"],
                    condition=~Q(state="lifted"),
                    name=f"reserve_{side}_unlifted",
                )
                for side in ("landlord", "contractor")
            ),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="reserve_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} réserve {self.number}"


class SignOff(PartyModel):
    """What a tenant signed at the end of a visit: fixed, or not and why.

    sha256: of the canonical text that he read and signed. When it isn't fixed the landlord checks:
    open until checked_at, and no certificate is signed or taken as given meanwhile. file: its
    sealed PDF, none for what was signed before there was one; verify_hash: of the code on it.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="sign_offs", db_constraint=False
    )
    visit = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        related_name="sign_offs",
        db_constraint=False,
    )
    satisfied = models.BooleanField(_("réglé"))
    reason = models.CharField(_("motif"), max_length=10, choices=NotFixed, blank=True)
    note = models.CharField(_("précision"), max_length=200, blank=True)
    signer_name = models.CharField(_("nom"), max_length=80)
    how = models.CharField(max_length=8, choices=SignOffHow)
    sha256 = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10, choices=CheckOutcome, blank=True)
    check_note = models.CharField(_("vérification"), max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    seal = models.CharField(
        max_length=10, choices=SealState, default=SealState.NONE, db_default=SealState.NONE
    )
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
    )
    verify_hash = models.CharField(max_length=64, blank=True, default="", db_default="")

    # Never by the order's code: it is the contractor's, and this is the tenant's word.
    scope_rule = replace(PARTIES_OF_ORDER, read_only=frozenset({"paper"}))

    class Meta:
        verbose_name = _("bon d’intervention signé")
        verbose_name_plural = _("bons d’intervention signés")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="sign_off_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "visit"],
                condition=Q(satisfied=True),
                name="one_satisfied_sign_off_of_a_visit",
            ),
            models.UniqueConstraint(
                fields=["landlord", "order"],
                condition=Q(satisfied=False, checked_at__isnull=True),
                name="one_open_check",
            ),
            models.CheckConstraint(
                condition=Q(satisfied=True) ^ ~Q(reason=""), name="sign_off_not_fixed_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True) ^ ~Q(outcome=""),
                name="sign_off_checked_exactly_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(seal="sealed"),
                name="sign_off_sealed_exactly_when_it_has_a_file",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "order"], name="sign_off_of_order"),
            models.Index(
                fields=["verify_hash"], condition=~Q(verify_hash=""), name="sign_off_verify"
            ),
            *(
                models.Index(
                    fields=[side, "created_at", "id"],
                    include=["order"],
                    condition=Q(satisfied=False, checked_at__isnull=True),
                    name=f"sign_off_open_{side}",
                )
                for side in ("landlord", "contractor")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.signer_name}"
