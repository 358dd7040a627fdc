"""Propose a title for an upload: the one in the file, unless a program wrote it there."""

import re
import unicodedata
from pathlib import PurePosixPath

MAX_TITLE_LENGTH = 255
MIN_LETTERS = 3
EXTENSIONS = (
    "ai|cdr|csv|dvi|docx?|docm|dotx?|eps|fm|gif|html?|idml|indb|indd|jpe?g|key|md|numbers|odp|ods|"
    "odt|pages|pdf|png|potx?|ppsx?|pptx?|pptm|ps|psd|pub|qxd|qxp|rtf|sla|svg|tex|tiff?|tmp|txt|"
    "vsdx?|wpd|xlsx?|xlsm|xml"
)
PROGRAMS = (
    "adobe (?:acrobat|illustrator|indesign|photoshop)|canva|google (?:docs|sheets|slides)|"
    "libreoffice(?: writer| calc| impress)?|microsoft (?:excel|office|powerpoint|publisher|word)|"
    "openoffice(?:\\.org)?|quarkxpress|wps (?:office|writer)"
)
# Whole titles, in lower case, that programs give to unnamed documents.
DEFAULTS = re.compile(
    r"(?:new |blank |scanned |untitled |unnamed )?"
    r"(?:a4|blank|bookmarks?|book|cover|custom|doc|document|draft|export|file|full page photo|"
    r"layout|master|new|page|pdf|powerpoint presentation|presentation|print|printing|scan|sheet|"
    r"slide|temp|template|test|title|unknown|unnamed|untitled|workbook|worksheet)"
    r"(?: (?:title|document|presentation|file|page|image))?"
    r"[\s_#-]*(?:\(?\d+\)?)?(?: of \d+)?"
    r"|(?:powerpoint|office|word) (?:presentation|theme|document)|no slide title"
    r"|(?:sans (?:titre|nom)|ohne titel|unbenannt|senza titolo|sin título|sem título)[\s_-]*\d*"
    r"|none|null|n/a|about:blank"
    r"|click to (?:add|edit) .*|type the document title|document title|title of the document"
    r"|acrobat pdfmaker.*|pdfcreator.*|print(?:ing)? .*\.(?:aspx|php|html?)"
)
# “Microsoft Word - Annual report FINAL v7”, and names of programs without a title.
FROM_PROGRAM = re.compile(rf"(?:{PROGRAMS})(?:\s*[-–:].*|\s*document|\s*\d*)?")
IS_PATH = re.compile(r"[a-z]:[\\/].*|\\\\.*|.*\\.*|(?:/|~/|\.{1,2}/).+|file:.*|https?:.*|www\..*")
HAS_EXTENSION = re.compile(rf".*\.(?:{EXTENSIONS})(?:\s*[\[(].*)?")
# Titles that are only a camera or scanner name, a hash, a date or a number.
IS_CODE = re.compile(
    r"(?:cci|dsc[fn]?|img|image|mfp|pict?|scan|skm|xerox|doc)[\s_-]?[\d_\s-]{3,}|[0-9a-f-]{16,}"
)
# “report final v7”, “Report_v3”, “copy of …”.
WORKING_COPY = re.compile(
    r"copy of .*|.*[\s_-](?:final|draft|copy|clean|edited|rev|print)?[\s_-]*v\d+(?:\.\d+)*"
    r"|.*[\s_-](?:final|draft|copy|clean|edited|rev)[\s_-]*(?:final|\(?\d*\)?)"
)
PLACEHOLDER = re.compile(r"[\[{<%].*[\]}>%]")
# Endings of a file name that say nothing about its content.
STEM_ENDING = re.compile(
    r"[\s_-]+(?:final|draft|copy|clean|print|web|low res|lowres|hi ?res|v\d+(?:\.\d+)*|\(\d+\)|"
    r"\d{8}|\d{6})$",
    re.IGNORECASE,
)


def is_usable_title(title: str, file_name: str = "") -> bool:
    """Return True if the title in a PDF's metadata may have been written by a person.

    Paths, file names, working copies and the defaults of programs are not usable.
    """
    text = _clean(title)
    small = text.casefold()
    if sum(sign.isalpha() for sign in text) < MIN_LETTERS or "\ufffd" in text:
        return False
    if _keep_letters(text) in (_keep_letters(file_name), _keep_letters(_get_stem(file_name))):
        return False
    if " " not in text and ("_" in text or text.count("-") > 1):
        return False
    patterns = (DEFAULTS, FROM_PROGRAM, IS_PATH, HAS_EXTENSION, IS_CODE, WORKING_COPY, PLACEHOLDER)
    return not any(pattern.fullmatch(small) for pattern in patterns)


def propose_title(pdf_title: str, file_name: str) -> str:
    """Return the title to propose for an upload: the file's own, else one made from its name."""
    if is_usable_title(pdf_title, file_name):
        return _clean(pdf_title)[:MAX_TITLE_LENGTH]
    return _make_title(file_name)


def is_from_file_name(title: str, file_name: str) -> bool:
    """Return True if `title` has no letters, or only those of `file_name`.

    The upload form fills in such a title automatically, with or without the extension.
    """
    return _keep_letters(title) in (
        "",
        _keep_letters(file_name),
        _keep_letters(_get_stem(file_name)),
    )


def _make_title(file_name: str) -> str:
    stem = _clean(_get_stem(file_name))
    if " " not in stem:
        stem = re.sub("[_-]+", " ", stem)
    stem = " ".join(stem.replace("_", " ").split())
    while (shorter := STEM_ENDING.sub("", stem)) != stem:
        stem = shorter
    if not stem.strip(" -–_.()"):
        return "Document"
    return f"{stem[0].upper()}{stem[1:]}"[:MAX_TITLE_LENGTH]


def _get_stem(file_name: str) -> str:
    # A browser may send a path of another system.
    return PurePosixPath(file_name.replace("\\", "/")).stem


def _clean(text: str) -> str:
    """Return `text` on one line, without signs that cannot be seen."""
    text = unicodedata.normalize("NFC", text).removeprefix("þÿ")
    visible = (" " if sign.isspace() or not sign.isprintable() else sign for sign in text)
    return " ".join("".join(visible).split())


def _keep_letters(text: str) -> str:
    """Return the letters and digits of `text`: storage and browsers change all other signs."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
