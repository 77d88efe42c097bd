"""A deployment without Docker: the commands, variables and secret files of docker-compose.yml,
against real servers with three separate logins, behind what a proxy says.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.ops.deployment import Deployment
from tools.base import LOCAL, wait_until
from tools.postgres import SUPERUSER

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rehearsal")]

LOADED = 90  # seconds for a process to come up on a machine that does much else

STORE_A_FILE = """
import django; django.setup()
from nexxio.core import files
from nexxio.core.models import Organisation
from nexxio.core.scoping import system_scope
with system_scope("tests: a file"):
    landlord = Organisation.objects.filter(kind="landlord").first()
    readers = dict.fromkeys(("contractor_id", "tenant_id", "reader_case_id"))
    files.store(
        b"content", landlord_id=landlord.pk, media_type="image/jpeg", name="photo.jpg", **readers
    )
"""


@pytest.fixture(scope="module")
def deployed():
    """The whole way: secrets, roles, schema, files, processes, healthy."""
    with Deployment(f"deploy-{os.getpid()}") as site:
        site.make_secrets()
        assert site.roles().returncode == 0
        migrated = site.once("migrate")
        assert migrated.returncode == 0, migrated.stderr[-3000:]
        collected = site.once("migrate", "manage.py", "collectstatic", "--no-input")
        assert collected.returncode == 0, collected.stderr[-3000:]
        filled = site.once("worker", "manage.py", "demo_world", "--if-empty")
        assert filled.returncode == 0, filled.stderr[-3000:]
        stored = site.once("worker", "-c", STORE_A_FILE)
        assert stored.returncode == 0, stored.stderr[-3000:]
        for service in ("web", "admin", "relay", "worker", "jobs", "clock"):
            site.up(service)
        for service in ("web", "admin", "relay", "worker", "jobs", "clock"):
            healthy = wait_until(lambda s=service: site.health(s).returncode == 0, LOADED, 1)
            assert healthy, site.health(service).stdout + site.log(service)[-3000:]
        yield site
    assert site.survivors() == []


def test_roles_are_repaired_and_weak_passwords_refused(deployed):
    again = deployed.roles()
    assert (again.returncode, again.stderr) == (0, "")
    weak = deployed.home / "weak"
    weak.write_text("postgresql://nexxio_site:short@127.0.0.1/nexxio")
    refused = deployed.roles(DATABASE_URL_FILE=str(weak))
    assert refused.returncode == 1
    assert "no address of nexxio_site with a password" in refused.stderr


@pytest.mark.parametrize("service", ["web", "admin", "migrate"])
def test_checks_of_a_deployment_pass_with_each_login(deployed, service):
    words = ("manage.py", "check", "--deploy", "--database", "default", "--fail-level", "WARNING")
    done = deployed.once(service, *words)
    said = done.stdout + done.stderr
    assert (done.returncode, said) == (0, "System check identified no issues (0 silenced).\n")


def test_a_login_that_is_too_strong_is_named(deployed):
    owner = str(deployed.folder / "database_owner_url")
    words = ("manage.py", "check", "--database", "default")
    done = deployed.once("web", *words, DATABASE_URL_FILE=owner)
    assert done.returncode == 1
    assert "nexxio.E017" in done.stderr
    assert "nexxio.E018" in done.stderr


def test_health_and_readiness(deployed):
    assert deployed.ask("web", "/sante/")[::2] == (200, "ok\n")
    status, _headers, body = deployed.ask("web", "/sante/prete/")
    assert status == 200
    assert json.loads(body) == {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "broker": "ok",
    }
    assert json.loads(deployed.ask("admin", "/sante/prete/")[2])["relay_lag_seconds"] >= 0


def test_a_page_behind_the_proxy(deployed):
    status, headers, body = deployed.ask("web", "/compte/login/", X_Request_ID="from-the-proxy-1")
    assert status == 200
    assert headers["x-request-id"] == "from-the-proxy-1"
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains; preload"
    assert "server" not in headers
    (sheet,) = re.findall(r'href="(/static/dist/light\.[0-9a-f]{12}\.css)"', body)
    status, headers, text = deployed.ask("web", sheet, Accept_Encoding="gzip")
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert headers["content-encoding"] == "gzip"
    assert "@font-face" in text
    status, headers, _body = deployed.ask("web", "/compte/login/", X_Forwarded_Proto="http")
    assert (status, headers["location"]) == (301, "https://nexxio.example/compte/login/")
    assert deployed.ask("web", "/", Host="elsewhere.example")[0] == 400
    assert deployed.ask("web", "/dev/composants/")[0] == 404


def test_what_happened_is_delivered_by_workers_with_their_own_login(deployed):
    def figures() -> dict[str, float]:
        token = (deployed.folder / "metrics_token").read_text().strip()
        status, _headers, body = deployed.ask(
            "admin", "/metriques/", Authorization=f"Bearer {token}"
        )
        assert status == 200
        return {
            " ".join([sample.name, *sample.labels.values()]): sample.value
            for family in text_string_to_metric_families(body)
            for sample in family.samples
        }

    found: dict[str, float] = {}

    def is_all_delivered() -> bool:
        # Of one reading: a job that ends between two of them has its event on the way.
        found.update(figures())
        return found["nexxio_relay_lag_seconds"] == found["nexxio_deliveries pending push"] == 0

    assert wait_until(is_all_delivered, LOADED, 1), found
    assert found["nexxio_deliveries dead push"] == 0
    assert found["nexxio_database_up"] == 1
    assert deployed.ask("web", "/metriques/")[0] == 404


def test_logs_are_json_and_hold_no_secret_and_nobody(deployed):
    deployed.ask("web", "/compte/login/", X_Request_ID="from-the-proxy-2")
    secrets = [path.read_text().strip() for path in deployed.folder.iterdir()]
    secrets += re.findall(r"://[^:]*:([^@]+)@", " ".join(secrets))
    for service in ("web", "admin", "relay", "worker", "jobs", "clock"):
        text = deployed.log(service)
        # Celery greets by a banner before logging is there.
        lines = [line for line in text.splitlines() if line.startswith("{")]
        assert service == "clock" or lines, service
        for line in lines:
            assert {"event", "level", "logger", "timestamp"} <= set(json.loads(line)), line
        assert [secret for secret in secrets if secret and secret in text] == [], service
        assert "@rivp.example" not in text
    asked = [json.loads(line) for line in deployed.log("web").splitlines() if '"request"' in line]
    assert "from-the-proxy-2" in {line["request_id"] for line in asked}


def test_a_worker_that_stands_still_is_unhealthy(deployed):
    alive = deployed.home / "relay.alive"
    os.utime(alive, (1, 1))
    pid = deployed.pid("relay")
    os.kill(pid, 19)  # SIGSTOP
    try:
        os.utime(alive, (1, 1))
        said = deployed.health("relay")
        assert said.returncode == 1
        assert "no sign of life for" in said.stdout
    finally:
        os.kill(pid, 18)  # SIGCONT
    assert wait_until(lambda: deployed.health("relay").returncode == 0, LOADED, 1)


# --- Backup -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def backed_up(deployed):
    """A backup made while the site serves."""
    folder = deployed.home / "backups" / "first"
    done = deployed.once("backup", "manage.py", "backup", str(folder))
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


def empty_database(site: Deployment, name: str) -> dict[str, str]:
    """Variables of the owner for an empty database with extensions, and a storage of its own."""
    site.postgres.psql(
        f"CREATE DATABASE {name} OWNER nexxio_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
        " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST';"
    )
    extensions = ("pg_trgm", "unaccent", "btree_gist", "citext")
    site.postgres.psql(
        "".join(f"CREATE EXTENSION {each};" for each in extensions)
        + "REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
        login=SUPERUSER,
        database=name,
    )
    url = site.home / f"{name}.url"
    text = (site.folder / "database_owner_url").read_text(encoding="utf-8")
    url.write_text(text.replace("/nexxio\n", f"/{name}\n"), encoding="utf-8")
    return {"DATABASE_OWNER_URL_FILE": str(url), "NEXXIO_DATA": str(site.home / f"{name}-data")}


def test_a_backup_comes_back_equal_and_verified(deployed, backed_up):
    manifest = json.loads((backed_up / "manifest.json").read_text())
    assert manifest["tables"]["orders_order"]["rows"] > 10
    assert manifest["media"]["files"] > 0
    assert manifest["media"]["lost"] == []
    empty = empty_database(deployed, "restored")
    done = deployed.once("backup", "manage.py", "restore", str(backed_up), **empty)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "contents equal" in done.stdout
    assert "System check identified no issues" in done.stdout + done.stderr
    again = deployed.once("backup", "manage.py", "restore", str(backed_up), **empty)
    assert again.returncode == 1
    assert "not empty: nothing was touched" in again.stderr
    # A second backup, of what was restored, holds the same.
    second = deployed.home / "backups" / "second"
    done = deployed.once("backup", "manage.py", "backup", str(second), **empty)
    assert done.returncode == 0, done.stderr[-2000:]
    other = json.loads((second / "manifest.json").read_text())
    assert other["tables"] == manifest["tables"]
    assert (second / "media.jsonl").read_bytes() == (backed_up / "media.jsonl").read_bytes()


def test_the_site_works_on_what_was_restored(deployed, backed_up):
    empty = empty_database(deployed, "served")
    done = deployed.once("backup", "manage.py", "restore", str(backed_up), **empty)
    assert done.returncode == 0, done.stderr[-2000:]
    site = deployed.home / "served-site.url"
    text = (deployed.folder / "database_url").read_text(encoding="utf-8")
    site.write_text(text.replace("/nexxio\n", "/served\n"), encoding="utf-8")
    code = (
        "import django; django.setup()\n"
        "from nexxio.core.models import User\n"
        "from nexxio.core.scoping import ScopeMissing\n"
        "from orders.models import Order\n"
        "assert User.objects.filter(email='claire.morel@rivp.example').exists()\n"
        "assert Order._base_manager.count() == 0, 'row-level security is gone'\n"
        "print('guarded')"
    )
    done = deployed.once("web", "-c", code, DATABASE_URL_FILE=str(site))
    assert done.stdout == "guarded\n", done.stderr[-2000:]


def test_an_existing_backup_is_never_overwritten(deployed, backed_up):
    done = deployed.once("backup", "manage.py", "backup", str(backed_up))
    assert done.returncode == 1
    assert "never overwritten" in done.stderr


@pytest.mark.parametrize("what", ["dump", "media", "manifest", "lost"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(deployed, backed_up, what):
    copy = deployed.home / "backups" / f"damaged-{what}"
    shutil.copytree(backed_up, copy)
    media = next(path for path in sorted((copy / "media").rglob("*")) if path.is_file())
    if what == "dump":
        with (copy / "database.dump").open("r+b") as dump:
            dump.seek(-100, os.SEEK_END)
            dump.write(b"x" * 50)
    elif what == "media":
        media.write_bytes(b"another content")
    elif what == "lost":
        media.unlink()
    else:
        (copy / "manifest.json").write_text("{")
    name = f"untouched_{what}"
    empty = empty_database(deployed, name)
    done = deployed.once("backup", "manage.py", "restore", str(copy), **empty)
    assert done.returncode == 1
    assert re.search("nothing was touched|is no backup", done.stderr)
    count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert deployed.postgres.psql(count, database=name) == "0"
    assert not Path(deployed.home / f"{name}-data").exists()


def test_an_older_program_of_postgresql_is_refused_by_name(deployed):
    old = deployed.home / "old"
    old.mkdir()
    (old / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.14'\n")
    (old / "pg_dump").chmod(0o755)
    target = deployed.home / "backups" / "never"
    done = deployed.once("backup", "manage.py", "backup", str(target), PATH=f"{old}:/usr/bin:/bin")
    assert done.returncode == 1
    assert "pg_dump of PostgreSQL 18 or later is needed" in done.stderr
    assert not target.exists()
    assert LOCAL in target.parents
