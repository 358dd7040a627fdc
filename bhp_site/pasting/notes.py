"""Tell an editor in a sentence or two what has become of what they pasted."""

from collections import Counter
from collections.abc import Collection, Sequence

from .reader import Pasted
from .runs import Heading, Paragraph, Run, Table, get_text

MAX_HEADING_LIKE_CHARACTERS = 80
MAX_NAMED_TARGETS = 3
# What the reader counts, and the sentence for one and for several.
CHANGES = [
    (
        "deleted",
        "Deleted or struck-out text was left out in 1 place.",
        "Deleted or struck-out text was left out in {} places.",
    ),
    (
        "link",
        "1 link was removed, because it leads to a place that visitors cannot open.",
        "{} links were removed, because they lead to places that visitors cannot open.",
    ),
    ("footnote", "1 footnote mark is now plain text.", "{} footnote marks are now plain text."),
    (
        "image",
        "1 image was left out. Add it with an image block.",
        "{} images were left out. Add them with image blocks.",
    ),
    (
        "large-table",
        "1 table was too large for a table block. Add it as a document, for example as CSV.",
        "{} tables were too large for table blocks. Add them as documents, for example as CSV.",
    ),
    (
        "long-heading",
        "1 heading was too long for a heading block and is now bold text.",
        "{} headings were too long for heading blocks and are now bold text.",
    ),
]


def describe_changes(pasted: Pasted, kinds: Collection[str]) -> str:
    """Return a message about changes and what the editor should do; "" if there are none."""
    counts = Counter(type(block) for block in pasted.blocks)
    sentences = [
        describe_headings(counts[Heading], "heading" in kinds),
        describe_tables(counts[Table], "table" in kinds),
        *(
            (one if number == 1 else many).format(number)
            for change, one, many in CHANGES
            if (number := pasted.changes[change])
        ),
        describe_targets(pasted.targets),
        describe_bold_lines(pasted, "heading" in kinds),
    ]
    return " ".join(filter(None, sentences))


def describe_headings(number: int, has_block: bool) -> str:
    """Return a sentence on how `number` headings were converted; "" if there are none.

    `has_block` says whether the stream has blocks for headings.
    """
    if not number:
        return ""
    if has_block:
        noun = "headings became heading blocks" if number > 1 else "heading became a heading block"
        return f"{number} {noun}."
    return "This field cannot have headings, so they are now bold text."


def describe_tables(number: int, has_block: bool) -> str:
    """Return a sentence on how `number` tables were converted; "" if there are none.

    `has_block` says whether the stream has blocks for tables.
    """
    if not number:
        return ""
    if has_block:
        noun = "tables became table blocks" if number > 1 else "table became a table block"
        return f"{number} {noun}. Write a caption, and check that the first row names the columns."
    return "This field cannot have tables, so each row is now a paragraph."


def describe_targets(targets: list[str]) -> str:
    """Return a sentence that names the new `targets` of links; "" if there are none."""
    if not targets:
        return ""
    names = ", ".join(targets[:MAX_NAMED_TARGETS])
    if more := len(targets[MAX_NAMED_TARGETS:]):
        names += f" and {more} more"
    if len(targets) == 1:
        return f"1 link led through another site. It now leads straight to {names} – check it."
    return (
        f"{len(targets)} links led through other sites. They now lead straight to {names} – "
        "check them."
    )


def describe_bold_lines(pasted: Pasted, has_block: bool) -> str:
    """Return a hint if short bold lines may be headings, which the program cannot decide.

    Return "" if there are none, or if the stream has no block for headings (`has_block`).
    """
    lines = [block for block in pasted.blocks if isinstance(block, Paragraph)]
    alike = sum(looks_like_heading(block.runs) for block in lines if not block.list_kind)
    if not alike or len(lines) == 1 or not has_block:
        return ""
    noun = "lines in bold look like headings" if alike > 1 else "line in bold looks like a heading"
    return f"{alike} {noun}. If so, move the text into a heading block."


def looks_like_heading(runs: Sequence[Run]) -> bool:
    """Return True for a short line that is bold throughout and does not end like a sentence."""
    text = get_text(runs)
    is_bold = all(run.bold for run in runs if run.text.strip())
    return is_bold and len(text) <= MAX_HEADING_LIKE_CHARACTERS and text[-1:] not in ".;,!?"
