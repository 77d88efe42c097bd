"""Who lives in the demo world. Landlords are real names on real addresses; people are invented."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nexxio.core.actors import Role

PASSWORD = "nexxio-demo-2026"  # noqa: S105 (printed to everybody who starts the demo)

MANAGER, CLERK, READER, TECHNICIAN = Role.MANAGER, Role.CLERK, Role.READER, Role.TECHNICIAN


@dataclass(frozen=True)
class Person:
    """A member of one or several organisations."""

    first: str
    last: str
    email: str
    job: str
    places: tuple[tuple[str, str, tuple[Role, ...]], ...]
    limit: Decimal | None = None


@dataclass(frozen=True)
class Org:
    """A landlord or contractor."""

    slug: str
    name: str
    kind: str
    form: str
    phone: str
    colour: str = ""
    aliases: tuple[str, ...] = ()


LANDLORDS = (
    Org("rivp", "RIVP", "landlord", "sem", "+33140770000", "#b3261e"),
    Org("paris-habitat", "Paris Habitat", "landlord", "oph", "+33171370000", "#0b5a68"),
    Org(
        "elogie-siemp",
        "Elogie Siemp",
        "landlord",
        "esh",
        "+33140470000",
        "#523a8c",
        ("ELOGIE-SIEMP",),
    ),
)
SECTORS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "rivp": (
        ("Agence Est", "Secteur 11e, 12e et 20e", ("75011", "75012", "75020")),
        ("Agence Est", "Secteur 19e", ("75019",)),
        ("Agence Sud", "Secteur 13e", ("75013",)),
        ("Agence Sud", "Secteur 14e et 15e", ("75014", "75015")),
        ("Agence Nord-Ouest", "Secteur 16e, 17e et 18e", ("75016", "75017", "75018")),
    ),
    "paris-habitat": (
        ("Direction Nord-Est", "Secteur 19e et 20e", ("75019", "75020")),
        ("Direction Sud", "Secteur 13e, 14e et 15e", ("75013", "75014", "75015")),
    ),
    "elogie-siemp": (
        ("Agence Rive droite", "Secteur 10e, 11e et 20e", ("75010", "75011", "75020")),
        ("Agence Rive gauche", "Secteur 13e et 15e", ("75013", "75015")),
    ),
}
"""Agency, sector and its postcodes, by landlord; the other residences wait for a sector."""
IN_SECTOR = {"Samir": ("rivp", "Secteur 11e, 12e et 20e")}
"""Who looks after one sector; all others have the whole estate."""

CONTRACTORS = (
    Org("plomberie-lutece", "Plomberie Lutèce", "contractor", "company", "+33143550101"),
    Org("electricite-menil", "Électricité Ménilmontant", "contractor", "company", "+33143660202"),
    Org("serrurerie-est", "Serrurerie de l’Est", "contractor", "company", "+33143770303"),
    Org("menuiserie-belleville", "Menuiserie Belleville", "contractor", "company", "+33143880404"),
)

PEOPLE = (
    Person(
        "Claire",
        "Morel",
        "claire.morel@rivp.example",
        "responsable patrimoine, RIVP",
        (("rivp", "patrimoine", (MANAGER,)),),
    ),
    Person(
        "Samir",
        "Benali",
        "samir.benali@rivp.example",
        "chargé de proximité, RIVP (limite 500 € HT)",
        (("rivp", "proximite", (CLERK,)),),
        Decimal("500.00"),
    ),
    Person(
        "Inès",
        "Carpentier",
        "ines.carpentier@rivp.example",
        "comptable, RIVP (lecture)",
        (("rivp", "comptabilite", (READER,)),),
    ),
    Person(
        "Julien",
        "Faure",
        "julien.faure@paris-habitat.example",
        "responsable de secteur, Paris Habitat",
        (("paris-habitat", "patrimoine", (MANAGER,)),),
    ),
    Person(
        "Nadia",
        "Petit",
        "nadia.petit@elogie-siemp.example",
        "responsable technique, Elogie Siemp",
        (("elogie-siemp", "patrimoine", (MANAGER,)),),
    ),
    Person(
        "Hélène",
        "Garnier",
        "helene.garnier@plomberie-lutece.example",
        "gérante, Plomberie Lutèce et Serrurerie de l’Est (deux espaces)",
        (
            ("plomberie-lutece", "exploitation", (MANAGER,)),
            ("serrurerie-est", "exploitation", (MANAGER,)),
        ),
    ),
    Person(
        "Sonia",
        "Mercier",
        "sonia.mercier@plomberie-lutece.example",
        "assistante d’exploitation, Plomberie Lutèce",
        (("plomberie-lutece", "exploitation", (CLERK,)),),
    ),
    Person(
        "Karim",
        "Haddad",
        "karim.haddad@plomberie-lutece.example",
        "technicien, Plomberie Lutèce",
        (("plomberie-lutece", "terrain", (TECHNICIAN,)),),
    ),
    Person(
        "Lucas",
        "Renard",
        "lucas.renard@plomberie-lutece.example",
        "technicien, Plomberie Lutèce",
        (("plomberie-lutece", "terrain", (TECHNICIAN,)),),
    ),
    Person(
        "Paul",
        "Vasseur",
        "paul.vasseur@electricite-menil.example",
        "conducteur de travaux, Électricité Ménilmontant",
        (("electricite-menil", "exploitation", (MANAGER,)),),
    ),
    Person(
        "Yves",
        "Tanguy",
        "yves.tanguy@electricite-menil.example",
        "assistant d’exploitation, Électricité Ménilmontant",
        (("electricite-menil", "exploitation", (CLERK,)),),
    ),
    Person(
        "Awa",
        "Diop",
        "awa.diop@electricite-menil.example",
        "technicienne, Électricité Ménilmontant",
        (("electricite-menil", "terrain", (TECHNICIAN,)),),
    ),
    Person(
        "Chloé",
        "Barbier",
        "chloe.barbier@serrurerie-est.example",
        "assistante d’exploitation, Serrurerie de l’Est",
        (("serrurerie-est", "exploitation", (CLERK,)),),
    ),
    Person(
        "Marc",
        "Tessier",
        "marc.tessier@serrurerie-est.example",
        "technicien, Serrurerie de l’Est",
        (("serrurerie-est", "terrain", (TECHNICIAN,)),),
    ),
)
COLLEAGUES: dict[str, tuple[tuple[str, str, str, Role], ...]] = {
    "rivp": (
        ("Bruno", "Leclerc", "patrimoine", CLERK),
        ("Farida", "Mansouri", "patrimoine", READER),
        ("Élodie", "Vidal", "marches", CLERK),
        ("Gilles", "Fontaine", "marches", READER),
        ("Aïssatou", "Ba", "proximite", CLERK),
        ("Damien", "Robin", "proximite", CLERK),
        ("Mireille", "Payet", "proximite", READER),
        ("Sandrine", "Colin", "relation", READER),
        ("Thomas", "Nguyen", "relation", READER),
        ("Odile", "Perrot", "comptabilite", READER),
    ),
    "plomberie-lutece": (
        ("Rachid", "Amrani", "terrain", TECHNICIAN),
        ("Julie", "Caron", "terrain", TECHNICIAN),
        ("Manuel", "Da Silva", "terrain", TECHNICIAN),
        ("Corinne", "Besson", "exploitation", READER),
        ("Denis", "Huet", "exploitation", READER),
        ("Léa", "Marty", "exploitation", CLERK),
        ("Patrick", "Le Gall", "exploitation", READER),
        ("Sylvie", "Renaud", "comptabilite", READER),
        ("Walid", "Saïdi", "comptabilite", READER),
    ),
    "electricite-menil": (("Nadège", "Roy", "exploitation", CLERK),),
    "serrurerie-est": (("Hugo", "Lemaire", "exploitation", CLERK),),
    "menuiserie-belleville": (
        ("Irène", "Kowalski", "exploitation", MANAGER),
        ("Théo", "Barre", "exploitation", CLERK),
        ("Maud", "Sellier", "exploitation", CLERK),
        ("Joaquim", "Matos", "terrain", TECHNICIAN),
    ),
}
"""Others of the houses: thirteen of two, so that enough of their people can say what they think of
them, and three at each company's desk, so that what companies say of a landlord can be told. First
name, last name, service and role. Their addresses are as those above, with the same password."""
JOINED_DAYS = 400
"""So long ago all people joined: before the year that they live through (year.py)."""
STAFF = ("equipe@nexxio.example", "Équipe", "Nexxio")

TRADES = (
    ("plomberie", "Plomberie", "droplet"),
    ("electricite", "Électricité", "bolt"),
    ("serrurerie", "Serrurerie", "key"),
    ("menuiserie", "Menuiserie", "door"),
)

PRICES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "plomberie": (
        ("PLB-010", "Déplacement et diagnostic de fuite", "u", "48.0000"),
        ("PLB-020", "Remplacement d’un siphon d’évier", "u", "62.5000"),
        ("PLB-030", "Remplacement d’un mécanisme de chasse d’eau", "u", "94.3000"),
        ("PLB-040", "Débouchage d’une évacuation au furet", "u", "118.0000"),
        ("PLB-050", "Remplacement d’un robinet mitigeur d’évier", "u", "146.8000"),
        ("PLB-060", "Reprise d’un tuyau cuivre apparent", "ml", "54.2000"),
        ("PLB-070", "Remplacement d’un groupe de sécurité", "u", "131.4000"),
    ),
    "electricite": (
        ("ELE-010", "Recherche de panne", "u", "56.0000"),
        ("ELE-020", "Remplacement d’une prise de courant", "u", "41.9000"),
        ("ELE-030", "Remplacement d’un disjoncteur différentiel", "u", "168.0000"),
        ("ELE-040", "Remplacement d’un interphone", "u", "187.5000"),
        ("ELE-050", "Remplacement d’un point lumineux de palier", "u", "79.6000"),
    ),
    "serrurerie": (
        ("SER-010", "Ouverture de porte claquée", "u", "89.0000"),
        ("SER-020", "Remplacement d’un cylindre", "u", "112.0000"),
        ("SER-030", "Réglage d’une porte palière", "u", "67.0000"),
    ),
    "menuiserie": (
        ("MEN-010", "Réglage d’une fenêtre et graissage", "u", "52.0000"),
        ("MEN-020", "Remplacement d’une crémone", "u", "96.5000"),
        ("MEN-030", "Remplacement d’un joint de fenêtre", "ml", "14.8000"),
        ("MEN-040", "Remplacement d’une sangle de volet roulant", "u", "78.0000"),
    ),
}

TENANTS = (
    ("Amina", "Diallo"),
    ("Michel", "Lambert"),
    ("Fatoumata", "Traoré"),
    ("Jeanne", "Roussel"),
    ("Wei", "Chen"),
    ("Mohamed", "Cherif"),
    ("Sophie", "Marchand"),
    ("Ana", "Ferreira"),
    ("Robert", "Lemoine"),
    ("Yasmine", "Kaddour"),
    ("Pierre", "Aubert"),
    ("Mariam", "Koné"),
    ("Ivan", "Petrović"),
    ("Lucie", "Blanchard"),
    ("Thierry", "Gomez"),
    ("Nour", "Haddou"),
)


def colleagues() -> Iterator[Person]:
    """Yield those who aren't named on the first page of the demo."""
    for slug, rows in COLLEAGUES.items():
        for first, last, department, role in rows:
            name = f"{first}.{last}".lower().replace(" ", "-")
            plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
            yield Person(first, last, f"{plain}@{slug}.example", "", ((slug, department, (role,)),))
