"""Channel: e-mail, by Django's configured backend."""

from django.conf import settings
from django.core.mail import send_mail


def send(*, address: str, subject: str, text: str) -> None:
    """Send one plain e-mail; raises what the backend raises."""
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
