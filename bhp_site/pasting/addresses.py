"""Where a pasted link should lead: redirectors are resolved, links that lead nowhere refused."""

import re
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from .redirectors import find_redirector

MAX_REDIRECTORS = 5
# Beside a relative address, which has none.
ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
ADMIN_PATH = re.compile(r"^/(wp-)?admin(/|$)", re.IGNORECASE)
# What word processors call the places inside their own documents: Word (_ftn, _edn, _msocom,
# _Toc, _Ref, _Hlk), LibreOffice (sdfootnote, __RefHeading__), Google Docs (ftnt, cmnt, heading=h.).
FOREIGN_FRAGMENT = re.compile(
    r"^(_?_?(ftn|edn|msocom|msoanchor|toc|ref|hlk|refheading|goback)"
    r"|sdfootnote|sdendnote|ftnt|cmnt|heading=|bookmark=|h\.|id\.|kix\.)",
    re.IGNORECASE,
)


def clean_address(address: str, *, keep_anchors: bool = True) -> str | None:
    """Return the target for a link with this `href`; None if it must not be a link.

    `keep_anchors` keeps `#heading`, which an editor may have chosen on purpose; in pasted text a
    bare fragment belongs to the document that it was copied from.
    """
    address = address.strip()
    for _ in range(MAX_REDIRECTORS):
        try:
            target = resolve_redirector(address)
        except ValueError:
            # Not even an address, for example “http://[”.
            return None
        if target is None:
            break
        if not target:
            return None
        address = target.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if address.startswith("#"):
        is_kept = keep_anchors and len(address) > 1 and not FOREIGN_FRAGMENT.match(address[1:])
        return address if is_kept else None
    if parts.scheme and parts.scheme.lower() not in ALLOWED_SCHEMES:
        return None
    if parts.scheme.startswith("http") and not parts.hostname:
        return None
    if leads_to_admin(address):
        return None
    if not parts.scheme and not parts.netloc and not parts.path.startswith("/"):
        # Relative to a document that is not here.
        return None
    return address


def leads_to_admin(address: str) -> bool:
    """Return True for an address below /admin/ on any host: visitors cannot open it.

    The site has several hosts, and editors copy addresses from any of them.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme.lower() not in ("", "http", "https"):
        return False
    # Browsers resolve dots and repeated slashes before they send a path.
    path = re.sub("/+", "/", unquote(parts.path))
    return path.startswith("/") and bool(ADMIN_PATH.match(normpath(path)))


def resolve_redirector(address: str) -> str | None:
    """Return the target in a known redirector's URL; None if `address` does not hold one.

    It is "" if a page may not link to the target. Raises ValueError if `address` cannot be parsed.
    """
    redirector = find_redirector(address)
    target = redirector.read_target(address) if redirector and redirector.read_target else ""
    if not target:
        return None
    return target if urlsplit(target).scheme in ("http", "https", "mailto") else ""
