"""Who the demo world's organisations are on invoices: invented numbers whose keys are right."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

_WHO: dict[str, tuple[str, str, str, str]] = {
    "rivp": ("90000001900019", "13 avenue de la Porte d’Italie", "75013", ""),
    "paris-habitat": ("90000002700012", "21 bis rue Claude Bernard", "75005", ""),
    "elogie-siemp": ("90000003500015", "8 boulevard d’Indochine", "75019", ""),
    "plomberie-lutece": ("90000004300019", "14 rue Monge", "75005", "SARL"),
    "electricite-menil": ("90000005000014", "62 rue de Ménilmontant", "75020", "SAS"),
    "serrurerie-est": ("90000006800016", "9 rue de Charonne", "75011", "SARL"),
    "menuiserie-belleville": ("90000007600001", "31 rue de Belleville", "75019", "SARL"),
}


def details_of(slug: str) -> dict[str, Any]:
    """Return the billing details of an organisation; companies have a capital and a register."""
    siret, line, postcode, form = _WHO[slug]
    siren = siret[:9]
    key = (12 + 3 * (int(siren) % 97)) % 97
    grouped = f"{siren[:3]} {siren[3:6]} {siren[6:]}"
    company = {
        "legal_form": form,
        "capital": Decimal(20000),
        "register": f"RCS Paris {grouped}",
    }
    return {
        "siret": siret,
        "vat_number": f"FR{key:02d}{siren}",
        "line": line,
        "postcode": postcode,
        "city": "Paris",
        **(company if form else {}),
    }
