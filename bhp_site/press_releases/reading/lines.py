"""The lines of a press release, whatever it came from: typed text, HTML or a Word document."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bhp_site.pasting.reader import read_clipboard
from bhp_site.pasting.runs import Block, Heading, Paragraph, Run, Table, trim_runs
from news.quotations.marks import OPENING_MARKS
from news.quotations.paragraphs import (
    ends_sentence,
    fills_width,
    normalise_text,
    split_blocks,
)

# Lines of plain-text mail are wrapped within these widths.
MIN_WRAP_COLUMNS, MAX_WRAP_COLUMNS = 50, 100
# A bullet or number at the start of a line of plain text.
BULLET = re.compile(r"^(?:[•·▪◦‣●○■□*]|[-–](?=\s))\s*(?=[^\s*–-])")
NUMBER = re.compile(r"^(?:\(\d{1,2}\)|\d{1,2}[.)])\s+(?=\S)")
# Lines of such signs alone divide parts of a release; they are no list.
RULE = re.compile(r"^[\W_]+$")


@dataclass(frozen=True)
class Line:
    """A paragraph, heading, list item or table of a release, with its formatting."""

    runs: tuple[Run, ...]
    # 1 to 6 for a heading, else 0.
    heading_level: int = 0
    # "ul" or "ol" for an item of a list, whose depth counts from 0.
    list_kind: str = ""
    depth: int = 0
    table: Table | None = None

    @cached_property
    def text(self) -> str:
        """Return the text without formatting; of a table, its cells."""
        if self.table:
            return "; ".join(" | ".join(row) for row in self.table.rows)
        return "".join(run.text for run in self.runs)

    def cut(self, start: int, end: int | None = None) -> "Line":
        """Return the line with the characters from `start` to `end`, with their formatting."""
        end = len(self.text) if end is None else end
        runs: list[Run] = []
        position = 0
        for run in self.runs:
            piece = run.text[max(0, start - position) : max(0, end - position)]
            position += len(run.text)
            if piece:
                runs.append(replace(run, text=piece))
        return replace(self, runs=tuple(trim_runs(runs)))

    def to_block(self) -> Block:
        """Return the line as a block that `bhp_site.pasting` can render."""
        if self.table:
            return self.table
        if self.heading_level:
            return Heading(self.text, self.heading_level)
        return Paragraph(list(self.runs), self.list_kind, self.depth)


def make_line(text: str) -> Line:
    """Return a line of plain text."""
    return Line((Run(text),))


def read_text(text: str) -> list[Line]:
    """Return the lines of typed or pasted plain text, with lines wrapped by mail joined."""
    blocks = split_blocks(normalise_text(text).replace("\xa0", " "))
    width = _find_wrap_width(blocks)
    lines = []
    for block in blocks:
        for group in _group_wrapped(block, width):
            lines.append(_read_list_item(" ".join(group)))
    return lines


def read_html(html: str) -> list[Line]:
    """Return the lines of HTML, as a browser pastes it or mammoth writes it.

    Raises ParserRejectedMarkup for what Python's parser cannot read.
    """
    return [line for block in read_clipboard(html).blocks for line in _read_block(block)]


def _read_block(block: Block) -> Iterator[Line]:
    if isinstance(block, Table):
        yield Line((), table=block)
    elif isinstance(block, Heading):
        yield Line((Run(block.text),), heading_level=block.level)
    else:
        parts = [Line(tuple(trim_runs(runs))) for runs in _split_at_breaks(block.runs)]
        parts = [part for part in parts if part.text]
        width = _find_wrap_width([[part.text for part in parts]])
        position = 0
        for group in _group_wrapped([part.text for part in parts], width):
            together = parts[position : position + len(group)]
            position += len(group)
            joined = replace(
                together[0],
                runs=tuple(_join_runs([part.runs for part in together])),
                list_kind=block.list_kind,
                depth=block.depth,
            )
            yield joined if block.list_kind else _read_list_item(joined.text, joined)


def _split_at_breaks(runs: Iterable[Run]) -> list[list[Run]]:
    """Return the runs of each line of a paragraph."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines += [[replace(run, text=other)] for other in others]
    return lines


def _join_runs(parts: Sequence[Sequence[Run]]) -> list[Run]:
    joined: list[Run] = []
    for runs in parts:
        joined += [Run(" "), *runs] if joined else runs
    return joined


def _find_wrap_width(blocks: Sequence[Sequence[str]]) -> int:
    """Return the width at which a mail program has wrapped lines; 0 if it has not.

    Between the lines of a block there is no blank line. Wrapped lines are full, and most of them
    end within a sentence. Addresses are never broken, so lines without a space do not count.
    """
    lines = itertools.chain.from_iterable(blocks)
    width = max((len(line) for line in lines if " " in line), default=0)
    if not MIN_WRAP_COLUMNS <= width <= MAX_WRAP_COLUMNS:
        return 0
    pairs = itertools.chain.from_iterable(map(itertools.pairwise, blocks))
    full = [line for line, following in pairs if fills_width(line, following, width)]
    within = [line for line in full if not ends_sentence(line) and not line.endswith(":")]
    return width if 2 * len(within) > len(full) else 0


def _group_wrapped(lines: Sequence[str], width: int) -> list[list[str]]:
    """Return `lines`, between which there is no blank line, as groups that belong together.

    A line is continued if the first word of the next would not have fitted into `width`.
    """
    groups: list[list[str]] = []
    for line in lines:
        previous = groups[-1][-1] if groups else ""
        is_full = bool(width and groups) and fills_width(previous, line, width)
        if is_full and not _starts_paragraph(previous, line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _starts_paragraph(previous: str, line: str) -> bool:
    """Return True if `line` cannot continue the sentence of the line before."""
    if BULLET.match(line) or (NUMBER.match(line) and ends_sentence(previous)):
        return True
    return line[0] in OPENING_MARKS and (ends_sentence(previous) or previous.endswith(":"))


def _read_list_item(text: str, line: Line | None = None) -> Line:
    """Return a line whose bullet or number, if it has one, has become the kind of its list."""
    line = line or make_line(text)
    if RULE.match(text):
        return line
    for pattern, kind in ((BULLET, "ul"), (NUMBER, "ol")):
        if match := pattern.match(text):
            return replace(line.cut(match.end()), list_kind=kind)
    return line
