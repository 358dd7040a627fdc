"""Words spoken by somebody: how they are marked, and what is known of the speaker."""

import re
from typing import Any

# Marks an editor may have typed or pasted around a paragraph; the product sets its own.
MARKS = "“”„‟«»"
OPENING, CLOSING = "“„‟«", "”»"


def parts(words: str) -> list[str]:
    """The paragraphs of `words`, parted at blank lines, without marks around them."""
    split = re.split(r"\n\s*\n", words.replace("\r", ""))
    found = (_bare(_curly(part.strip())) for part in split)
    return [part for part in found if part]


def _curly(text: str) -> str:
    """`text` with typewriter's marks and apostrophes set as a printer would."""
    for pattern, mark in ((r'(?<![^\s(\[])"', "“"), (r"(?<![^\s(\[“])'(?=\w)", "‘")):
        text = re.sub(pattern, mark, text)
    return text.replace('"', "”").replace("'", "’")


def _bare(text: str) -> str:
    """`text` without the marks that enclose it, or that were opened and never closed."""
    inner = text.strip(f"{MARKS} ")
    if not any(mark in inner for mark in MARKS):
        return inner
    # Some are within it: keep those that are a pair of their own.
    opened: list[int] = []
    for place, letter in enumerate(text):
        if letter in OPENING:
            opened.append(place)
        elif letter in CLOSING and opened:
            pair = opened.pop(), place
            if pair == (0, len(text) - 1):
                return _bare(text[1:-1])
        elif letter in CLOSING and place == len(text) - 1:
            return _bare(text[:-1])
    return _bare(text[1:]) if opened[:1] == [0] else text


def marked(words: str) -> list[str]:
    """The paragraphs of `words` in curly marks: each is opened, only the last is closed.

    What is quoted within them stands in single marks. Where it has some of its own they are left:
    a closing one looks like an apostrophe.
    """
    found = [re.sub("“([^“”‘]*)”", r"‘\1’", part) for part in parts(words)]
    return [f"“{part}" for part in found[:-1]] + [f"“{part}”" for part in found[-1:]]


def fill_in(quote: Any, date: Any) -> None:
    """Write into a quote block what the register says of its speaker on `date`.

    What an editor gave is kept. Once written it stays: a person's later name or role must not
    change what was published.
    """
    speaker = quote.get("speaker")
    if speaker is None:
        return
    quote["name"] = quote.get("name") or str(speaker)
    if not quote.get("role") and (role := speaker.role_on(date)):
        quote["role"] = role.title
        quote["organisation"] = quote.get("organisation") or role.where
    quote["portrait"] = quote.get("portrait") or speaker.portrait
