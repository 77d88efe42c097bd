"""The words by which an order is found: kept by triggers, read by a function (0160_functions)."""

from __future__ import annotations

from django.db import models

from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel
from orders.models.orders import Order


class OrderWords(ScopedModel):
    """Folded words of an order. Written, and deleted with it, by the database itself.

    words: everything, name and phones of the contact included; open_words: without these, for a
    contractor that may not read them in clear now. A row of it tells names and numbers, so the
    landlord alone reads the table; the function decides for the contractor (docs/adr/0036).
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    order = models.OneToOneField(
        Order, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    open_words = models.TextField()
    words = models.TextField()

    scope_rule = Rule(landlord="landlord_id", read_only=frozenset({"landlord"}))

    def __str__(self) -> str:
        return str(self.order_id)
