"""What happens in the demo world: each story is one order, told by the real services."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One order. days_ago: when it was issued. reach: how far it went (see teller.py).

    agency: whose residence it is for; empty is any.
    """

    landlord: str
    trade: str
    title: str
    text: str
    lines: tuple[tuple[str, str], ...]
    days_ago: int
    reach: str
    priority: str = "normal"
    nature: str = "maintenance"
    agency: str = ""


STORIES = (
    Story(
        "rivp",
        "plomberie",
        "Mitigeur de douche grippé",
        "Le mitigeur ne tourne plus que d’un côté, l’eau reste tiède.",
        (("PLB-010", "1"), ("PLB-020", "1")),
        2,
        "held",
    ),
    Story(
        "rivp",
        "plomberie",
        "Ballon d’eau chaude à réparer",
        "Le ballon goutte en permanence, la locataire met une bassine dessous.",
        (("PLB-010", "1"), ("PLB-070", "1")),
        3,
        "variation",
    ),
    Story(
        "rivp",
        "plomberie",
        "Vanne d’arrêt bloquée",
        "La vanne d’arrêt de la salle de bain ne ferme plus.",
        (("PLB-010", "1"),),
        4,
        "regularisation",
    ),
    Story(
        "rivp",
        "plomberie",
        "Fuite sous l’évier",
        "L’eau coule sous l’évier de la cuisine depuis hier soir. Un seau est en place,"
        " le meuble commence à gonfler.",
        (("PLB-010", "1"), ("PLB-020", "1")),
        1,
        "confirmed_today",
        "urgent",
    ),
    Story(
        "rivp",
        "plomberie",
        "Chasse d’eau qui coule sans arrêt",
        "La chasse d’eau des toilettes coule en continu, la locataire ferme l’arrêt la nuit.",
        (("PLB-030", "1"),),
        2,
        "accepted",
    ),
    Story(
        "rivp",
        "plomberie",
        "Évacuation de la douche bouchée",
        "L’eau stagne dans le bac de douche et remonte par la bonde après dix minutes.",
        (("PLB-040", "1"),),
        0,
        "issued",
    ),
    Story(
        "rivp",
        "plomberie",
        "Plus d’eau chaude",
        "Le ballon d’eau chaude de l’appartement fuit par le groupe de sécurité.",
        (("PLB-010", "1"), ("PLB-070", "1")),
        4,
        "returned",
        "urgent",
    ),
    Story(
        "rivp",
        "electricite",
        "Interphone muet",
        "L’interphone ne sonne plus dans le logement, les visiteurs restent dehors.",
        (("ELE-010", "1"), ("ELE-040", "1")),
        6,
        "done",
    ),
    Story(
        "rivp",
        "electricite",
        "Prise arrachée dans le séjour",
        "Une prise de courant est sortie du mur, fils visibles. Un enfant de trois ans au foyer.",
        (("ELE-020", "1"),),
        1,
        "proposed",
        "urgent",
    ),
    Story(
        "rivp",
        "electricite",
        "Palier du 2e sans lumière",
        "Le point lumineux du palier ne s’allume plus, signalé par le gardien.",
        (("ELE-050", "2"),),
        3,
        "confirmed_tomorrow",
        nature="common_parts",
    ),
    Story(
        "rivp",
        "serrurerie",
        "Serrure qui accroche",
        "La clé tourne mal et reste bloquée une fois sur deux, surtout le soir.",
        (("SER-020", "1"),),
        9,
        "no_access",
    ),
    Story(
        "rivp",
        "electricite",
        "Volet roulant bloqué en bas",
        "Le volet de la chambre ne remonte plus, le moteur ronfle sans tourner.",
        (("ELE-010", "1"),),
        16,
        "no_access_twice",
    ),
    Story(
        "rivp",
        "serrurerie",
        "Porte palière qui ne ferme plus",
        "La porte frotte au sol et ne se ferme qu’en la soulevant.",
        (("SER-030", "1"),),
        0,
        "draft",
    ),
    Story(
        "paris-habitat",
        "plomberie",
        "Robinet de cuisine qui goutte",
        "Le mitigeur de l’évier goutte jour et nuit malgré un premier resserrage.",
        (("PLB-050", "1"),),
        3,
        "confirmed_today",
    ),
    Story(
        "paris-habitat",
        "plomberie",
        "Fuite au plafond de la salle de bains",
        "Une tache s’élargit au plafond de la salle de bains, l’eau vient de l’étage au-dessus.",
        (("PLB-010", "1"), ("PLB-060", "2.5")),
        2,
        "issued",
        "urgent",
    ),
    Story(
        "paris-habitat",
        "electricite",
        "Disjoncteur qui saute",
        "Le disjoncteur saute dès que le four et la plaque fonctionnent ensemble.",
        (("ELE-010", "1"), ("ELE-030", "1")),
        12,
        "partly_done",
    ),
    Story(
        "paris-habitat",
        "electricite",
        "Plus de courant dans une chambre",
        "Aucune prise ni lumière dans la chambre du fond depuis dimanche.",
        (("ELE-010", "1"),),
        5,
        "declined",
    ),
    Story(
        "elogie-siemp",
        "plomberie",
        "Siphon de lavabo fendu",
        "Le siphon du lavabo est fendu, l’eau coule dans le placard.",
        (("PLB-010", "1"), ("PLB-020", "1")),
        8,
        "done",
    ),
    Story(
        "elogie-siemp",
        "plomberie",
        "Pression très faible à la douche",
        "Un mince filet d’eau à la douche, pression normale à l’évier.",
        (("PLB-010", "1"),),
        1,
        "accepted",
    ),
    Story(
        "elogie-siemp",
        "serrurerie",
        "Clé cassée dans la serrure",
        "La clé s’est cassée dans le cylindre, le locataire est logé chez un voisin.",
        (("SER-010", "1"), ("SER-020", "1")),
        20,
        "cancelled",
        "urgent",
    ),
    Story(
        "rivp",
        "plomberie",
        "Robinet d’arrêt bloqué",
        "Le robinet d’arrêt sous l’évier ne ferme plus, impossible d’isoler la cuisine.",
        (("PLB-010", "1"), ("PLB-020", "1")),
        18,
        "invoiced",
    ),
    Story(
        "elogie-siemp",
        "electricite",
        "Prises de la cuisine sans courant",
        "Trois prises de la cuisine ne donnent plus de courant, le réfrigérateur est à l’arrêt.",
        (("ELE-010", "1"), ("ELE-020", "3")),
        75,
        "invoice_approved",
    ),
    Story(
        "paris-habitat",
        "serrurerie",
        "Cylindre à remplacer",
        "La clé casse dans le cylindre, la locataire n’ouvre plus que par l’intérieur.",
        (("SER-020", "1"),),
        6,
        "invoice_to_file",
    ),
    Story(
        "rivp",
        "plomberie",
        "Mitigeur de douche qui goutte",
        "Le mitigeur de la douche goutte même fermé à fond. Rien ne presse, l’eau va à la bonde.",
        (("PLB-010", "1"),),
        1,
        "confirmed_later",
    ),
)
