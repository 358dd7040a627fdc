"""Recognises lines that offer a document, such as “Download the … pdf (4MB)”."""

import re

FORMAT = r"(?:pdf|docx?|word|xlsx?|excel|powerpoint)"
SIZE = r"\d+(?:[.,]\d+)?\s*(?:[kmg]i?b|[kmg]bytes|kilobytes|megabytes|bytes)\b"
ADDRESS = r"(?:https?://|www\.)\S+"
# “pdf (4MB)”, “[PDF 35.6KB]”, “(PDF, 4 MB)”, “– PDF”.
FILE_FACTS = re.compile(
    r"[\s,:;–—-]*[\[(]?\s*"
    rf"(?:{FORMAT}\b(?:\s+(?:file|document|format))?[\s,;:–—-]*[\[(]?\s*(?:{SIZE})?"
    rf"|{SIZE}[\s,;]*{FORMAT}?)"
    r"\s*[\])]*\s*\.?\s*$",
    re.IGNORECASE,
)
VERB = re.compile(
    r"^[\s*_>→»•]*(?:please\s+)?(?:you\s+can\s+)?(?:click\s+(?:here\s+)?to\s+|to\s+)?"
    r"(?P<verb>download|read|view|see|open|access|get|find)"
    r"(?:\s*(?:/|or|and)\s*(?:download|read|view|see))?\b\s*[:–-]?\s*",
    re.IGNORECASE,
)
PUBLICATION = (
    r"(?:report|review|strategy|publication|document|plan|prospectus|brochure|summary|pdf|paper|"
    r"statement|framework|evaluation)"
)
# “the full report in full”: what is left of “Read the full report”.
WHOLE_PUBLICATION = re.compile(
    rf"(?:the|our)\s+(?:\w+\s+){{0,3}}{PUBLICATION}(?:\s+in\s+full)?[.\s]*", re.IGNORECASE
)
HERE = re.compile(
    r"[\s,:–—-]*(?:(?:is|are)\s+(?:now\s+)?(?:available|published)\s*)?"
    r"(?:to\s+(?:download|read|view)\s*)?"
    r"(?:here|online|on\s+(?:our|the|its)\s+website|(?:at|from)\s+(?=https?:|www\.)"
    r"|(?=https?:|www\.))"
    rf"[\s:]*(?:{ADDRESS})?[\s.]*$",
    re.IGNORECASE,
)
# “The report can be downloaded at …”, a sentence of its own.
AVAILABLE = re.compile(
    r"^(?:a\s+copy\s+of\s+)?(?:the|our|its)\s+"
    rf"(?P<title>[^.!?:“”]{{0,120}}?\b{PUBLICATION}\b[^.!?:“”]{{0,60}}?)\s+"
    r"(?:is\s+(?:now\s+)?available"
    r"|can\s+(?:now\s+)?be\s+(?:downloaded|read|viewed|found|accessed))\b.{0,30}?"
    rf"(?:here|online|at:?|from:?|below|(?=https?:|www\.))[^.!?]{{0,20}}?(?:{ADDRESS})?[\s.]*$",
    re.IGNORECASE,
)
GENERIC_TITLE = re.compile(
    r"^(?:(?:the|our|its|a|full|complete|new|annual|latest|executive|activity|copy|of|this|final|"
    rf"pdf|version|here)\s+)*(?:{PUBLICATION}|here|it|copy|version|)"
    r"\s*(?:here|as a|in full|online)?\s*$",
    re.IGNORECASE,
)


def find_download_title(text: str) -> str | None:
    """Return the title in a line that offers a document, "" if it names none.

    Return None for any other line.
    """
    if match := AVAILABLE.match(text):
        return _clean_title(match["title"])
    verb, facts, here_link = VERB.match(text), FILE_FACTS.search(text), HERE.search(text)
    if verb and (facts or here_link):
        end = min(match.start() for match in (facts, here_link) if match)
        return _clean_title(text[verb.end() : max(end, verb.end())])
    if verb and verb["verb"].lower() == "download" and not text.rstrip().endswith((".", "?")):
        return _clean_title(text[verb.end() :])
    if facts and facts.start() > 0 and not re.search(r"[.!?]\s", text[: facts.start()]):
        return _clean_title(text[: facts.start()])
    if verb and WHOLE_PUBLICATION.fullmatch(text[verb.end() :]):
        return ""
    return None


def _clean_title(title: str) -> str:
    """Return the title of a document without article, marks and final stop; "" if generic."""
    title = re.sub(r"^(?:a\s+copy\s+of\s+)?(?:the|our|its|a)\s+", "", title.strip(), flags=re.I)
    title = re.sub(r"^full\s+(?=\S+\s)", "", title, flags=re.I)
    title = re.sub(r"\s+(?:here|online)$", "", title, flags=re.I)
    title = title.strip(" .,:;–—-“”\"'‘’«»*_[]()")
    return "" if GENERIC_TITLE.match(title) else title
