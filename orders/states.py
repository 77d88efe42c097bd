"""Order and visit: states, their wording for each side, and the transition tables. Pure."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.machines import Machine, Transition, machine

L, C, T, S = Side.LANDLORD, Side.CONTRACTOR, Side.TENANT, Side.SYSTEM


class OrderState(models.TextChoices):
    """Stored states of an order."""

    DRAFT = "draft", _("Brouillon")
    PENDING_APPROVAL = "pending_approval", _("En attente de validation")
    ISSUED = "issued", _("Transmise à l’entreprise")
    RETURNED = "returned", _("À compléter")
    DECLINED = "declined", _("Réserves du titulaire")
    ACCEPTED = "accepted", _("Prise en charge")
    DONE = "done", _("Travaux réalisés")
    PARTLY_DONE = "partly_done", _("Réalisée en partie")
    CERTIFIED_WITH_RESERVES = "with_reserves", _("Réception avec réserves")
    CERTIFIED = "certified", _("Service fait constaté")
    CLOSED = "closed", _("Soldée")
    CANCELLED = "cancelled", _("Annulée")
    SUPERSEDED = "superseded", _("Annulée et remplacée")
    CLOSED_NO_ACCESS = "closed_no_access", _("Logement inaccessible")


class VisitState(models.TextChoices):
    """States of a visit (one attempt at one dwelling)."""

    PROPOSED = "proposed", _("Rendez-vous proposé")
    CONFIRMED = "confirmed", _("Rendez-vous confirmé")
    ON_THE_WAY = "on_the_way", _("En route")
    ON_SITE = "on_site", _("Sur place")
    DONE = "done", _("Passage terminé")
    PARTLY_DONE = "partly_done", _("Passage terminé, une suite est prévue")
    NO_ACCESS = "no_access", _("Pas d’accès")
    CONTRACTOR_NO_SHOW = "no_show", _("Absence de l’entreprise")
    RESCHEDULED = "rescheduled", _("Rendez-vous déplacé")
    CANCELLED = "cancelled", _("Rendez-vous annulé")
    LAPSED = "lapsed", _("Créneaux sans réponse")


class PhotoWithdrawal(models.TextChoices):
    """Why a photo was taken back."""

    PERSON = "person", _("Personne visible")
    WRONG = "wrong", _("Mauvaise photo")


# The works are over: what follows is the landlord's certificate, and what it notes.
FINISHED = (
    OrderState.DONE,
    OrderState.CERTIFIED,
    OrderState.CERTIFIED_WITH_RESERVES,
    OrderState.CLOSED,
)
OPEN_VISIT = (
    VisitState.PROPOSED,
    VisitState.CONFIRMED,
    VisitState.ON_THE_WAY,
    VisitState.ON_SITE,
)
UNDER_WAY = (VisitState.ON_THE_WAY, VisitState.ON_SITE)
# Appointments that fell away before anybody came: what had happened before them counts.
FALLEN_AWAY = (VisitState.CANCELLED, VisitState.RESCHEDULED, VisitState.LAPSED)
# Given up: nothing follows on the order itself.
GIVEN_UP = (OrderState.CANCELLED, OrderState.CLOSED_NO_ACCESS, OrderState.SUPERSEDED)
ENDED = (*GIVEN_UP, OrderState.CLOSED)

# How a visit ends whose technician came; reported after it came to another end, it moves nothing.
LATE_ENDS = (VisitState.DONE, VisitState.PARTLY_DONE, VisitState.NO_ACCESS)
# It stood once and was given up, or counted as missed, while a phone without network knew better.
WAS_TO_COME = (VisitState.CANCELLED, VisitState.RESCHEDULED, VisitState.CONTRACTOR_NO_SHOW)

# What each side reads. The tenant's sentences are whole and plain.
ORDER_LABELS: dict[str, dict[Side, Any]] = {
    OrderState.DRAFT: {L: _("Brouillon")},
    OrderState.PENDING_APPROVAL: {
        L: _("En attente de validation"),
        T: _("Votre demande est à l’étude"),
    },
    OrderState.ISSUED: {
        L: _("Transmise à l’entreprise"),
        C: _("À accepter"),
        T: _("Transmise à l’entreprise"),
    },
    OrderState.RETURNED: {
        L: _("À compléter"),
        C: _("Renvoyée au bailleur"),
        T: _("Nous complétons votre dossier"),
    },
    OrderState.DECLINED: {
        L: _("Réserves du titulaire"),
        C: _("Réserves émises"),
        T: _("Nous cherchons une autre entreprise"),
    },
    OrderState.ACCEPTED: {
        L: _("Prise en charge"),
        C: _("Prise en charge"),
        T: _("Prise en charge par l’entreprise"),
    },
    OrderState.DONE: {
        L: _("Travaux réalisés"),
        C: _("Travaux réalisés"),
        T: _("Terminé : tout va bien ?"),
    },
    OrderState.PARTLY_DONE: {
        L: _("Réalisée en partie"),
        C: _("Réalisée en partie"),
        T: _("Une suite est prévue"),
    },
    OrderState.CERTIFIED_WITH_RESERVES: {
        L: _("Réception avec réserves"),
        C: _("Réserves à lever"),
        T: _("Terminé, une reprise est prévue"),
    },
    OrderState.CERTIFIED: {
        L: _("Service fait constaté"),
        C: _("Service fait constaté"),
        T: _("Terminé"),
    },
    OrderState.CLOSED: {L: _("Soldée"), C: _("Soldée"), T: _("Terminé")},
    OrderState.SUPERSEDED: {
        L: _("Annulée et remplacée"),
        C: _("Annulée et remplacée"),
        T: _("Confiée à une autre entreprise"),
    },
    OrderState.CANCELLED: {L: _("Annulée"), C: _("Annulée"), T: _("Annulée")},
    OrderState.CLOSED_NO_ACCESS: {
        L: _("Logement inaccessible"),
        C: _("Logement inaccessible"),
        T: _("Rappelez-nous pour reprendre"),
    },
}

# What a landlord calls a reception with reserves where no works are handed over, but a service.
PARTIAL = _("Service fait partiel")

# Derived from the open visit, shown but never stored.
DERIVED_LABELS: dict[str, dict[Side, Any]] = {
    "scheduled": {
        L: _("Rendez-vous confirmé"),
        C: _("Rendez-vous confirmé"),
        T: _("Votre rendez-vous est confirmé"),
    },
    "to_confirm": {
        L: _("Rendez-vous proposé"),
        C: _("Rendez-vous à confirmer"),
        T: _("Un rendez-vous vous est proposé"),
    },
    "on_the_way": {L: _("En route"), C: _("En route"), T: _("Le technicien est en route")},
    "on_site": {L: _("Sur place"), C: _("Sur place"), T: _("Le technicien est chez vous")},
    "reopened": {
        L: _("Signalée non réglée"),
        C: _("Signalée non réglée"),
        T: _("L’entreprise va revenir"),
    },
    "disputed": {
        L: _("Signalée non réglée : à vérifier"),
        C: _("Signalée non réglée : le bailleur vérifie"),
        T: _("Nous vérifions"),
    },
    "certified_tacitly": {
        L: _("Service fait réputé acquis"),
        C: _("Service fait réputé acquis"),
        T: _("Terminé"),
    },
    "closed_without_invoice": {L: _("Sans suite"), C: _("Sans suite"), T: _("Terminé")},
    "stopped_superseded": {
        L: _("Arrêtée : suite confiée à une autre entreprise"),
        C: _("Arrêtée : suite confiée à une autre entreprise"),
        T: _("La suite est confiée à une autre entreprise"),
    },
    "stopped_no_access": {
        L: _("Arrêtée : logement inaccessible pour la suite"),
        C: _("Arrêtée : logement inaccessible pour la suite"),
        T: _("Rappelez-nous pour reprendre"),
    },
    # Derived from other rows that are open.
    "on_hold": {L: _("En attente"), C: _("En attente"), T: _("En attente")},
    "variation_pending": {
        L: _("Devis complémentaire en attente"),
        C: _("Devis complémentaire en attente"),
        T: _("Travaux complémentaires en attente d’accord"),
    },
    "regularisation_pending": {
        L: _("Régularisation à régler"),
        C: _("Régularisation en attente"),
        T: _("Terminé : tout va bien ?"),
    },
    "no_access": {
        L: _("Absent au passage"),
        C: _("Absent au passage"),
        T: _("Nous sommes passés sans vous trouver"),
    },
    "no_show": {
        L: _("Absence de l’entreprise"),
        C: _("Absence de l’entreprise"),
        T: _("L’entreprise n’est pas venue"),
    },
}

VISIT_LABELS: dict[str, dict[Side, Any]] = {
    VisitState.PROPOSED: {
        L: _("Rendez-vous proposé"),
        C: _("À confirmer"),
        T: _("Rendez-vous proposé"),
    },
    VisitState.CONFIRMED: {
        L: _("Rendez-vous confirmé"),
        C: _("Confirmé"),
        T: _("Rendez-vous confirmé"),
    },
    VisitState.ON_THE_WAY: {L: _("En route"), C: _("En route"), T: _("Le technicien est en route")},
    VisitState.ON_SITE: {L: _("Sur place"), C: _("Sur place"), T: _("Le technicien est chez vous")},
    VisitState.DONE: {L: _("Terminé"), C: _("Terminé"), T: _("Passage terminé")},
    VisitState.PARTLY_DONE: {
        L: _("Terminé en partie"),
        C: _("Terminé en partie"),
        T: _("Une suite est prévue"),
    },
    VisitState.NO_ACCESS: {
        L: _("Pas d’accès"),
        C: _("Pas d’accès"),
        T: _("Passage sans vous trouver"),
    },
    VisitState.CONTRACTOR_NO_SHOW: {
        L: _("Absence de l’entreprise"),
        C: _("Absence de l’entreprise"),
        T: _("L’entreprise n’est pas venue"),
    },
    VisitState.RESCHEDULED: {L: _("Déplacé"), C: _("Déplacé"), T: _("Rendez-vous déplacé")},
    VisitState.CANCELLED: {L: _("Annulé"), C: _("Annulé"), T: _("Rendez-vous annulé")},
    VisitState.LAPSED: {
        L: _("Créneaux sans réponse"),
        C: _("Créneaux sans réponse"),
        T: _("Créneaux passés"),
    },
}


def step(
    name: str,
    sources: list[str],
    target: str,
    sides: set[Side],
    guard: str = "",
    late_from: list[str] | None = None,
) -> Transition:
    """Return a row of a transition table."""
    return Transition(
        name=name,
        sources=frozenset(sources),
        target=target,
        sides=frozenset(sides),
        guard=guard,
        late_from=frozenset(late_from or []),
    )


_O = OrderState
_BEFORE_WORK = [_O.DRAFT, _O.PENDING_APPROVAL, _O.ISSUED, _O.RETURNED, _O.DECLINED, _O.ACCEPTED]

ORDER: Machine = machine(
    name="order",
    labels=ORDER_LABELS,
    transitions=[
        step(
            "submit",
            [_O.DRAFT],
            _O.PENDING_APPROVAL,
            {L},
            "complète, montant au-dessus de la limite de l’auteur",
        ),
        step("issue", [_O.DRAFT], _O.ISSUED, {L}, "complète, montant dans la limite de l’auteur"),
        step(
            "approve",
            [_O.PENDING_APPROVAL],
            _O.ISSUED,
            {L},
            "la limite du valideur couvre le montant ; il n’est pas l’auteur",
        ),
        step("send_back", [_O.PENDING_APPROVAL], _O.DRAFT, {L}, "motif"),
        step("accept", [_O.ISSUED], _O.ACCEPTED, {C}),
        step(
            "open_on_call",
            [],
            _O.ACCEPTED,
            {C},
            "nature astreinte, sous le plafond d’astreinte du marché ; sans numéro de commande du"
            " bailleur, qui doit la régulariser dans le délai du marché",
        ),
        step(
            "return_incomplete",
            [_O.ISSUED, _O.ACCEPTED],
            _O.RETURNED,
            {C},
            "éléments manquants codés ; aucun passage en cours",
        ),
        step(
            "complete_and_reissue",
            [_O.RETURNED],
            _O.ISSUED,
            {L},
            "complète ; la limite de qui la transmet couvre le montant (l’entreprise l’a déjà vue :"
            " elle ne retourne pas en validation, un collègue habilité est prévenu et la transmet)",
        ),
        step("decline", [_O.ISSUED, _O.RETURNED], _O.DECLINED, {C}, "motif codé"),
        step(
            "finish",
            [_O.ACCEPTED, _O.PARTLY_DONE],
            _O.DONE,
            {C},
            "un passage au moins confirmé ; aucun devis complémentaire en attente ; les pièces du"
            " marché, quand il les exige avant de terminer",
        ),
        step(
            "finish_in_part",
            [_O.ACCEPTED, _O.PARTLY_DONE],
            _O.PARTLY_DONE,
            {C},
            "la suite est indiquée",
        ),
        step(
            "reopen",
            [_O.DONE, _O.CERTIFIED],
            _O.ACCEPTED,
            {L, T},
            "motif du bailleur (le locataire peut en donner un) ; le locataire dans les 72 h ;"
            " aucune facture approuvée ; le compteur augmente",
        ),
        step(
            "certify",
            [_O.DONE],
            _O.CERTIFIED,
            {L},
            "avec la signature du constat : limite du signataire, aucune contestation ni"
            " régularisation ouverte ; en régie, l’attachement signé des deux côtés",
        ),
        step(
            "certify_tacitly",
            [_O.DONE],
            _O.CERTIFIED,
            {S},
            "une clause du marché le dit (citée), son délai est passé (30 jours au plus), aucune"
            " contestation ni régularisation ouverte",
        ),
        step(
            "certify_with_reserves",
            [_O.DONE],
            _O.CERTIFIED_WITH_RESERVES,
            {L},
            "comme la signature ; au moins une réserve",
        ),
        step(
            "lift_reserves",
            [_O.CERTIFIED_WITH_RESERVES],
            _O.CERTIFIED,
            {L},
            "toutes les réserves sont levées",
        ),
        step(
            "close",
            [_O.CERTIFIED],
            _O.CLOSED,
            {S},
            "facture payée en totalité, ou rien à facturer ; aucune contestation ouverte",
        ),
        step(
            "supersede",
            [_O.ISSUED, _O.RETURNED, _O.DECLINED, _O.ACCEPTED],
            _O.SUPERSEDED,
            {L},
            "quand la commande qui la remplace, sur le même dossier, est transmise ; motif codé ;"
            " aucun devis ni régularisation en attente ; aucun passage en cours",
        ),
        step(
            "stop",
            [_O.PARTLY_DONE],
            _O.DONE,
            {L},
            "des travaux faits en partie s’arrêtent là : la commande qui la remplace est transmise,"
            " ou deux passages sans accès sont imputables, comme pour ces deux fins ; l’entreprise"
            " dit ce qui a été fait, et cela seul est constaté ; pas de réouverture",
        ),
        step(
            "close_no_access",
            [_O.ACCEPTED],
            _O.CLOSED_NO_ACCESS,
            {L},
            "deux passages sans accès imputables, aucun autre passage ouvert ni devis en attente ;"
            " jamais pour une visite obligatoire ni un danger : mise en demeure d’accès",
        ),
        step(
            "cancel",
            list(_BEFORE_WORK),
            _O.CANCELLED,
            {L, C},
            "l’entreprise si le marché le lui permet, une fois la commande transmise ; motif codé ;"
            " si un technicien est en route ou sur place, un appel noté ; aucun devis"
            " complémentaire ni régularisation en attente",
        ),
    ],
)

_V = VisitState

VISIT: Machine = machine(
    name="visit",
    labels=VISIT_LABELS,
    transitions=[
        step(
            "propose",
            [],
            _V.PROPOSED,
            {C},
            "un créneau à venir, ou deux à cinq au choix ; hors horaires seulement si c’est convenu"
            " ou urgent ; aucun autre passage ouvert",
        ),
        step(
            "confirm",
            [_V.PROPOSED],
            _V.CONFIRMED,
            {T, C, L},
            "par lien, ou par l’entreprise après un appel noté ; le créneau est encore proposé,"
            " pas passé ; les autres tombent",
        ),
        step(
            "move",
            [_V.PROPOSED, _V.CONFIRMED],
            _V.RESCHEDULED,
            {T, C, L},
            "motif pour l’entreprise ; pour le locataire, vers un créneau proposé ou libre ; s’il a"
            " confirmé, jusqu’à la veille à 18 h",
        ),
        step(
            "leave",
            [_V.CONFIRMED],
            _V.ON_THE_WAY,
            {C},
            late_from=[_V.ON_SITE, _V.DONE, _V.PARTLY_DONE, _V.NO_ACCESS, *WAS_TO_COME],
        ),
        step(
            "arrive",
            [_V.CONFIRMED, _V.ON_THE_WAY],
            _V.ON_SITE,
            {C},
            late_from=[_V.DONE, _V.PARTLY_DONE, _V.NO_ACCESS, *WAS_TO_COME],
        ),
        step(
            "complete",
            [_V.CONFIRMED, _V.ON_THE_WAY, _V.ON_SITE],
            _V.DONE,
            {C},
            late_from=[*LATE_ENDS, *WAS_TO_COME],
        ),
        step(
            "complete_in_part",
            [_V.CONFIRMED, _V.ON_THE_WAY, _V.ON_SITE],
            _V.PARTLY_DONE,
            {C},
            "la suite est indiquée",
            late_from=[*LATE_ENDS, *WAS_TO_COME],
        ),
        step(
            "declare_no_access",
            [_V.ON_THE_WAY, _V.ON_SITE],
            _V.NO_ACCESS,
            {C},
            "preuves de passage, sinon signalé incomplet",
            late_from=[_V.DONE, _V.PARTLY_DONE, *WAS_TO_COME],
        ),
        step(
            "declare_no_show",
            [_V.CONFIRMED],
            _V.CONTRACTOR_NO_SHOW,
            {T, L},
            "après le créneau",
        ),
        step(
            "count_no_show",
            [_V.NO_ACCESS],
            _V.CONTRACTOR_NO_SHOW,
            {C, L, S},
            "le locataire dit qu’il était là : l’entreprise l’admet, le bailleur tranche, ou cinq"
            " jours passent sans réponse de l’entreprise à des preuves incomplètes",
        ),
        step(
            "cancel_visit",
            [_V.PROPOSED, _V.CONFIRMED],
            _V.CANCELLED,
            {C, L, T},
            "motif, ou avec sa commande (annulée, renvoyée)",
        ),
        step(
            "lapse",
            [_V.PROPOSED],
            _V.LAPSED,
            {S},
            "le dernier créneau proposé est passé sans réponse : l’entreprise en propose d’autres",
        ),
        step(
            "recall",
            [_V.ON_THE_WAY, _V.ON_SITE],
            _V.CANCELLED,
            {L},
            "avec sa commande, après un appel noté",
        ),
    ],
)


class ReturnReason(models.TextChoices):
    """What may be missing when a contractor sends an order back."""

    PHONE = "phone", _("Téléphone manquant")
    ACCESS = "access", _("Accès ou code manquant")
    PLACE = "place", _("Logement ou étage erroné")
    DESCRIPTION = "description", _("Description imprécise")
    PRICE_LINE = "price_line", _("Ligne de prix manquante")
    QUANTITY = "quantity", _("Quantité ou prix erroné")
    CONTRACT = "contract", _("Marché ou lot erroné")
    BUDGET = "budget", _("Accord ou budget manquant")
    COMMITMENT = "commitment", _("Numéro d’engagement ou code service manquant")
    ASBESTOS = "asbestos", _("Rapport amiante manquant")
    BILLING = "billing", _("Adresse de facturation manquante")
    VAT = "vat", _("Taux de TVA manquant")
    TARGET_DATE = "target_date", _("Date limite impossible")


class DeclineReason(models.TextChoices):
    """Reserves of the titulaire."""

    OUTSIDE_CONTRACT = "outside_contract", _("Hors marché")
    OUTSIDE_AREA = "outside_area", _("Hors secteur")
    NO_CAPACITY = "no_capacity", _("Pas de capacité")
    DATE_IMPOSSIBLE = "date_impossible", _("Date impossible")
    SUBCONTRACTOR = "subcontractor", _("Sous-traitant non accepté")


class ClosedHow(models.TextChoices):
    """Why nothing is left to do on a certified order."""

    PAID = "paid", _("Soldée")
    NOTHING = "nothing", _("Sans suite")


class SupersedeReason(models.TextChoices):
    """Why another company takes over; the contract's rule of attribution is left for it."""

    RESERVES = "reserves", _("Réserves du titulaire")
    NO_CAPACITY = "no_capacity", _("Défaut de capacité du titulaire")
    NO_ANSWER = "no_answer", _("Titulaire sans réponse")
    LATE = "late", _("Délai dépassé")
    URGENT = "urgent", _("Urgence que le titulaire ne peut pas tenir")
    OTHER_CONTRACT = "other_contract", _("Relève d’un autre marché")
    DEFAULT = "default", _("Défaillance du titulaire")
    CORRECTED = "corrected", _("Commande corrigée, même entreprise")


