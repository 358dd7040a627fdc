"""Reads a press release into a proposal of drafts."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace

from bhp_site.pasting.notes import looks_like_heading
from bhp_site.pasting.reader import MAX_HEADING_CHARACTERS
from news.quotations.paragraphs import ends_sentence

from .dates import DATE, Period, find_date, find_period, find_time
from .items import Item, Quote, TextItem
from .lines import Line
from .proposed import EmbargoLine, Part, PartKind, ProposedRelease, ProposedReport
from .sections import Sections, divide, find_release_date
from .spans import split_sentences
from .speech import find_speech

MAX_SUMMARY_CHARACTERS = 350
MAX_PLAIN_HEADING_WORDS = 10
TITLE_PREFIX = re.compile(r"^(?:title|headline|subject)\s*:\s*", re.I)
# “BIRMINGHAM, 12 March 2026 – ” before the first sentence.
DATELINE = re.compile(
    rf"^(?:(?P<place>[A-Z][A-Za-z]+(?:,\s*[A-Z][A-Za-z ]+)?),?\s*)?"
    rf"\(?(?:{DATE.pattern})\)?\s*[-–—:]\s+(?=\S)",
    re.I,
)
SLOGAN = re.compile(r"^[“\"‘'«„][^“”\"«»]{3,80}[”\"’'»“]\s*[-–—:]?$")
REPORT_WORD = r"(?:reports?|review|strategy|prospectus|evaluation|white paper|action plan)"
REPORT_PUBLICATION = re.compile(
    rf"\b(?:publish|launch|releas|unveil|issu)\w*\b[^.!?]{{0,90}}?\b{REPORT_WORD}\b"
    rf"|\b{REPORT_WORD}\b[^.!?]{{0,60}}\b(?:published|launched|released)\b",
    re.I,
)
REPORT_CONTENT = re.compile(rf"\b(?:{REPORT_WORD}|cover\w*|activit\w+|period|progress)\b", re.I)
FROM_DOWNLOAD = "The title is taken from “{text}”."
FROM_SENTENCE = "The text says “{text}”."
HAS_SUBTITLE = "It is a line of its own below the title. Remove it, or make it the summary."
HEADING_BY_LOOK = "It is a short line without a full stop."
HEADING_BY_BOLD = "It is a short line in bold."
NO_SUMMARY = "No sentence was found that can be the summary."
LONG_SUMMARY = (
    "The first sentence has more than {limit} characters. Shorten it here: the text keeps it whole."
)
FIRST_SENTENCE = "It is the first sentence, which the text does not repeat."
JOINED_TITLE = "It was on two lines in the text."
NO_TITLE = "No title was found."
TITLE_IN_CAPITALS = "It is in capitals. Write it in sentence case."
DATE_FROM = {
    "date": "It is the date in the text.",
    "embargo": "It is the day on which the embargo ends.",
    "dateline": "It is before the first sentence.",
}


def propose(lines: Sequence[Line]) -> ProposedRelease:
    """Return the proposal of drafts for the lines of a press release."""
    sections = divide(lines)
    guesses: dict[str, str] = {}
    title = _take_title(sections, guesses)
    date = _take_date(sections, guesses)
    embargo = _read_embargo(sections)
    items = find_speech(sections.body)
    summary = _take_summary(items, guesses)
    parts = [_build_part(items, index) for index in range(len(items))]
    return ProposedRelease(
        title=title,
        summary=summary,
        date=date,
        embargo=embargo,
        report=_find_report(sections, title, summary, parts),
        parts=(*parts, *sections.notes, *sections.left_out),
        guesses=guesses,
    )


def _take_title(sections: Sections, guesses: dict[str, str]) -> str:
    """Return the title; a slogan on a line of its own is joined with the line below."""
    if sections.title is None:
        guesses["title"] = NO_TITLE
        return ""
    title = TITLE_PREFIX.sub("", sections.title.text).strip(" *_#")
    following = sections.body[0].text if sections.body else ""
    is_short = bool(following) and len(following) <= 150 and not ends_sentence(following)
    if SLOGAN.match(title) and is_short:
        joint = " " if title[-1] in "-–—:" else " – "
        title = f"{title}{joint}{following}"
        guesses["title"] = JOINED_TITLE
        del sections.body[0]
    if title.isupper():
        guesses["title"] = TITLE_IN_CAPITALS
    return title


def _take_date(sections: Sections, guesses: dict[str, str]) -> datetime.date | None:
    """Return the release's date, and remove the one that the first paragraph begins with."""
    text, kind = find_release_date(sections)
    for index, line in enumerate(sections.body[:2]):
        if match := DATELINE.match(line.text):
            if not text:
                text, kind = match[0], "dateline"
            sections.body[index] = line.cut(match.end())
            break
    date = find_date(text)
    if date:
        guesses["date"] = DATE_FROM[kind]
    return date


