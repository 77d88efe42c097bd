"""The files of a deployment, as far as they can be read without Docker.

What is not proved here: that the images build, and that Docker starts them. That the commands with
these variables, files and logins really work is test_rehearsal.py.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

from nexxio.core import nudge
from nexxio.settings import env
from tests.ops.compose import (
    COMPOSE,
    DOCKERFILE,
    OURS,
    ROOT,
    SERVICES,
    command,
    environment,
    image_environment,
    secrets,
)

SETTINGS = "\n".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "nexxio/settings").glob("*.py")
)
READ = set(re.findall(r"env\.(?:text|flag|number|choice|words)\(\s*\"(\w+)\"", SETTINGS))


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_one_that_settings_read(service):
    names = {name.removesuffix("_FILE") for name in environment(service)}
    names |= {name for name in image_environment() if not name.startswith("PYTHON")}
    assert names - READ == {"DJANGO_SETTINGS_MODULE", "XDG_CACHE_HOME"}
    assert {name for name in names if name.startswith("NEXXIO_")} <= env.KNOWN


def test_every_variable_of_ours_is_read_somewhere():
    assert env.KNOWN <= READ


def test_every_setting_reaches_a_process():
    given = set(image_environment()).union(*map(environment, OURS))
    assert READ - {name.removesuffix("_FILE") for name in given} == {"NEXXIO_DEMO"}


@pytest.mark.parametrize("service", SERVICES)
def test_secrets_are_files_that_the_service_gets_and_uses(service):
    found = environment(service)
    paths = {value for value in found.values() if value.startswith("/run/secrets/")}
    text = str(SERVICES[service])
    if service == "proxy":
        text += (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    for name in secrets(service):
        assert name in COMPOSE["secrets"], name
        assert f"/run/secrets/{name}" in text, f"{name} is not used"
    assert {Path(path).name for path in paths} <= secrets(service)
    for name, value in found.items():
        if re.search("PASSWORD|SECRET|TOKEN|DATABASE|REDIS|MAIL_URL|LINK_KEY", name):
            assert name.endswith("_FILE"), f"{name} would be in clear"
            assert value.startswith("/run/secrets/")


@pytest.mark.parametrize("service", OURS)
def test_each_process_has_the_login_of_its_work_and_no_other(service):
    login = {"web": "site", "migrate": "owner", "backup": "owner"}.get(service, "system")
    address = {
        "site": "DATABASE_URL_FILE",
        "system": "DATABASE_SYSTEM_URL_FILE",
        "owner": "DATABASE_OWNER_URL_FILE",
    }[login]
    found = environment(service)
    assert found["NEXXIO_LOGIN"] == login
    assert [name for name in found if name.startswith("DATABASE")] == [address]
    assert len({name for name in secrets(service) if name.startswith("database")}) == 1
    assert "postgres_password" not in secrets(service)


@pytest.mark.parametrize("service", OURS)
def test_every_command_exists(service):
    words = command(service)
    words = words[1:] if words[0] == "python" else words
    if words[0] == "manage.py":
        assert words[1] in get_commands()
    elif words[0] == "celery":
        assert words[1:3] == ["-A", "nexxio"]
        assert words[3] in ("worker", "beat")
        assert words[3] == "beat" or words[words.index("-Q") + 1] in set(nudge.QUEUES.values())
    else:
        assert words[:2] == ["uvicorn", "nexxio.asgi:application"]


def test_every_queue_has_its_worker_and_there_is_one_clock():
    words = [command(service) for service in OURS]
    served = [each[each.index("-Q") + 1] for each in words if "-Q" in each]
    assert sorted(served) == sorted(set(nudge.QUEUES.values()))
    assert sum("beat" in each for each in words) == 1


def test_the_order_of_start_goes_by_health():
    def waits(service: str) -> dict[str, str]:
        found = SERVICES[service].get("depends_on", {})
        return {name: how["condition"] for name, how in found.items()}

    done, healthy = "service_completed_successfully", "service_healthy"
    assert waits("roles") == {"postgres": healthy}
    assert waits("migrate") == {"roles": done}
    for service in ("web", "admin", "relay", "worker", "jobs", "clock"):
        assert waits(service) == {"migrate": done, "valkey": healthy}
    assert waits("proxy") == {"web": healthy, "admin": healthy}
    for service in ("postgres", "valkey", "relay", "worker", "jobs", "clock"):
        assert SERVICES[service]["healthcheck"]["test"]
    assert "HEALTHCHECK" in DOCKERFILE


@pytest.mark.parametrize("service", OURS)
def test_containers_have_no_more_rights_than_they_need(service):
    found = SERVICES[service]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["mem_limit"]
    assert found["pids_limit"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in found


def test_volumes_files_and_secrets_are_declared():
    for name, found in SERVICES.items():
        for volume in found.get("volumes", ()):
            source = volume.partition(":")[0]
            if source.startswith("./"):
                assert source == "./backups" or (ROOT / source).exists(), f"{name}: {source}"
            else:
                assert source in COMPOSE["volumes"], f"{name}: {source}"
    script = (ROOT / "deploy/secrets.sh").read_text(encoding="utf-8")
    made = set(re.findall(r"^keep (\w+)", script, re.MULTILINE)) | {"mail_url"}
    assert set(COMPOSE["secrets"]) - made == {"seal", "tls_certificate", "tls_key"}
    for name, found in COMPOSE["secrets"].items():
        assert found == {"file": f"./secrets/{name}"}


# --- Dockerfile ---------------------------------------------------------------------------------


def stages() -> dict[str, str]:
    parts = re.split(r"^FROM (\S+) AS (\w+)$", DOCKERFILE, flags=re.MULTILINE)
    return {parts[n + 1]: parts[n + 2] for n in range(1, len(parts), 3)}


def test_the_image_runs_as_nobody_in_particular():
    for name in ("site", "maintenance"):
        users = re.findall(r"^USER (\S+)", stages()[name], re.MULTILINE)
        assert users[-1] == "10001:10001"


def test_the_image_holds_every_app_and_no_tools():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    site = stages()["site"]
    for package in [*project["tool"]["importlinter"]["root_packages"], "templates", "static"]:
        assert f"COPY {package} {package}\n" in site, package
    compiled = re.search(r"compileall -q (.*)$", site, re.MULTILINE)
    assert compiled
    assert compiled[1].split() == project["tool"]["importlinter"]["root_packages"]
    assert not re.search(r"^COPY (?!--from)(tools|tests|requirements)", site, re.MULTILINE)
    assert "node" not in site.replace("no-node", "").lower().replace("/opt/venv", "")


def test_everything_is_installed_by_hash_and_by_one_version_of_python():
    installs = re.findall(r"pip install [^\n]*", DOCKERFILE)
    assert len(installs) == 3
    assert all("--require-hashes" in each and "--no-cache-dir" in each for each in installs)
    bases = set(re.findall(r"^FROM (\S+) AS", DOCKERFILE, re.MULTILINE))
    assert bases == {"python:${PYTHON}", "site"}
    assert re.search(r"^ARG PYTHON=3\.11-slim-", DOCKERFILE, re.MULTILINE)
    for block in re.findall(r"apt-get install.*?(?=\n\S)", DOCKERFILE, re.DOTALL):
        assert "--no-install-recommends" in block
        assert "rm -rf /var/lib/apt/lists/*" in block
    assert not re.search(r"^ADD |:latest|curl|wget", DOCKERFILE, re.MULTILINE)


def test_the_context_is_a_list_of_what_is_copied():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = set()
    for words in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        *sources, _target = words.split()
        copied |= set(sources)
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


# --- Proxy --------------------------------------------------------------------------------------


def test_the_proxy_lets_streams_flow_and_logs_no_person():
    conf = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    stream = re.search(r"location = /flux/ \{(.*?)\}", conf, re.DOTALL)
    assert stream
    assert "proxy_buffering off" in stream[1]
    assert conf.count("http2 on") == 2
    log = re.search(r"log_format nexxio(.*?);", conf, re.DOTALL)
    assert log
    names = r"\$(remote_addr|http_user_agent|request\b|request_uri|args|uri|http_)"
    assert not re.search(names, log[1])
    assert conf.count("location /metriques/") == 2
    assert conf.count("{") == conf.count("}")
