"""Settings of a real deployment: no default for any secret, https only."""

from urllib.parse import unquote, urlsplit

from nexxio.ops import logs
from nexxio.settings import env
from nexxio.settings.base import *  # noqa: F403 (a settings module extends the base by design)
from nexxio.settings.base import LOG_LEVEL, STORAGES

LOGGING = logs.config(style="json", level=LOG_LEVEL)
# Names with the hash of their content, kept by browsers for ever; made by collectstatic.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}

_mail = urlsplit(env.text("NEXXIO_MAIL_URL"))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_USE_SSL = _mail.scheme == "smtps"
DEFAULT_FROM_EMAIL = env.text("NEXXIO_MAIL_FROM")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Limits count per address: without this all visitors would have the proxy's. It must overwrite
# X-Forwarded-For (deploy/nginx.conf).
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("NEXXIO_PROXIES", 1)
STAFF_SECOND_FACTOR = env.flag("NEXXIO_STAFF_SECOND_FACTOR", default=True)

SECURE_SSL_REDIRECT = True
# Health checks and figures are asked for inside, by plain http.
SECURE_REDIRECT_EXEMPT = [r"^sante/", r"^metriques/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
