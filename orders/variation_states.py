"""Variations and regularisations: states, their wording for each side, their tables. Pure.

Both ask for works beyond the order: a variation before they are done, a regularisation after. A
reduction takes works off it, asked by either side or noted when the landlord certifies less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.machines import Machine, machine
from orders.states import step

L, C, T, S = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT, Side.SYSTEM


class VariationKind(models.TextChoices):
    """Whether works beyond the order are asked before they are done, or after; or works less."""

    VARIATION = "variation", _("Devis complémentaire")
    REGULARISATION = "regularisation", _("Régularisation")
    REDUCTION = "reduction", _("Moins-value")


class VariationState(models.TextChoices):
    """Stored states of both. Only `asked` holds something up: the works, or what follows them."""

    DRAFT = "draft", _("Brouillon")
    ASKED = "asked", _("En attente d’accord")
    GRANTED = "granted", _("Accordé")
    PARTLY_GRANTED = "partly_granted", _("Accordé en partie")
    REJECTED = "rejected", _("Refusé")
    WITHDRAWN = "withdrawn", _("Retiré")
    ACKNOWLEDGED = "acknowledged", _("Réponse lue")


ANSWERED = (VariationState.GRANTED, VariationState.PARTLY_GRANTED, VariationState.REJECTED)

# The landlord never meets a draft, nor what was withdrawn before it was asked.
VARIATION_LABELS: dict[str, dict[Side, Any]] = {
    VariationState.DRAFT: {L: _("Brouillon"), C: _("Brouillon")},
    VariationState.ASKED: {
        L: _("À examiner"),
        C: _("En attente d’accord"),
        T: _("Travaux complémentaires en attente d’accord"),
    },
    VariationState.GRANTED: {
        L: _("Accordé"),
        C: _("Accordé"),
        T: _("Travaux complémentaires acceptés"),
    },
    VariationState.PARTLY_GRANTED: {
        L: _("Accordé en partie"),
        C: _("Accordé en partie"),
        T: _("Travaux complémentaires acceptés en partie"),
    },
    VariationState.REJECTED: {
        L: _("Refusé"),
        C: _("Refusé"),
        T: _("Travaux complémentaires non retenus"),
    },
    VariationState.WITHDRAWN: {
        L: _("Retiré par l’entreprise"),
        C: _("Retiré"),
        T: _("Travaux complémentaires abandonnés"),
    },
    VariationState.ACKNOWLEDGED: {
        L: _("Répondu, lu par l’entreprise"),
        C: _("Réponse lue"),
        T: _("Réponse donnée sur les travaux complémentaires"),
    },
}

_V = VariationState

VARIATION: Machine = machine(
    name="variation",
    labels=VARIATION_LABELS,
    transitions=[
        step(
            "draft_variation",
            [],
            _V.DRAFT,
            {C},
            "commande prise en charge ou réalisée en partie ; aucun autre devis ouvert ; un"
            " technicien, sur ses passages",
        ),
        step("ask", [_V.DRAFT], _V.ASKED, {C}, "photo, lignes de prix et motif codé"),
        step(
            "grant",
            [_V.ASKED],
            _V.GRANTED,
            {L, S},
            "la limite de qui accorde couvre le nouveau montant de la commande, et le plafond du"
            " marché aussi ; d’office dans la tolérance du marché (en % et en euros, cumulés)",
        ),
        step(
            "grant_in_part",
            [_V.ASKED],
            _V.PARTLY_GRANTED,
            {L},
            "comme l’accord ; quantités accordées ligne par ligne, motif codé et explication",
        ),
        step("reject", [_V.ASKED], _V.REJECTED, {L}, "motif codé"),
        step("withdraw", [_V.DRAFT, _V.ASKED], _V.WITHDRAWN, {C}),
        step("acknowledge", list(ANSWERED), _V.ACKNOWLEDGED, {C}),
    ],
)


# A tenant reads nothing of a regularisation: the works are done, what is left is between the two.
REGULARISATION_LABELS: dict[str, dict[Side, Any]] = {
    VariationState.DRAFT: {L: _("Brouillon"), C: _("Brouillon")},
    VariationState.ASKED: {L: _("À régler"), C: _("En attente du bailleur")},
    VariationState.GRANTED: {L: _("Accordée"), C: _("Accordée")},
    VariationState.PARTLY_GRANTED: {L: _("Accordée en partie"), C: _("Accordée en partie")},
    VariationState.REJECTED: {L: _("Refusée"), C: _("Refusée")},
    VariationState.WITHDRAWN: {L: _("Retirée par l’entreprise"), C: _("Retirée")},
    VariationState.ACKNOWLEDGED: {L: _("Réponse lue par l’entreprise"), C: _("Réponse lue")},
}

REGULARISATION: Machine = machine(
    name="regularisation",
    labels=REGULARISATION_LABELS,
    transitions=[
        step(
            "draft_regularisation",
            [],
            _V.DRAFT,
            {C},
            "commande prise en charge, réalisée en partie ou réalisée, pas encore constatée ;"
            " aucune autre régularisation ouverte ; un technicien, sur ses passages",
        ),
        step(
            "ask",
            [_V.DRAFT],
            _V.ASKED,
            {C},
            "urgence motivée, avec une photo ou une preuve écrite ; lignes de prix ; le délai du"
            " bailleur (jours ouvrés du marché) court",
        ),
        step("grant", [_V.ASKED], _V.GRANTED, {L, S}, "comme un devis complémentaire"),
        step(
            "grant_in_part",
            [_V.ASKED],
            _V.PARTLY_GRANTED,
            {L},
            "comme l’accord ; quantités accordées ligne par ligne, motif codé et explication",
        ),
        step("reject", [_V.ASKED], _V.REJECTED, {L}, "motif codé"),
        step("withdraw", [_V.DRAFT, _V.ASKED], _V.WITHDRAWN, {C}),
        step("acknowledge", list(ANSWERED), _V.ACKNOWLEDGED, {C}),
    ],
)

# A tenant reads nothing of it either. Whoever asked waits for the other: see `asked_by`.
REDUCTION_LABELS: dict[str, dict[Side, Any]] = {
    VariationState.ASKED: {L: _("Accord attendu"), C: _("Accord attendu")},
    VariationState.GRANTED: {L: _("Déduite"), C: _("Déduite")},
    VariationState.REJECTED: {L: _("Refusée"), C: _("Refusée")},
    VariationState.WITHDRAWN: {L: _("Retirée"), C: _("Retirée")},
}

REDUCTION: Machine = machine(
    name="reduction",
    labels=REDUCTION_LABELS,
    transitions=[
        step(
            "ask_reduction",
            [],
            _V.ASKED,
            {L, C},
            "commande prise en charge, réalisée en partie ou réalisée, pas encore constatée ;"
            " quantités plus basses que ce qui est dû ; motif codé ; aucune autre moins-value"
            " ouverte",
        ),
        step(
            "certify_less",
            [],
            _V.GRANTED,
            {L, S},
            "avec la signature du constat, de ce qu’il constate en moins ; motif",
        ),
        step(
            "grant",
            [_V.ASKED],
            _V.GRANTED,
            {L, C},
            "l’autre partie que celle qui demande ; commande dans un état où l’on en propose",
        ),
        step(
            "reject",
            [_V.ASKED],
            _V.REJECTED,
            {L, C},
            "l’autre partie que celle qui demande ; motif codé",
        ),
        step(
            "withdraw",
            [_V.ASKED],
            _V.WITHDRAWN,
            {L, C, S},
            "la partie qui demande ; d’office quand le constat est signé ou la commande abandonnée",
        ),
    ],
)
MACHINES: dict[str, Machine] = {
    VariationKind.VARIATION: VARIATION,
    VariationKind.REGULARISATION: REGULARISATION,
    VariationKind.REDUCTION: REDUCTION,
}


class VariationReason(models.TextChoices):
    """Why the order isn't enough."""

    HIDDEN_DEFECT = "hidden_defect", _("Désordre découvert sur place")
    QUANTITY = "quantity", _("Quantité supérieure à la commande")
    MATERIAL = "material", _("Matériel différent de la commande")
    COMPLIANCE = "compliance", _("Mise en conformité ou en sécurité")
    ACCESS = "access", _("Accès difficile (échafaudage, nacelle, protection)")
    EXTRA = "extra", _("Travaux demandés en plus")


