"""What a login may become, and what a real pool leaves to its next borrower."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from psycopg_pool import ConnectionPool

from nexxio.core.db.pool import reset_connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("login", "role"),
    [
        ("nexxio_site", "nexxio_system"),
        ("nexxio_site", "nexxio_owner"),
        ("nexxio_system", "nexxio_owner"),
    ],
)
def test_a_login_can_not_take_a_stronger_role(login, role):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [login, role])
        assert cursor.fetchone() == (False,)


def test_a_pooled_connection_comes_back_without_role_and_scope():
    database = settings.DATABASES["default"]
    wanted = {
        "host": database["HOST"],
        "port": database["PORT"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "dbname": connection.settings_dict["NAME"],
    }
    look = "SELECT current_user, current_setting('nexxio.landlord', true), pg_backend_pid()"
    with ConnectionPool(
        kwargs=wanted, min_size=1, max_size=1, open=True, reset=reset_connection
    ) as pool:
        with pool.connection() as borrowed:
            borrowed.execute("SELECT set_config('role', 'nexxio_system', false)")
            borrowed.execute("SELECT set_config('nexxio.landlord', 'somebody', false)")
            borrowed.commit()
            role, landlord, pid = borrowed.execute(look).fetchone()
            assert (role, landlord) == ("nexxio_system", "somebody")
        with pool.connection() as borrowed:
            assert borrowed.execute(look).fetchone() == (database["USER"], "", pid)
