"""The morning's e-mail of a member: whether he wants it, and when he last got it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models import Membership, Organisation, ScopedModel


class MorningDigest(ScopedModel):
    """A row per member, made the first time that he chooses or is told.

    told_on: the last working day that was looked at for him, so that one e-mail a day leaves.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    membership = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    is_wanted = models.BooleanField(_("point du matin par e-mail"), default=True)
    told_on = models.DateField(null=True, blank=True)

    scope_rule = Rule(landlord="organisation_id", contractor="organisation_id")

    class Meta:
        verbose_name = _("point du matin")
        verbose_name_plural = _("points du matin")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "membership"], name="one_digest")
        ]

    def __str__(self) -> str:
        return str(self.membership_id)
