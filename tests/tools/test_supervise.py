"""The supervisor keeps services up and leaves nobody behind, however it ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.actors import Family, left_alive
from tools.base import Failure, process_is_alive, wait_until
from tools.service import Service
from tools.supervise import Supervisor

pytestmark = pytest.mark.slow


@pytest.fixture
def family(place: Path) -> Iterator[Family]:
    """A supervisor with two services that have a stubborn child each."""
    found = Family(place)
    found.wait()
    try:
        yield found
    finally:
        found.end()


def shell(name: str, text: str, **details: object) -> Service:
    return Service(name=name, argv=("/bin/sh", "-c", text), env=dict(os.environ), **details)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_in_reverse_order(family: Family, number: signal.Signals) -> None:
    everybody = family.everybody()
    family.process.send_signal(number)
    output, _ = family.process.communicate(timeout=20)
    assert family.process.returncode == 0
    assert output == "left in order\n"
    assert (family.folder / "stopped").read_text().split() == ["second", "first"]
    assert left_alive(everybody, within=0) == []


def test_nobody_outlives_a_supervisor_that_was_killed(family: Family) -> None:
    everybody = family.everybody()
    family.process.kill()
    assert left_alive(everybody, within=20) == []


def test_services_die_with_supervisor_and_guardian_killed_together(family: Family) -> None:
    services = [family.pids("first")[0], family.pids("second")[0]]
    os.kill(int((family.folder / "guardian").read_text()), signal.SIGKILL)
    family.process.kill()
    assert left_alive(services, within=10) == []


def test_a_service_that_was_killed_is_started_again_without_its_old_children(
    family: Family,
) -> None:
    leader, child = family.pids("first")
    os.kill(leader, signal.SIGKILL)
    assert wait_until(lambda: family.pids("first")[0] != leader, 10)
    assert left_alive([leader, child], within=5) == []
    assert process_is_alive(family.pids("first")[0])


def test_a_guardian_that_was_killed_is_replaced(family: Family) -> None:
    os.kill(int((family.folder / "guardian").read_text()), signal.SIGKILL)
    # The crash of a service shows that the loop has been round.
    leader = family.pids("second")[0]
    os.kill(leader, signal.SIGKILL)
    assert wait_until(lambda: family.pids("second")[0] != leader, 10)
    everybody = family.everybody()
    family.process.kill()
    assert left_alive(everybody, within=20) == []


def test_a_service_that_ends_at_once_is_told_with_its_last_words(place: Path) -> None:
    service = shell("broken", "echo no such door; exit 3", is_ready=lambda _pid: False)
    with pytest.raises(Failure, match="no such door"), Supervisor(place) as supervisor:
        supervisor.start(service)


def test_a_command_that_fails_is_told_with_its_last_words(place: Path) -> None:
    with pytest.raises(Failure, match="bad migration"), Supervisor(place) as supervisor:
        supervisor.run(shell("migrate", "echo bad migration; exit 1"))


def test_the_status_of_a_command_at_the_terminal_is_passed_on(place: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit(7)"]
    with Supervisor(place) as supervisor:
        assert supervisor.foreground(command, os.environ) == 7


def test_only_lines_that_deserve_it_reach_the_terminal(
    place: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = "calm", "12:00 WARNING disk", "Traceback (x):", " f", "ValueError: no"
    with Supervisor(place) as supervisor:
        supervisor.run(shell("worker", "".join(f"echo '{line}';" for line in lines)))
    shown = capfd.readouterr().err.splitlines()
    assert shown == ["worker   | 12:00 WARNING disk", "worker   | ValueError: no"]
    log = (place / "worker.log").read_text()
    assert "calm" in log
    assert "Traceback (x):" in log
