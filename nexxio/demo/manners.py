"""How the demo world's houses behave over a year, and what is ordered there.

Invented, and the only cause of what boards and scores of the year show: every number there comes
from events that these manners led to.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LandlordManner:
    """signs, approves, pays: days, from and to. complete: share of orders that leave complete.

    opinion, staff: marks (1 to 5) that its contractors, and its own people, tend to give. refuses:
    share of certificates; suspends, disputes: shares of invoices.
    """

    signs: tuple[int, int]
    approves: tuple[int, int]
    pays: tuple[int, int]
    complete: float
    opinion: float
    staff: float
    refuses: float
    suspends: float
    disputes: float


LANDLORDS = {
    "rivp": LandlordManner((1, 6), (2, 8), (10, 38), 0.94, 4.1, 3.8, 0.04, 0.05, 0.05),
    "paris-habitat": LandlordManner((6, 24), (4, 16), (10, 30), 0.82, 3.1, 3.2, 0.12, 0.1, 0.1),
    "elogie-siemp": LandlordManner((2, 12), (3, 10), (15, 45), 0.9, 3.7, 3.6, 0.06, 0.1, 0.05),
}


@dataclass(frozen=True)
class Pace:
    """How many orders a working day brings, until so many days before the end of the year.

    there: in the perimeter whose roll-out is measured (HEART); elsewhere: everywhere else.
    """

    until: int
    elsewhere: float
    there: float = 0.0


HEART = ("rivp", "Agence Est", "plomberie")
"""The landlord, agency and trade whose roll-out is measured: it needs its thirty cases a cell."""
PACES = {
    "rivp": (Pace(270, 0.15), Pace(185, 0.55, 0.58), Pace(0, 0.3, 0.24)),
    "paris-habitat": (Pace(0, 0.065),),
    "elogie-siemp": (Pace(0, 0.065),),
}
LIVE = LandlordManner((1, 3), (1, 4), (8, 18), 0.97, 4.3, 3.8, 0.03, 0.03, 0.02)
LIVE_MISSES = 0.2
"""What going live changes there: all is signed and paid sooner, and so many times as often an
appointment is missed, because the technician has his day on his telephone."""


@dataclass(frozen=True)
class CompanyManner:
    """plans: days to the appointment. fixed: share settled at the first visit. opinion: mark that
    landlords and tenants tend to give at the year's beginning; gains: what a year adds to it.
    staff: mark that its own people tend to give. misses: share of first appointments to which it
    doesn't come. finds_more: share of works that take more than was ordered.
    """

    plans: tuple[int, int]
    fixed: float
    opinion: float
    gains: float
    staff: float
    misses: float
    finds_more: float


COMPANIES = {
    "plomberie-lutece": CompanyManner((1, 5), 0.88, 4.1, 0.4, 4.0, 0.15, 0.1),
    "electricite-menil": CompanyManner((2, 8), 0.86, 3.7, 0.3, 3.6, 0.06, 0.1),
    "serrurerie-est": CompanyManner((1, 9), 0.78, 3.2, 0.6, 3.3, 0.1, 0.08),
    "menuiserie-belleville": CompanyManner((2, 7), 0.84, 3.8, 0.2, 3.7, 0.08, 0.06),
}

# What is found on site: label, unit, quantity and unit price of a line, and what is said of it.
EXTRAS: dict[str, tuple[tuple[tuple[str, str, str, str], str], ...]] = {
    "plomberie": (
        (
            ("Remplacement d’un robinet d’arrêt grippé", "u", "2", "58.00"),
            "Les robinets d’arrêt ne ferment plus : la pièce neuve ne pourrait pas être isolée.",
        ),
        (
            ("Remplacement d’un flexible d’alimentation", "u", "2", "41.00"),
            "Les flexibles sont craquelés et datent de la pose de l’évier.",
        ),
    ),
    "electricite": (
        (
            ("Reprise d’un boîtier d’encastrement", "u", "3", "39.00"),
            "Les boîtiers sont brûlés derrière les prises.",
        ),
    ),
    "serrurerie": (
        (
            ("Remplacement d’une paumelle", "u", "2", "47.00"),
            "Deux paumelles sont fendues, la porte redescendra.",
        ),
    ),
    "menuiserie": (
        (
            ("Remplacement d’un vitrage fêlé", "u", "1", "112.00"),
            "Le vitrage est fêlé dans l’angle : il casserait au réglage de l’ouvrant.",
        ),
    ),
}

# Title, what the tenant says, code and quantity of the lines, what the technician reports.
WORKS: dict[str, tuple[tuple[str, str, tuple[tuple[str, str], ...], str], ...]] = {
    "plomberie": (
        (
            "Siphon d’évier qui fuit",
            "L’eau goutte sous l’évier dès que le bac se vide.",
            (("PLB-010", "1"), ("PLB-020", "1")),
            "Siphon remplacé, essai d’écoulement fait devant l’occupant.",
        ),
        (
            "Chasse d’eau bloquée",
            "La chasse d’eau ne se remplit plus, la locataire verse des seaux.",
            (("PLB-030", "1"),),
            "Mécanisme remplacé et réglé, consommation d’eau expliquée.",
        ),
        (
            "Évier bouché",
            "L’évier ne se vide plus malgré un premier nettoyage du siphon.",
            (("PLB-040", "1"),),
            "Évacuation débouchée au furet sur six mètres, écoulement normal.",
        ),
        (
            "Mitigeur de cuisine à remplacer",
            "Le mitigeur tourne sur lui-même et fuit par le pied.",
            (("PLB-050", "1"),),
            "Mitigeur remplacé, joints vérifiés.",
        ),
        (
            "Tuyau percé dans la salle de bains",
            "Un tuyau de cuivre suinte derrière le lavabo.",
            (("PLB-010", "1"), ("PLB-060", "1.5")),
            "Un mètre et demi de cuivre repris, réseau remis en eau.",
        ),
        (
            "Plus d’eau chaude",
            "Le ballon fuit par le groupe de sécurité, l’eau est froide depuis hier.",
            (("PLB-010", "1"), ("PLB-070", "1")),
            "Groupe de sécurité remplacé, température vérifiée.",
        ),
    ),
    "electricite": (
        (
            "Prise qui chauffe",
            "La prise de la cuisine chauffe dès que le four est en marche.",
            (("ELE-010", "1"), ("ELE-020", "1")),
            "Prise et raccordement remplacés, serrage contrôlé.",
        ),
        (
            "Disjoncteur qui saute la nuit",
            "Le différentiel saute vers trois heures du matin, sans appareil en marche.",
            (("ELE-010", "1"), ("ELE-030", "1")),
            "Différentiel remplacé, isolement mesuré.",
        ),
        (
            "Interphone hors service",
            "Le combiné ne sonne plus, la gâche ne s’ouvre pas.",
            (("ELE-040", "1"),),
            "Combiné remplacé, essai fait depuis la rue.",
        ),
        (
            "Deux prises sans courant",
            "Deux prises du séjour ne donnent plus rien depuis dimanche.",
            (("ELE-010", "1"), ("ELE-020", "2")),
            "Deux prises remplacées, circuit contrôlé.",
        ),
    ),
    "serrurerie": (
        (
            "Cylindre usé",
            "La clé accroche et ressort mal, surtout le soir.",
            (("SER-020", "1"),),
            "Cylindre remplacé, trois clés remises à l’occupant.",
        ),
        (
            "Porte palière qui frotte",
            "La porte frotte au sol, il faut la soulever pour fermer.",
            (("SER-030", "1"),),
            "Porte réglée, gâche reprise.",
        ),
        (
            "Porte claquée, serrure forcée",
            "La porte a claqué clé à l’intérieur, la serrure a été forcée pour ouvrir.",
            (("SER-010", "1"), ("SER-020", "1")),
            "Porte ouverte, cylindre remplacé.",
        ),
    ),
    "menuiserie": (
        (
            "Fenêtre qui ne ferme plus",
            "La fenêtre de la chambre reste entrouverte, l’air passe.",
            (("MEN-010", "1"), ("MEN-030", "4")),
            "Ouvrant réglé, joints remplacés, fermeture essayée devant l’occupant.",
        ),
        (
            "Poignée de fenêtre cassée",
            "La poignée tourne dans le vide, la fenêtre ne s’ouvre plus.",
            (("MEN-020", "1"),),
            "Crémone et poignée remplacées, ouvrant réglé.",
        ),
        (
            "Sangle de volet rompue",
            "Le volet du séjour est tombé, la sangle a cassé.",
            (("MEN-040", "1"),),
            "Sangle remplacée, volet essayé en montée et en descente.",
        ),
    ),
}

PRAISE = (
    "Technicien à l’heure, propre et poli.",
    "Réglé en une visite, merci.",
    "J’ai pu suivre sur mon téléphone, c’est rassurant.",
    "Très bien expliqué, il a laissé la cuisine propre.",
)
BLAME = (
    "Il a fallu attendre trop longtemps.",
    "Personne ne m’a prévenue du retard.",
    "Le problème est revenu deux jours après.",
    "Passé très vite, sans explication.",
)
