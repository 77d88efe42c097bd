# ruleid: no-http-below-the-views
import django.http
import datetime as dt

from datetime import date

# ruleid: no-http-below-the-views
from django.http import Http404

# ruleid: no-http-below-the-views
from django.http.response import HttpResponseBase

# ruleid: no-http-below-the-views
from django.shortcuts import redirect
from django.utils import timezone

# ok: no-http-below-the-views
from nexxio.core.errors import Refused
from nexxio.core.scoping import Scope, ScopeKind, open_scope
from nexxio.core.scoping import system_scope as everything


def change(order, orders):
    # ruleid: state-changes-in-services
    order.state = "accepted"
    # ruleid: state-changes-in-services
    setattr(order, "state", "accepted")
    # ruleid: state-changes-in-services
    orders.filter(pk=1).update(version=2, state="accepted")
    # ok: state-changes-in-services
    orders.filter(state="accepted").update(version=2)
    # ok: state-changes-in-services
    return order.state == "accepted"


def page(request):
    # ruleid: no-query-in-the-page
    first = Order.objects.first()
    # ruleid: no-query-in-the-page
    every = Order._base_manager.all()
    # ok: no-query-in-the-page
    return access.get_order(request.actor, request.GET["pk"])


def tell(order):
    # ruleid: tasks-are-sent-by-the-nudge
    send_mails.delay(order.pk)
    # ruleid: tasks-are-sent-by-the-nudge
    send_mails.apply_async([order.pk], countdown=3)
    # ruleid: tasks-are-sent-by-the-nudge
    current_app.send_task("mails", [order.pk])
    # ok: tasks-are-sent-by-the-nudge
    record(events.OrderAccepted(), subject=order)


def look():
    # ruleid: system-scope-in-named-modules
    with everything("because"):
        pass
    # ruleid: system-scope-in-named-modules
    with open_scope(Scope(kind=ScopeKind.SYSTEM, reason="because")):
        pass
    # ruleid: system-scope-in-named-modules
    with open_scope(Scope(kind=ScopeKind.LANDLORD, landlord_id=one)):
        pass
    # ok: system-scope-in-named-modules
    with scope_of(actor):
        pass


class Facts:
    # ruleid: only-the-clock-asks-the-time
    today: date = field(default_factory=date.today)
    # ruleid: only-the-clock-asks-the-time
    now = timezone.now()
    # ruleid: only-the-clock-asks-the-time
    moment = dt.datetime.now(dt.UTC)
    # ok: only-the-clock-asks-the-time
    shown = timezone.localtime(clock.now())
