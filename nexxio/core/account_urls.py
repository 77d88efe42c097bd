"""Addresses of accounts: the views of allauth that we use, and no other.

Not `include("allauth.urls")`: its e-mail pages let anybody add an address that isn't his, and log
in later as whoever it belongs to.
"""

from allauth.account import views
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern] = [
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
]
