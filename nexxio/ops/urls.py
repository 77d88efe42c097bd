"""Addresses for machines."""

from django.urls import path

from nexxio.ops import health

app_name = "ops"
urlpatterns = [
    path("sante/", health.alive, name="alive"),
    path("sante/prete/", health.ready, name="ready"),
    path("metriques/", health.figures, name="metrics"),
]
