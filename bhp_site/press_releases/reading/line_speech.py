"""Finds the quotations within a line, with the reporter's words around them."""

import re

from news.quotations.paragraphs import ends_sentence

from .attribution import Attribution, read_first_person, read_following, read_lead
from .items import Item, Quote, TextItem
from .lines import Line
from .spans import Span, find_spans, split_sentences

FROM_SENTENCE = "The speaker is named in the sentence before."
INLINE = "The words before and after “{words}” were joined."


def read_line(line: Line) -> list[Item]:
    """Return a line as text and quotations; as text alone if nobody is quoted in full."""
    text = line.text
    spans = find_spans(text)
    if not spans:
        return [TextItem(line)]
    before = [*split_sentences(text, 0, spans[0].start)]
    lead = _read_lead(text, before[-1][0], spans[0]) if before else None
    if before and (lead is None or line.list_kind):
        return _read_unmarked_lead(line, spans)
    if not before and not _is_quotation(text, spans):
        return [TextItem(line)]
    items: list[Item] = []
    quote = Quote([], lead, None if before else line)
    if before:
        quote.lead = text[before[-1][0] : spans[0].start].strip(" :,")
        quote.note_left_out(lead)
        if len(before) > 1:
            items.append(TextItem(line.cut(0, before[-2][1])))
            resolve_from_sentence(quote, text[slice(*before[-2])])
    items.append(quote)
    return items + _read_spans(line, spans, quote)


def _read_lead(text: str, start: int, span: Span) -> Attribution | None:
    """Return the attribution between `start` and a span; None if the span is no speech.

    Without a colon, words that begin in lower case go on with the reporter's own sentence.
    """
    words = text[start : span.start].rstrip()
    first = re.search(r"\w", span.cut(text))
    if not words.endswith(":") and first and first[0].islower():
        return None
    return read_lead(words)


def _read_unmarked_lead(line: Line, spans: list[Span]) -> list[Item]:
    """Return a line whose first words do not lead to a quotation; one may follow in it.

    “They opened it. “It is late,” she said.” has a sentence of the reporter's before.
    """
    text = line.text
    for index, span in enumerate(spans):
        position = spans[index - 1].end if index else 0
        sentences = [*split_sentences(text, position, span.start)]
        lead = _read_lead(text, sentences[-1][0], span) if sentences else None
        start = sentences[-1][0] if lead else span.start
        end = spans[index + 1].start if index + 1 < len(spans) else len(text)
        begins = ends_sentence(text[:start].rstrip())
        if start and begins and (lead or (span.is_closed and _read_after(text, span.end, end))):
            items = read_line(line.cut(start))
            if isinstance(items[0], Quote):
                before = [*split_sentences(text, 0, start)]
                resolve_from_sentence(items[0], text[slice(*before[-1])])
            return [TextItem(line.cut(0, start)), *items]
    return [TextItem(line)]


def _is_quotation(text: str, spans: list[Span]) -> bool:
    """Return True if a line that begins with a mark quotes somebody, rather than a title."""
    first = spans[0]
    if not first.is_closed:
        return True
    end = spans[1].start if len(spans) > 1 else len(text)
    after = text[first.end : end]
    if not re.search(r"\w", after):
        return bool(re.search(r"[.!?…]\W*$", text[first.start :]))
    return _read_after(text, first.end, end) is not None


def _read_after(text: str, start: int, end: int) -> tuple[Attribution, int] | None:
    """Return the attribution that follows a quotation, and where it ends; None without one."""
    sentences = [*split_sentences(text, start, end)]
    if not sentences:
        return None
    attribution = read_following(text[start : sentences[0][1]])
    return (attribution, sentences[0][1]) if attribution else None


def _read_spans(line: Line, spans: list[Span], quote: Quote) -> list[Item]:
    """Fill `quote` from the spans of a line; return what follows it on the same line."""
    text = line.text
    items: list[Item] = []
    quote.paragraphs.append(spans[0].cut(text))
    quote.is_closed = spans[0].is_closed
    for index, span in enumerate(spans):
        following = spans[index + 1] if index + 1 < len(spans) else None
        end = following.start if following else len(text)
        position = span.end
        after = None
        if quote.attribution is None or quote.attribution.is_pronoun or not following:
            after = _read_after(text, position, end)
        if after and (quote.attribution is None or after[0].is_pronoun):
            attribution, position = after
            words = text[span.end : position].strip(" ,.:")
            quote.attribution = quote.attribution or attribution
            quote.note_left_out(attribution)
            quote.paragraphs[-1] = _end_sentence(quote.paragraphs[-1])
            if following and not re.search(r"\w", text[position:end]):
                _join_inline(quote, following.cut(text), text[span.end : end], words)
                quote.is_closed = following.is_closed
                continue
        elif not re.search(r"\w", text[position:end]):
            quote.paragraphs[-1] += text[position:end].strip()
            position = end
        if not following:
            if re.search(r"\w", text[position:]):
                items.append(TextItem(line.cut(position).cut(_skip_marks(text[position:]))))
            break
        return items + _read_rest(line, position, following, quote)
    return items


def _read_rest(line: Line, position: int, following: Span, quote: Quote) -> list[Item]:
    """Return the items of a line from `position`, after a quotation, with a span that follows."""
    text = line.text
    sentences = [*split_sentences(text, position, following.start)]
    lead = _read_lead(text, sentences[-1][0], following) if sentences else None
    if not sentences or lead is None:
        rest = line.cut(position + _skip_marks(text[position:]))
        return [TextItem(rest)] if re.search(r"\w", rest.text) else []
    items: list[Item] = []
    start = sentences[-1][0]
    if re.search(r"\w", text[position:start]):
        cut = position + _skip_marks(text[position:start])
        items.append(TextItem(line.cut(cut, start)))
    return items + read_line(line.cut(start))


def _skip_marks(text: str) -> int:
    """Return how many characters without meaning `text` begins with after a quotation."""
    match = re.match(r"[\s.,;:]*", text)
    return match.end() if match else 0


def _end_sentence(words: str) -> str:
    """Return quoted words with a full stop in place of the comma before “she said”."""
    return re.sub(r",(?=\W*$)", ".", words, count=1)


def _join_inline(quote: Quote, more: str, between: str, words: str) -> None:
    """Join two parts of a sentence or paragraph, between which stands “she said”."""
    first = re.sub(r"[”’»›\"'“]\s*$", "", quote.paragraphs[-1].rstrip())
    if between.rstrip().endswith(","):
        # The sentence goes on.
        first = first.rstrip(".") + ("," if more[1:2].islower() else ".")
    quote.paragraphs[-1] = f"{first} {more[1:]}"
    quote.reasons.append(INLINE.format(words=words))


def resolve_from_sentence(quote: Quote, sentence: str) -> None:
    """Give a quotation by “she” the speaker whose name begins the sentence before."""
    if quote.attribution is None or not quote.attribution.is_pronoun:
        return
    if attribution := read_first_person(sentence):
        quote.attribution = attribution
        quote.reasons.append(FROM_SENTENCE)
