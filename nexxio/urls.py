"""All addresses: French nouns for people, English names in code."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from nexxio.core.views import demo

handler400 = "nexxio.ops.outage.bad_request"
handler500 = "nexxio.ops.outage.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("nexxio.core.urls")),
    path("", include("nexxio.core.estate.urls")),
    path("", include("nexxio.core.imports.urls")),
    path("", include("nexxio.core.members.urls")),
    path("", include("nexxio.core.territories.urls")),
    path("", include("nexxio.ops.urls")),
    path("compte/", include("nexxio.core.account_urls")),
    path("", include("orders.urls")),
    path("", include("contractors.urls")),
    path("", include("tenants.urls")),
    path("", include("evaluations.urls")),
]
if settings.LOGIN == "system":
    urlpatterns.append(path("admin/", admin.site.urls))
    if settings.DEMO:
        urlpatterns.append(path("dev/messages/", demo.messages_sent, name="demo_messages"))
        urlpatterns.append(path("dev/log-ins/", demo.log_ins, name="demo_log_ins"))
else:
    # The admin needs the system's database role; the site's processes can't take it.
    urlpatterns.append(
        path("admin/", RedirectView.as_view(url=f"{settings.ADMIN_URL}/admin/"), name="admin")
    )
if settings.DEMO:
    urlpatterns.append(path("dev/", include("nexxio.core.dev_urls")))
