"""Tests talk to nobody but this machine."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_no_test_reaches_another_machine():
    probe = socket.socket()
    probe.settimeout(0.1)
    with probe, pytest.raises(SocketConnectBlockedError):
        probe.connect(("192.0.2.1", 80))  # an address that documentation may use, and nobody has


def test_our_own_servers_are_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=2).close()
