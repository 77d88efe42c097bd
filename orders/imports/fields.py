"""The columns that a file of orders may have."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.imports import cells
from nexxio.core.imports.places import PLACE_FIELDS
from nexxio.core.imports.registry import Field
from orders.imports.contract_clauses import yes_or_no
from orders.models import Contract, Trade
from orders.natures import VatReason
from orders.states import ISSUED_NATURES, AccessCode, Asbestos, Priority

LINE_FIELDS = frozenset({"price_code", "quantity", "unit_price"})
LONGEST_TITLE = 160


def trades(_landlord_id: UUID) -> list[tuple[str, str]]:
    """Return the trades as choices of a column."""
    return list(Trade.objects.values_list("code", "label"))


def contracts_of(landlord_id: UUID) -> list[tuple[str, str]]:
    """Return a landlord's contracts as choices."""
    found = Contract.objects.filter(landlord_id=landlord_id).select_related("contractor")
    return [
        (str(contract.pk), f"{contract} · {contract.contractor}")
        for contract in found.order_by("number")
    ]


def _of(choices: Any) -> Any:
    return lambda _landlord_id: [(value, str(label)) for value, label in choices.choices]


FIELDS = (
    Field(
        "external_number",
        _("Numéro de commande"),
        cells.code(40),
        required=True,
        synonyms=(
            "n° commande",
            "n° de commande",
            "numéro de bon",
            "n° bon de commande",
            "numéro erp",
            "n° erp",
            "bon",
            "n° de demande",
            "numéro de demande",
            "référence",
            "n° di",
            "ticket",
            "número de solicitud",
            "order number",
        ),
        help=_("Votre numéro : le même fichier envoyé deux fois ne change rien."),
    ),
    *PLACE_FIELDS,
    Field(
        "title",
        _("Objet"),
        cells.text(LONGEST_TITLE),
        synonyms=("intitulé", "titre", "libellé", "asunto"),
        help=_("Sans lui, le début de la description."),
    ),
    Field(
        "description",
        _("Description"),
        cells.long_text(4000),
        synonyms=(
            "description du problème",
            "problème",
            "commentaire",
            "travaux à réaliser",
            "descripción del problema",
        ),
    ),
    Field(
        "nature",
        _("Nature de commande"),
        cells.text(60),
        synonyms=("nature", "type de commande"),
        choices=lambda _landlord_id: [(code, str(label)) for code, label in ISSUED_NATURES],
        value_synonyms={"courant": "maintenance", "vacant": "vacant", "pc": "common_parts"},
        help=_("Sans elle, entretien courant."),
    ),
    Field(
        "priority",
        _("Priorité"),
        cells.text(60),
        synonyms=("urgence", "degré d’urgence", "prioridad"),
        choices=_of(Priority),
        value_synonyms={
            "oui": "urgent",
            "non": "normal",
            "p1": "urgent",
            "p2": "normal",
            "p3": "normal",
            "haute": "urgent",
            "basse": "normal",
        },
        help=_("Sans elle, normale."),
    ),
    Field(
        "trade",
        _("Corps d’état"),
        cells.text(80),
        synonyms=("métier", "corps de métier", "lot technique", "spécialité"),
        choices=trades,
    ),
    Field(
        "contract",
        _("Marché"),
        cells.text(160),
        synonyms=("n° marché", "numéro de marché", "contrat", "entreprise", "prestataire"),
        choices=contracts_of,
        help=_("Sans lui, le seul en vigueur pour le corps d’état, s’il n’y en a qu’un."),
    ),
    Field(
        "price_code",
        _("Article du bordereau"),
        cells.text(20),
        synonyms=("code article", "article", "code bpu", "bpu", "code prix", "prestation"),
        help=_("Son code au bordereau du marché. Plusieurs lignes de suite : plusieurs articles."),
    ),
    Field(
        "quantity",
        _("Quantité"),
        cells.positive,
        synonyms=("qté", "qte", "nombre"),
        help=_("Sans elle, 1."),
    ),
    Field(
        "unit_price",
        _("Prix unitaire HT"),
        cells.amount,
        synonyms=("pu ht", "prix unitaire", "pu", "prix"),
        help=_("Contrôlé : il doit être celui du bordereau."),
    ),
    Field(
        "target_date",
        _("À faire avant le"),
        cells.day,
        synonyms=(
            "date limite",
            "date souhaitée",
            "échéance",
            "date d’échéance",
            "délai",
            "pour le",
        ),
    ),
    Field(
        "requested_on",
        _("Date de la demande"),
        cells.day,
        synonyms=("date de création", "date", "créée le", "date commande", "fecha de creación"),
        help=_("Elle date la ligne « a préparé la commande » de l’historique."),
    ),
    Field(
        "contact_name",
        _("Personne à demander"),
        cells.text(120),
        synonyms=("locataire", "nom du locataire", "contact", "nom", "nombre completo"),
        help=_("Sans elle, le locataire qui occupe le logement."),
    ),
    Field(
        "phone",
        _("Téléphone"),
        cells.phone,
        synonyms=("tél", "tel", "portable", "mobile", "téléphone locataire", "teléfono"),
    ),
    Field(
        "second_phone",
        _("Second téléphone"),
        cells.phone,
        synonyms=("téléphone 2", "autre téléphone", "téléphone fixe"),
    ),
    Field("email", _("Adresse e-mail"), cells.email, synonyms=("e-mail", "mail", "courriel")),
    Field(
        "entrance", _("Entrée ou escalier"), cells.text(40), synonyms=("escalier", "entrée", "hall")
    ),
    Field("floor", _("Étage"), cells.text(20), synonyms=("niveau", "planta")),
    Field("door", _("Porte"), cells.text(40), synonyms=("n° porte", "puerta")),
    Field(
        "access",
        _("Accès"),
        cells.text(80),
        synonyms=("comment entrer", "modalités d’accès"),
        choices=_of(AccessCode),
    ),
    Field(
        "access_code",
        _("Code d’accès"),
        cells.text(120),
        synonyms=("digicode", "code porte", "code immeuble"),
    ),
    Field("asbestos", _("Amiante"), cells.text(120), choices=_of(Asbestos), synonyms=("rat",)),
    Field("asbestos_measures", _("Mesures amiante"), cells.text(300)),
    Field(
        "commitment_number",
        _("Numéro d’engagement"),
        cells.code(40),
        synonyms=("engagement", "n° engagement", "ej"),
    ),
    Field("service_code", _("Code service"), cells.code(40), synonyms=("service",)),
    Field(
        "target_note",
        _("Pourquoi cette date"),
        cells.text(200),
        help=_("Seulement si elle dépasse le délai du marché, ou le devance."),
    ),
    Field(
        "vat_reason",
        _("Taux de TVA et son motif"),
        cells.text(120),
        choices=_of(VatReason),
        value_synonyms={"20": "normal", "10": "improvement", "5.5": "energy", "5,5": "energy"},
        synonyms=("tva", "taux de tva", "motif de tva"),
    ),
    yes_or_no("vat_certified", _("Mention du taux réduit"), ("mention tva",)),
)
LABELS = {field.code: str(field.label) for field in FIELDS} | {
    "trade_code": _("Corps d’état"),
    "contract_id": _("Marché"),
    "unit_id": _("Logement"),
    "lines": _("Lignes de prix"),
}
