"""The first version of the tenants' questionnaire in six languages: sentences, and the page; and
of what members are asked of their own organisation.

Put into words here; a native reader of each language hasn't read them yet (docs/adr/0029).
"""

from datetime import date

from django.db import migrations

# What members say of their own organisation: a few of the axes, in words for both kinds of house.
STAFF = (
    ("autonomy", "Je peux décider moi-même de ce qui relève de mon travail."),
    ("competence", "Quand je suis en difficulté, je trouve l’aide et les moyens nécessaires."),
    ("consideration", "Mon organisation tient compte de ma charge et de mes contraintes."),
    ("cooperation", "Nos services travaillent ensemble, pas chacun de leur côté."),
    ("listening", "Ce que je fais remonter reçoit une réponse."),
    ("trust", "On me fait confiance, et je peux croire ce que l’on m’annonce."),
)
LANGUAGES = ("en", "ar", "pt", "tr", "uk")
# Of each question, by subject: English, Arabic, Portuguese, Turkish, Ukrainian.
SENTENCES = {
    "autonomy": (
        "The technician found a solution during the visit.",
        "وجد الفني حلاً أثناء زيارته.",
        "O técnico encontrou uma solução durante a visita.",
        "Teknisyen, ziyareti sırasında bir çözüm buldu.",
        "Технік знайшов рішення під час візиту.",
    ),
    "competence": (
        "The problem is solved.",
        "تم حل المشكلة.",
        "O problema está resolvido.",
        "Sorun çözüldü.",
        "Проблему вирішено.",
    ),
    "conduct": (
        "The technician was polite and left my home clean.",
        "كان الفني مهذباً وترك مسكني نظيفاً.",
        "O técnico foi educado e deixou a minha casa limpa.",
        "Teknisyen kibardı ve evimi temiz bıraktı.",
        "Технік поводився ввічливо і залишив моє житло чистим.",
    ),
    "consideration": (
        "My constraints and my situation were taken into account.",
        "تمت مراعاة ظروفي ووضعي.",
        "As minhas limitações e a minha situação foram tidas em conta.",
        "Koşullarım ve durumum dikkate alındı.",
        "Мої обставини та мою ситуацію врахували.",
    ),
    "cooperation": (
        "The company and my landlord gave me the same information.",
        "أعطتني الشركة والجهة المؤجرة المعلومات نفسها.",
        "A empresa e o meu senhorio deram-me a mesma informação.",
        "Firma ve ev sahibi kurumum bana aynı bilgiyi verdi.",
        "Підприємство та мій орендодавець надали мені однакову інформацію.",
    ),
    "listening": (
        "People listened to what I had to say about my problem.",
        "تم الاستماع إلى ما أردت قوله عن مشكلتي.",
        "Ouviram o que eu tinha a dizer sobre o meu problema.",
        "Sorunum hakkında söylediklerim dinlendi.",
        "Мене вислухали щодо моєї проблеми.",
    ),
    "environment": (
        "I was spared an unnecessary replacement, or given advice on upkeep.",
        "تم تجنيبي استبدالاً غير ضروري أو تقديم نصيحة لي للصيانة.",
        "Evitaram-me uma substituição desnecessária ou deram-me um conselho de manutenção.",
        "Gereksiz bir değişimden kaçınıldı veya bana bir bakım önerisi verildi.",
        "Мене позбавили непотрібної заміни або дали пораду щодо догляду.",
    ),
    "adaptability": (
        "I could easily choose or change my appointment.",
        "تمكنت من اختيار موعدي أو تغييره بسهولة.",
        "Pude escolher ou mudar facilmente a minha marcação.",
        "Randevumu kolayca seçebildim veya değiştirebildim.",
        "Мені було легко обрати або змінити час візиту.",
    ),
    "experience": (
        "I knew how my repair was going without having to call.",
        "عرفت إلى أين وصل الإصلاح دون الحاجة إلى الاتصال.",
        "Soube em que ponto estava a intervenção sem ter de telefonar.",
        "Aramak zorunda kalmadan onarımımın hangi aşamada olduğunu bildim.",
        "Мені було відомо, на якому етапі ремонт, без потреби телефонувати.",
    ),
    "trust": (
        "The company did what it had announced, at the time announced.",
        "قامت الشركة بما أعلنت عنه، في الوقت المعلن.",
        "A empresa fez o que tinha anunciado, à hora anunciada.",
        "Firma söylediği işi, söylediği saatte yaptı.",
        "Підприємство зробило те, що обіцяло, в обіцяний час.",
    ),
    "values": (
        "I was treated with respect and fairness.",
        "عوملت باحترام وإنصاف.",
        "Fui tratado(a) com respeito e equidade.",
        "Bana saygılı ve adil davranıldı.",
        "До мене поставилися з повагою і справедливо.",
    ),
    "informed": (
        "My landlord kept me informed.",
        "أبقتني الجهة المؤجرة على اطلاع.",
        "O meu senhorio manteve-me informado(a).",
        "Ev sahibi kurumum beni bilgilendirdi.",
        "Мій орендодавець тримав мене в курсі.",
    ),
}
# What the page says, by code: French, then as above.
PAGE = {
    "title": (
        "Votre avis en 30 secondes",
        "Your opinion in 30 seconds",
        "رأيك في 30 ثانية",
        "A sua opinião em 30 segundos",
        "30 saniyede görüşünüz",
        "Ваша думка за 30 секунд",
    ),
    "language": ("Langue", "Language", "اللغة", "Língua", "Dil", "Мова"),
    "low": (
        "1\xa0: pas du tout",
        "1: not at all",
        "1: لا، إطلاقاً",
        "1: nada",
        "1: hiç",
        "1: зовсім ні",
    ),
    "high": (
        "5\xa0: tout à fait",
        "5: completely",
        "5: نعم، تماماً",
        "5: totalmente",
        "5: tamamen",
        "5: повністю так",
    ),
    "mark_1": ("Pas du tout", "Not at all", "لا، إطلاقاً", "Nada", "Hiç", "Зовсім ні"),
    "mark_2": ("Plutôt non", "Rather not", "لا، نوعاً ما", "Pouco", "Pek değil", "Радше ні"),
    "mark_3": ("En partie", "Partly", "جزئياً", "Em parte", "Kısmen", "Частково"),
    "mark_4": ("Plutôt oui", "Rather yes", "نعم، نوعاً ما", "Bastante", "Oldukça", "Радше так"),
    "mark_5": (
        "Tout à fait",
        "Completely",
        "نعم، تماماً",
        "Totalmente",
        "Tamamen",
        "Повністю так",
    ),
    "unknown": (
        "Je ne sais pas / non concerné",
        "I don’t know / not applicable",
        "لا أعرف / لا ينطبق",
        "Não sei / não se aplica",
        "Bilmiyorum / ilgili değil",
        "Не знаю / не стосується",
    ),
    "missing": (
        "Choisissez une note, ou «\xa0Je ne sais pas\xa0».",
        "Choose a mark, or “I don’t know”.",
        "اختر درجة، أو «لا أعرف».",
        "Escolha uma nota, ou «Não sei».",
        "Bir not seçin ya da “Bilmiyorum” deyin.",
        "Оберіть оцінку або «Не знаю».",
    ),
    "to_correct": (
        "À corriger avant de continuer",
        "To be corrected before going on",
        "يجب التصحيح قبل المتابعة",
        "A corrigir antes de continuar",
        "Devam etmeden önce düzeltin",
        "Виправте, щоб продовжити",
    ),
    "comment": (
        "Un mot de plus (facultatif)",
        "Anything to add? (optional)",
        "كلمة إضافية (اختياري)",
        "Mais alguma coisa? (facultativo)",
        "Eklemek istediğiniz bir şey (isteğe bağlı)",
        "Додатковий коментар (необов’язково)",
    ),
    "contact": (
        "Me recontacter\xa0: mon bailleur et l’entreprise verront de quelle réparation il s’agit",
        "Contact me again: my landlord and the company will see which repair it is about",
        "أرغب في أن يُعاد الاتصال بي: ستعرف الجهة المؤجرة والشركة أي إصلاح هو المقصود",
        "Voltar a contactar-me: o meu senhorio e a empresa verão de que reparação se trata",
        "Benimle tekrar iletişime geçilsin: ev sahibi kurumum ve firma hangi onarım olduğunu görür",
        "Зв’язатися зі мною: мій орендодавець і підприємство побачать, про який ремонт ідеться",
    ),
    "privacy": (
        "Votre nom, votre adresse et la date ne sont pas donnés avec votre avis, sauf si vous"
        " demandez à être recontacté. N’écrivez ni nom ni adresse dans le commentaire. Un avis"
        " envoyé ne se modifie plus.",
        "Your name, your address and the date are not given with your opinion, unless you ask to"
        " be contacted again. Write no name and no address in the comment. An opinion that was"
        " sent can’t be changed.",
        "لا يُذكر اسمك ولا عنوانك ولا التاريخ مع رأيك، إلا إذا طلبت إعادة الاتصال بك. لا تكتب"
        " أي اسم أو عنوان في التعليق. لا يمكن تعديل الرأي بعد إرساله.",
        "O seu nome, a sua morada e a data não são dados com a sua opinião, salvo se pedir para"
        " ser contactado. Não escreva nomes nem moradas no comentário. Uma opinião enviada já"
        " não pode ser alterada.",
        "Tekrar aranmayı istemediğiniz sürece adınız, adresiniz ve tarih görüşünüzle birlikte"
        " verilmez. Yoruma ad veya adres yazmayın. Gönderilen görüş değiştirilemez.",
        "Ваше ім’я, адреса та дата не передаються разом із вашою думкою, якщо ви не попросите"
        " зв’язатися з вами. Не пишіть імен та адрес у коментарі. Надіслану думку змінити"
        " не можна.",
    ),
    "send": (
        "Envoyer mon avis",
        "Send my opinion",
        "إرسال رأيي",
        "Enviar a minha opinião",
        "Görüşümü gönder",
        "Надіслати мою думку",
    ),
    "back": (
        "Revenir sans donner d’avis",
        "Go back without an opinion",
        "العودة دون إبداء رأي",
        "Voltar sem dar opinião",
        "Görüş bildirmeden geri dön",
        "Повернутися без відповіді",
    ),
    "thanks": (
        "Merci\xa0! Votre avis est enregistré.",
        "Thank you! Your opinion has been recorded.",
        "شكراً! تم تسجيل رأيك.",
        "Obrigado! A sua opinião foi registada.",
        "Teşekkürler! Görüşünüz kaydedildi.",
        "Дякуємо! Вашу думку збережено.",
    ),
    "already": (
        "Vous avez déjà donné votre avis sur cette réparation. Merci\xa0!",
        "You have already given your opinion on this repair. Thank you!",
        "لقد أبديت رأيك في هذا الإصلاح من قبل. شكراً!",
        "Já deu a sua opinião sobre esta reparação. Obrigado!",
        "Bu onarım hakkındaki görüşünüzü daha önce bildirdiniz. Teşekkürler!",
        "Ви вже висловили думку про цей ремонт. Дякуємо!",
    ),
    "over": (
        "Le délai pour donner votre avis sur cette réparation est passé.",
        "The time for giving your opinion on this repair is over.",
        "انتهت مهلة إبداء رأيك في هذا الإصلاح.",
        "O prazo para dar a sua opinião sobre esta reparação terminou.",
        "Bu onarım hakkında görüş bildirme süresi doldu.",
        "Термін для вашої думки про цей ремонт минув.",
    ),
    "card_title": (
        "Votre avis",
        "Your opinion",
        "رأيك",
        "A sua opinião",
        "Görüşünüz",
        "Ваша думка",
    ),
    "card_text": (
        "Cinq questions, 30 secondes. Votre avis fait progresser l’entreprise et votre bailleur.",
        "Five questions, 30 seconds. Your opinion helps the company and your landlord to improve.",
        "خمسة أسئلة، 30 ثانية. رأيك يساعد الشركة والجهة المؤجرة على التحسن.",
        "Cinco perguntas, 30 segundos. A sua opinião ajuda a empresa e o senhorio a melhorar.",
        "Beş soru, 30 saniye. Görüşünüz firmanın ve ev sahibi kurumunuzun gelişmesini sağlar.",
        "П’ять запитань, 30 секунд. Ваша думка допомагає підприємству та орендодавцю"
        " ставати кращими.",
    ),
    "card_button": (
        "Donner mon avis",
        "Give my opinion",
        "إبداء رأيي",
        "Dar a minha opinião",
        "Görüş bildir",
        "Висловити думку",
    ),
    "card_given": (
        "Merci, vous avez donné votre avis sur cette réparation.",
        "Thank you, you have given your opinion on this repair.",
        "شكراً، لقد أبديت رأيك في هذا الإصلاح.",
        "Obrigado, deu a sua opinião sobre esta reparação.",
        "Teşekkürler, bu onarım hakkındaki görüşünüzü bildirdiniz.",
        "Дякуємо, ви висловили думку про цей ремонт.",
    ),
}


def rows():
    """Yield language, code and text of each."""
    for subject, texts in SENTENCES.items():
        for language, text in zip(LANGUAGES, texts, strict=True):
            yield language, subject, text
    for code, texts in PAGE.items():
        for language, text in zip(("fr", *LANGUAGES), texts, strict=True):
            yield language, code, text


def fill(apps, schema_editor):
    """Add the rows."""
    question = apps.get_model("evaluations", "Question")
    question.objects.bulk_create(
        question(
            direction="staff_organisation",
            version=1,
            subject=subject,
            use="campaign",
            position=position,
            text=text,
            starts_on=date(2026, 1, 1),
        )
        for position, (subject, text) in enumerate(STAFF, start=1)
    )
    wording = apps.get_model("evaluations", "Wording")
    wording.objects.bulk_create(
        wording(direction="tenant_repair", version=1, language=language, code=code, text=text)
        for language, code, text in rows()
    )


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0016_walls")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
