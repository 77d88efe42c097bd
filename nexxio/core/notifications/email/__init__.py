"""Channel: e-mail, by Django's configured backend."""

from django.conf import settings
from django.core.mail import send_mail


def send(*, address: str, subject: str, text: str) -> None:
    """Send one plain e-mail; raises what the backend raises.

    The subject is put on one line: a line break in it would be a header of somebody's own.
    """
    send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [address])
