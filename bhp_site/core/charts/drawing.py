"""Lay out a chart as shapes for an SVG without scripts and styles.

Widths are percentages of the plot and heights are in em, so that a chart fills its column and its
text keeps the size that the visitor has chosen. What is beside the plot, such as the labels of the
grid lines, is in the padding of the SVG: see `.plot` in site.css.
"""

import itertools
import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .figures import YEAR, Figures, Unit
from .scale import Scale, build_scale, build_tight_scale

# Lengths in em. A character of the labels is that wide on average.
CHARACTER_WIDTH = 0.55
LINE_HEIGHT = 1.35
# Where the middle of a text is, above its baseline.
MIDDLE_HEIGHT = 0.35
# The plot on a phone, and beside a list of facts.
NARROW_PLOT, WIDE_PLOT = 17, 38
BAR, GAP_BETWEEN_BARS, GAP_BETWEEN_ROWS = 1.75, 0.2, 1.3
PLOT_HEIGHT, SPACE_ABOVE = 16, 1.7
# Characters of a row's label on one line of a narrow screen.
BAR_LABEL_CHARACTERS = 34
MAX_LABEL_LINES = 3
# Share of the plot that columns take, and room at both ends of a line, in percent.
COLUMN_PERCENT = 70
LINE_MARGIN_PERCENT = 3
# The widths of padding that site.css knows, in characters.
PADDING_CHARACTERS = (3, 5, 8, 11, 16)


@dataclass(frozen=True)
class Rect:
    """A bar or column: x and width in percent, y and height in em."""

    x: float
    y: float
    width: float
    height: float
    css: str


@dataclass(frozen=True)
class SvgText:
    """A text whose baseline is at x percent and y em, moved by dx em."""

    x: float
    y: float
    text: str
    css: str = ""
    dx: float = 0


@dataclass(frozen=True)
class Rule:
    """A straight line: x in percent, y in em."""

    x1: float
    y1: float
    x2: float
    y2: float
    css: str


@dataclass(frozen=True)
class Point:
    """A marker of a line chart: x in percent, y in em."""

    x: float
    y: float
    css: str


