"""Indexes of the filters of the list of orders (selectors/criteria.py), for both sides' lists."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

_NEWEST = ["-created_at", "-id"]
# A contract and a dwelling are of one landlord: their key is enough for either side.
FILTER_INDEXES = [
    models.Index(fields=["landlord", "contractor", *_NEWEST], name="order_landlord_company"),
    models.Index(fields=["contractor", "landlord", *_NEWEST], name="order_contractor_house"),
    # Which orders follow one on its case.
    models.Index(
        fields=["landlord", "follows"],
        condition=Q(follows__isnull=False),
        name="order_follows",
    ),
    models.Index(fields=["contract", *_NEWEST], name="order_contract_list"),
    models.Index(fields=["unit", *_NEWEST], name="order_unit_list"),
    *(
        models.Index(
            fields=[side, "nature", *_NEWEST],
            condition=~Q(nature="maintenance"),
            name=f"order_{side}_nature",
        )
        for side in ("landlord", "contractor")
    ),
    *(
        models.Index(
            fields=[side, *_NEWEST],
            include=["hazard"],
            condition=~Q(hazard=""),
            name=f"order_{side}_hazard",
        )
        for side in ("landlord", "contractor")
    ),
    *(
        models.Index(
            fields=[side, f"{moment}_at"],
            condition=Q(**{f"{moment}_at__isnull": False}),
            name=f"order_{side}_{moment}_at",
        )
        for side in ("landlord", "contractor")
        for moment in ("issued", "done")
    ),
]
