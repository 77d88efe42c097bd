"""Print the addresses and log-ins of the demo world."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from nexxio.core import clock
from nexxio.core.links import url_of
from nexxio.core.models import Link, LinkParty
from nexxio.core.scoping import system_scope
from nexxio.demo import characters as who


class Command(BaseCommand):
    """`demo_logins`: who can log in, and the links that tenants got."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them."""
        write = self.stdout.write
        write("")
        write(f"Nexxio : {settings.SITE_URL}/   (mot de passe de tous : {who.PASSWORD})")
        for person in who.PEOPLE:
            write(f"  {person.email:<44} {person.job}")
        write("")
        write("Locataires, sans compte :")
        with system_scope("demo: links"):
            # The newest: those of the lived year have expired (year.py).
            found = Link.objects.filter(
                party=LinkParty.TENANT, revoked_at__isnull=True, expires_at__gt=clock.now()
            )
            for link in found.select_related("case", "landlord").order_by("-created_at")[:4]:
                write(f"  {url_of(link.pk)}   {link.case.title} ({link.landlord.name})")
        write("")
        write(f"Messages envoyés (SMS et e-mails de la démo) : {settings.ADMIN_URL}/dev/messages/")
        write(f"Administration : {settings.ADMIN_URL}/admin/   {who.STAFF[0]}")
