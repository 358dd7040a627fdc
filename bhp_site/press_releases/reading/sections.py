"""Divides the lines of a release into its text, its notes, and what is left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .attribution import is_person
from .dates import find_date
from .lines import NUMBER, Line
from .markers import (
    ABOUT_OPENING,
    Marker,
    MarkerMatch,
    find_marker,
    has_time,
    is_contact_detail,
)
from .proposed import Part, PartKind

# Names of the partnership itself, whose own text closes every announcement.
PARTNERSHIP = re.compile(r"(?:the\s+)?(?:birmingham health partners|bhp)\b(?:\s*\(bhp\))?", re.I)
# A line of prose; a contact or a caption is shorter.
MIN_PROSE_CHARACTERS = 160
LABELS = {
    Marker.LABEL: "Label",
    Marker.EMBARGO: "Embargo",
    Marker.DATE: "Date",
    Marker.END: "End mark",
    Marker.ABOUT: "About",
    Marker.CONTACT: "Contact",
    Marker.CAPTION: "Photo caption",
    Marker.DOWNLOAD: "Download",
}
REASONS = {
    Marker.LABEL: "The site says what kind of page this is.",
    Marker.EMBARGO: "It becomes the embargo of the release.",
    Marker.DATE: "It is the date of the announcement.",
    Marker.END: "It marks the end of the text.",
    Marker.ABOUT: "The site closes every announcement with its own text about the partnership.",
    Marker.CONTACT: "The site shows the press contact of its settings below every announcement.",
    Marker.CAPTION: "It belongs to an image. Add the image in the announcement, with this caption.",
    Marker.DOWNLOAD: "The site offers the document itself, with its format and size.",
}
MORE_IN_NOTES = "It is after the end of the text."


@dataclass
class Sections:
    """The lines of a release by what they are, while it is read."""

    title: Line | None = None
    body: list[Line] = field(default_factory=list)
    notes: list[Part] = field(default_factory=list)
    left_out: list[Part] = field(default_factory=list)
    embargoes: list[str] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    has_download: bool = False
    # Set by the marker that a section begins with.
    section: Marker | None = None
    has_ended: bool = False
    was_embargo: bool = False

    def leave_out(self, marker: Marker, line: Line) -> None:
        """Add a line to the parts that are left out, with the reason."""
        part = Part(
            PartKind.LEFT_OUT, line.text, (line,), label=LABELS[marker], reason=REASONS[marker]
        )
        self.left_out.append(part)


def divide(lines: Sequence[Line]) -> Sections:
    """Return the sections of a release."""
    sections = Sections()
    for line in lines:
        _add_line(sections, line)
    return sections


def _add_line(sections: Sections, line: Line) -> None:
    text = line.text
    match = None if line.table else find_marker(text)
    if sections.was_embargo and match is None and len(text) < 100 and has_time(text):
        match = MarkerMatch(Marker.EMBARGO)
    sections.was_embargo = False
    if match is None:
        _add_plain(sections, line)
    elif match.marker == Marker.EMBARGO:
        sections.embargoes.append(text)
        sections.was_embargo = not has_time(text)
        sections.leave_out(match.marker, line)
    elif match.marker in (Marker.LABEL, Marker.DATE):
        is_label = match.marker == Marker.LABEL
        if is_label or not sections.body or sections.has_ended:
            sections.dates.append(text)
            sections.leave_out(match.marker, line)
        else:
            _add_plain(sections, line)
    elif match.marker == Marker.END:
        if sections.title is not None:
            sections.has_ended = sections.has_ended or bool(re.search(r"\w|#", text))
            sections.section = None
        sections.leave_out(match.marker, line)
    elif match.marker in (Marker.CAPTION, Marker.DOWNLOAD):
        _add_offer(sections, line, match)
    else:
        _begin_section(sections, line, match)


def _add_offer(sections: Sections, line: Line, match: MarkerMatch) -> None:
    """Add a caption or a line that offers a download."""
    if (
        match.marker == Marker.CAPTION
        and len(line.text) > MIN_PROSE_CHARACTERS
        and sections.title is None
    ):
        _add_plain(sections, line)
        return
    if match.marker == Marker.DOWNLOAD:
        sections.has_download = True
        if match.rest:
            sections.downloads.append(match.rest)
    sections.leave_out(match.marker, line)


def _begin_section(sections: Sections, line: Line, match: MarkerMatch) -> None:
    """Begin the notes, the contact or the text about somebody."""
    if match.marker == Marker.NOTES:
        sections.section = match.marker
        sections.notes.append(Part(PartKind.HEADING, "Notes to editors", (), is_note=True))
        if match.rest:
            rest = line.cut(len(line.text) - len(match.rest))
            _add_note(sections, _strip_number(rest))
    elif match.marker == Marker.CONTACT or PARTNERSHIP.match(match.rest):
        sections.section = match.marker
        sections.leave_out(match.marker, line)
    elif sections.has_ended or sections.section or sections.notes:
        sections.section = Marker.NOTES
        sections.notes.append(
            Part(PartKind.HEADING, line.text.strip(" :*_"), (line,), is_note=True)
        )
    else:
        _add_plain(sections, line)


def _add_plain(sections: Sections, line: Line) -> None:
    """Add a line without a marker to the section that it is in."""
    text = line.text
    if sections.title is None and not line.table:
        if sections.section == Marker.CONTACT and _is_contact(text):
            sections.leave_out(Marker.CONTACT, line)
            return
        sections.title, sections.section = line, None
        return
    if sections.section == Marker.CONTACT:
        is_detail = is_contact_detail(text) or len(text) < MIN_PROSE_CHARACTERS
        if is_detail and not line.table:
            sections.leave_out(Marker.CONTACT, line)
            return
        sections.section = Marker.NOTES if sections.notes or sections.has_ended else None
    if sections.section == Marker.ABOUT:
        if not line.list_kind or not sections.notes:
            sections.leave_out(Marker.ABOUT, line)
            return
        sections.section = Marker.NOTES
    if sections.section == Marker.NOTES or sections.has_ended:
        _add_note(sections, line)
    else:
        sections.body.append(line)


def _is_contact(text: str) -> bool:
    """Return True for a line below “Media contact” at the top, where the title follows."""
    return is_contact_detail(text) or is_person(text.strip(" ,"))


def _add_note(sections: Sections, line: Line) -> None:
    """Add a line to the notes, unless it is about the partnership or says whom to ask."""
    match = ABOUT_OPENING.match(line.text)
    if match and PARTNERSHIP.match(match["whom"]):
        sections.leave_out(Marker.ABOUT, line)
    elif is_contact_detail(line.text) and len(line.text) < MIN_PROSE_CHARACTERS:
        sections.leave_out(Marker.CONTACT, line)
    else:
        reason = "" if sections.section == Marker.NOTES else MORE_IN_NOTES
        kind = PartKind.TABLE if line.table else PartKind.TEXT
        if line.heading_level:
            kind = PartKind.HEADING
        sections.notes.append(Part(kind, line.text, (line,), reason=reason, is_note=True))


def _strip_number(line: Line) -> Line:
    match = NUMBER.match(line.text)
    return line.cut(match.end()) if match else line


def find_release_date(sections: Sections) -> tuple[str, str]:
    """Return the words that date the release and what they are; two empty texts if none do."""
    for texts, kind in ((sections.dates, "date"), (sections.embargoes, "embargo")):
        for text in texts:
            if find_date(text):
                return text, kind
    return "", ""
