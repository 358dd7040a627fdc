"""Services whose links lead to another site, and how the target is read from such a link."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

RUN_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STAR_CODE = re.compile(r"\*(?:\*(?P<run>[A-Za-z0-9_-]))?")


@dataclass(frozen=True)
class Redirector:
    """A service by the hosts and paths of its links.

    `read_target` returns the target in a URL, or "" if it cannot be read. It is None if no URL of
    the service holds its target: shorteners, and trackers of newsletters.
    """

    name: str
    host: re.Pattern[str]
    path: re.Pattern[str]
    read_target: Callable[[str], str] | None = None


def find_redirector(address: str) -> Redirector | None:
    """Return the service that `address` leads through, or None.

    Raises ValueError if `address` cannot be parsed.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    matches = (
        redirector
        for redirector in REDIRECTORS
        if redirector.host.search(host) and redirector.path.match(parts.path)
    )
    return next(matches, None)


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
    characters = _decode_base64(match["coded"])
    lengths = [_get_run_length(star) for star in STAR_CODE.finditer(match["target"])]
    if sum(lengths) != len(characters):
        return ""
    changed = iter(characters)
    return STAR_CODE.sub(
        lambda star: "".join(next(changed) for _ in range(_get_run_length(star))), match["target"]
    )


def _get_run_length(star: re.Match[str]) -> int:
    return RUN_LETTERS.index(star["run"]) + 2 if star["run"] else 1


def read_bing(address: str) -> str:
    """Return the target of a search result of Bing: base64 behind the two characters “a1”."""
    return _decode_base64(read_parameter("u")(address).removeprefix("a1"))


def read_sophos(address: str) -> str:
    """Return the target of Sophos' e-mail protection, in base64."""
    return _decode_base64(read_parameter("u")(address))


def read_address_in_path(address: str) -> str:
    """Return the encoded address at the end of the path, as Cisco writes it."""
    match = re.search(r"/(https?%3a%2f%2f[^/]+)$", urlsplit(address).path, re.IGNORECASE)
    return unquote(match[1]) if match else ""


def read_address_behind_marks(address: str) -> str:
    """Return the address behind `&&&`, as GovDelivery writes it."""
    return address.rpartition("&&&")[2] if "&&&" in address else ""


def read_token(address: str) -> str:
    """Return the address in a JSON Web Token of the path, as GovDelivery's short links have it."""
    match = re.search(r"/l/[\w-]+\.([\w-]+)\.", urlsplit(address).path)
    try:
        content = json.loads(_decode_base64(match[1])) if match else {}
    except ValueError:
        return ""
    target = content.get("url", "") if isinstance(content, dict) else ""
    return target if isinstance(target, str) else ""


def _decode_base64(coded: str) -> str:
    """Return the text in `coded`; "" if it is not base64 of UTF-8."""
    try:
        return base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


REDIRECTORS = [
    Redirector(name, re.compile(host, re.IGNORECASE), re.compile(path, re.IGNORECASE), read)
    for name, host, path, read in (
        ("Google", r"(^|\.)google\.[a-z.]+$", r"/url$", read_parameter("q", "url")),
        (
            "Outlook Safe Links",
            r"\.safelinks\.protection\.(outlook|office365)\.(com|us)$",
            r"/",
            read_parameter("url"),
        ),
        (
            "Microsoft Teams",
            r"^statics\.teams\.cdn\.office\.net$",
            r"/evergreen-assets/safelinks",
            read_parameter("url"),
        ),
        (
            "Proofpoint",
            r"^urldefense(\.proofpoint)?\.(com|us)$",
            r"/v1/url$",
            read_parameter("u"),
        ),
        ("Proofpoint", r"^urldefense(\.proofpoint)?\.(com|us)$", r"/v2/url$", read_urldefense_v2),
        ("Proofpoint", r"^urldefense(\.proofpoint)?\.(com|us)$", r"/v3/", read_urldefense_v3),
        ("Barracuda", r"^linkprotect\.cudasvc\.com$", r"/url$", read_parameter("a")),
        ("Cisco Secure Email", r"^secure-web\.cisco\.com$", r"/", read_address_in_path),
        ("Sophos", r"\.protection\.sophos\.com$", r"/", read_sophos),
        ("FireEye", r"^protect2?\.fireeye\.com$", r"/(v1/)?url$", read_parameter("u")),
        ("Symantec", r"^clicktime\.symantec\.com$", r"/", read_parameter("u")),
        ("Mimecast", r"(^|\.)(mimecastprotect|mimecast)\.com$", r"/s/", None),
        ("Facebook", r"^(l|lm|m)?\.?facebook\.com$", r"/l\.php$", read_parameter("u")),
        ("Facebook", r"^fb\.me$", r"/.", None),
        (
            "Instagram",
            r"^l\.(instagram|messenger|threads)\.(com|net)$",
            r"/",
            read_parameter("u"),
        ),
        (
            "LinkedIn",
            r"(^|\.)linkedin\.com$",
            r"/(safety/go|redir/redirect)",
            read_parameter("url"),
        ),
        ("LinkedIn", r"^lnkd\.in$", r"/.", None),
        ("X", r"^t\.co$", r"/.", None),
        ("YouTube", r"(^|\.)youtube\.com$", r"/redirect$", read_parameter("q")),
        ("Slack", r"^slack-redir\.net$", r"/link$", read_parameter("url")),
        ("DuckDuckGo", r"^(html\.)?duckduckgo\.com$", r"/l/$", read_parameter("uddg")),
        ("Reddit", r"^out\.reddit\.com$", r"/", read_parameter("url")),
        ("Bing", r"(^|\.)bing\.com$", r"/ck/a$", read_bing),
        ("GovDelivery", r"^links\.govdelivery\.com$", r"/track", read_address_behind_marks),
        ("GovDelivery", r"^lnks\.gd$", r"/", read_token),
        ("Mailchimp", r"\.list-manage\d?\.com$", r"/track/click", None),
        ("Mailchimp", r"^mandrillapp\.com$", r"/track/click", None),
        ("Mailchimp", r"^eepurl\.com$", r"/.", None),
        ("Campaign Monitor", r"\.(createsend|cmail)\d*\.com$", r"/t/", None),
        ("Constant Contact", r"\.rs6\.net$", r"/tn\.jsp", None),
        ("SendGrid", r"\.sendgrid\.net$", r"/(ls|wf)/click", None),
        ("MailerLite", r"^click\.mlsend\d*\.com$", r"/", None),
        ("HubSpot", r"\.hubspotlinks\.com$", r"/", None),
        ("a link shortener", r"^(bit\.ly|bitly\.com|j\.mp|goo\.gl|tinyurl\.com)$", r"/.", None),
        ("a link shortener", r"^(ow\.ly|buff\.ly|dlvr\.it|is\.gd|v\.gd|rb\.gy)$", r"/.", None),
        ("a link shortener", r"^(cutt\.ly|shorturl\.at|tiny\.cc|t\.ly|rebrand\.ly)$", r"/.", None),
        ("a link shortener", r"^(hubs\.ly|hubs\.la|ift\.tt|trib\.al|spr\.ly)$", r"/.", None),
    )
]
