"""The block that draws a chart from a small table."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from bhp_site.core.text.sentences import join_list, join_sentences

from .csv_files import build_figures_response
from .drawing import draw_bars, draw_columns, draw_lines
from .figures import Figures, InvalidFigures, Unit, parse_figures, parse_unit

DRAWERS = {"bar": draw_bars, "column": draw_columns, "line": draw_lines}
KINDS = [
    ("bar", "Bars, to compare a few things"),
    ("column", "Columns, for a few points in time"),
    ("line", "Lines, for many points in time"),
]
MIN_POINTS_OF_LINE = 2


class ChartBlock(blocks.StructBlock):
    """A bar, column or line chart with its figures as a table and as CSV."""

    title = blocks.CharBlock(
        max_length=120,
        help_text="What the chart shows, for example “People recruited to research”.",
    )
    kind = blocks.ChoiceBlock(choices=KINDS, default="bar")
    figures = blocks.TextBlock(
        rows=6,
        help_text="Paste cells from a spreadsheet, or type a line for each row with commas between "
        "the columns. The first line names the columns: “Year, Patients”. Up to 30 rows and four "
        "columns of figures. Leave a cell empty if there is no figure.",
    )
    unit = blocks.CharBlock(
        required=False,
        max_length=40,
        help_text="“%” or “£” is added to each number; other units, such as “£ million” or "
        "“patients a year”, are stated above the chart.",
    )
    text = blocks.CharBlock(
        required=False,
        max_length=300,
        label="What it tells",
        help_text="One sentence on what to see in it. It is read out to those who cannot see it.",
    )
    source = blocks.CharBlock(
        required=False,
        max_length=200,
        help_text="Where the figures come from, for example “NIHR, 2025”.",
    )

    def clean(self, value: Any) -> Any:
        """Return the value; raise StructBlockValidationError for figures that cannot be drawn."""
        value = super().clean(value)
        try:
            figures = parse_figures(value["figures"])
            if value["kind"] == "line" and len(figures.labels) < MIN_POINTS_OF_LINE:
                raise InvalidFigures("A line needs at least two rows. Add one, or choose bars.")
        except InvalidFigures as error:
            raise blocks.StructBlockValidationError({"figures": ValidationError(str(error))}) from (
                error
            )
        return value

    @staticmethod
    def get_block_text(value: dict[str, Any]) -> str:
        """Return the chart as text: its title, what it tells, and its table line by line."""
        lines = (join_list(line.replace(";", "\t").split("\t")) for line in _iter_lines(value))
        return join_sentences([value.get("title") or "", value.get("text") or "", *lines])

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Return the context with the figures and their drawing; none if they are not valid."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        try:
            figures = parse_figures(value.get("figures") or "")
        except InvalidFigures:
            # A draft in a preview.
            return context
        unit = parse_unit(value.get("unit") or "")
        kind = value.get("kind") if value.get("kind") in DRAWERS else "bar"
        return context | {
            "kind": kind,
            "figures": figures,
            "unit": unit,
            "drawing": DRAWERS[kind](figures, unit),
            "csv_size": len(build_figures_response(value).content),
            "description": describe(kind, figures, unit),
            "table": [
                (label, ["" if number is None else unit.format(number) for number in numbers])
                for label, numbers in figures.rows
            ],
        }

    class Meta:
        icon = "bhp-chart"
        label = "Chart"
        description = "A bar, column or line chart, drawn from a small table."
        preview_value = {
            "title": "People recruited to research",
            "kind": "column",
            "figures": "Year, People\n2022, 180\n2023, 310\n2024, 460\n2025, 573",
            "text": "Three times as many people took part in 2025 as in 2022.",
            "source": "A hospital, 2025",
        }
        template = "blocks/chart.html"


def _iter_lines(value: dict[str, Any]) -> list[str]:
    return (value.get("figures") or "").splitlines()


def describe(kind: str, figures: Figures, unit: Unit) -> str:
    """Return a sentence for those who cannot see the chart: its size, lowest and highest figure."""
    points = [
        (value, label, series.name)
        for series in figures.series
        for label, value in zip(figures.labels, series.values, strict=True)
        if value is not None
    ]
    ends = [min(points, key=lambda point: point[0]), max(points, key=lambda point: point[0])]
    many = len(figures.series) > 1
    places = [
        f"{unit.format(value)} ({join_list([label, series if many else ''])})"
        for value, label, series in ends
    ]
    names = f" of {len(figures.series)} series" if many else ""
    rows = f"{len(figures.labels)} row{'s' if len(figures.labels) > 1 else ''}"
    return f"{kind.capitalize()} chart{names} with {rows}, from {places[0]} to {places[1]}."
