"""When nobody opens: what the tenant says, the check of both sides, the letters that follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, PartyModel, ScopedModel, StoredFile
from orders.access_states import AccessCheckState, LetterKind
from orders.models.documents import DocumentState
from orders.models.orders import Order
from orders.models.visits import Visit
from orders.models.walls import PARTIES_OF_ORDER


class AccessCheck(PartyModel):
    """What a tenant answers to a visit that found nobody, and what becomes of it. One per visit.

    It belongs to the visit: nothing is counted on a person. proven: the company's proof pack lacks
    nothing. remind_at: until when the company may answer; null while it isn't asked, or once
    settled. contested_at: when the company answered that it came. retry_at: when the landlord
    asked for another visit after this one.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="checks", db_constraint=False
    )
    state = models.CharField(
        max_length=10, choices=AccessCheckState, default=AccessCheckState.ASKED
    )
    proven = models.BooleanField(_("preuves complètes"))
    answered_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    company_note = models.CharField(_("version de l’entreprise"), max_length=300, blank=True)
    decision_note = models.CharField(_("décision du bailleur"), max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    contested_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_rule = PARTIES_OF_ORDER

    class Meta:
        verbose_name = _("contrôle d’une absence")
        verbose_name_plural = _("contrôles d’absences")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="access_check_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "visit"], name="one_access_check_per_visit"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AccessCheckState.values), name="access_check_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(remind_at__isnull=False) ^ ~Q(state=AccessCheckState.COMPANY),
                name="access_check_has_a_deadline_exactly_for_the_company",
            ),
        ]
        indexes = [
            # What the company still owes an answer to.
            models.Index(
                fields=["contractor", "created_at", "id"],
                include=["order"],
                condition=Q(state="company"),
                name="access_check_of_contractor",
            ),
            models.Index(fields=["landlord", "order"]),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="access_check_to_settle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.state}"


class AccessLetter(ScopedModel):
    """A letter to the occupant of a dwelling that nobody opened, one row per version (PDF)."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("version"))
    kind = models.CharField(_("nature"), max_length=8, choices=LetterKind)
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.PREPARING)
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        null=True,
        blank=True,
    )

    scope_rule = Rule(landlord="landlord_id")

    class Meta:
        verbose_name = _("courrier d’accès")
        verbose_name_plural = _("courriers d’accès")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "order", "number"], name="one_access_letter_number"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LetterKind.values), name="access_letter_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(state=DocumentState.READY),
                name="access_letter_ready_exactly_when_it_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} v{self.number}"
