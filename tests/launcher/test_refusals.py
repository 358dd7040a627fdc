"""What the launcher refuses, in one sentence each."""

import socket

import django
import pytest
from django.core.exceptions import ImproperlyConfigured

from bhp_site import __main__ as launcher
from bhp_site.server.address import claim_address, refuse_used_port

from ..subprocesses import free_port


def test_a_port_in_use_is_refused_in_one_sentence() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(SystemExit, match=r"^Port \d+ is in use\. .+\.$"),
    ):
        refuse_used_port("127.0.0.1", taken.getsockname()[1])


def test_two_servers_of_sites_never_share_a_port() -> None:
    port = free_port()
    with claim_address("127.0.0.1", port):
        with pytest.raises(SystemExit, match=r"^Port \d+ is in use by another server"):
            claim_address("127.0.0.1", port)
        claim_address("127.0.0.2", port).close()
    claim_address("127.0.0.1", port).close()


def test_a_port_that_another_program_would_share_is_refused() -> None:
    """As granian does: both would get a part of the requests."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(SystemExit, match=r"^Port \d+ is in use\."):
            refuse_used_port("127.0.0.1", other.getsockname()[1])


def test_a_free_port_is_taken() -> None:
    refuse_used_port("127.0.0.1", free_port())


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SystemExit, match=r"^Cannot listen on 192\.0\.2\.1:8000"):
        refuse_used_port("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ImproperlyConfigured("No."), "The site cannot start: No."),
        (OSError("No."), "The site cannot use its data folder: No."),
    ],
)
def test_settings_that_refuse_end_it(
    monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def refuse() -> None:
        raise error

    monkeypatch.setattr(django, "setup", refuse)
    with pytest.raises(SystemExit, match=sentence):
        launcher.configure()
