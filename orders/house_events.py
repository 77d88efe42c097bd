"""Event types of what a landlord says once for all of its orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, register


@register
@dataclass(frozen=True, kw_only=True)
class HouseRulesChanged(EventType):
    """The landlord's rules for all of its orders are other ones. terms: names of the columns."""

    kind: ClassVar[str] = "house_rules.changed"
    icon: ClassVar[str] = "settings"
    terms: tuple[str, ...]
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a modifié les règles des commandes : {terms}")
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn names into words."""
        return {"terms": ", ".join(str(_TERMS.get(name, name)) for name in payload["terms"])}


_TERMS = {
    "billing_address": _("adresse de facturation"),
    "needs_commitment": _("numéro d’engagement"),
    "vat_mention": _("mention du taux réduit"),
    "family_threshold": _("seuil par famille d’achat"),
}
