"""Makes people, orders and sessions for the tests and measures that speak to the real site.

    python -m tests.concurrency.scene ORDERS        (as nexxio_system; prints JSON)

Needs the environment of `Product.environment("system")`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 (needs the settings)
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from nexxio.core import links, live  # noqa: E402
from nexxio.core.actors import scope_of  # noqa: E402
from nexxio.core.models import Link, Membership  # noqa: E402
from nexxio.core.scoping import system_scope  # noqa: E402
from orders import services  # noqa: E402
from tests.factories.world import Party, build_world  # noqa: E402


def session_of(member: Membership) -> str:
    """Log a member in and return the key of the session."""
    session = SessionStore()
    session[SESSION_KEY] = str(member.user_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def issued_order(party: Party, number: int) -> dict[str, str]:
    """Draft and issue one order; return its ids and the tenant's stream token and link."""
    manager = party.actor("manager")
    with scope_of(manager):
        data = party.order_input(title=f"Fuite n° {number}")
        order = services.draft_order(actor=manager, data=data)
        services.issue_order(actor=manager, order_id=order.pk)
        link = Link.objects.get(case_id=order.case_id)
    token = live.stream_token(holder=str(link.pk), channels=[live.channel_for_case(order.case_id)])
    return {
        "order": str(order.pk),
        "case": str(order.case_id),
        "link": links.token_of(link.pk),
        "token": token,
    }


def make(count: int) -> dict[str, Any]:
    """Build the world, `count` issued orders in it, and sessions of both desks."""
    with system_scope("tests: scene"):
        first = build_world().first
        return {
            "landlord": first.landlord.slug,
            "landlord_id": str(first.landlord.pk),
            "contractor": first.contractor.slug,
            "contractor_id": str(first.contractor.pk),
            "author_id": str(first.manager.user_id),
            "landlord_token": live.stream_token(
                holder="landlord", channels=[live.channel_for_organisation(first.landlord.pk)]
            ),
            "sessions": {
                "landlord": session_of(first.manager),
                "contractor": session_of(first.desk),
                "technician": session_of(first.technician),
            },
            "orders": [issued_order(first, number) for number in range(count)],
        }


if __name__ == "__main__":
    print(json.dumps(make(int(sys.argv[1]))))
