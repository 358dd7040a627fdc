"""Finds the quotations of a release: within each line first, then across lines."""

import re
from collections.abc import Callable
from typing import TypeGuard

from .attribution import (
    Attribution,
    get_surname,
    looks_like_role,
    read_lead,
    read_name_line,
)
from .items import Item, Quote, TextItem
from .line_speech import read_line, resolve_from_sentence
from .lines import Line
from .spans import closes_speech, split_sentences

# Paragraphs that a quotation can go on for without opening marks.
MAX_UNMARKED_PARAGRAPHS = 4
# A paragraph that only quotes needs that many words, if nothing says who speaks.
MIN_UNATTRIBUTED_WORDS = 6
NO_SPEAKER = "The text does not say who says this."
NAME_ON_OWN_LINE = "The speaker’s name is on a line of its own beside the quotation."
NOT_CLOSED_BEFORE = "The next paragraph has no opening mark, but closes the quotation."
WORDS_BETWEEN = "“{words}” was between two parts of it."
SAME_SPEAKER = "Nothing says who says this, so it is read as part of the quotation before."
BY_PRONOUN = "The text says “{words}”, which seems to mean {name}."


def find_speech(lines: list[Line]) -> list[Item]:
    """Return the text and the quotations of a release's body, in their order."""
    items: list[Item] = []
    for line in lines:
        items += [TextItem(line)] if line.heading_level or line.table else read_line(line)
    for step in STEPS:
        items = step(items)
    return items


def is_text(item: Item) -> TypeGuard[TextItem]:
    """Return True for a line of the reporter's own text."""
    return isinstance(item, TextItem)


def _join_paragraphs(items: list[Item]) -> list[Item]:
    """Join the paragraphs of quotations that are opened and not closed."""
    joined: list[Item] = []
    skip = 0
    for index, item in enumerate(items):
        if skip:
            skip -= 1
            continue
        previous = joined[-1] if joined else None
        if isinstance(previous, Quote) and not previous.is_closed:
            if isinstance(item, Quote) and (item.attribution is None or not item.lead):
                previous.paragraphs += item.paragraphs
                previous.is_closed = item.is_closed
                previous.attribution = previous.attribution or item.attribution
                previous.reasons += item.reasons
                continue
            if count := _count_unmarked(items[index : index + MAX_UNMARKED_PARAGRAPHS]):
                texts = filter(is_text, items[index : index + count])
                previous.paragraphs += [f"“{text.line.text}" for text in texts]
                previous.is_closed = True
                previous.reasons.append(NOT_CLOSED_BEFORE)
                skip = count - 1
                continue
            previous.is_closed = True
        joined.append(item)
    return joined


def _count_unmarked(items: list[Item]) -> int:
    """Return how many of the texts continue a quotation, the last of which closes it; 0 if none."""
    for count, item in enumerate(items, 1):
        if not isinstance(item, TextItem) or item.line.heading_level or item.line.table:
            return 0
        if closes_speech(item.line.text):
            return count
    return 0


def _read_leads(items: list[Item]) -> list[Item]:
    """Give quotations the speaker that the line before names: “Ada Example, director, said:”."""
    read_items: list[Item] = []
    for item in items:
        previous = read_items[-1] if read_items else None
        if isinstance(item, Quote) and item.attribution is None and isinstance(previous, TextItem):
            sentences = [*split_sentences(previous.line.text)]
            start = sentences[-1][0] if sentences else 0
            words = previous.line.text[start:]
            lead = read_lead(words) if words.rstrip().endswith((":", ",")) else None
            if lead:
                read_items.pop()
                if start:
                    read_items.append(TextItem(previous.line.cut(0, start)))
                    item.attribution = lead
                    resolve_from_sentence(item, previous.line.text[slice(*sentences[-2])])
                item.attribution = item.attribution or lead
                item.lead = words.strip(" :,")
                item.note_left_out(lead)
        read_items.append(item)
    return read_items


