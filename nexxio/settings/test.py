"""Settings of the test suite.

The login is a member of the three roles but inherits nothing: unscoped and ordinary scopes run
as the site's role, `system_scope` as the system's, creation and flush as the owner.
"""

import os

os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ["NEXXIO_LOGIN"] = "site"

from nexxio.settings.base import *  # noqa: F403 (a settings module extends the base by design)
from nexxio.settings.base import BASE_DIR, INSTALLED_APPS, MIDDLEWARE, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "nexxio.devtools"]
DEMO = True
SEAL_PATH = BASE_DIR / ".local" / "seal.pem"
# It is asynchronous, which would send each of the test client's requests through an event loop. The
# browser tests serve the site with it.
MIDDLEWARE = [one for one in MIDDLEWARE if not one.startswith("servestatic.")]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": os.environ.get("PYTEST_XDIST_WORKER", "main"),
    }
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
METRICS_TOKEN = ""
LOGGING = {"version": 1, "disable_existing_loggers": False}