class StopReason(models.TextChoices):
    """Why works that are done in part end there; what is done is certified."""

    SUPERSEDED = "superseded", _("Suite confiée à une autre entreprise")
    NO_ACCESS = "no_access", _("Logement inaccessible pour la suite")


class CancelReason(models.TextChoices):
    """Why an order is given up."""

    DUPLICATE = "duplicate", _("Doublon")
    WRONG_ADDRESS = "wrong_address", _("Mauvaise adresse")
    REPAIRED = "repaired", _("Réparé entre-temps")
    TENANT_CHARGE = "tenant_charge", _("À la charge du locataire")
    WARRANTY = "warranty", _("Garantie ou assurance")
    CONTRACTOR_CHANGE = "contractor_change", _("Changement d’entreprise")
    VACATED = "vacated", _("Logement libéré")
    TENANT_WISH = "tenant_wish", _("Souhait du locataire")
    DANGER = "danger", _("Danger")
    TYPING_ERROR = "typing_error", _("Erreur de saisie")


class Nature(models.TextChoices):
    """Natures of an order (orders/natures.py). One on call is its contractor's, never issued."""

    MAINTENANCE = "maintenance", _("Entretien courant")
    VACANT = "vacant", _("Logement vacant")
    COMMON_PARTS = "common_parts", _("Parties communes")
    ON_CALL = "on_call", _("Astreinte")
    CLAIM = "claim", _("Sinistre")
    BY_THE_HOUR = "by_the_hour", _("Régie (heures et fournitures)")
    OFF_CONTRACT = "off_contract", _("Hors marché")
    UPKEEP = "upkeep", _("Contrat d’entretien")
    COMPLETION = "completion", _("Garantie de parfait achèvement (GPA)")