@dataclass
class Drawing:
    """The shapes of a chart; `before` and `after` are the padding that its texts need."""

    height: float = 0
    before: int = 0
    after: int = 0
    rects: list[Rect] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    texts: list[SvgText] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    # Class and points of each unbroken line, in percent and em.
    lines: list[tuple[str, str]] = field(default_factory=list)

    def add_rect(self, x: float, y: float, width: float, height: float, css: str) -> None:
        """Add a bar or column, rounded to what can be seen."""
        self.rects.append(Rect(_round(x), _round(y), _round(width), _round(height), css))

    def add_text(self, x: float, y: float, text: str, css: str, dx: float = 0) -> None:
        """Add a text, rounded to what can be seen."""
        self.texts.append(SvgText(_round(x), _round(y), text, css, dx))

    def add_rule(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """Add a straight line, rounded to what can be seen."""
        self.rules.append(Rule(_round(x1), _round(y1), _round(x2), _round(y2), css))


def draw_bars(figures: Figures, unit: Unit) -> Drawing:
    """Return horizontal bars below the label of their row, each with its value beside it."""
    scale, drawing = build_tight_scale(figures.values), Drawing()
    zero = _get_x(scale, Decimal(0))
    y: float = 0
    for label, values in figures.rows:
        for line in textwrap.wrap(label, BAR_LABEL_CHARACTERS):
            y += LINE_HEIGHT
            drawing.add_text(0, y - MIDDLE_HEIGHT, line, "label")
        for number, value in enumerate(values, 1):
            middle = y + BAR / 2 + MIDDLE_HEIGHT
            if value is None:
                drawing.add_text(zero, middle, "no figure", "value", 0.4)
            else:
                end = _get_x(scale, value)
                drawing.add_rect(min(zero, end), y, abs(end - zero), BAR, f"series-{number}")
                css, dx = ("value end", -0.4) if value < 0 else ("value", 0.4)
                drawing.add_text(end, middle, unit.format(value), css, dx)
            y += BAR + GAP_BETWEEN_BARS
        y += GAP_BETWEEN_ROWS - GAP_BETWEEN_BARS
    drawing.height = _round(y - GAP_BETWEEN_ROWS + GAP_BETWEEN_BARS)
    drawing.add_rule(zero, 0, zero, drawing.height, "axis")
    drawing.after = _get_padding(unit.format(value) for value in figures.values if value >= 0)
    drawing.before = _get_padding(unit.format(value) for value in figures.values if value < 0)
    return drawing


def draw_columns(figures: Figures, unit: Unit) -> Drawing:
    """Return columns above the label of their row, on a grid; with their value where it fits."""
    scale = build_scale(figures.values)
    drawing = _draw_grid(scale, unit)
    slot = 100 / len(figures.labels)
    width = slot * COLUMN_PERCENT / 100 / len(figures.series)
    zero = _get_y(scale, Decimal(0))
    for row, (_, values) in enumerate(figures.rows):
        start = slot * row + (slot - width * len(values)) / 2
        for number, value in enumerate(values):
            if value is None:
                continue
            x, y = start + width * number, _get_y(scale, value)
            # A gap between the columns of a row.
            thickness = width if len(values) == 1 else width * 0.92
            drawing.add_rect(x, min(y, zero), thickness, abs(y - zero), f"series-{number + 1}")
            text = unit.format(value)
            room = width if len(values) > 1 else slot
            if (len(text) + 1) * CHARACTER_WIDTH <= room / 100 * WIDE_PLOT:
                is_narrow = (len(text) + 1) * CHARACTER_WIDTH <= room / 100 * NARROW_PLOT
                css = "value middle" if is_narrow else "value middle wide"
                drawing.add_text(x + thickness / 2, y + (1.2 if value < 0 else -0.4), text, css)
    drawing.add_rule(0, zero, 100, zero, "axis")
    _add_labels(drawing, figures.labels, [slot * (row + 0.5) for row in range(len(figures.labels))])
    return drawing


def draw_lines(figures: Figures, unit: Unit) -> Drawing:
    """Return a line for each series on a grid; the last figure of each has its value.

    Years are as far apart as they are in time; other rows are evenly spaced.
    """
    scale = build_scale(figures.values, with_zero=False)
    drawing = _draw_grid(scale, unit)
    places = _get_places(figures.labels)
    for number, series in enumerate(figures.series, 1):
        css = f"series-{number}"
        points = [
            None if value is None else (x, _get_y(scale, value))
            for x, value in zip(places, series.values, strict=True)
        ]
        for part in _split_at_gaps(points):
            drawing.lines.append((css, " ".join(f"{x:g},{_round(y):g}" for x, y in part)))
            drawing.points += [Point(x, _round(y), css) for x, y in part]
        last = max(index for index, point in enumerate(points) if point)
        x, y = points[last] or (0, 0)
        drawing.add_text(x, y - 0.8, unit.format(series.values[last] or Decimal(0)), "value end", 1)
    if scale.low <= 0 <= scale.high:
        zero = _get_y(scale, Decimal(0))
        drawing.add_rule(0, zero, 100, zero, "axis")
    _add_labels(drawing, figures.labels, places)
    return drawing


def _draw_grid(scale: Scale, unit: Unit) -> Drawing:
    """Return a drawing with the grid lines of `scale` and their labels on the left."""
    drawing = Drawing()
    decimals = max(-int(tick.normalize().as_tuple().exponent) for tick in scale.ticks)
    step = Decimal(1).scaleb(-max(0, decimals))
    labels = [unit.format(tick.quantize(step)) for tick in scale.ticks]
    for tick, label in zip(scale.ticks, labels, strict=True):
        y = _get_y(scale, tick)
        drawing.add_rule(0, y, 100, y, "grid")
        drawing.add_text(0, y + MIDDLE_HEIGHT, label, "tick end", -0.6)
    drawing.before = _get_padding(labels)
    return drawing


def _add_labels(drawing: Drawing, labels: Sequence[str], places: Sequence[float]) -> None:
    """Add the labels below the plot: as many as have room, fewer of them on a narrow screen."""
    slot = min((b - a for a, b in itertools.pairwise(places)), default=100) / 100
    room = max(4, int(slot * WIDE_PLOT / CHARACTER_WIDTH) - 1)
    wrapped = [
        textwrap.wrap(label, room, max_lines=MAX_LABEL_LINES, placeholder="…") for label in labels
    ]
    widest = (max(len(line) for lines in wrapped for line in lines) + 0.5) * CHARACTER_WIDTH
    # Every nth label has room; those of a narrow screen are among those of a wide one.
    wide = math.ceil(widest / (slot * WIDE_PLOT))
    narrow = wide * math.ceil(widest / (slot * NARROW_PLOT) / wide)
    top = SPACE_ABOVE + PLOT_HEIGHT + 0.3
    for number, (lines, x) in enumerate(zip(wrapped, places, strict=True)):
        if number % wide:
            continue
        css = "label middle" if number % narrow == 0 else "label middle wide"
        for place, line in enumerate(lines, 1):
            drawing.add_text(x, top + LINE_HEIGHT * place - MIDDLE_HEIGHT, line, css)
    drawing.height = _round(top + LINE_HEIGHT * max(map(len, wrapped)))


def _get_places(labels: Sequence[str]) -> list[float]:
    """Return the place of each row along a line chart, in percent."""
    years = [int(label) for label in labels if YEAR.fullmatch(label)]
    is_time = len(years) == len(labels) and sorted({*years}) == years
    steps = years if is_time else [*range(len(labels))]
    scale = (100 - 2 * LINE_MARGIN_PERCENT) / ((steps[-1] - steps[0]) or 1)
    return [_round(LINE_MARGIN_PERCENT + (step - steps[0]) * scale) for step in steps]


def _split_at_gaps(
    points: Sequence[tuple[float, float] | None],
) -> Iterator[list[tuple[float, float]]]:
    """Yield the runs of `points` between missing ones."""
    run: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point:
            run.append(point)
        elif run:
            yield run
            run = []


def _get_x(scale: Scale, value: Decimal) -> float:
    return 100 * scale.get_fraction(value)


def _get_y(scale: Scale, value: Decimal) -> float:
    return SPACE_ABOVE + PLOT_HEIGHT * (1 - scale.get_fraction(value))


def _get_padding(texts: Iterator[str] | Sequence[str]) -> int:
    """Return the smallest of `PADDING_CHARACTERS` that holds all `texts`; 0 for none."""
    longest = max(map(len, texts), default=0)
    fitting = (width for width in PADDING_CHARACTERS if width >= longest)
    return next(fitting, PADDING_CHARACTERS[-1]) if longest else 0


def _round(value: float) -> float:
    return round(value, 2)
