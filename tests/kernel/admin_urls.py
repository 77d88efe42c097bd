"""Addresses of the administration's process."""

from django.contrib import admin
from django.urls import path

from nexxio.urls import urlpatterns as site

urlpatterns = [path("admin/", admin.site.urls), *site]
