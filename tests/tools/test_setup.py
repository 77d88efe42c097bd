"""Set-up: what pip knows reaches uv, locks are read right, ports and locks are exclusive."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tools import packages, roles
from tools.base import (
    Busy,
    Failure,
    Secrets,
    locked,
    port_is_free,
    process_is_alive,
    remembered_port,
)
from tools.product import Product, is_given

PIP_CONFIG = """\
global.index-url='https://packages.example/simple'
global.cert='/etc/one.pem'
:env:.cert='/etc/two.pem'
global.find-links='/wheels /more'
install.extra-index-url='https://b.example/ https://c.example/'
global.no-color='true'
"""


def test_uv_gets_what_pip_is_told() -> None:
    env = packages.uv_environment(PIP_CONFIG, base={"PATH": "/bin"})
    assert env["UV_DEFAULT_INDEX"] == "https://packages.example/simple"
    assert env["SSL_CERT_FILE"] == "/etc/two.pem"
    assert env["UV_FIND_LINKS"] == "/wheels,/more"
    assert env["UV_INDEX"] == "https://b.example/ https://c.example/"
    assert env["UV_SYSTEM_CERTS"] == "1"


def test_what_uv_is_told_already_stays() -> None:
    env = packages.uv_environment(PIP_CONFIG, base={"UV_DEFAULT_INDEX": "https://mine.example/"})
    assert env["UV_DEFAULT_INDEX"] == "https://mine.example/"


def test_one_requirement_is_cut_out_of_a_lock_with_its_hashes() -> None:
    lock = (
        "uv-build==1 \\\n    --hash=sha256:0\n"
        "uv==2 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\n    # via x\nz==3\n"
    )
    assert packages.requirement(lock, "uv") == (
        "uv==2 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\n"
    )
    with pytest.raises(Failure, match="pip is not in the lock"):
        packages.requirement(lock, "pip")


def test_a_remembered_port_is_kept_while_it_is_free(tmp_path: Path) -> None:
    port = remembered_port(tmp_path / "port")
    assert remembered_port(tmp_path / "port") == port
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert not port_is_free(port)
        assert remembered_port(tmp_path / "port") != port


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "lock", wait=0, busy="taken"),
        pytest.raises(Busy, match="taken"),
        locked(tmp_path / "lock", wait=0, busy="taken"),
    ):
        raise AssertionError("both hold it")
    with locked(tmp_path / "lock", wait=0, busy="taken"):
        pass


def test_secrets_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")
    with pytest.raises(Failure, match="not readable as JSON"):
        Secrets(tmp_path / "secrets.json")


def test_a_process_that_never_was_is_not_alive() -> None:
    assert not process_is_alive(2**22 + 1)


def test_printed_roles_hold_placeholders_only(capsys: pytest.CaptureFixture[str]) -> None:
    roles.main()
    printed = capsys.readouterr().out
    assert r"\set nexxio_site 'put-a-password-of-nexxio_site-here'" in printed
    assert "nexxio_test" not in printed


def test_a_database_without_its_owner_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DATABASE_OWNER_URL", "DATABASE_OWNER_URL_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://a@b/c")
    with pytest.raises(Failure, match="DATABASE_OWNER_URL"):
        Product(tmp_path)


def test_real_servers_take_the_place_of_embedded_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://site@db.example/nexxio")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db.example/nexxio")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example")
    product = Product(tmp_path)
    assert product.postgres is None
    assert product.valkey is None
    monkeypatch.delenv("DATABASE_SYSTEM_URL", raising=False)
    env = product.service("web", "x", login="site").env
    assert env["DATABASE_URL"] == "postgresql://site@db.example/nexxio"
    assert "DATABASE_OWNER_URL" not in env


def test_a_secret_in_a_file_counts_as_given() -> None:
    assert is_given("REDIS_URL", {"REDIS_URL_FILE": "/run/secrets/redis"})
    assert not is_given("REDIS_URL", {"REDIS_URL": ""})
