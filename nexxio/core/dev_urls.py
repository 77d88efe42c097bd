"""Pages for developers and for the demo. Not routed on a real site."""

from django.urls import path

from nexxio.core.views import dev

app_name = "dev"
urlpatterns = [
    path("composants/", dev.components, name="components"),
]
