"""The developers' page: every component in all its variants."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def components(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    return render(request, "dev/components.html", {})
