"""The text of a quote with its speaker, and what is recorded about the speaker."""

from collections.abc import Sequence
from typing import Any

from bhp_site.core.text.sentences import join_list

from .quotations.parser import mark_paragraphs


def format_quote(paragraphs: Sequence[str], *speaker: str) -> str:
    """Return `paragraphs` in one pair of marks, then the parts of `speaker` in brackets."""
    quoted = "".join(mark_paragraphs([" ".join(paragraphs)])) if paragraphs else ""
    source = join_list(speaker)
    return f"{quoted} ({source})" if quoted and source else quoted


def fill_in_speaker(quote: Any, date: Any) -> None:
    """Fill in name, role, organisation and portrait of a quote block from its speaker on `date`.

    Values that are already there stay: a person's later name or role must not change what was
    published.
    """
    speaker = quote.get("speaker")
    if speaker is None:
        return
    quote["name"] = quote.get("name") or str(speaker)
    if not quote.get("role") and (role := speaker.get_role_on(date)):
        quote["role"] = role.title
        quote["organisation"] = quote.get("organisation") or role.organisation_name
    quote["portrait"] = quote.get("portrait") or speaker.portrait
