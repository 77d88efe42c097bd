"""Which residences a contract covers."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from nexxio.core.models import Group
from orders.models import Contract, ContractPlace


def groups_within(groups: QuerySet[Group], contract: Contract) -> QuerySet[Group]:
    """Keep the residences that a contract covers. Reads its perimeter."""
    places = list(ContractPlace.objects.filter(contract_id=contract.pk))
    if not places:
        return groups
    return groups.filter(
        Q(pk__in=[one.group_id for one in places if one.group_id])
        | Q(sector_id__in=[one.sector_id for one in places if one.sector_id])
        | Q(sector__agency_id__in=[one.agency_id for one in places if one.agency_id])
    )
