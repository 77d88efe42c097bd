"""The migrations hold the walls that the models ask for, and a changed rule replaces its policy."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from nexxio.core.db.rls import Rule
from nexxio.core.models import Group, ScopedModel
from nexxio.core.scoping import owner_scope
from nexxio.devtools.management.commands.make_walls import missing

WALLED = sorted({m._meta.app_label for m in apps.get_models() if issubclass(m, ScopedModel)})


@pytest.mark.parametrize("app", WALLED)
def test_no_wall_waits_for_its_migration(app):
    assert missing(apps.get_app_config(app)) == []


def test_a_changed_rule_drops_the_policy_and_makes_it_again(db, monkeypatch):
    monkeypatch.setattr(Group, "scope_rule", Rule(landlord="id"))
    found = missing(apps.get_app_config("core"))
    assert [sql.split(" (")[0].split(" USING")[0] for sql, _undo in found] == [
        "DROP POLICY core_group_landlord ON core_group",
        "CREATE POLICY core_group_landlord ON core_group TO nexxio_site",
    ]
    undone = [undo for _sql, undo in reversed(found)]
    with owner_scope(), connection.cursor() as cursor:
        for sql in [sql for sql, _undo in found] + undone:
            cursor.execute(sql)


def test_the_planner_counts_with_the_explicit_filter_only(db):
    """Without the wrapping, a policy's selectivity is taken as well: a row where there are many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'"
            " AND roles = '{nexxio_site}' AND qual IS NOT NULL"
            " AND qual !~ '^\\s*CASE\\s+WHEN .* THEN true\\s+ELSE false\\s+END$'"
        )
        assert cursor.fetchall() == []