class UrgencyReason(models.TextChoices):
    """Why works could not wait for the landlord's agreement."""

    WATER = "water", _("Fuite ou dégât des eaux à arrêter")
    DANGER = "danger", _("Danger pour les personnes")
    CUT = "cut", _("Coupure d’eau, d’électricité, de gaz ou de chauffage")
    CLOSING = "closing", _("Logement ou immeuble à refermer")
    NO_STOP = "no_stop", _("Travaux commencés, impossibles à interrompre")
    TOLD = "told", _("Demande du bailleur sur place ou par téléphone")


class ReductionReason(models.TextChoices):
    """Why there is less to pay than was ordered."""

    NOT_DONE = "not_done", _("Prestation non réalisée")
    LESS = "less", _("Quantité réelle inférieure à la commande")
    USELESS = "useless", _("Prestation devenue inutile")
    REPLACED = "replaced", _("Remplacée par une autre prestation")
    OTHERS = "others", _("Déjà faite, ou faite par d’autres")
    CERTIFIED = "certified", _("Quantités constatées au service fait")


REASONS: dict[str, type[models.TextChoices]] = {
    VariationKind.VARIATION: VariationReason,
    VariationKind.REGULARISATION: UrgencyReason,
    VariationKind.REDUCTION: ReductionReason,
}
EVERY_REASON = [*VariationReason.choices, *UrgencyReason.choices, *ReductionReason.choices]
TYPED_REDUCTIONS = [pair for pair in ReductionReason.choices if pair[0] != "certified"]
"""What people choose from: the last one is the certificate's own."""


