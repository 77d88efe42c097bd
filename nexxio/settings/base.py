"""Settings common to development, tests and production."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.pool import reset_connection
from nexxio.ops import logs, sentry
from nexxio.settings import env

env.refuse_unknown()

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.text("NEXXIO_DATA", str(BASE_DIR / ".local")))

SECRET_KEY = env.text("SECRET_KEY")
# Former keys, while they are being changed: what they signed is still read (docs/operations).
SECRET_KEY_FALLBACKS = env.text("SECRET_KEY_FALLBACKS", "").replace(",", " ").split()
# Links are derived from it and live for months: it is not changed along with SECRET_KEY.
LINK_KEY = env.text("NEXXIO_LINK_KEY", SECRET_KEY)
# Key and certificate (PEM) that seal PDFs; needed by the worker of long jobs only.
SEAL = env.text("NEXXIO_SEAL", "")
SEAL_PATH: Path | None = None
SITE_URL = env.text("NEXXIO_SITE_URL", "http://localhost:8000").rstrip("/")
ADMIN_URL = env.text("NEXXIO_ADMIN_URL", "http://localhost:8001").rstrip("/")
DEMO = env.flag("NEXXIO_DEMO")
DEBUG = False
ALLOWED_HOSTS = env.words("NEXXIO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL, ADMIN_URL]

# --- Which of the three database logins this process uses -------------------------------------
# site: the web, which can enter no system scope; system: workers, admin, commands;
# owner: migrations. Each connection then takes the role that its scope asks for (core/db).
LOGIN = env.choice("NEXXIO_LOGIN", ("site", "system", "owner"), "site")
# A process needs its own address only; a system without one falls back on the owner's.
_given = {
    "site": env.text("DATABASE_URL", ""),
    "system": env.text("DATABASE_SYSTEM_URL", ""),
    "owner": env.text("DATABASE_OWNER_URL", ""),
}
_own_url = _given[LOGIN] or (_given["owner"] if LOGIN == "system" else "")
_database = env.database(_own_url or env.text("DATABASE_URL"))
DATABASE_LOGINS = {
    login: str(env.database(url)["USER"]) if url else "" for login, url in _given.items()
}
DATABASES: dict[str, dict[str, object]] = {
    "default": {
        "ENGINE": "nexxio.core.db.backend",
        **_database,
        "CONN_MAX_AGE": 0,
        # A database that was killed leaves dead connections in the pool: they are found before
        # a request borrows them.
        "CONN_HEALTH_CHECKS": True,
    }
}
# The pool gives each request a warm connection; its reset clears the scope. Commands and
# workers keep one connection each and need none.
_pool_size = env.number("NEXXIO_POOL", 0)
if _pool_size:
    options = DATABASES["default"]["OPTIONS"]
    assert isinstance(options, dict)
    options["pool"] = {
        "min_size": 1,
        "max_size": _pool_size,
        "timeout": 4,
        # Beyond that a request asks again: long pauses between attempts would outlast the outage.
        "reconnect_timeout": 1,
        "reset": reset_connection,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
# Rate limits must go on when the broker is away: the cache falls back to memory.
CACHES = {
    "default": {"BACKEND": "nexxio.core.cache.FallbackCache", "LOCATION": REDIS_URL},
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "nexxio.ops.static.BundledStaticFiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "nexxio.core.admin_config.PlatformAdminConfig",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "nexxio.core",
    "orders",
    "contractors",
    "tenants",
    "evaluations",
    "nexxio.ops",
    "nexxio.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "nexxio.ops.middleware.RequestMiddleware",
    "nexxio.core.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nexxio.core.identity.sessions.ActivityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nexxio.core.middleware.PlainTextMiddleware",
    "nexxio.core.middleware.RefusalMiddleware",
    "nexxio.core.middleware.ScopeMiddleware",
]

ROOT_URLCONF = "nexxio.urls"
ASGI_APPLICATION = "nexxio.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nexxio.core.shell.shell",
            ],
            "builtins": ["django.templatetags.i18n", "nexxio.core.templatetags.ui"],
        },
    }
]

# --- Accounts -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# ANSSI-PG-078 v2.0 and CNIL 2022-100, see core/identity/passwords.py: at least 12 characters, long
# phrases welcome, no composition rule, no expiry, nothing that anybody would try first.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "nexxio.core.identity.passwords.MaximumLength"},
    {"NAME": "nexxio.core.identity.passwords.Common"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "nexxio.core.identity.passwords.Guessable"},
]
ACCOUNT_ADAPTER = "nexxio.core.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
# A mail may take some minutes; pages and mail say "dix minutes".
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Per address ("ip"), per account and address ("key" of login_failed, see core/accounts) or per
# account: docs/adr/0009. A landlord's offices share one address, hence the width of the first.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "guesses_of_account": "100/h/key",
    "entry_asked": "20/h/ip",
    "entry_asked_for": "5/d/key",
    "entry_tried": "60/h/ip",
    "verify": "60/h/ip",
    "request_login_code": "60/m/ip,3/m/key,30/h/key",
    "reset_password": "20/m/ip,5/m/key",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Nexxio : "
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "core:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# --- Second factors -----------------------------------------------------------------------------
MFA_ADAPTER = "nexxio.core.identity.factors.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "activate_totp": "nexxio.core.identity.forms.ActivateTOTP",
    "add_webauthn": "nexxio.core.identity.forms.AddPasskey",
    "login_webauthn": "nexxio.core.identity.forms.LoginByPasskey",
    "authenticate_webauthn": "nexxio.core.identity.forms.ShowPasskey",
    "reauthenticate_webauthn": "nexxio.core.identity.forms.ShowPasskeyAgain",
}
MFA_TOTP_ISSUER = "Nexxio"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
USERSESSIONS_ADAPTER = "nexxio.core.identity.sessions.SessionsAdapter"
# Whether platform staff need a second factor before the administration.
STAFF_SECOND_FACTOR = env.flag("NEXXIO_STAFF_SECOND_FACTOR")
# Whom people call when an account or a space is closed.
SUPPORT = {
    "name": env.text("NEXXIO_SUPPORT_NAME", "") or "l’équipe Nexxio",
    "phone": env.text("NEXXIO_SUPPORT_PHONE", ""),
    "email": env.text("NEXXIO_SUPPORT_EMAIL", ""),
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
# Platform staff see across organisations: their sessions end after an idle hour, and after eight
# in any case (core/admin_site).
SESSION_COOKIE_AGE = 3600 if LOGIN == "system" else 14 * 24 * 3600
SESSION_SAVE_EVERY_REQUEST = LOGIN == "system"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- Language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# --- Files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("NEXXIO_STATIC", str(DATA_DIR / "static")))
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Fields of a form; photos and imports have caps of their own, and this is the cap of all of it.
MAX_REQUEST_BYTES = 64 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o640
# Days after its last step until an import's file is erased; its report stays (core/retention).
IMPORT_FILE_DAYS = env.number("NEXXIO_IMPORT_FILE_DAYS", 90)
# Days that the log of who opened a file is kept (core/file_readings).
FILE_READING_DAYS = env.number("NEXXIO_FILE_READING_DAYS", 365)

# --- Headers ------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
# A technician's page takes photos; nothing else of a device is asked for, by anybody.
PERMISSIONS_POLICY = (
    "accelerometer=(), browsing-topics=(), camera=(self), display-capture=(),"
    " geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(),"
    " serial=(), usb=()"
)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        # No nonce, no hash, no unsafe-inline: neither <style> nor style="…" anywhere.
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [NONE],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- Mail ---------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = "Nexxio <ne-pas-repondre@nexxio.localhost>"
EMAIL_TIMEOUT = 10

# --- Celery -------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 330
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A nudge that can't be sent at once is dropped: the sweep is the guarantee.
    "socket_timeout": 5,
    "socket_connect_timeout": 0.3,
    "retry_on_timeout": True,
    # For whoever publishes; workers come back by nexxio.celery.PatientConnection.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    # A broker that vanished without closing is noticed within about 7 s, and not within 51.
    "health_check_interval": 3,
    "visibility_timeout": 3600,
}

# --- Operations ---------------------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")
logs.configure()
LOGGING = logs.config(style="plain", level=LOG_LEVEL)
METRICS_TOKEN = env.text("NEXXIO_METRICS_TOKEN", "")
HEARTBEAT = env.text("NEXXIO_HEARTBEAT", "")
if _dsn := env.text("SENTRY_DSN", ""):
    sentry.start(_dsn)
