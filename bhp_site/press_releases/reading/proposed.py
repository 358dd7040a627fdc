"""What a press release proposes: the result of reading it, for an editor to check."""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

from .dates import Period
from .lines import Line


class PartKind(StrEnum):
    """The kind of block that a part of a release becomes in the announcement."""

    TEXT = "text"
    HEADING = "heading"
    QUOTE = "quote"
    TABLE = "table"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Speech:
    """A quotation: its paragraphs without the marks around them, and who says it.

    `name` and `role` are as the release has them; "" if it does not say.
    """

    paragraphs: tuple[str, ...]
    name: str = ""
    role: str = ""

    @property
    def words(self) -> str:
        """Return the paragraphs as an editor types them, with blank lines between."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True)
class Part:
    """A part of a release, in its order.

    `label` says what a part that is left out is, such as “Embargo”. `reason` says why the kind or
    the content of a part is a guess, or why it is left out; "" if neither.
    """

    kind: PartKind
    text: str
    lines: tuple[Line, ...] = ()
    speech: Speech | None = None
    label: str = ""
    reason: str = ""
    is_note: bool = False


@dataclass(frozen=True)
class EmbargoLine:
    """An embargo line, with the day and time that it seems to name (UK time)."""

    text: str
    date: datetime.date | None = None
    time: datetime.time | None = None


@dataclass(frozen=True)
class ProposedReport:
    """The report that a release seems to announce, and the words that say so."""

    title: str = ""
    period: Period | None = None
    reason: str = ""


@dataclass(frozen=True)
class ProposedRelease:
    """All that was read from a press release; nothing in it is stored yet.

    `guesses` has a reason for each field whose value is a guess: title, summary, date.
    """

    title: str = ""
    summary: str = ""
    date: datetime.date | None = None
    embargo: EmbargoLine | None = None
    report: ProposedReport | None = None
    parts: tuple[Part, ...] = ()
    guesses: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return all text that would be published, to look for names in it."""
        published = (part.text for part in self.parts if part.kind != PartKind.LEFT_OUT)
        return "\n".join([self.title, self.summary, *published])
