"""Interprets raised and lowered letters: note marks, powers, ordinals, fractions, formulas.

A draft has neither superscripts nor subscripts, so each is written in a way that keeps its meaning:
“[3]” for the mark of a note, “m²”, “21st”, “1 1/4”, “CO₂”. What could mean two things gets a note.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bhp_site.pdf.drafting.page_text import FRACTION_SLASH, TextSpan
from bhp_site.pdf.drafting.positions import find_shift

if TYPE_CHECKING:
    from bhp_site.pdf.drafting.inline import InlineText

FRACTION = "A fraction here was made from raised and lowered figures. Compare it with page {page}."
POWER_OR_NOTE = (
    "A raised number here may be a power or a footnote mark. Compare it with page {page}."
)
LETTER = "A raised letter here may be a footnote mark. Compare it with page {page}."

SUPERSCRIPTS = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
SUBSCRIPTS = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
MARK = re.compile(r"[\[(]?([1-9]\d{,2})[\])]?")
SEVERAL_MARKS = re.compile(r"[\[(]?[1-9]\d{,2}(?:\s*[,;–-]\s*[1-9]\d{,2})+[\])]?")
CONTEXT_CHARACTERS = 40  # before raised text
# A number after such a word names a place, and is no mark of a note.
CROSS_REFERENCE = re.compile(
    r"\b(?:p{1,2}\.|pages?|sections?|chapters?|parts?|tables?|figures?|figs?\.|charts?|box|"
    r"annex|appendix|paragraphs?|recommendations?|steps?|nos?\.|numbers?)\s*(?:\d+(?:,|\s|and|–)+)*$",
    re.I,
)
YEAR = re.compile(r"\b(?:19|20)\d\d$")
TEN = re.compile(r"(?:^|[^\d.,])10$")
TIMES_TEN = re.compile(r"[×x*·]\s*10$")
AFTER_POWER = re.compile(r"\s*(?:/|per\b|cells|copies|CFU|cfu|[µμ]?[Ll]\b|m[Ll]\b)")
# Lengths are raised to areas and volumes, times to accelerations.
UNIT = re.compile(r"(?:^|[^\w])(?:[kcdmnµμ]?m|ft|yd)$|/\s?s$|\d\s?(?:in|mi)$")
VARIABLE = re.compile(r"(?:^|[\s(=+/×-])[rxyzRͰ-Ͽ]$")
SINGLE_LETTER = re.compile(r"(?:^|[\s(=+/×-])[b-zA-Z]$")
ENDS_WITH_DIGIT = re.compile(r"\d$")
ENDS_WITH_NUMBER = re.compile(r"\d\s*$")
ORDINAL = re.compile(r"st|nd|rd|th|er|re|è?me|ère", re.I)
ION = re.compile(r"\d?[+−–-]")
NEGATIVE = re.compile(r"[−–-]\s?\d{1,2}")
DENOMINATOR = re.compile(rf"\s*([/{FRACTION_SLASH}])\s*(\d{{1,3}})(?!\d)")
WHOLE_FRACTION = re.compile(rf"\d{{1,2}}[/{FRACTION_SLASH}]\d{{1,3}}")
USUAL_DENOMINATORS = {2, 3, 4, 5, 6, 8, 10, 12, 16, 32}
DEGREES = re.compile(r"\s?[CF]\b")
MAX_CHARACTERS = 12  # of raised text; longer text stands beside other text
MAX_DISTANCE = (
    0.6  # of the size of a letter: how far a raised text may be from the words it belongs to
)
MAX_GAP = 0.25  # of the size of a letter: words as close as this to a raised one are not parted


@dataclass(frozen=True)
class Interpretation:
    """The written form of raised text: the gap before it, its text, and a note or ""."""

    text: str
    gap: str = ""
    note: str = ""


def interpret_raised(raised: str, before: str, after: str) -> Interpretation:
    """Return how to write a superscript between the words before and after it."""
    if fraction := _interpret_fraction(raised, before, after):
        return fraction
    if raised in ("o", "O", "0", "°") and ENDS_WITH_NUMBER.search(before) and DEGREES.match(after):
        return Interpretation("°")
    if NEGATIVE.fullmatch(raised) or ION.fullmatch(raised):
        return Interpretation(raised.replace(" ", "").translate(SUPERSCRIPTS))
    if SEVERAL_MARKS.fullmatch(raised):
        return Interpretation(re.sub(r"\d+", r"[\g<0>]", raised.strip("[]()")))
    if match := MARK.fullmatch(raised):
        return _interpret_number(match[1], raised, before, after)
    if raised.isdecimal():
        return Interpretation(raised.translate(SUPERSCRIPTS))
    if ORDINAL.fullmatch(raised) and ENDS_WITH_DIGIT.search(before):
        return Interpretation(raised)
    if raised.upper() in ("TM", "SM"):
        return Interpretation("™" if raised.upper() == "TM" else "℠")
    if re.fullmatch(r"n[+-]?\d?|[a-z]{1,2}(?:,\s?[a-z])*", raised):
        return Interpretation(raised.translate(LETTERS).translate(SUPERSCRIPTS), note=LETTER)
    return Interpretation(raised)


def _interpret_fraction(raised: str, before: str, after: str) -> Interpretation | None:
    """Return the numerator of a fraction, parted from a whole number; None if it is none."""
    gap = " " if ENDS_WITH_NUMBER.search(before) and not before.endswith(" ") else ""
    if WHOLE_FRACTION.fullmatch(raised):
        return Interpretation(raised, gap, FRACTION)
    match = DENOMINATOR.match(after)
    if not raised.isdecimal() or not match:
        return None
    if match[1] != FRACTION_SLASH:
        small = int(raised) < int(match[2]) and int(match[2]) in USUAL_DENOMINATORS
        is_power = UNIT.search(before) or TIMES_TEN.search(before)
        if is_power or not small or re.search(r"[^\W\d_]$", before):
            return None
    return Interpretation(raised, gap, FRACTION)


def _interpret_number(number: str, raised: str, before: str, after: str) -> Interpretation:
    """Return a raised number as a power or as the mark of a note."""
    power, mark = Interpretation(number.translate(SUPERSCRIPTS)), Interpretation(f"[{number}]")
    if raised != number or YEAR.search(before):
        return mark
    if TEN.search(before):
        is_sure = TIMES_TEN.search(before) or AFTER_POWER.match(after)
        return power if is_sure else replace(power, note=POWER_OR_NOTE)
    if UNIT.search(before) and number in ("2", "3", "4"):
        return power
    if VARIABLE.search(before) and number in ("2", "3"):
        return power
    if before.endswith((" ", "\n", "(")) and after[:1].isalpha() and after[:1].isupper():
        return power  # an isotope, whose number stands before its letters
    if ENDS_WITH_DIGIT.search(before):
        return replace(power, note=POWER_OR_NOTE)
    return replace(mark, note=POWER_OR_NOTE) if SINGLE_LETTER.search(before) else mark


def interpret(runs: list["InlineText"], internal: str) -> tuple[list["InlineText"], list[str]]:
    """Return the text with superscripts and subscripts replaced, and notes about them.

    `internal` is the address of links within the file: numbers that are such links are footnote
    marks, unless the words before them name a place.
    """
    interpreted: list[InlineText] = []
    notes: list[str] = []
    base: TextSpan | None = None
    before, was_shifted, is_fraction = "", False, False
    for place, run in enumerate(runs):
        span, text = run.span, run.span.text.strip()
        shift = _get_shift(base, interpreted[-1].span, span) if base and text else 0
        interpretation: Interpretation | None = None
        if shift > 0:
            after = "".join(_iterate_texts(runs[place + 1 : place + 4], span))
            interpretation = interpret_raised(text, before, after)
            is_fraction = interpretation.note == FRACTION
        elif shift < 0:
            is_figure = not is_fraction and re.search(r"\w$", before)
            interpretation = Interpretation(text.translate(SUBSCRIPTS) if is_figure else text)
        elif base and run.style.href == internal and not CROSS_REFERENCE.search(before):
            mark = MARK.fullmatch(text)
            interpretation = Interpretation(f"[{mark[1]}]") if mark else None
        if interpretation:
            tail = " " if span.text[-1:].isspace() else ""
            text_with_space, gap = interpretation.text + tail, interpretation.gap
            run = _replace_text(run, interpreted[-1].span, text_with_space, gap)
            if interpretation.note:
                notes.append(interpretation.note.format(page=span.page))
        elif was_shifted and interpreted and _is_near(interpreted[-1].span, span):
            run = _replace_text(run, interpreted[-1].span, span.text, "")
        if not shift and text:
            base = span
        if not shift and text and not text.startswith(("/", FRACTION_SLASH)):
            is_fraction = False
        was_shifted = bool(shift)
        before = (before + run.span.gap + run.span.text)[-CONTEXT_CHARACTERS:]
        interpreted.append(run)
    text = "".join(run.span.text for run in interpreted)
    if runs and re.search(rf"\d\d{FRACTION_SLASH}\s*\d", text):
        notes.append(FRACTION.format(page=runs[0].span.page))
    return interpreted, list(dict.fromkeys(notes))


def _get_shift(base: TextSpan, last: TextSpan, span: TextSpan) -> int:
    """Return 1 if a span is raised beside the words before it, -1 if it is lowered, else 0.

    `base` are the last words that are neither; `last` is what stands directly before.
    """
    if base.page != span.page or len(span.text.strip()) > MAX_CHARACTERS:
        return 0
    if not -base.size < span.left - last.right < MAX_DISTANCE * base.size:
        return 0
    return find_shift(base.last, span.first)


def _is_near(before: TextSpan, span: TextSpan) -> bool:
    """Return True if a span follows a raised one on its line without a space."""
    if before.end != span.follows or before.page != span.page:
        return False
    return -span.size < span.left - before.right < MAX_GAP * span.size


def _replace_text(run: "InlineText", before: TextSpan, text: str, gap: str) -> "InlineText":
    """Return the words with another text, which follows the span before it after `gap`."""
    span = replace(run.span, text=text, follows=before.end, gap=gap)
    return replace(run, span=span)


def _iterate_texts(runs: list["InlineText"], last: TextSpan) -> Iterator[str]:
    """Yield the texts that follow, with the spaces that part them from one another."""
    for run in runs:
        if run.span.page == last.page:
            is_apart = run.span.left - last.right > MAX_GAP * run.span.size
            yield (" " if is_apart else "") + run.span.text
        last = run.span
