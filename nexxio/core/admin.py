"""The administration's lists, by what they are about (core/admin_*)."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from nexxio.core import (
    admin_entries,
    admin_machinery,
    admin_organisations,
    admin_price_indexes,
    admin_rates,
    admin_retention,
)

__all__ = [
    "admin_entries",
    "admin_machinery",
    "admin_organisations",
    "admin_price_indexes",
    "admin_rates",
    "admin_retention",
]

# Addresses are those of accounts; an edited one would let its holder log in as somebody else.
# allauth's other pages would show keys of sessions and secrets of factors.
for model in (EmailAddress, Group, Authenticator, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
