"""More of what a tenant reads in his language: the reminder by SMS, and « Dire merci ».

Added to the words that are there: the questions of the version stay as they were. Put into words
here; a native reader of each language hasn't read them yet (docs/adr/0029).
"""

from django.db import migrations

# French, English, Arabic, Portuguese, Turkish, Ukrainian.
LANGUAGES = ("fr", "en", "ar", "pt", "tr", "uk")
PAGE = {
    "reminder": (
        "{landlord} : la réparation s’est bien passée ? Votre avis en 30 secondes : {link}",
        "{landlord}: did the repair go well? Your opinion in 30 seconds: {link}",
        "{landlord}: هل تم الإصلاح جيداً؟ رأيك في 30 ثانية: {link}",
        "{landlord}: a reparação correu bem? A sua opinião em 30 segundos: {link}",
        "{landlord}: onarım iyi geçti mi? 30 saniyede görüşünüz: {link}",
        "{landlord}: ремонт пройшов добре? Ваша думка за 30 секунд: {link}",
    ),
    "thank_title": (
        "Dire merci",
        "Say thank you",
        "قل شكراً",
        "Agradecer",
        "Teşekkür edin",
        "Подякувати",
    ),
    "thank_button": (
        "Merci à l’équipe de {whom}",
        "Thank the team of {whom}",
        "شكراً لفريق {whom}",
        "Obrigado à equipa de {whom}",
        "{whom} ekibine teşekkürler",
        "Дякую команді {whom}",
    ),
    "thank_note": (
        "Sans votre nom. Ce n’est pas une note.",
        "Without your name. This is not a rating.",
        "من دون اسمك. هذا ليس تقييماً.",
        "Sem o seu nome. Não é uma nota.",
        "Adınız belirtilmez. Bu bir puan değildir.",
        "Без вашого імені. Це не оцінка.",
    ),
    "thank_given": (
        "Votre merci est enregistré. Vous pouvez le reprendre pendant cinq minutes ; il est"
        " transmis dans l’heure.",
        "Your thanks are noted. You can take them back for five minutes; they are passed on within"
        " the hour.",
        "تم تسجيل شكرك. يمكنك التراجع عنه خلال خمس دقائق؛ وسيُنقل خلال ساعة.",
        "O seu agradecimento ficou registado. Pode anulá-lo durante cinco minutos; é transmitido"
        " dentro de uma hora.",
        "Teşekkürünüz kaydedildi. Beş dakika içinde geri alabilirsiniz; bir saat içinde iletilir.",
        "Вашу подяку записано. Її можна скасувати протягом п’яти хвилин; її передадуть протягом"
        " години.",
    ),
    "thank_undo": (
        "Le reprendre",
        "Take it back",
        "التراجع عنه",
        "Anular",
        "Geri al",
        "Скасувати",
    ),
    "thank_done": (
        "Vous avez dit merci.",
        "You said thank you.",
        "لقد قلت شكراً.",
        "Já agradeceu.",
        "Teşekkür ettiniz.",
        "Ви подякували.",
    ),
}


def fill(apps, schema_editor):
    """Add the rows."""
    wording = apps.get_model("evaluations", "Wording")
    wording.objects.bulk_create(
        wording(direction="tenant_repair", version=1, language=language, code=code, text=text)
        for code, texts in PAGE.items()
        for language, text in zip(LANGUAGES, texts, strict=True)
    )


def drop(apps, schema_editor):
    """Take them away."""
    wording = apps.get_model("evaluations", "Wording")
    wording.objects.filter(direction="tenant_repair", version=1, code__in=list(PAGE)).delete()


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0052_review_told")]

    operations = [migrations.RunPython(fill, drop)]
