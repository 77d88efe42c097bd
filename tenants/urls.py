"""Addresses of the tenants' pages."""

from django.urls import path

from tenants import views

app_name = "tenants"
urlpatterns = [
    path("s/<str:token>/", views.follow, name="follow"),
    path("s/<str:token>/photos/<uuid:pk>/", views.photo, name="photo"),
    path("s/<str:token>/rendez-vous/<uuid:pk>/", views.answer_visit, name="visit"),
    path("s/<str:token>/non-regle/", views.not_fixed, name="not_fixed"),
]