def _read_name_lines(items: list[Item]) -> list[Item]:
    """Give quotations the speaker on a line of its own above or below."""
    read_items: list[Item] = []
    position = 0
    while position < len(items):
        item = items[position]
        read_items.append(item)
        position += 1
        if not isinstance(item, Quote) or item.attribution is not None:
            continue
        below = _read_name(items[position : position + 2])
        above = _read_name_above(read_items[:-1])
        if below and (below[2] or above is None):
            item.attribution = below[0]
            position += below[1]
        elif above:
            item.attribution = above[0]
            del read_items[-1 - above[1] : -1]
        if item.attribution:
            item.reasons.append(NAME_ON_OWN_LINE)
    return read_items


def _read_name(items: list[Item]) -> tuple[Attribution, int, bool] | None:
    """Return the speaker in the first lines of `items`, how many lines, and if after a dash."""
    texts = [item.line.text for item in items if isinstance(item, TextItem) and not item.line.table]
    if not texts or not isinstance(items[0], TextItem):
        return None
    attribution = read_name_line(texts[0])
    if attribution is None:
        return None
    is_dashed = bool(re.match(r"\s*[-–—―]", texts[0])) or items[0].line.list_kind == "ul"
    if (
        not attribution.role
        and len(texts) == 2
        and isinstance(items[1], TextItem)
        and looks_like_role(texts[1])
    ):
        return Attribution(attribution.name, texts[1].strip(" -–—,")), 2, is_dashed
    return attribution, 1, is_dashed


def _read_name_above(read_items: list[Item]) -> tuple[Attribution, int] | None:
    """Return the speaker in the last one or two lines of `read_items`, and how many lines."""
    for count in (2, 1):
        attribution = _read_name(read_items[-count:]) if len(read_items) >= count else None
        if attribution and attribution[1] == count:
            return attribution[0], count
    return None


def _resolve(items: list[Item]) -> list[Item]:
    """Join what one person says in a row, and find whom “she” and a surname alone mean."""
    read_items: list[Item] = []
    speakers: list[Attribution] = []
    for item in items:
        if not isinstance(item, Quote):
            read_items.append(item)
            continue
        previous = read_items[-1] if read_items else None
        last = speakers[-1] if speakers else None
        attribution = item.attribution
        if (
            attribution is not None
            and not attribution.is_pronoun
            and (full := _find_speaker(attribution, speakers))
        ):
            attribution = item.attribution = full
        is_same = last is not None and (
            attribution is None or attribution.is_pronoun or attribution.name == last.name
        )
        if isinstance(previous, Quote) and is_same and previous.attribution:
            previous.paragraphs += item.paragraphs
            previous.reasons += [_explain_join(item), *item.reasons]
            continue
        if attribution is not None and attribution.is_pronoun:
            item.attribution = last
            name = last.name if last else "nobody named so far"
            item.reasons.append(BY_PRONOUN.format(words=item.lead or "they said", name=name))
        if item.attribution:
            speakers.append(item.attribution)
        elif item.line is not None and _is_phrase(item):
            read_items.append(TextItem(item.line))
            continue
        else:
            item.reasons.append(NO_SPEAKER)
        read_items.append(item)
    return read_items


def _is_phrase(item: Quote) -> bool:
    """Return True for a few words in marks that nobody says, such as a motto."""
    return len(" ".join(item.paragraphs).split()) < MIN_UNATTRIBUTED_WORDS


def _explain_join(item: Quote) -> str:
    return WORDS_BETWEEN.format(words=item.lead) if item.lead else SAME_SPEAKER


def _find_speaker(attribution: Attribution, speakers: list[Attribution]) -> Attribution | None:
    """Return the earlier speaker whom a name without a role means; None if there is none."""
    if attribution.role:
        return None
    for speaker in reversed(speakers):
        if (
            get_surname(speaker.name) == get_surname(attribution.name)
            and attribution.name != speaker.name
        ):
            return speaker
        if speaker.name == attribution.name:
            return speaker
    return None


STEPS: tuple[Callable[[list[Item]], list[Item]], ...] = (
    _join_paragraphs,
    _read_leads,
    _read_name_lines,
    _resolve,
)
