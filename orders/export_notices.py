"""Who is told that an export is ready: whoever asked for it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.models import Event
from nexxio.core.notifications import Notice, notices
from orders.models import OrderExport

_OF_EXPORTS = {
    "export.made": "Votre export de commandes est prêt",
    "export.failed": "Votre export n’a pas pu être préparé",
}


@notices(
    "order_export",
    on=_OF_EXPORTS,
    channels=["bell"],
    label=_("Exports prêts"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_exporter(event: Event) -> Iterator[Notice]:
    """Ring whoever asked for the file."""
    found = OrderExport.objects.select_related("organisation").get(pk=event.subject_id)
    yield Notice(
        title=_OF_EXPORTS[event.kind],
        url=reverse(f"orders:{found.organisation.kind}_exports", args=[found.organisation.slug]),
        bell_user_id=found.user_id,
        bell_organisation_id=found.organisation_id,
    )
