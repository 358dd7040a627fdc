"""Find links that do not lead straight to a public address. Needs no Django."""

import ipaddress
import re
from urllib.parse import urlsplit, urlunsplit

from bhp_site.pasting.addresses import clean_address, leads_to_admin
from bhp_site.pasting.redirectors import find_redirector

# Addresses in plain text, without the punctuation that follows them.
TYPED_ADDRESS = re.compile(r"\bhttps?://[^\s<>“”\"]*[^\s<>“”\".,;:!?’')\]]", re.IGNORECASE)
# Parameters that newsletters, advertisements and networks add, to see who follows a link.
TRACKING_PARAMETER = re.compile(
    r"utm_\w+|mc_[ce]id|fbclid|gclid|msclkid|igshid|_hs(enc|mi)|mkt_tok|vero_id", re.IGNORECASE
)
LOCAL_NAME = re.compile(r"localhost|[^.]+|.*\.(local|localhost|internal|lan|intranet)")

REMOVE = "Remove the link, or link to the public page."
ADMIN = f"This link leads to the admin, which visitors cannot open. {REMOVE}"
DEAD_END = f"This link leads through {{name}} to a place that visitors cannot open. {REMOVE}"
INVALID = "Visitors cannot open this address. Remove the link, or enter another address."
LOCAL = "This address only works on your own computer or network. Enter the public address."
READABLE = "This link leads through {name}. Link straight to {target} instead."
HIDDEN = (
    "This link leads through {name}, which hides its target. Open the link, copy the address of "
    "the page that you see, and link to that."
)
TRACKING = "This link has codes that track who follows it. Link to {target} instead."


def find_link_problem(address: str) -> str | None:
    """Return what is wrong with a link to `address`, and what to do; None for a good link."""
    address = address.strip()
    target = clean_address(address)
    if target is None:
        return ADMIN if leads_to_admin(address) else _describe_dead_end(address)
    if redirector := find_redirector(target):
        return HIDDEN.format(name=redirector.name)
    if is_local(target):
        return LOCAL
    plain = remove_tracking(target)
    if target != address:
        service = find_redirector(address)
        return READABLE.format(name=service.name if service else "another site", target=plain)
    return TRACKING.format(target=plain) if plain != target else None


def _describe_dead_end(address: str) -> str:
    """Return the advice for an address that must not be a link, and is not in the admin itself."""
    try:
        redirector = find_redirector(address)
    except ValueError:
        redirector = None
    return DEAD_END.format(name=redirector.name) if redirector else INVALID


def is_local(address: str) -> bool:
    """Return True for a host that only computers in the same network can reach."""
    host = urlsplit(address).hostname or ""
    if not host:
        return False
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return bool(LOCAL_NAME.fullmatch(host))


def remove_tracking(address: str) -> str:
    """Return `address` without parameters that track visitors; unchanged if it has none."""
    parts = urlsplit(address)
    if not parts.query or parts.scheme not in ("http", "https"):
        return address
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if not TRACKING_PARAMETER.fullmatch(pair.partition("=")[0])]
    return address if kept == pairs else urlunsplit(parts._replace(query="&".join(kept)))
