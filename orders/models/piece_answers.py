"""What a landlord answers to the sheet of hours and material of works by the hour (régie)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.models import Organisation, ScopedModel, User
from orders.models.orders import Order
from orders.models.pieces import OrderPiece
from orders.models.walls import MONEY_SIDES


class PieceAnswer(ScopedModel):
    """The landlord's signature of a sheet, or its refusal with a note; between both organisations.

    The company's own is that it gave the sheet. One answer for each: another sheet is answered
    anew.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="piece_answers", db_constraint=False
    )
    piece = models.OneToOneField(
        OrderPiece, on_delete=models.PROTECT, related_name="answer", db_constraint=False
    )
    accepted = models.BooleanField(_("accepté"))
    note = models.CharField(_("motif du refus"), max_length=300, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    # Who works behind a printed order's code finishes it no more than its company could.
    scope_rule = MONEY_SIDES

    class Meta:
        verbose_name = _("réponse à un attachement")
        verbose_name_plural = _("réponses aux attachements")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="piece_answer_of_landlord"),
            models.CheckConstraint(
                condition=Q(accepted=True) | ~Q(note=""), name="piece_refused_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.piece_id} {self.accepted}"
