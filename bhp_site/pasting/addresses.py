"""Where a pasted link should lead: redirectors are resolved, links that lead nowhere refused."""

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

MAX_REDIRECTORS = 5
# Beside a relative address, which has none.
ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
ADMIN_PATH = re.compile(r"^/(wp-)?admin(/|$)")
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
    if ADMIN_PATH.match(parts.path) and parts.scheme not in ("mailto", "tel"):
        return None
    if not parts.scheme and not parts.netloc and not parts.path.startswith("/"):
        # Relative to a document that is not here.
        return None
    return address


def resolve_redirector(address: str) -> str | None:
    """Return the target in a known redirector's URL; None if `address` is not one.

    It is "" if a page may not link to the target. Raises ValueError if `address` cannot be parsed.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    for is_host, path, read in REDIRECTORS:
        if is_host.search(host) and re.match(path, parts.path):
            target = read(address)
            return target if urlsplit(target).scheme in ("http", "https", "mailto") else ""
    return None


def read_parameter(*names: str) -> Callable[[str], str]:
    """Return a function that returns the first query parameter of a URL named in `names`."""

    def read(address: str) -> str:
        query = parse_qs(urlsplit(address).query)
        return next((query[name][0] for name in names if name in query), "")

    return read


def read_urldefense_v2(address: str) -> str:
    """Return the target of Proofpoint's version 2: `-` stands for `%`, `_` for `/`."""
    coded = read_parameter("u")(address)
    return unquote(coded.replace("-", "%").replace("_", "/"))


def read_urldefense_v3(address: str) -> str:
    """Return the target of Proofpoint's version 3.

    Characters that it changed are a `*` each, or `**` and a letter for a run of them, and stand
    in base64 behind the address.
    """
    match = re.search(r"/v3/__(?P<target>.+?)__;(?P<coded>[^!]*)!", address)
    if match is None:
        return ""
    padded = match["coded"] + "=" * (-len(match["coded"]) % 4)
    try:
        changed = iter(base64.urlsafe_b64decode(padded).decode())
    except (binascii.Error, UnicodeDecodeError):
        return ""

    def restore(star: re.Match[str]) -> str:
        length = RUN_LETTERS.index(star["run"]) + 2 if star["run"] else 1
        return "".join(next(changed, "") for _ in range(length))

    return re.sub(r"\*(?:\*(?P<run>[A-Za-z0-9_-]))?", restore, match["target"])


def read_bing(address: str) -> str:
    """Return the target of a search result of Bing: base64 behind the two characters “a1”."""
    coded = read_parameter("u")(address).removeprefix("a1")
    try:
        return base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


RUN_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# Host, path, and how the target is read. Shorteners such as bit.ly hold no address to be read.
REDIRECTORS: list[tuple[re.Pattern[str], str, Callable[[str], str]]] = [
    (re.compile(host), path, read)
    for host, path, read in (
        (r"(^|\.)google\.[a-z.]+$", r"/url$", read_parameter("q", "url")),
        (r"\.safelinks\.protection\.outlook\.com$", r"/", read_parameter("url")),
        (
            r"^statics\.teams\.cdn\.office\.net$",
            r"/evergreen-assets/safelinks",
            read_parameter("url"),
        ),
        (r"^urldefense(\.proofpoint)?\.com$", r"/v1/url$", read_parameter("u")),
        (r"^urldefense(\.proofpoint)?\.com$", r"/v2/url$", read_urldefense_v2),
        (r"^urldefense\.(com|us)$", r"/v3/", read_urldefense_v3),
        (r"^(l|lm|m)?\.?facebook\.com$", r"/l\.php$", read_parameter("u")),
        (r"^l\.(instagram|messenger|threads)\.(com|net)$", r"/", read_parameter("u")),
        (r"(^|\.)linkedin\.com$", r"/(safety/go|redir/redirect)", read_parameter("url")),
        (r"(^|\.)youtube\.com$", r"/redirect$", read_parameter("q")),
        (r"^slack-redir\.net$", r"/link$", read_parameter("url")),
        (r"^(html\.)?duckduckgo\.com$", r"/l/$", read_parameter("uddg")),
        (r"^out\.reddit\.com$", r"/", read_parameter("url")),
        (r"(^|\.)bing\.com$", r"/ck/a$", read_bing),
    )
]
