"""Causes of blocks, thresholds, papers and rules of payment, as they are known; platform staff keep them up."""

from django.db import migrations

# Code, label, request, who holds it, a note on that, the landlord's service (empty: the one that
# ordered), reasons that are sent, whether it stops the clock, what is taken until somebody says, a
# note on that, source. Since ever: an old invoice has its causes too.
CAUSES = [
    (
        "B01",
        "Constat de service fait non signé",
        "Il manque la signature du constat : signez-le",
        "landlord",
        "Le service qui a commandé.",
        "",
        [],
        "no",
        False,
        "Fait du bailleur. Le constat n’est réputé acquis que par une clause du marché ou de son CCAG, citée ; sans clause, l’expiration du délai de vérification fait partir le délai de paiement et la cause reste ouverte.",
        "Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B02",
        "Commande non régularisée",
        "La commande n’est pas régularisée : régularisez-la",
        "landlord",
        "Le service qui a commandé.",
        "",
        ["CMD_ERR"],
        "no",
        False,
        "Le bailleur a commandé les travaux : le défaut de régularisation est son fait.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B03",
        "Numéro de commande absent ou faux",
        "Le numéro de commande manque ou est faux : corrigez-le",
        "contractor",
        "Seulement si le numéro a été donné avant la facturation ; sinon le bailleur.",
        "",
        ["CMD_ERR"],
        "yes",
        False,
        "Le numéro doit avoir été donné avant la facturation ; sinon le manque est le fait du bailleur et n’interrompt rien.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B04",
        "Engagement ou code service absent",
        "Il manque le numéro d’engagement ou le code service : ajoutez-le",
        "landlord",
        "Le bailleur s’il ne les a jamais donnés ; sinon le prestataire.",
        "",
        ["CMD_EJ_ERR"],
        "depends",
        False,
        "Seulement si le prestataire les avait reçus.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B05",
        "Quitus du locataire absent",
        "Il manque le quitus : ajoutez-le",
        "contractor",
        "Après un refus ou 72 h sans réponse, le bailleur, qui vérifie. Jamais le locataire.",
        "",
        ["JUSTIF_ABS"],
        "depends",
        True,
        "Oui si le marché demande cette pièce.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B06",
        "Procès-verbal de réception absent ou réserves ouvertes",
        "La réception n’est pas faite ou des réserves restent ouvertes : ajoutez le procès-verbal, levez les réserves",
        "landlord",
        "Le bailleur pour le procès-verbal, le prestataire pour les réserves : deux lignes.",
        "",
        ["JUSTIF_ABS", "LIVR_INCOMP"],
        "depends",
        True,
        "La pièce qui manque interrompt ; les réserves se retiennent sur la somme, elles ne bloquent pas.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B07",
        "Photos ou compte rendu absents",
        "Il manque les photos ou le compte rendu : ajoutez-les",
        "contractor",
        "",
        "",
        ["JUSTIF_ABS"],
        "yes",
        False,
        "",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B08",
        "Quantité contestée",
        "Une quantité est contestée : tranchez, et payez la somme admise",
        "to_judge",
        "D’abord le responsable du marché, chez le bailleur.",
        "marches",
        ["QTE_ERR"],
        "no",
        False,
        "La somme admise est payée à temps.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B09",
        "Prix hors bordereau",
        "Un prix n’est pas celui du bordereau : tranchez, et payez la somme admise",
        "to_judge",
        "D’abord le responsable du marché, chez le bailleur.",
        "marches",
        ["PU_ERR", "ART_ERR"],
        "no",
        False,
        "La somme admise est payée à temps.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B10",
        "Total ou calcul faux",
        "Le total ou un calcul est faux : rectifiez-le",
        "contractor",
        "",
        "comptabilite",
        ["MONTANTTOTAL_ERR", "CALCUL_ERR"],
        "depends",
        True,
        "À rectifier ; le rejet de toute la facture pour un montant n’est plus admis.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B11",
        "Taux de TVA faux",
        "Le taux de TVA est faux : corrigez-le",
        "contractor",
        "",
        "comptabilite",
        ["TX_TVA_ERR"],
        "yes",
        False,
        "",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B12",
        "Mention légale, SIRET ou coordonnées bancaires",
        "Une mention légale, le SIRET ou les coordonnées bancaires sont à revoir : corrigez-les",
        "contractor",
        "",
        "comptabilite",
        ["NON_CONFORME", "SIRET_ERR", "COORD_BANC_ERR"],
        "yes",
        False,
        "",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B13",
        "Facture en double",
        "Cette facture a déjà été reçue : retirez-la",
        "contractor",
        "",
        "comptabilite",
        ["DOUBLON"],
        "depends",
        False,
        "La facture est rejetée : rien n’est dû deux fois.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B14",
        "Mauvais destinataire ou mauvais service",
        "La facture n’est pas au bon service : réacheminez-la",
        "to_judge",
        "L’un ou l’autre.",
        "comptabilite",
        ["DEST_ERR", "ROUTAGE_ERR"],
        "depends",
        False,
        "À réacheminer sous le même numéro.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B15",
        "Marché terminé ou plafond atteint",
        "Le marché est terminé ou son plafond atteint : régularisez-le",
        "landlord",
        "Le service des marchés.",
        "marches",
        ["CONTRAT_TERM"],
        "no",
        False,
        "N’interrompt pas si les travaux ont été commandés quand même.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B16",
        "Sous-traitant non déclaré",
        "Un sous-traitant n’est pas déclaré : déclarez-le",
        "contractor",
        "",
        "marches",
        ["ST_CT_NON_DECLAR"],
        "yes",
        False,
        "",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B17",
        "Attestations périmées",
        "Des attestations sont périmées : renouvelez-les",
        "contractor",
        "",
        "marches",
        ["AUTRE"],
        "no",
        False,
        "Affaire du marché, pas du délai de paiement.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B18",
        "Qualité contestée",
        "La qualité des travaux est contestée : tranchez, et payez la somme admise",
        "to_judge",
        "D’abord le responsable du marché, chez le bailleur.",
        "marches",
        ["QUALITE_ERR"],
        "depends",
        False,
        "En partie : la somme admise est payée à temps.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B19",
        "Pénalités en discussion",
        "Des pénalités sont en discussion : déduisez-les ou payez",
        "landlord",
        "",
        "marches",
        ["AUTRE"],
        "no",
        False,
        "Les pénalités se déduisent, ou la facture se paie.",
        "Motifs de la facturation électronique, spécifications externes v3.2 du 30 avril 2026 ; Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B20",
        "Circuit interne d’approbation",
        "La facture attend une approbation interne : approuvez-la",
        "landlord",
        "Le service de la comptabilité.",
        "comptabilite",
        [],
        "no",
        False,
        "Délai caché, compris dans le délai légal.",
        "Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
    (
        "B21",
        "« Déposée trop tard ce mois-ci »",
        "Ce motif n’est pas admis : reprenez le traitement de la facture",
        "landlord",
        "",
        "comptabilite",
        [],
        "no",
        False,
        "Motif interdit : la date de réception seule fait partir le délai.",
        "Code de la commande publique, délais de paiement (R2192-10, R2192-11)",
    ),
]
FIELDS = (
    "code",
    "label",
    "request",
    "holder",
    "holder_note",
    "department",
    "reasons",
    "stops_clock",
    "stops_unless_said",
    "stops_note",
    "source",
)

# The figure is the trade's own; platform staff keep it up.
THRESHOLD = """
INSERT INTO contractors_blockedthreshold (id, created_at, value, starts_on, ends_on, source)
VALUES (gen_random_uuid(), now(), 100000.00, '2026-01-01', NULL,
        'Usage de la profession, à confirmer par l’équipe de la plateforme')
"""

# Code, label, what to send, months, asked for usually, source. Platform staff keep them up; to be
# checked by a lawyer.
PAPERS = [
    (
        "vigilance",
        "Attestation de vigilance",
        "Délivrée par l’Urssaf ou la MSA, avec son code de sécurité.",
        6,
        True,
        "Code du travail, D8222-5 ; Code de la sécurité sociale, L243-15 : tous les six mois",
    ),
    (
        "fiscal",
        "Attestation de régularité fiscale",
        "Délivrée en ligne par les impôts, dans l’espace professionnel.",
        6,
        True,
        "Code de la commande publique, L2141-2 ; durée d’usage, à confirmer par l’équipe de la plateforme",
    ),
    (
        "liability",
        "Assurance responsabilité civile professionnelle",
        "Attestation de l’assureur pour l’année en cours.",
        12,
        True,
        "Clause d’usage des marchés ; durée du contrat d’assurance, à confirmer par l’équipe de la plateforme",
    ),
    (
        "decennial",
        "Assurance décennale",
        "Attestation de l’assureur, avec les activités couvertes et la période de validité.",
        None,
        True,
        "Code des assurances, L241-1 et A243-2 et suivants : la période est sur l’attestation",
    ),
    (
        "foreign_workers",
        "Liste nominative des salariés étrangers",
        "Salariés soumis à autorisation de travail ; à défaut, une attestation qu’il n’y en a pas.",
        6,
        False,
        "Code du travail, D8254-2 et D8254-5 : tous les six mois",
    ),
    (
        "register",
        "Extrait Kbis",
        "Extrait du registre du commerce, ou du répertoire des métiers.",
        3,
        False,
        "Code du travail, D8222-5 ; durée d’usage, à confirmer par l’équipe de la plateforme",
    ),
]
ADD_PAPER = """
INSERT INTO contractors_paperrule
    (id, created_at, code, label, help, months, is_usual, starts_on, ends_on, source)
VALUES (gen_random_uuid(), now(), %s, %s, %s, %s, %s, '2026-01-01', NULL, %s)
"""
# How many days new bank details wait after the call back.
ADD_HOLD = """
INSERT INTO core_rate (id, created_at, kind, code, value, unit, starts_on, ends_on, provisional, source)
VALUES (gen_random_uuid(), now(), 'clock_days', 'bank-hold', 7, 'day', '2026-01-01', NULL, false,
        'Usage prudent contre la fraude au changement de coordonnées, à confirmer par l’équipe de la plateforme')
ON CONFLICT (kind, code, starts_on) DO NOTHING
"""

# Figures of the code de la commande publique, to be confirmed by a lawyer; platform staff keep them.
MONEY = """
INSERT INTO contractors_moneyrule (id, created_at, code, value, starts_on, ends_on, source) VALUES
(gen_random_uuid(), now(), 'retention-max', 5.00, '2019-04-01', NULL,
 'Code de la commande publique, art. R2191-33, à confirmer par un juriste'),
(gen_random_uuid(), now(), 'retention-max-small', 3.00, '2023-01-01', NULL,
 'Code de la commande publique, art. R2191-33, petites entreprises, à confirmer par un juriste'),
(gen_random_uuid(), now(), 'retention-months', 12.00, '2019-04-01', NULL,
 'Garantie de parfait achèvement : un an après la réception, à confirmer par un juriste'),
(gen_random_uuid(), now(), 'recover-from', 65.00, '2019-04-01', NULL,
 'Code de la commande publique, art. R2191-11, à confirmer par un juriste'),
(gen_random_uuid(), now(), 'recover-until', 80.00, '2019-04-01', NULL,
 'Code de la commande publique, art. R2191-11, à confirmer par un juriste'),
(gen_random_uuid(), now(), 'direct-payment', 600.00, '2019-04-01', NULL,
 'Code de la commande publique, art. R2193-10, à confirmer par un juriste')
"""


def fill(apps, schema_editor):
    """Add the rows."""
    cause = apps.get_model("contractors", "Cause")
    cause.objects.bulk_create([cause(**dict(zip(FIELDS, row, strict=True))) for row in CAUSES])


class Migration(migrations.Migration):
    """Rows only."""

    replaces = [
        ("contractors", "0046_recovered_then"),
    ]

    dependencies = [("contractors", "0048_walls"), ("core", "0047_first_rows")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(THRESHOLD, migrations.RunSQL.noop),
        migrations.RunSQL(
            [(ADD_PAPER, list(paper)) for paper in PAPERS], migrations.RunSQL.noop
        ),
        migrations.RunSQL(ADD_HOLD, migrations.RunSQL.noop),
        migrations.RunSQL(MONEY, migrations.RunSQL.noop),
    ]
