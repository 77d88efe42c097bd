"""Natures of an order: what each asks for besides, and where each takes place. Pure."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.states import Nature

IN_HOMES = (
    Nature.MAINTENANCE,
    Nature.CLAIM,
    Nature.BY_THE_HOUR,
    Nature.OFF_CONTRACT,
    Nature.UPKEEP,
    Nature.COMPLETION,
)
"""Natures of works in a dwelling, whose tenant follows them where it has one."""
WITHOUT_CONTRACT = (Nature.OFF_CONTRACT, Nature.COMPLETION)
"""Natures whose company may be named without a contract: a quote, or the builder's guarantee."""
OF_CASES = (Nature.MAINTENANCE, Nature.VACANT, Nature.COMMON_PARTS, Nature.CLAIM)
"""Natures that say where or why works are, not how one company does them: another trade's too."""
UNPRICED = (Nature.COMPLETION,)
"""Natures that ask for works at the company's own expense: no line, no invoice expected."""


class OffContractReason(models.TextChoices):
    """Why an order leaves without a contract."""

    NO_CONTRACT = "no_contract", _("Aucun marché ne couvre ce besoin")
    SMALL = "small", _("Besoin ponctuel sous le seuil d’achat")
    SKILL = "skill", _("Technicité ou fabricant unique")
    EXHAUSTED = "exhausted", _("Marché épuisé ou échu, renouvellement en cours")
    NO_CAPACITY = "no_capacity", _("Titulaires défaillants ou sans capacité")


class VatReason(models.TextChoices):
    """Rate of VAT on works in dwellings, with its ground in the CGI.

    Reduced rates take the client's mention on quote or order since 16 February 2025 (finance act
    for 2025), in place of the former attestation.
    """

    NORMAL = "normal", _("20 % : taux normal")
    IMPROVEMENT = (
        "improvement",
        _("10 % : amélioration, transformation ou entretien (CGI, art. 279-0 bis)"),
    )
    ENERGY = "energy", _("5,5 % : rénovation énergétique (CGI, art. 278-0 bis A)")


RATE_OF: dict[str, Decimal] = {
    VatReason.NORMAL: Decimal("20.00"),
    VatReason.IMPROVEMENT: Decimal("10.00"),
    VatReason.ENERGY: Decimal("5.50"),
}
RATES = tuple(Decimal(rate) for rate in ("20.00", "10.00", "5.50", "8.50", "2.10", "0.00"))
"""What a price may be taxed at: the mainland's rates, those overseas, and exempt."""
VAT_MENTION = _(
    "Le bailleur certifie que les travaux portent sur des locaux à usage d’habitation achevés"
    " depuis plus de deux ans et qu’ils répondent aux conditions du taux réduit indiqué."
)
# Which clauses a nature has; those of another one are not kept. "": all natures.
CLAUSES_OF: dict[str, tuple[str, ...]] = {
    "": ("vat_reason", "vat_certified"),
    Nature.CLAIM: ("insurer", "claim_number", "awaits_expert"),
    Nature.OFF_CONTRACT: ("company_id", "off_reason", "purchase_family"),
    Nature.VACANT: ("relet_on", "former_share"),
    Nature.COMPLETION: ("company_id",),
    Nature.UPKEEP: ("period_from", "period_to"),
}