SERVICED = (Nature.MAINTENANCE, Nature.ON_CALL, Nature.UPKEEP)


ISSUED_NATURES = [choice for choice in Nature.choices if choice[0] != Nature.ON_CALL]


class Priority(models.TextChoices):
    """How fast."""

    NORMAL = "normal", _("Normale")
    URGENT = "urgent", _("Urgente")


class Asbestos(models.TextChoices):
    """What the landlord declares about asbestos before works."""

    REPORT = "report", _("Rapport avant travaux (RAT) joint au dossier")
    NOT_CONCERNED = (
        "not_concerned",
        _("Non concerné : permis de construire après le 1er juillet 1997"),
    )
    NO_MATERIAL = "no_material", _("Exemption : l’intervention ne touche aucun matériau du bâti")
    URGENT = "urgent", _("Exemption : urgence, mesures de protection de l’entreprise")


class Hazard(models.TextChoices):
    """A danger to health or persons, with a clock of its own (orders/urgency.py)."""

    GAS = "gas", _("Gaz : odeur, fuite ou appareil dangereux")
    LIFT = "lift", _("Ascenseur à l’arrêt")
    DAMP = "damp", _("Humidité, infiltration")
    MOULD = "mould", _("Moisissures")


# Dangers that don't wait for opening hours, a gathered e-mail or a free window, whatever the
# priority that the author chose.
PRESSING_HAZARDS = (Hazard.GAS, Hazard.LIFT)


def presses(priority: str, nature: str, hazard: str) -> bool:
    """Tell whether somebody goes at once: urgent, on call, or a danger that doesn't wait."""
    urgent = priority == Priority.URGENT or nature == Nature.ON_CALL
    return urgent or hazard in PRESSING_HAZARDS


class AccessDuty(models.TextChoices):
    """Why an order must not be given up because nobody opens."""

    GAS = "gas", _("Visite obligatoire : gaz")
    ANNUAL = "annual", _("Visite obligatoire : entretien annuel")
    HAZARD = "hazard", _("Danger pour les personnes ou l’immeuble")


class AccessCode(models.TextChoices):
    """Closed list of access notes, chosen by the tenant or the clerk."""

    INTERCOM = "intercom", _("Interphone au nom du locataire")
    CARETAKER = "caretaker", _("Passer par la loge du gardien")
    CALL_FIRST = "call_first", _("Appeler en arrivant")
    DIGICODE = "digicode", _("Digicode")
    KEYS = "keys", _("Clés à retirer à l’agence")
    FREE = "free", _("Accès libre")
