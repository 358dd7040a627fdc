"""Words spoken by somebody: how they are marked, and what is known of the speaker."""

from typing import Any

from bhp_site.core.sentences import join_list

from .quotations import mark_paragraphs, parse_quotation


def parts(words: str) -> list[str]:
    """Return the paragraphs of `words` without the marks around them."""
    return list(parse_quotation(words).paragraphs)


def marked(words: str) -> list[str]:
    """Return the paragraphs of `words` in curly marks: each is opened, only the last is closed."""
    return mark_paragraphs(parts(words))


def read_out_quote(paragraphs: list[str], *speaker: str) -> str:
    """Return `paragraphs` in one pair of marks, then who said them: name, role, organisation."""
    quoted = "".join(mark_paragraphs([" ".join(paragraphs)])) if paragraphs else ""
    who = join_list(speaker)
    return f"{quoted} ({who})" if quoted and who else quoted


def fill_in(quote: Any, date: Any) -> None:
    """Write into a quote block what is recorded about its speaker on `date`.

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
