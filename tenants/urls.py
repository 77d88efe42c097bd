"""Addresses of the tenants' pages."""

from django.urls import path

from tenants import entry_views, views

app_name = "tenants"
urlpatterns = [
    path("s/<str:token>/", views.follow, name="follow"),
    path("s/<str:token>/photos/<uuid:pk>/", views.photo, name="photo"),
    path("s/<str:token>/messages/", views.talk, name="talk"),
    path("s/<str:token>/messages/lus/", views.talk_read, name="talk_read"),
    path("s/<str:token>/pieces/<uuid:pk>/", views.attachment, name="attachment"),
    path("s/<str:token>/rendez-vous/<uuid:pk>/", views.answer_visit, name="visit"),
    path("s/<str:token>/rendez-vous/<uuid:pk>/agenda.ics", views.calendar, name="calendar"),
    path("s/<str:token>/non-regle/", views.not_fixed, name="not_fixed"),
    path("s/<str:token>/signature/", views.sign, name="sign"),
    path("s/<str:token>/bons-signes/<uuid:pk>/bon.pdf", views.sign_off, name="sign_off"),
    path("suivi/", entry_views.enter, name="enter"),
    path("suivi/code/", entry_views.enter_code, name="enter_code"),
    path("suivi/fin/", entry_views.leave, name="leave"),
    path("suivi/<uuid:case>/", entry_views.follow, name="case"),
    path("suivi/<uuid:case>/photos/<uuid:pk>/", entry_views.photo, name="case_photo"),
    path("suivi/<uuid:case>/messages/", entry_views.talk, name="case_talk"),
    path("suivi/<uuid:case>/messages/lus/", entry_views.talk_read, name="case_talk_read"),
    path("suivi/<uuid:case>/pieces/<uuid:pk>/", entry_views.attachment, name="case_attachment"),
    path("suivi/<uuid:case>/rendez-vous/<uuid:pk>/", entry_views.answer_visit, name="case_visit"),
    path(
        "suivi/<uuid:case>/rendez-vous/<uuid:pk>/agenda.ics",
        entry_views.calendar,
        name="case_calendar",
    ),
    path("suivi/<uuid:case>/non-regle/", entry_views.not_fixed, name="case_not_fixed"),
    path("suivi/<uuid:case>/signature/", entry_views.sign, name="case_sign"),
    path(
        "suivi/<uuid:case>/bons-signes/<uuid:pk>/bon.pdf",
        entry_views.sign_off,
        name="case_sign_off",
    ),
    path("suivi/<uuid:case>/jeton/", entry_views.stream_token, name="case_stream_token"),
]
