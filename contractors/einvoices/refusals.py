"""Why a file is refused: an id of our own and a sentence for whoever sent it."""

from __future__ import annotations

from contractors.einvoices.results import Finding, Refusal

MAX_FILE = 20 * 1024 * 1024
MAX_XML = 10 * 1024 * 1024
MAX_DEPTH = 60
MAX_ELEMENTS = 300_000
MAX_ATTACHMENTS = 200

REASONS = {
    "NX-EMPTY": "Le fichier est vide.",
    "NX-SIZE": "Le fichier dépasse 20 Mo.",
    "NX-XML-SIZE": "Les données XML de la facture dépassent 10 Mo.",
    "NX-FORMAT": "Le fichier n’est ni un PDF ni un XML : ce n’est pas une facture électronique.",
    "NX-BROKEN-PDF": "Le PDF est incomplet ou abîmé : il ne peut pas être lu.",
    "NX-ENCRYPTED": "Le PDF est chiffré ou protégé : envoyez-le sans mot de passe ni restriction.",
    "NX-NO-XML": "Le PDF ne contient pas de facture électronique (factur-x.xml) :"
    " c’est un PDF simple.",
    "NX-SEVERAL-XML": "Le PDF contient plusieurs factures électroniques différentes :"
    " on ne peut pas savoir laquelle fait foi.",
    "NX-ATTACHMENTS": "Le PDF contient plus de 200 pièces jointes.",
    "NX-BROKEN-XML": "Le XML est mal formé",
    "NX-ENCODING": "L’encodage du XML n’est pas accepté : utilisez UTF-8.",
    "NX-DTD": "Le XML contient une DTD (DOCTYPE), interdite dans une facture :"
    " elle peut cacher des entités dangereuses.",
    "NX-DEPTH": "Le XML est imbriqué trop profondément.",
    "NX-ELEMENTS": "Le XML contient trop d’éléments.",
    "NX-ORDER": "C’est une commande (Order-X ou UBL), pas une facture.",
    "NX-ZUGFERD-1": "C’est une facture au format ZUGFeRD 1.0, abandonné : envoyez-la en Factur-X.",
    "NX-LIFECYCLE": "C’est un message de statut (CDAR), pas une facture.",
    "NX-NOT-A-STATUS": "Ce message de statut ne nomme ni statut ni facture.",
    "NX-SEVERAL-STATUSES": "Ce message de statut est de plusieurs factures : envoyez-en un par"
    " facture.",
    "NX-NOT-AN-INVOICE": "Le XML n’est ni une facture ni un avoir (CII ou UBL).",
    "NX-MEMORY": "La lecture du fichier demande trop de mémoire.",
    "NX-TIME": "La lecture du fichier prend trop de temps.",
    "NX-UNREADABLE": "Le fichier ne peut pas être lu.",
}


class Refused(Exception):
    """Reading stops here. rule: a key of REASONS; place: where in the file, if it is known."""

    def __init__(self, rule: str, place: str = "") -> None:
        super().__init__(rule)
        self.rule, self.place = rule, place


def refusal(rule: str, place: str = "") -> Refusal:
    """Put a reason into words."""
    words = REASONS[rule]
    return Refusal(Finding(rule, f"{words} ({place})." if place else f"{words.rstrip('.')}."))
