"""Anybody who holds a sealed document may learn whether it is the one that was made."""

from __future__ import annotations

import hashlib
import re
from typing import IO

from allauth.core import ratelimit
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nexxio.core.http import unlisted
from orders.certificate_forms import VerifyForm
from orders.selectors.verify import find_sealed

MAX_BYTES = 20 * 1024 * 1024


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say what the code is of, and compare a PDF or a fingerprint with what was sealed.

    Tells the kind, the landlord, the moment and the fingerprint: no person, place or sum. A file
    is read and forgotten.
    """
    if not ratelimit.consume(request, action="verify"):
        return _answer(request, {"too_often": True}, 429)
    found = find_sealed(token)
    if found is None:
        return _answer(request, {"unknown": True}, 404)
    form = VerifyForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    context: dict[str, object] = {"found": found, "form": form}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["document"]
        if upload is not None and upload.size > MAX_BYTES:
            form.add_error("document", _("Ce fichier dépasse 20 Mo : ce n’est pas ce document."))
        else:
            typed = form.cleaned_data["fingerprint"]
            given = _sha256(upload) if upload is not None else _clean(typed)
            context |= {"given": given, "is_genuine": given == found.sha256}
    return _answer(request, context, 422 if form.is_bound and form.errors else 200)


def _answer(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponseBase:
    return unlisted(render(request, "orders/verify.html", context, status=status))


def _sha256(upload: IO[bytes]) -> str:
    total = hashlib.sha256()
    while block := upload.read(1024 * 1024):
        total.update(block)
    return total.hexdigest()


def _clean(typed: str) -> str:
    return re.sub(r"[\s:]", "", typed).lower()
