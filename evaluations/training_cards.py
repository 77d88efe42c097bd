"""Short cards at the moment of need: what they say, to whom, on which page. Data, with versions.

A card that says something else gets the next version, and is shown again. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Role, Side

TIMES = 3
"""On so many days a card is shown, unless « C’est compris » was tapped before."""
FEWEST = 3
"""Of fewer persons nothing is counted."""

_DESK = frozenset({Role.MANAGER, Role.CLERK})
_FIELD = frozenset({Role.TECHNICIAN})


class Needs(StrEnum):
    """What must be so of the page's row for a card to be of use there."""

    NOTHING = ""
    ORDER_RETURNED = "order_returned"
    ORDER_ISSUED = "order_issued"
    INVOICE_BLOCKED = "invoice_blocked"
    VARIATION_ASKED = "variation_asked"
    VISIT_ON_SITE = "visit_on_site"


@dataclass(frozen=True)
class Card:
    """One card. departments: whose it is, all when empty; places: views, with their act after "#".

    lines: at most three, each one thing to do or to know.
    """

    code: str
    side: Side
    roles: frozenset[Role]
    moment: Any
    title: Any
    lines: tuple[Any, ...]
    places: tuple[str, ...]
    needs: Needs = Needs.NOTHING
    departments: frozenset[str] = frozenset()
    version: int = 1

    def is_for(self, side: str, roles: Iterable[str], department: str) -> bool:
        """Tell whether it is of somebody's role."""
        return (
            side == self.side
            and bool(self.roles & set(roles))
            and (not self.departments or department in self.departments)
        )


