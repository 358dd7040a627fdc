"""Turn what was pasted into blocks of a stream, in the form in which they are stored."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

from .runs import Block, Heading, Paragraph, Run, Table, render_paragraphs

StoredBlock = tuple[str, Any]


def build_stored_blocks(blocks: Sequence[Block], kinds: Collection[str]) -> list[StoredBlock]:
    """Return the name and stored value of each block for a stream with blocks of these `kinds`.

    A block that the stream does not have becomes a paragraph: a heading in bold, a table with a
    line for each row.
    """
    headings = [block.level for block in blocks if isinstance(block, Heading)]
    top_level = min(headings, default=1)
    stored: list[StoredBlock] = []
    flat = [part for block in blocks for part in flatten(block, kinds)]
    for is_text, group in groupby(flat, key=lambda block: isinstance(block, Paragraph)):
        if is_text:
            paragraphs = [block for block in group if isinstance(block, Paragraph)]
            stored.append(("paragraph", render_paragraphs(paragraphs)))
            continue
        for block in group:
            if isinstance(block, Heading):
                is_smaller = block.level > top_level and "subheading" in kinds
                stored.append(("subheading" if is_smaller else "heading", block.text))
            elif isinstance(block, Table):
                stored.append(("table", build_table(block)))
    return stored


def flatten(block: Block, kinds: Collection[str]) -> list[Block]:
    """Return [`block`], or paragraphs in its place if the stream has no such block."""
    if isinstance(block, Heading) and "heading" not in kinds:
        return [Paragraph([Run(block.text, bold=True)])]
    if isinstance(block, Table) and "table" not in kinds:
        return [Paragraph([Run("; ".join(filter(None, row)))]) for row in block.rows]
    return [block]


def build_table(table: Table) -> dict[str, Any]:
    """Return the stored value of a table block, without a caption."""
    rows = table.rows[1:] if table.has_header or len(table.rows) > 1 else table.rows
    columns = [{"type": "text", "heading": heading} for heading in table.rows[0]]
    return {
        "caption": "",
        "table": {"columns": columns, "rows": [{"values": row} for row in rows], "caption": ""},
        "row_headers": False,
    }
