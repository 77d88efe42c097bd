"""Which company a row of a landlord's file means, by its SIRET."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from contractors.models import BillingDetails
from nexxio.core.models import Organisation, Partnership


def companies_by_siret(landlord_id: UUID) -> dict[str, UUID]:
    """Return a landlord's companies by SIRET: two queries.

    What the platform has checked goes first. What a company types itself, as that of another of its
    establishments, counts only where nobody else has it: nobody takes another one's rows.
    """
    pairs = Partnership.objects.filter(landlord_id=landlord_id)
    partners = pairs.values_list("contractor_id", flat=True)
    checked = Organisation.objects.filter(pk__in=partners).exclude(siret="")
    typed = BillingDetails.objects.filter(organisation_id__in=partners).exclude(siret="")
    claims = list(typed.values_list("siret", "organisation_id"))
    times = Counter(siret for siret, _pk in claims)
    return {
        **{siret: pk for siret, pk in claims if times[siret] == 1},
        **dict(checked.values_list("siret", "pk")),
    }
