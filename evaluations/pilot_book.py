"""Needs, the features that answer them, and the facts that measure both: data. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import Contract


class PilotFact(models.TextChoices):
    """A fact of a perimeter, counted from orders, visits, invoices and payments."""

    FIRST_TIME = "first_time", _("Commandes réparées du premier coup")
    IN_TIME = "in_time", _("Commandes terminées à la date prévue")
    APPOINTMENTS = "appointments", _("Rendez-vous tenus par l’entreprise")
    WASTED = "wasted", _("Passages sans accès au logement")
    TOLD = "told", _("Statuts transmis dans l’heure")
    COMPLETE = "complete", _("Commandes complètes dès leur envoi")
    EXTRA = "extra", _("Commandes avec des travaux en plus")
    SIGNED = "signed", _("Constats traités dans le délai du marché")
    PAID_IN = "paid_in", _("Jours de la réception au paiement")
    PAID_ON_TIME = "paid_on_time", _("Factures payées à l’échéance")
    UNBLOCKED = "unblocked", _("Factures passées sans blocage")


DAYS = (PilotFact.PAID_IN,)
"""Counted in days on average; all others are shares in percent."""
LOWER_IS_BETTER = (PilotFact.WASTED, PilotFact.EXTRA, PilotFact.PAID_IN)
DEFINITIONS: dict[str, Any] = {
    PilotFact.FIRST_TIME: _("ni reprise, ni passage terminé en partie seulement"),
    PilotFact.IN_TIME: _("fin des travaux le jour prévu ou avant, des commandes qui en ont un"),
    PilotFact.APPOINTMENTS: _("l’entreprise est venue, sur tous les rendez-vous convenus"),
    PilotFact.WASTED: _("personne n’a ouvert, sur tous les passages de l’entreprise"),
    PilotFact.TOLD: _("en route, sur place, terminé : transmis au plus une heure après les faits"),
    PilotFact.COMPLETE: _("jamais renvoyées à compléter, sur toutes les commandes envoyées"),
    PilotFact.EXTRA: _("au moins un devis complémentaire accordé, sur les commandes terminées"),
    PilotFact.SIGNED: _("signés ou refusés avant l’échéance ; le silence compte comme un retard"),
    PilotFact.PAID_IN: _("moyenne des paiements de la période, un paiement comptant pour un"),
    PilotFact.PAID_ON_TIME: _("paiements de la période, le jour de l’échéance légale ou avant"),
    PilotFact.UNBLOCKED: _("aucun blocage ouvert sur les factures déposées dans la période"),
}


class NeedCode(models.TextChoices):
    """What a landlord wants to improve."""

    INFORM = "inform", _("Mieux informer les locataires")
    FIRST_TIME = "first_time", _("Réparer du premier coup")
    TRIPS = "trips", _("Moins de déplacements pour rien")
    DELAYS = "delays", _("Tenir les délais")
    COSTS = "costs", _("Tenir les coûts")
    RELATION = "relation", _("De meilleures relations avec les entreprises")
    PAYMENT = "payment", _("Payer dans les délais")
    PROOF = "proof", _("Avoir la preuve des travaux")


class Switch(models.TextChoices):
    """How a feature is put into service on a perimeter."""

    PERIMETER = "perimeter", _("Nexxio la met en service dans le périmètre, au début du pilote")
    CONTRACT = "contract", _("C’est un terme du marché : elle se règle marché par marché")
    MEASURE = "measure", _("Elle est en service partout : le pilote organise et mesure")


@dataclass(frozen=True)
class Feature:
    """A feature of the product: what it changes, and which facts tell whether it does.

    is_on: of a term of the contract, whether a contract has it; None for all others.
    """

    code: str
    label: Any
    changes: Any
    needs: tuple[NeedCode, ...]
    facts: tuple[PilotFact, ...]
    switch: Switch = Switch.MEASURE
    is_on: Callable[[Contract], bool] | None = None


EACH_ORDER = "each_order"
"""Both houses are asked one question after each order, not only when something stood out."""

_F, _N = PilotFact, NeedCode
FEATURES: dict[str, Feature] = {
    one.code: one
    for one in (
        Feature(
            "follow",
            _("Page de suivi du locataire"),
            _("Le locataire voit où en est sa réparation et choisit son rendez-vous sans appeler."),
            (_N.INFORM, _N.TRIPS),
            (_F.WASTED, _F.TOLD, _F.APPOINTMENTS),
        ),
        Feature(
            "statuses",
            _("Statuts donnés sur place"),
            _("Le technicien dit en route, sur place, terminé, de son téléphone, au moment même."),
            (_N.INFORM, _N.DELAYS),
            (_F.TOLD, _F.IN_TIME),
        ),
        Feature(
            "completeness",
            _("Commande complète avant l’envoi"),
            _("Téléphone, accès, description et prix sont vérifiés avant que la commande parte."),
            (_N.TRIPS, _N.RELATION, _N.FIRST_TIME),
            (_F.COMPLETE, _F.WASTED, _F.FIRST_TIME),
        ),
        Feature(
            EACH_ORDER,
            _("Une question croisée après chaque commande"),
            _(
                "Le bailleur et l’entreprise répondent chacun à une question après chaque commande,"
                " et plus seulement quand un fait notable s’est produit."
            ),
            (_N.RELATION, _N.FIRST_TIME),
            (_F.FIRST_TIME, _F.COMPLETE, _F.SIGNED),
            Switch.PERIMETER,
        ),
        Feature(
            "reviews",
            _("Revue de contrat du trimestre"),
            _("Un ordre du jour écrit par les faits, des décisions suivies, deux signatures."),
            (_N.RELATION, _N.DELAYS, _N.PAYMENT),
            (_F.IN_TIME, _F.UNBLOCKED, _F.SIGNED),
        ),
        Feature(
            "tolerance",
            _("Tolérance des devis complémentaires"),
            _("De petits travaux en plus se décident sur place, sans second déplacement."),
            (_N.COSTS, _N.FIRST_TIME, _N.TRIPS),
            (_F.EXTRA, _F.FIRST_TIME),
            Switch.CONTRACT,
            lambda contract: bool(contract.tolerance_amount),
        ),
        Feature(
            "pieces",
            _("Pièces exigées avant de terminer"),
            _("Photos, bon signé et fichiers sont demandés avant la fin des travaux."),
            (_N.PROOF, _N.PAYMENT, _N.COSTS),
            (_F.UNBLOCKED, _F.SIGNED),
            Switch.CONTRACT,
            lambda contract: contract.pieces_to_finish and bool(contract.pieces),
        ),
        Feature(
            "tacit",
            _("Constat réputé acquis sans réponse"),
            _("Passé le délai du marché, le silence du bailleur vaut service fait."),
            (_N.PAYMENT, _N.RELATION),
            (_F.SIGNED, _F.PAID_IN, _F.PAID_ON_TIME),
            Switch.CONTRACT,
            lambda contract: bool(contract.tacit_clause),
        ),
        Feature(
            "on_call",
            _("Astreinte au marché"),
            _("Une urgence de nuit s’ouvre sous un plafond, et se régularise le lendemain."),
            (_N.DELAYS, _N.COSTS),
            (_F.IN_TIME, _F.EXTRA),
            Switch.CONTRACT,
            lambda contract: contract.on_call,
        ),
        Feature(
            "blocks",
            _("Blocages levés par service"),
            _("Chaque service voit ce qu’il retient, depuis quand, et pour combien d’euros."),
            (_N.PAYMENT, _N.PROOF),
            (_F.UNBLOCKED, _F.PAID_IN, _F.PAID_ON_TIME),
        ),
    )
}


def features_for(need: str) -> list[Feature]:
    """Return the features that answer a need."""
    return [one for one in FEATURES.values() if need in one.needs]


def is_offered(need: str, feature: str) -> bool:
    """Tell whether a feature answers a need."""
    return feature in FEATURES and need in FEATURES[feature].needs
