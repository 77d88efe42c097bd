"""The database is away for a moment: an answer that says so, and that loses nothing.

This is no middleware: Django turns an exception of any middleware into a response at its own
layer, so an outer one sees those of views only. `handler500` sees all of them (sessions, scope,
views, templates) and is where the answer is chosen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from psycopg import Error as DriverError
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from nexxio.ops.middleware import reference

RETRY_AFTER = 5
_POOL = (PoolTimeout, PoolClosed, TooManyRequests)
# Connection lost; too many connections; shut down, crashed, starting up; stand-by not yet promoted.
_SQLSTATES = ("08", "53300", "57P01", "57P02", "57P03", "25006")


def is_outage(error: BaseException | None) -> bool:
    """Tell whether an error, or what caused it, is a database that doesn't answer."""
    return any(_is_lost_connection(found) for found in _causes(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_lost_connection(error: BaseException) -> bool:
    if isinstance(error, _POOL):
        return True
    if isinstance(error, DriverError) and error.sqlstate:
        # The server answered: a deadlock or a time-out is not an outage.
        return error.sqlstate.startswith(_SQLSTATES)
    if isinstance(error, OperationalError | InterfaceError):
        cause = error.__cause__
        return not (isinstance(cause, DriverError) and cause.sqlstate)
    return False


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: 503 while the database is away, else 500; plain words to fragments."""
    away = is_outage(sys.exc_info()[1])
    status = 503 if away else 500
    if request.headers.get("HX-Request") == "true":
        text = (
            _("Le service redémarre, réessayez dans un instant. Votre saisie est toujours là.")
            if away
            else _("Une erreur est survenue de notre côté. Référence : %s") % reference()
        )
        response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    else:
        page = render_to_string(f"{status}.html", {"reference": reference(), "sheet": _sheet()})
        response = HttpResponse(page, status=status)
    if away:
        response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(
    _request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001 (Django's signature)
) -> HttpResponse:
    """Django's handler400: too many fields, too much text, a host that is not ours."""
    context = {"reference": reference(), "sheet": _sheet()}
    return HttpResponse(render_to_string("400.html", context), status=400)


def too_large() -> str:
    """Return the page of a request that is larger than the site takes."""
    limit = settings.MAX_REQUEST_BYTES // (1024 * 1024)
    return render_to_string("413.html", {"limit": limit, "sheet": _sheet()})


def _sheet() -> str:
    """Address of the sheet, or nothing: where files were not collected, this page still comes."""
    try:
        return static("dist/light.css")
    except ValueError:
        return ""