CARDS: tuple[Card, ...] = (
    Card(
        code="issue",
        side=Side.LANDLORD,
        roles=_DESK,
        departments=frozenset({"patrimoine", "marches", "proximite", "relation", "exploitation"}),
        moment=_("Votre première commande"),
        title=_("Une commande complète évite un aller-retour"),
        lines=(
            _("Téléphone, accès, description, lignes de prix : la jauge dit ce qui manque."),
            _("Le téléphone du locataire reste masqué jusqu’à l’acceptation de l’entreprise."),
            _("Au-dessus de votre plafond, la commande part en validation : rien n’est perdu."),
        ),
        places=("orders:landlord_new", "orders:landlord_edit"),
    ),
    Card(
        code="returned",
        side=Side.LANDLORD,
        roles=_DESK,
        departments=frozenset({"patrimoine", "marches", "proximite", "relation", "exploitation"}),
        moment=_("Votre première commande renvoyée"),
        title=_("Renvoyée à compléter : ce n’est pas un refus"),
        lines=(
            _("L’entreprise a coché ce qui lui manque pour intervenir."),
            _("Complétez, puis transmettez à nouveau : l’entreprise est prévenue aussitôt."),
            _("Un doute ? Écrivez-lui en bas de la commande, la réponse y reste."),
        ),
        places=("orders:landlord_detail",),
        needs=Needs.ORDER_RETURNED,
    ),
    Card(
        code="variation",
        side=Side.LANDLORD,
        roles=_DESK,
        departments=frozenset({"patrimoine", "marches", "proximite", "relation", "exploitation"}),
        moment=_("Votre premier devis complémentaire"),
        title=_("Le technicien attend peut-être votre réponse sur place"),
        lines=(
            _("Lisez la photo du constat et les lignes de prix, puis accordez ou refusez."),
            _("Vous pouvez n’accorder qu’une partie, avec un motif."),
            _("Votre plafond est trop bas ? Transmettez à la personne proposée."),
        ),
        places=("orders:landlord_variation",),
        needs=Needs.VARIATION_ASKED,
    ),
    Card(
        code="blocked",
        side=Side.LANDLORD,
        roles=_DESK | {Role.READER},  # who keeps accounts may only read
        departments=frozenset({"comptabilite"}),
        moment=_("Votre première facture bloquée"),
        title=_("Chaque blocage a une cause, un service et un délai"),
        lines=(
            _("La cause dit quel service peut la lever : il est prévenu sans que vous relanciez."),
            _("Le délai légal de paiement continue, sauf suspension notifiée à l’entreprise."),
            _("La plupart des causes se lèvent seules, dès que le fait attendu est enregistré."),
        ),
        places=("contractors:landlord_invoice",),
        needs=Needs.INVOICE_BLOCKED,
    ),
    Card(
        code="sign",
        side=Side.LANDLORD,
        roles=_DESK,
        departments=frozenset({"patrimoine", "marches", "proximite", "relation", "exploitation"}),
        moment=_("Votre première signature au parapheur"),
        title=_("Signer le constat permet de payer"),
        lines=(
            _("Vérifiez les photos avant et après, les quantités et l’avis du locataire."),
            _("Un défaut ? Signez avec réserves ou pour une quantité moindre, avec un mot."),
            _("« Signer en série » vous mène d’un constat à l’autre sans revenir à la liste."),
        ),
        places=(
            "orders:landlord_parapheur",
            "orders:landlord_series",
            "orders:landlord_certificate",
        ),
    ),
    Card(
        code="accept",
        side=Side.CONTRACTOR,
        roles=_DESK,
        moment=_("Votre première commande reçue"),
        title=_("Accepter ouvre les coordonnées du locataire"),
        lines=(
            _("Relisez l’objet, le délai et les lignes de prix, puis acceptez."),
            _("Le téléphone et les accès s’affichent aussitôt ; proposez un rendez-vous."),
            _("Il manque quelque chose ? Renvoyez-la à compléter plutôt que d’appeler."),
        ),
        places=("orders:contractor_detail",),
        needs=Needs.ORDER_ISSUED,
    ),
    Card(
        code="return",
        side=Side.CONTRACTOR,
        roles=_DESK,
        moment=_("Votre premier renvoi"),
        title=_("Renvoyer à compléter vous protège"),
        lines=(
            _("Cochez précisément ce qui manque : le bailleur sait quoi corriger."),
            _("L’historique garde depuis quand vous attendez sa réponse."),
            _("Vous n’êtes pas le bon titulaire ? Utilisez plutôt les réserves."),
        ),
        places=("orders:contractor_act#renvoyer",),
    ),
    Card(
        code="invoice",
        side=Side.CONTRACTOR,
        roles=_DESK,
        moment=_("Quand vous facturez"),
        title=_("Une facture préparée ici part sans blocage évitable"),
        lines=(
            _("Ses lignes sont celles de la commande et des devis accordés, comme constaté."),
            _("Avant l’envoi, la page dit ce qui la retiendrait et chez qui."),
            _("Le délai légal part du dépôt ; pour un OPH, du dépôt sur Chorus Pro."),
        ),
        version=2,
        places=("contractors:contractor_prepare", "contractors:contractor_send_invoice"),
    ),
    Card(
        code="visit",
        side=Side.CONTRACTOR,
        roles=_FIELD,
        moment=_("Votre premier passage"),
        title=_("Trois gestes par passage"),
        lines=(
            _("« En route » prévient le locataire, « Sur place » note votre heure d’arrivée."),
            _("Lisez l’accès et les précautions avant de sonner."),
            _("Sans réseau, continuez : tout part dès que le téléphone se reconnecte."),
        ),
        places=("orders:field_day", "orders:field_visit"),
    ),
    Card(
        code="photo",
        side=Side.CONTRACTOR,
        roles=_FIELD,
        moment=_("Votre première photo"),
        title=_("Une photo avant, une photo après"),
        lines=(
            _("Cadrez l’ouvrage, jamais une personne ni un document."),
            _("La position et le modèle du téléphone sont retirés de l’image."),
            _("Elles font signer le constat plus vite : c’est ce qui fait payer la facture."),
        ),
        places=("orders:field_visit",),
        needs=Needs.VISIT_ON_SITE,
    ),
    Card(
        code="no_access",
        side=Side.CONTRACTOR,
        roles=_FIELD,
        moment=_("Votre premier logement fermé"),
        title=_("Personne n’ouvre : faites-le constater"),
        lines=(
            _("Attendez le temps prévu, sonnez, appelez le locataire depuis la page."),
            _("Photographiez la porte ou le palier, sans nom lisible."),
            _("« Personne n’ouvre » prouve le déplacement et prévient le locataire."),
        ),
        places=("orders:field_act#personne", "orders:field_visit"),
        needs=Needs.VISIT_ON_SITE,
    ),
)


def cards_for(side: str, roles: Iterable[str], department: str) -> list[Card]:
    """Return the cards of somebody's role, in the order of a first day."""
    found = list(roles)
    return [card for card in CARDS if card.is_for(side, found, department)]


def cards_at(place: str, cards: Iterable[Card]) -> Iterator[Card]:
    """Yield those of some cards that are of use on a page."""
    return (card for card in cards if place in card.places)


def is_read(days: int, *, understood: bool) -> bool:
    """Tell whether a card was seen often enough, or put away."""
    return understood or days >= TIMES
