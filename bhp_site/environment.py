"""What `settings.py` needs to read the environment safely."""

import contextlib
import ipaddress
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# Variables of earlier versions, with what to do instead.
REPLACED_VARIABLES = {
    "EDGE_MEMORY": "Set PAGE_CACHE_MEMORY_BYTES instead.",
    "EDGE_DISK": "Set PAGE_CACHE_DISK_BYTES instead.",
    "COUNTS_WRITTEN_EVERY": "Set COUNTER_FLUSH_SECONDS instead.",
    "SERVER_INTERFACE": "Remove it: the site always runs as an RSGI application.",
    "FILES_ACCEL": "Remove it: the site sends its files itself, behind any proxy.",
}


def require(condition: object, message: str) -> None:
    """Raise ImproperlyConfigured with `message` if `condition` is false."""
    if not condition:
        raise ImproperlyConfigured(message)


def refuse_replaced_variables(variables: Mapping[str, str]) -> None:
    """Raise ImproperlyConfigured if `variables` has a name that an earlier version used.

    The message says what to set instead.
    """
    for name, advice in REPLACED_VARIABLES.items():
        require(name not in variables, f"{name} is no longer used. {advice}")


def ignore_empty_variables(variables: MutableMapping[str, str]) -> None:
    """Delete the variables with an empty value, so that they count as not set.

    A file such as `.env` can then list every variable.
    """
    for name in [name for name, value in variables.items() if not value]:
        del variables[name]


def build_redis_location(url: str) -> str:
    """Return the LOCATION of Django's Redis cache for the address `url`, which has a host.

    `dj_cache_url` leaves out the user name, which a server with an ACL needs, and the brackets of
    an IPv6 address. Django would take a comma or semicolon in the password for the next server.
    """
    address = urlsplit(url)
    scheme = "rediss" if address.scheme == "rediss" else "redis"
    netloc = address.netloc.replace(",", "%2C").replace(";", "%3B")
    return f"{scheme}://{netloc}{address.path}"


def require_private_folder(path: Path) -> None:
    """Raise ImproperlyConfigured if other users of the machine may read the folder `path`.

    Its group may: a volume of a container can belong to the group of its user.
    """
    require(
        not path.stat().st_mode & 0o007,
        f"other users of this machine may read the data folder {path}, which holds drafts, "
        f"personal data and keys. Run: chmod o= '{path}'",
    )


def require_complete_single_sign_on(
    issuer: str, client: str, secret: str, roles: object, names: Iterable[str]
) -> None:
    """Raise ImproperlyConfigured if single sign-on is half configured, or without encryption.

    `names` are those of all variables: any that begins with SSO_ needs an issuer.
    """
    others = sorted(name for name in names if name.startswith("SSO_"))
    require(issuer or not others, f"{', '.join(others)} need SSO_ISSUER, which is not set.")
    require(
        not issuer or (client and secret),
        "Single sign-on needs SSO_CLIENT_ID and SSO_CLIENT_SECRET: register the site with the "
        "provider, or unset SSO_ISSUER.",
    )
    address = urlsplit(issuer)
    require(
        not issuer
        or (address.scheme == "https" and address.hostname)
        or (address.scheme == "http" and is_loopback(address.hostname or "")),
        f"SSO_ISSUER must be an address that starts with https://, not “{issuer}”.",
    )
    require(
        isinstance(roles, dict) and all(isinstance(role, str) for role in roles.values()),
        'SSO_ROLES must be a JSON object such as {"value of the claim": "Publisher"}.',
    )


def normalise_name(text: str) -> str:
    """Return an e-mail address or domain in the form in which it is compared."""
    return text.strip().casefold()


def is_loopback(host: str) -> bool:
    """Return True if `host`, a name or an IP address, can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def get_https_host(site_url: str) -> str | None:
    """Return the host and port to which http redirects; None for the host that was requested.

    Only a URL with https on a port of its own needs it: Django's redirect has no port.
    """
    address = urlsplit(site_url)
    return address.netloc if address.scheme == "https" and address.port else None


def read_or_create_secret(path: Path, entropy_bytes: int = 50) -> str:
    """Return the secret stored in `path`; create it first if there is none.

    A new secret is URL-safe text with `entropy_bytes` random bytes. Only the owner can read the
    file. Processes that start at the same time get the same secret.
    """
    if not path.exists():
        # The file is complete when it gets its name: another process may read it at once.
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(entropy_bytes))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text().strip()
