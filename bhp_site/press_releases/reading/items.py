"""What the body of a release consists of while it is read: text and quotations."""

from dataclasses import dataclass, field

from news.quotations.parser import parse_quotation

from .attribution import Attribution
from .lines import Line
from .proposed import Speech

LEFT_WORDS = "Left out of the announcement: “{words}”."


@dataclass
class TextItem:
    """A line of the reporter's own text."""

    line: Line


@dataclass
class Quote:
    """A quotation while it is put together: its paragraphs with the marks as they were written."""

    paragraphs: list[str]
    attribution: Attribution | None = None
    # The line, if it holds a quotation and nothing else.
    line: Line | None = None
    is_closed: bool = True
    lead: str = ""
    reasons: list[str] = field(default_factory=list)

    def to_speech(self) -> Speech:
        """Return the quotation without marks."""
        paragraphs = parse_quotation("\n\n".join(self.paragraphs)).paragraphs
        attribution = self.attribution or Attribution()
        return Speech(paragraphs, attribution.name, attribution.role)

    def note_left_out(self, attribution: Attribution | None) -> None:
        """Say which words of the reporter the announcement will not have."""
        if attribution and attribution.left_out:
            self.reasons.append(LEFT_WORDS.format(words=attribution.left_out))

    @property
    def reason(self) -> str:
        """Return why it is a guess, in sentences; "" if it is not."""
        return " ".join(dict.fromkeys(self.reasons))


Item = TextItem | Quote