class RejectReason(models.TextChoices):
    """Why it isn't granted."""

    INCLUDED = "included", _("Déjà compris dans la commande ou le bordereau")
    PRICE = "price", _("Prix à revoir")
    NOT_NEEDED = "not_needed", _("Travaux non nécessaires")
    UNPROVEN = "unproven", _("Photo ou justification insuffisante")
    OTHER_CONTRACT = "other_contract", _("Relève d’un autre marché")
    BUDGET = "budget", _("Budget indisponible")
    SEPARATE_ORDER = "separate_order", _("Fera l’objet d’une autre commande")


class ReductionRefusal(models.TextChoices):
    """Why the other side doesn't agree to less."""

    DONE = "done", _("Prestation réalisée")
    ENGAGED = "engaged", _("Matériel commandé ou travail engagé")
    NEEDED = "needed", _("Prestation nécessaire à l’ouvrage")
    COUNT = "count", _("Quantités à revoir")


REFUSALS: dict[str, type[models.TextChoices]] = {
    VariationKind.VARIATION: RejectReason,
    VariationKind.REGULARISATION: RejectReason,
    VariationKind.REDUCTION: ReductionRefusal,
}
EVERY_REFUSAL = [*RejectReason.choices, *ReductionRefusal.choices]


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the pages of a kind say. %(n)s: its number."""

    title: Any
    numbered: Any
    of_line: Any
    intro: Any
    ask: Any
    gone: Any
    kept: Any
    proof: Any
    refuse: Any
    refusing: Any
    refused: Any
    granted: Any
    withdraw: Any
    withdrawn: Any
    sure: Any
    frozen: Any


WORDS: dict[str, Words] = {
    VariationKind.VARIATION: Words(
        title=_("Devis complémentaire"),
        numbered=_("Devis complémentaire n° %(n)s"),
        of_line=_("devis complémentaire n° %(n)s"),
        intro=_(
            "À demander avant de faire les travaux en plus : le bailleur répond, et son délai"
            " court."
        ),
        ask=_("Demander l’accord du bailleur"),
        gone=_("Devis envoyé : le bailleur est prévenu et doit répondre."),
        kept=_("Devis gardé en brouillon : le bailleur ne le voit pas."),
        proof=_("Photo jointe au devis complémentaire"),
        refuse=_("Refuser le devis"),
        refusing=_("Refuser le devis complémentaire n° %(n)s"),
        refused=_("Devis refusé : l’entreprise est prévenue."),
        granted=_("Devis accordé : l’entreprise est prévenue."),
        withdraw=_("Retirer le devis"),
        withdrawn=_("Devis retiré."),
        sure=_("Retirer ce devis ? C’est définitif ; vous pourrez en demander un autre."),
        frozen=_("Ce devis ne peut plus être modifié."),
    ),
    VariationKind.REGULARISATION: Words(
        title=_("Régularisation"),
        numbered=_("Régularisation n° %(n)s"),
        of_line=_("régularisation n° %(n)s"),
        intro=_(
            "Pour des travaux déjà faits, qui ne pouvaient pas attendre : dites l’urgence et"
            " prouvez-la. Le bailleur doit régler la demande dans le délai du marché."
        ),
        ask=_("Demander la régularisation"),
        gone=_("Régularisation demandée : le bailleur est prévenu et son délai court."),
        kept=_("Régularisation gardée en brouillon : le bailleur ne la voit pas."),
        proof=_("Photo jointe à la régularisation"),
        refuse=_("Refuser la régularisation"),
        refusing=_("Refuser la régularisation n° %(n)s"),
        refused=_("Régularisation refusée : l’entreprise est prévenue."),
        granted=_("Régularisation accordée : l’entreprise est prévenue."),
        withdraw=_("Retirer la régularisation"),
        withdrawn=_("Régularisation retirée."),
        sure=_("Retirer cette régularisation ? Vous pourrez en demander une autre."),
        frozen=_("Cette régularisation ne peut plus être modifiée."),
    ),
    VariationKind.REDUCTION: Words(
        title=_("Moins-value"),
        numbered=_("Moins-value n° %(n)s"),
        of_line=_("moins-value n° %(n)s"),
        intro=_(
            "Indiquez ce qui sera fait, ou l’a été, en moins : l’autre partie répond, et la"
            " commande et la facture suivent."
        ),
        ask=_("Proposer la moins-value"),
        gone=_("Moins-value proposée : l’autre partie est prévenue et doit répondre."),
        kept="",
        proof="",
        refuse=_("Refuser la moins-value"),
        refusing=_("Refuser la moins-value n° %(n)s"),
        refused=_("Moins-value refusée : l’autre partie est prévenue."),
        granted=_("Moins-value acceptée : le montant de la commande a changé."),
        withdraw=_("Retirer la moins-value"),
        withdrawn=_("Moins-value retirée."),
        sure=_("Retirer cette moins-value ? Vous pourrez en proposer une autre."),
        frozen=_("Cette moins-value ne peut plus être modifiée."),
    ),
}
