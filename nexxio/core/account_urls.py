"""Addresses of accounts: the views of allauth that we use, and no other.

Not `include("allauth.urls")`: its e-mail pages let anybody add an address that isn't his, and log
in later as whoever it belongs to. Of allauth.mfa: no sign-up by passkey, no trusted browsers, and
its lists lead to our one page. Of allauth.usersessions none: its list shows addresses.
"""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from nexxio.core.identity import views as own
from nexxio.core.identity.gate import shown_first

_overview = RedirectView.as_view(pattern_name="account_overview")

urlpatterns: list[URLPattern] = [
    path("", own.overview, name="account_overview"),
    path("protection/", own.protect, name="account_protect"),
    path("sessions/<int:pk>/fin/", own.end_session, name="account_end_session"),
    path("sessions/autres/fin/", own.end_other_sessions, name="account_end_other_sessions"),
    path("login/", views.login, name="account_login"),
    # Nobody signs up alone; the mail to an address that nobody knows names this page all the same.
    path("inscription/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # allauth sends people to these two names when something was added or removed.
    path("securite/", _overview, name="mfa_index"),
    path("cles/", _overview, name="mfa_list_webauthn"),
    path("securite/verification/", mfa.authenticate, name="mfa_authenticate"),
    path("securite/confirmation/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("application/ajout/", shown_first(totp.activate_totp), name="mfa_activate_totp"),
    path("application/retrait/", shown_first(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("cles/ajout/", shown_first(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("cles/connexion/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path(
        "cles/confirmation/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"
    ),
    path(
        "cles/<int:pk>/retrait/", shown_first(webauthn.remove_webauthn), name="mfa_remove_webauthn"
    ),
    path("cles/<int:pk>/nom/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("codes/", shown_first(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "codes/nouveaux/",
        shown_first(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/fichier/",
        shown_first(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
