"""When a company lets tenants take an appointment by themselves."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel


class TenantHours(ScopedModel):
    """The slots of a week that a company opens to tenants; one row, none while it opens none.

    windows: as `windows.code_of` names them. By it the company says that its technicians' planning
    is whole here: without it nothing is offered that the company hasn't offered itself.
    """

    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    windows = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_rule = Rule(contractor="contractor_id")

    class Meta:
        verbose_name = _("créneaux ouverts aux locataires")
        verbose_name_plural = _("créneaux ouverts aux locataires")
        constraints = [
            models.UniqueConstraint(fields=["contractor"], name="one_tenant_hours"),
        ]

    def __str__(self) -> str:
        return str(self.contractor_id)
