"""The first version of the three questionnaires: eleven axes each, in French."""

from datetime import date

from django.db import migrations

# Axis; the landlord of the contractor; the contractor of the landlord; the tenant of the repair.
AXES = [
    (
        "autonomy",
        "L’entreprise propose elle-même des solutions adaptées, sans attendre qu’on lui dise quoi faire.",
        "Le bailleur nous laisse une marge de décision claire (montant, quantités, choix technique).",
        "Le technicien a su trouver une solution pendant sa visite.",
    ),
    (
        "competence",
        "Le travail est fait dans les règles, sans retour nécessaire.",
        "Quand nous avons un problème technique, un interlocuteur compétent nous répond.",
        "Le problème est réglé.",
    ),
    (
        "conduct",
        "Les techniciens se présentent, sont identifiables et laissent les lieux propres.",
        "Nos équipes sont traitées avec courtoisie, même en cas de tension.",
        "Le technicien a été poli et a laissé mon logement propre.",
    ),
    (
        "consideration",
        "L’entreprise tient compte de la situation des locataires (âge, handicap, enfants, langue).",
        "Le bailleur respecte notre temps\xa0: pas de déplacement inutile, documents signés sans relance.",
        "On a tenu compte de mes contraintes et de ma situation.",
    ),
    (
        "cooperation",
        "L’entreprise partage spontanément l’avancement et les difficultés.",
        "Les services du bailleur se coordonnent entre eux.",
        "L’entreprise et mon bailleur m’ont donné la même information.",
    ),
    (
        "listening",
        "Quand nous signalons un défaut, l’entreprise en tient compte la fois suivante.",
        "Le bailleur écoute nos remarques et nous dit ce qu’il en fait.",
        "On a écouté ce que j’avais à dire sur mon problème.",
    ),
    (
        "environment",
        "L’entreprise limite les déplacements, réemploie ou trie les déchets, et le montre.",
        "Le bailleur organise les commandes pour éviter les trajets inutiles.",
        "On m’a évité un remplacement inutile ou donné un conseil d’entretien.",
    ),
    (
        "adaptability",
        "L’entreprise s’adapte aux urgences et aux changements.",
        "Les commandes sont complètes\xa0: téléphone, accès, description, lignes de prix.",
        "J’ai pu choisir ou changer facilement mon rendez-vous.",
    ),
    (
        "experience",
        "Les informations saisies par l’entreprise sont justes, à jour et évitent des appels.",
        "Les outils du bailleur nous font gagner du temps, et une personne reste joignable.",
        "J’ai su où en était mon intervention sans devoir appeler.",
    ),
    (
        "trust",
        "Nous pouvons croire ce que l’entreprise déclare (horaires, quantités, photos).",
        "Le bailleur paie dans les délais et explique tout retard avant qu’on le demande.",
        "L’entreprise a fait ce qu’elle avait annoncé, à l’heure annoncée.",
    ),
    (
        "values",
        "L’entreprise agit dans l’esprit du service public du logement (équité, discrétion, sécurité).",
        "Le bailleur applique à ses prestataires les valeurs qu’il affiche envers ses locataires.",
        "J’ai été traité avec respect et équité.",
    ),
]
FIXED = {"competence", "conduct", "experience"}
# Beside the axes, once a quarter: quality, cleanliness, delays; in turn, of the landlord himself.
CRITERIA = [
    ("quality", "La qualité des travaux est au rendez-vous."),
    ("cleanliness", "Les lieux sont rendus propres après les travaux."),
    ("delays", "Les délais convenus sont tenus."),
]
INFORMED = "Mon bailleur m’a tenu informé."
STARTS = date(2026, 1, 1)


def rows():
    """Yield direction, subject, use, position and sentence of each question."""
    for position, (axis, of_contractor, of_landlord, of_repair) in enumerate(AXES, start=1):
        yield "landlord_contractor", axis, "campaign", position, of_contractor
        yield "contractor_landlord", axis, "campaign", position, of_landlord
        yield "tenant_repair", axis, "fixed" if axis in FIXED else "rotating", position, of_repair
    for position, (criterion, sentence) in enumerate(CRITERIA, start=len(AXES) + 1):
        yield "landlord_contractor", criterion, "campaign", position, sentence
    yield "tenant_repair", "informed", "rotating", len(AXES) + 1, INFORMED


def fill(apps, schema_editor):
    """Add the rows."""
    question = apps.get_model("evaluations", "Question")
    question.objects.bulk_create(
        question(
            direction=direction,
            version=1,
            subject=subject,
            use=use,
            position=position,
            text=sentence,
            starts_on=STARTS,
        )
        for direction, subject, use, position, sentence in rows()
    )


class Migration(migrations.Migration):
    replaces = [
        ("evaluations", "0006_closed_for_good"),
    ]

    dependencies = [("evaluations", "0009_walls")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
