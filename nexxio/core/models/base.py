"""What every row of the product has: a UUIDv7 key, and for scoped rows a rule."""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.db import models

from nexxio.core import clock
from nexxio.core.db.rls import Rule
from nexxio.core.ids import new_id
from nexxio.core.scoping import Scope, current_scope

PARTIES = Rule(
    landlord="landlord_id",
    contractor="contractor_id",
    tenant="tenant_id",
    link="reader_case_id",
)

M = TypeVar("M", bound="ScopedModel")


class KernelModel(models.Model):
    """A row with a key made in Python and its time of creation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True


class ScopedQuerySet(models.QuerySet[M]):
    """Rows behind a scope."""

    def visible_to(self, scope: Scope) -> Self:
        """Keep the rows that `scope` may see (the explicit filter that finds the index)."""
        condition = self.model.scope_rule.q(scope)
        return self if condition is None else self.filter(condition)


class ScopedManager(models.Manager[M]):
    """Starts from what the current scope may see; raises ScopeMissing without one."""

    def get_queryset(self) -> ScopedQuerySet[M]:
        """Return the visible rows."""
        queryset: ScopedQuerySet[M] = self._queryset_class(  # type: ignore[attr-defined]
            self.model, using=self._db
        )
        return queryset.visible_to(current_scope())


class ScopedModel(KernelModel):
    """A row that belongs to somebody. Its rule is enforced here and by the database."""

    scope_rule: ClassVar[Rule]

    objects = ScopedManager.from_queryset(ScopedQuerySet)()

    class Meta:
        abstract = True


class PartyModel(ScopedModel):
    """A row of a landlord that other parties may read *now*.

    contractor, tenant and reader_case stay null until that party may read it (an order's
    contractor until it is issued, internal notes for ever).
    """

    landlord = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    tenant = models.ForeignKey(
        "core.Tenant",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    reader_case = models.ForeignKey(
        "core.Case",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )

    scope_rule = PARTIES

    class Meta:
        abstract = True
