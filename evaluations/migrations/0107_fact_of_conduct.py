"""A fact beside conduct and cleanliness: what tenants say of how their home was left."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("evaluations", "0106_walls"),
    ]

    operations = [
        migrations.AlterField(
            model_name='result',
            name='fact',
            field=models.CharField(blank=True, choices=[('first_time', 'réparé du premier coup'), ('in_time', 'terminé à la date prévue'), ('appointments', 'rendez-vous tenus par l’entreprise'), ('wasted', 'passages sans accès'), ('paid_in', 'jours de paiement en moyenne'), ('paid_on_time', 'payé dans le délai légal'), ('settled', 'devis réglés pendant le passage'), ('repeats', 'nouveau passage dans les 30 jours'), ('sign_days', 'jours d’attente d’un constat à signer'), ('answer_days', 'jours de réponse du bailleur à un devis'), ('taken_days', 'jours de prise en charge par l’entreprise'), ('contests', 'contestations traitées en 10 jours'), ('grouped', 'passages groupés à la même adresse'), ('waste_slips', 'bordereaux de déchets remis'), ('complete', 'commandes complètes dès l’envoi'), ('regularised', 'jours pour régulariser une urgence'), ('told_in', 'minutes du téléphone à la page du locataire (médiane)'), ('left_badly', 'locataires disant leur logement sali ou abîmé'), ('variations', 'devis complémentaires accordés'), ('refused', 'constats refusés'), ('returned', 'commandes renvoyées à compléter'), ('overdue', 'attentes dépassées')], max_length=12),
        ),
        migrations.AlterField(
            model_name='result',
            name='more_fact',
            field=models.CharField(blank=True, choices=[('first_time', 'réparé du premier coup'), ('in_time', 'terminé à la date prévue'), ('appointments', 'rendez-vous tenus par l’entreprise'), ('wasted', 'passages sans accès'), ('paid_in', 'jours de paiement en moyenne'), ('paid_on_time', 'payé dans le délai légal'), ('settled', 'devis réglés pendant le passage'), ('repeats', 'nouveau passage dans les 30 jours'), ('sign_days', 'jours d’attente d’un constat à signer'), ('answer_days', 'jours de réponse du bailleur à un devis'), ('taken_days', 'jours de prise en charge par l’entreprise'), ('contests', 'contestations traitées en 10 jours'), ('grouped', 'passages groupés à la même adresse'), ('waste_slips', 'bordereaux de déchets remis'), ('complete', 'commandes complètes dès l’envoi'), ('regularised', 'jours pour régulariser une urgence'), ('told_in', 'minutes du téléphone à la page du locataire (médiane)'), ('left_badly', 'locataires disant leur logement sali ou abîmé'), ('variations', 'devis complémentaires accordés'), ('refused', 'constats refusés'), ('returned', 'commandes renvoyées à compléter'), ('overdue', 'attentes dépassées')], db_default='', default='', max_length=12),
        ),
    ]
