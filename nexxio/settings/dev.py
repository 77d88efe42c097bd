"""Settings of `make run`: the whole product on one machine."""

from nexxio.settings import env
from nexxio.settings.base import *  # noqa: F403 (a settings module extends the base by design)
from nexxio.settings.base import BASE_DIR, DATA_DIR, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "nexxio.devtools"]

DEMO = env.flag("NEXXIO_DEMO", default=True)
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"

# Made at set-up, and trusted by nobody else.
SEAL_PATH = BASE_DIR / ".local" / "seal.pem"

SERVESTATIC_USE_FINDERS = True
