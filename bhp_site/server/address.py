"""The address that the server listens at, which no two servers share."""

import errno
import socket


def refuse_used_port(host: str, port: int) -> None:
    """Raise SystemExit with one sentence if the server could not listen at `host` and `port`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SystemExit(
                    f"Port {port} is in use. Stop the program that uses it, or choose another "
                    f"port, for example PORT={port + 1}."
                ) from error
            raise SystemExit(f"Cannot listen on {host}:{port}: {error.strerror}.") from error


def claim_address(host: str, port: int) -> socket.socket:
    """Return a socket that marks `host` and `port` as used while it is open.

    granian lets several servers listen at one port, and each would get a part of the requests.
    Raises SystemExit with one sentence if another server of a site has claimed the address. The
    name is abstract (unix(7)): the system forgets it when the process ends, in whatever way.
    """
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0bhp_site.server:{host}:{port}")
    except OSError as error:
        mark.close()
        if error.errno == errno.EADDRINUSE:
            raise SystemExit(
                f"Port {port} is in use by another server of a site. Stop it, or choose another "
                f"port, for example PORT={port + 1}."
            ) from error
        raise
    return mark
