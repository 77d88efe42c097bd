"""Lists as a person has named them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.members import BY_A_MANAGER
from nexxio.core.models.organisations import Organisation


def _shared(kind: str) -> Custom:
    return Custom(
        f"organisation_id = {setting(kind)} AND shared_at IS NOT NULL",
        lambda scope: Q(organisation_id=scope.value_for(kind), shared_at__isnull=False),
    )


# Nobody shares into a house for which he isn't acting.
_INTO_OWN_HOUSE = (
    f"(shared_at IS NULL OR organisation_id = {setting('landlord')}"
    f" OR organisation_id = {setting('contractor')})"
)


class SavedView(ScopedModel):
    """The filters and the sort of a list, under a name of one's own.

    page: which list. query: its query string, without the place in the pages.
    audience: who finds it beside its person: "" for nobody, HOUSE, or a department of his
    organisation. shared_at: since when colleagues may read the row; a manager who withdraws it
    empties the audience only, since the row stays its person's.
    A row without a name is how its person opens the list: his columns are its query, opens_with is
    the view that opens, his own or a shared one (no constraint: a view may go at any time).
    """

    HOUSE = "house"

    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    page = models.CharField(max_length=20)
    name = models.CharField(_("nom"), max_length=40)
    query = models.CharField(max_length=500)
    audience = models.CharField(_("partagée avec"), max_length=20, blank=True, db_default="")
    shared_at = models.DateTimeField(_("partagée le"), null=True, blank=True)
    opens_with = models.UUIDField(null=True, blank=True)

    scope_rule = Rule(
        user="user_id",
        landlord=_shared("landlord"),
        contractor=_shared("contractor"),
        checks={
            "user": _INTO_OWN_HOUSE,
            "landlord": BY_A_MANAGER,
            "contractor": BY_A_MANAGER,
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "page", "name"], name="one_saved_view_of_a_name"
            ),
            models.CheckConstraint(
                condition=Q(audience="") | Q(shared_at__isnull=False),
                name="view_shared_at_some_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "page"],
                condition=Q(shared_at__isnull=False),
                name="shared_views",
            )
        ]

    def __str__(self) -> str:
        return self.name
