"""Words spoken by somebody: how they are marked, and what is known of the speaker."""

import re
from typing import Any

# Marks an editor may have typed or pasted around a paragraph; the product sets its own.
MARKS = '“”„‟"«»'


def parts(words: str) -> list[str]:
    """The paragraphs of `words`, parted at blank lines, without marks around them."""
    split = re.split(r"\n\s*\n", words.replace("\r", ""))
    found = (part.strip().strip(MARKS).strip() for part in split)
    return [part for part in found if part]


def marked(words: str) -> list[str]:
    """The paragraphs of `words` in curly marks: each is opened, only the last is closed."""
    found = parts(words)
    return [f"“{part}" for part in found[:-1]] + [f"“{part}”" for part in found[-1:]]


def fill_in(quote: Any, date: Any) -> None:
    """Write into a quote block what the register says of its speaker on `date`.

    What an editor gave is kept. Once written it stays: a person's later name or role must not
    change what was published.
    """
    speaker = quote.get("speaker")
    if speaker is None:
        return
    role = speaker.role_on(date) if not (quote.get("role") and quote.get("organisation")) else None
    quote["name"] = quote.get("name") or str(speaker)
    if role and not quote.get("role"):
        quote["role"] = role.title
        quote["organisation"] = quote.get("organisation") or role.where
    quote["portrait"] = quote.get("portrait") or speaker.portrait
