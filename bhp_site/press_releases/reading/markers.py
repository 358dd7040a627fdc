"""Recognises lines that are no part of a release's text: embargo, ENDS, notes, contact."""

import re
from dataclasses import dataclass
from enum import StrEnum

from .dates import find_date, find_time, is_date_line
from .downloads import find_download_title

MAX_MARKER_CHARACTERS = 300
MAX_HEADING_CHARACTERS = 100
DECORATION = r"[\s*_#\[\](){}|~•:.\-–—]*"
LABEL = re.compile(
    rf"^{DECORATION}(?:(?:press|media|news)\s+(?:release|statement|notice|information)"
    rf"|for\s+immediate\s+(?:release|use)|immediate\s+release|news\s+from\b.{{0,60}})(?P<rest>.*)$",
    re.IGNORECASE,
)
EMBARGO = re.compile(
    rf"^{DECORATION}(?:(?:(?:strictly|under|strict)\s+)*embargo(?:ed|es)?\b"
    r"|(?:strictly\s+)?(?:not?)\s+(?:for|to\s+be)\s+"
    r"(?:release|releas|publication|publish|broadcast|use|used|reported|report)\w*\b.*\b(?:before|until|till|prior)\b"
    r"|(?:hold|held)\s+(?:for\s+release\s+)?until\b"
    r"|for\s+(?:release|publication)\s+(?:at|on|from|after)\b)",
    re.IGNORECASE,
)
END = re.compile(
    r"^[\s*_#\-–—~.:\[\]()/]*(?:ends?|end\s+of\s+(?:(?:press|media|news)\s+)?(?:release|statement)|30)"
    r"[\s*_#\-–—~.:\[\]()/]*$|^\s*(?:#\s*){3,}\s*$|^\s*(?:\*\s*){3,}$|^\s*[-–—_=]{3,}\s*$",
    re.IGNORECASE,
)
NOTES = re.compile(
    rf"^{DECORATION}(?:editor(?:[’']?s|s[’'])?\s+notes?|notes?\s+(?:to|for)\s+(?:the\s+)?"
    r"(?:editors?|journalists|media)|background\s+notes?|notes)\s*(?P<colon>[:.–—-]*)\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"^(?:[*_\s]*)about\s+(?P<whom>(?:the\s+)?[A-Z“\"‘][^.?!]{1,90}?)\s*:?[*_\s]*$", re.I
)
ABOUT_OPENING = re.compile(r"^about\s+(?P<whom>(?:the\s+)?[A-Z][^.?!:]{1,90}):\s+(?P<rest>\S.*)$")
CONTACT = re.compile(
    rf"^{DECORATION}(?:(?:media|press|news|pr)\s+"
    r"(?:contacts?|enquir(?:y|ies)|inquiries|office|officer|queries)"
    r"|contacts?(?:\s+(?:details|information|for\s+\w+))?\s*(?::|$)"
    r"|for\s+(?:all\s+)?(?:media|press|interviews?|images?|photographs?)\b"
    r"|to\s+(?:arrange|request)\s+(?:an\s+)?interview|interviews?\s+(?:are\s+)?available"
    r"|out[\s-]of[\s-]hours)",
    re.IGNORECASE,
)
# “For more information” begins the contact only if it says whom to ask.
INFORMATION = re.compile(
    rf"^{DECORATION}(?:(?:for|to)\s+(?:get\s+)?)?(?:more|(?:any\s+)?further|additional)\s+"
    r"(?:information|details)\b(?=.*\b(?:contact|e-?mail|call|telephone|phone|speak|press|media)\b"
    r"|.*@|[^.]{0,40}:?\s*$)",
    re.IGNORECASE,
)
CONTACT_DETAIL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+|(?:\+44|\(?0\d{2,5}\)?)[\d\s()-]{6,}|\b(?:tel|telephone|phone|mobile|e-?mail|"
    r"twitter|out of hours)\b\s*:",
    re.IGNORECASE,
)
SIDES = r"(?:l|left|r|right|c|centre|top|bottom|front|back)"
CAPTION = re.compile(
    rf"^[\s*_\[(]*(?:(?:from\s+)?{SIDES}\s*(?:-|–|to|/)\s*{SIDES}\b\s*[:\])(,–-]"
    rf"|\(?(?:from\s+)?left\s+to\s+right\b|\(?from\s+(?:the\s+)?left\b|from\s+{SIDES}\s+to\s+{SIDES}\b"
    r"|(?:main\s+|above|below)?\s*(?:pictured|photo(?:graph)?s?|pictures?|images?|captions?)\b"
    rf"(?:\s*(?:caption|credit|above|below|shows|left|right|\d|\([^)]{{1,30}}\)|,?\s*{SIDES}\s*(?:-|–|to)\s*{SIDES}))*\s*[:–—-]"
    r"|(?:pictured|photographed)\b|(?:photo|image|picture)\s+(?:credit|by|courtesy)\b|©|credit\s*:)",
    re.IGNORECASE,
)


class Marker(StrEnum):
    """The kind of a line that is not part of the text."""

    LABEL = "label"
    EMBARGO = "embargo"
    DATE = "date"
    END = "end"
    NOTES = "notes"
    ABOUT = "about"
    CONTACT = "contact"
    CAPTION = "caption"
    DOWNLOAD = "download"


@dataclass(frozen=True)
class MarkerMatch:
    """A marker, and the words on its line that belong to what follows or that it names."""

    marker: Marker
    rest: str = ""


def find_marker(text: str) -> MarkerMatch | None:
    """Return what the line `text` marks; None for a line of the release's text."""
    if END.match(text):
        return MarkerMatch(Marker.END)
    if len(text) > MAX_MARKER_CHARACTERS:
        return None
    if EMBARGO.match(text):
        return MarkerMatch(Marker.EMBARGO)
    if is_date_line(text) and len(text) <= MAX_HEADING_CHARACTERS:
        return MarkerMatch(Marker.DATE)
    if match := LABEL.match(text):
        rest = match["rest"].strip(" :–—-|*_.()[]")
        if not rest or find_date(rest) or len(rest) < 30:
            return MarkerMatch(Marker.LABEL, rest)
    if CAPTION.match(text):
        return MarkerMatch(Marker.CAPTION)
    if (title := find_download_title(text)) is not None:
        return MarkerMatch(Marker.DOWNLOAD, title)
    return _find_section(text)


def _find_section(text: str) -> MarkerMatch | None:
    match = NOTES.match(text)
    if match and (match["colon"] or not match["rest"]):
        return MarkerMatch(Marker.NOTES, match["rest"])
    if match := ABOUT.match(text):
        return MarkerMatch(Marker.ABOUT, match["whom"])
    if CONTACT.match(text) or INFORMATION.match(text):
        return MarkerMatch(Marker.CONTACT)
    return None


def has_time(text: str) -> bool:
    """Return True if `text` says when: an embargo without it continues on the next line."""
    return find_time(text) is not None or find_date(text) is not None


def is_contact_detail(text: str) -> bool:
    """Return True for a short line with a telephone number or an e-mail address."""
    return len(text) <= MAX_MARKER_CHARACTERS and bool(CONTACT_DETAIL.search(text))
