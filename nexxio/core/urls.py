"""Addresses of the kernel."""

from django.urls import path

from nexxio.core.views import portal

app_name = "core"
urlpatterns = [
    path("", portal.home, name="home"),
    path("flux/jeton/", portal.stream_token, name="stream_token"),
    path("s/<str:token>/jeton/", portal.link_stream_token, name="link_stream_token"),
    path("notifications/<uuid:pk>/", portal.read_notice, name="read_notice"),
    path(
        "bailleur/<slug:org>/notifications/preferences/",
        portal.landlord_preferences,
        name="landlord_preferences",
    ),
    path(
        "prestataire/<slug:org>/notifications/preferences/",
        portal.contractor_preferences,
        name="contractor_preferences",
    ),
    path("bailleur/<slug:org>/notifications/", portal.landlord_bell, name="landlord_bell"),
    path("prestataire/<slug:org>/notifications/", portal.contractor_bell, name="contractor_bell"),
]
