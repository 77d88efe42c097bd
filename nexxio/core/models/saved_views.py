"""Lists as a person has named them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.organisations import Organisation


class SavedView(ScopedModel):
    """The filters and the sort of a list, under a name of one's own.

    page: which list. query: its query string, without the place in the pages. Nobody else reads
    it, colleagues included.
    """

    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    page = models.CharField(max_length=20)
    name = models.CharField(_("nom"), max_length=40)
    query = models.CharField(max_length=500)

    scope_rule = Rule(user="user_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "page", "name"], name="one_saved_view_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
