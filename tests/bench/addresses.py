"""The pages that are measured, with the side that looks."""

from __future__ import annotations

from typing import Any


def addresses(scene: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return name → (side, path) for a scene."""
    landlord = f"/bailleur/{scene['landlord']}"
    contractor = f"/prestataire/{scene['contractor']}"
    first = scene["orders"][0]
    return {
        "list": ("landlord", f"{landlord}/commandes/"),
        "list, page 2": ("landlord", f"{landlord}/commandes/?apres={scene['next_key']}"),
        "list, open ones": ("landlord", f"{landlord}/commandes/?etat=open"),
        "list, late ones": ("landlord", f"{landlord}/commandes/?retard=1"),
        "search of a word": ("landlord", f"{landlord}/commandes/?q=siphon"),
        "search of two words": ("landlord", f"{landlord}/commandes/?q=lilas+chambre"),
        "search of a reference": ("landlord", f"{landlord}/commandes/?q=X9990"),
        "board": ("landlord", f"{landlord}/commandes/tableau/"),
        "desk": ("landlord", f"{landlord}/"),
        "order page": ("landlord", f"{landlord}/commandes/{first['order']}/"),
        "contractor's list": ("contractor", f"{contractor}/commandes/"),
        "contractor's desk": ("contractor", f"{contractor}/"),
        "contractor's order page": ("contractor", f"{contractor}/commandes/{first['order']}/"),
        "tenant's page": ("tenant", f"/s/{first['link']}/"),
    }
