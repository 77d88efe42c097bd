"""Makes the platform's site Django's default admin site."""

from django.contrib.admin.apps import AdminConfig


class PlatformAdminConfig(AdminConfig):
    """Apart from `admin_site`, which needs the models."""

    default_site = "nexxio.core.admin_site.PlatformSite"