def _read_embargo(sections: Sections) -> EmbargoLine | None:
    if not sections.embargoes:
        return None
    text = " ".join(sections.embargoes)
    return EmbargoLine(text, find_date(text), find_time(text))


def _take_summary(items: list[Item], guesses: dict[str, str]) -> str:
    """Return the first sentence of the first paragraph, and remove it from `items`."""
    for index, item in enumerate(items):
        if not isinstance(item, TextItem) or not _is_prose(item.line):
            continue
        text = item.line.text
        (start, end), *others = split_sentences(text)
        summary = text[start:end]
        if len(summary) > MAX_SUMMARY_CHARACTERS:
            guesses["summary"] = LONG_SUMMARY.format(limit=MAX_SUMMARY_CHARACTERS)
            return summary
        guesses["summary"] = FIRST_SENTENCE
        if others:
            item.line = item.line.cut(others[0][0])
        else:
            del items[index]
        return summary
    guesses["summary"] = NO_SUMMARY
    return ""


def _is_prose(line: Line) -> bool:
    if line.table or line.heading_level or line.list_kind:
        return False
    return ends_sentence(line.text) or len(line.text) > MAX_HEADING_CHARACTERS


def _build_part(items: list[Item], index: int) -> Part:
    item = items[index]
    if isinstance(item, Quote):
        speech = item.to_speech()
        return Part(PartKind.QUOTE, speech.words, speech=speech, reason=item.reason)
    line = item.line
    if line.table:
        return Part(PartKind.TABLE, line.text, (line,))
    if line.heading_level:
        return Part(PartKind.HEADING, line.text, (line,))
    if reason := _find_heading_reason(items, index):
        return Part(PartKind.HEADING, line.text.strip(" *_:"), (line,), reason=reason)
    is_subtitle = index == 0 and not line.list_kind and not ends_sentence(line.text)
    reason = HAS_SUBTITLE if is_subtitle and len(line.text) <= 250 else ""
    return Part(PartKind.TEXT, line.text, (line,), reason=reason)


def _find_heading_reason(items: list[Item], index: int) -> str:
    """Return why a line without a heading style may be a heading; "" if it may not."""
    item = items[index]
    if not isinstance(item, TextItem) or item.line.list_kind:
        return ""
    line = item.line
    following = items[index + 1] if index + 1 < len(items) else None
    is_before_text = isinstance(following, Quote) or (
        isinstance(following, TextItem)
        and (
            _is_prose(following.line)
            or bool(following.line.list_kind)
            or following.line.text.endswith(":")
        )
    )
    if not is_before_text:
        return ""
    if looks_like_heading(line.runs):
        return HEADING_BY_BOLD
    is_short = len(line.text.split()) <= MAX_PLAIN_HEADING_WORDS
    is_plain = not line.text.rstrip().endswith((".", ",", ";", ":", "!", "”"))
    if index == 0 or not is_short or not is_plain or not line.text[:1].isupper():
        return ""
    return HEADING_BY_LOOK


def _find_report(
    sections: Sections, title: str, summary: str, parts: list[Part]
) -> ProposedReport | None:
    """Return the report that the release announces; None if it seems to announce none."""
    texts = [title, summary, *(part.text for part in parts if part.kind == PartKind.TEXT)]
    announced = next((text for text in texts[:4] if REPORT_PUBLICATION.search(text)), "")
    if not sections.has_download and not announced:
        return None
    period = _find_period(texts)
    if sections.downloads:
        report = sections.downloads[0]
        return ProposedReport(report, period, FROM_DOWNLOAD.format(text=report))
    reason = FROM_SENTENCE.format(text=announced) if announced else ""
    return ProposedReport("", period, reason)


def _find_period(texts: list[str]) -> Period | None:
    """Return the period that the report covers: one named beside a word for it comes first."""
    sentences = [text[slice(*place)] for text in texts for place in split_sentences(text)]
    matches = [(sentence, period) for sentence in sentences if (period := find_period(sentence))]
    for sentence, period in matches:
        if REPORT_CONTENT.search(sentence):
            return period
    return replace(matches[0][1], is_guess=True) if matches else None
