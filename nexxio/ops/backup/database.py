"""The database side of backups: programs of PostgreSQL, and what every table holds."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import CommandError
from django.db import connection
from psycopg import sql

# Rows are compared by their text: it must not depend on who looks.
_PLAIN_TEXT = (
    "SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres';"
    " SET extra_float_digits = 1; SET bytea_output = 'hex'"
)
_TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
)

Raw = psycopg.Connection[tuple[Any, ...]]
Tables = dict[str, dict[str, Any]]


@contextmanager
def session() -> Iterator[Raw]:
    """Open a connection of our own as the process's login, outside Django's scope handling.

    Everything is read in one snapshot, so that a site may go on writing meanwhile.
    """
    found = connection.settings_dict
    with psycopg.connect(
        host=found["HOST"] or None,
        port=found["PORT"] or None,
        user=found["USER"],
        password=found["PASSWORD"],
        dbname=found["NAME"],
        autocommit=True,
    ) as raw:
        raw.execute(_PLAIN_TEXT)
        raw.autocommit = False
        raw.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        raw.read_only = True
        yield raw


def tables(raw: Raw) -> Tables:
    """Rows and checksum of every table, in the session's snapshot."""
    return {str(name): _content(raw, str(name)) for (name,) in raw.execute(_TABLES).fetchall()}


def _content(raw: Raw, table: str) -> dict[str, Any]:
    # A sum of hashes doesn't depend on the order of rows.
    query = sql.SQL(
        "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t"
    ).format(sql.Identifier("public", table))
    row = raw.execute(query).fetchone()
    assert row is not None
    return {"rows": row[0], "checksum": row[1]}


def dump(raw: Raw, target: Path) -> None:
    """Write pg_dump's custom format, of the session's snapshot."""
    row = raw.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None
    run(
        *("pg_dump", "--format=custom", f"--snapshot={row[0]}", f"--file={target}"),
        version=raw.info.server_version // 10000,
    )


def restore(raw: Raw, source: Path) -> None:
    """Fill an empty database from a dump, in one transaction: all or nothing.

    Owner is whoever restores; the extensions exist already (roles.sql makes them).
    """
    version = raw.info.server_version // 10000
    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-comments")
    run(
        "pg_restore",
        *options,
        f"--dbname={connection.settings_dict['NAME']}",
        str(source),
        version=version,
    )


def run(program: str, *arguments: str, version: int) -> None:
    """Run one of PostgreSQL's programs against our database. Fails with its own words."""
    found = connection.settings_dict
    env = {**os.environ, "PGPASSWORD": str(found["PASSWORD"]), "PGUSER": str(found["USER"])}
    env["PGHOST"], env["PGPORT"] = str(found["HOST"] or ""), str(found["PORT"] or "")
    if program == "pg_dump":
        env["PGDATABASE"] = str(found["NAME"])
    done = subprocess.run(  # noqa: S603 (a program of PostgreSQL, arguments of ours)
        [find_program(program, version), *arguments],
        env={name: value for name, value in env.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"{program}: {done.stderr.strip()[-2000:]}")


def find_program(name: str, version: int) -> str:
    """Path of a program that is new enough for the server: older ones refuse, or lose things."""
    seen = []
    for folder in os.get_exec_path():
        path = Path(folder) / name
        if not os.access(path, os.X_OK):
            continue
        shown = subprocess.run(  # noqa: S603 (asking a program on the path for its version)
            [str(path), "--version"], capture_output=True, text=True, check=False
        ).stdout
        match = re.search(r"\b(\d+)(?:\.\d+)*\b", shown)
        if match and int(match[1]) >= version:
            return str(path)
        seen.append(shown.strip())
    raise CommandError(
        f"{name} of PostgreSQL {version} or later is needed on the path"
        f" (found: {', '.join(seen) or 'none'})."
    )


def grants_missing(raw: Raw) -> list[str]:
    """Tables that the site's or the system's role may not read."""
    query = (
        "SELECT r.rolname || ' on ' || c.relname FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace,"
        " pg_roles r WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        " AND r.rolname IN ('nexxio_site', 'nexxio_system')"
        " AND NOT has_table_privilege(r.oid, c.oid, 'SELECT') ORDER BY 1"
    )
    return [str(name) for (name,) in raw.execute(query).fetchall()]
