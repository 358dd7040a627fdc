"""Charts are laid out so that their shapes say what the figures say."""

import itertools
from decimal import Decimal

import pytest

from bhp_site.core.charts.drawing import (
    PADDING_CHARACTERS,
    PLOT_HEIGHT,
    SPACE_ABOVE,
    Drawing,
    draw_bars,
    draw_columns,
    draw_lines,
)
from bhp_site.core.charts.figures import parse_figures, parse_unit
from bhp_site.core.charts.scale import MAX_INTERVALS, build_scale

BOTTOM = SPACE_ABOVE + PLOT_HEIGHT


def get_decimals(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


def find_texts(drawing: Drawing, css: str) -> list[str]:
    return [text.text for text in drawing.texts if css in text.css.split()]


def draw_bar_chart(text: str, unit: str = "") -> Drawing:
    return draw_bars(parse_figures(text), parse_unit(unit))


def draw_column_chart(text: str, unit: str = "") -> Drawing:
    return draw_columns(parse_figures(text), parse_unit(unit))


def draw_line_chart(text: str, unit: str = "") -> Drawing:
    return draw_lines(parse_figures(text), parse_unit(unit))


@pytest.mark.parametrize(
    "values, with_zero, ticks",
    [
        (["50", "573"], True, "0 200 400 600"),
        (["0.2", "0.9"], True, "0 0.2 0.4 0.6 0.8 1"),
        (["-30", "70"], True, "-40 -20 0 20 40 60 80"),
        (["-30", "-10"], True, "-30 -20 -10 0"),
        (["1", "1"], True, "0 0.2 0.4 0.6 0.8 1"),
        (["0", "0"], True, "0 0.2 0.4 0.6 0.8 1"),
        (["94", "97"], False, "94 95 96 97"),
        (["94", "97"], True, "0 20 40 60 80 100"),
        (["10", "97"], False, "0 20 40 60 80 100"),
        (["999999999"], True, "0 200000000 400000000 600000000 800000000 1000000000"),
    ],
)
def test_grid_lines_have_round_values(values: list[str], with_zero: bool, ticks: str) -> None:
    scale = build_scale(get_decimals(*values), with_zero)
    assert scale.ticks == tuple(get_decimals(*ticks.split()))
    assert scale.low <= min(get_decimals(*values))
    assert scale.high >= max(get_decimals(*values))
    assert len(scale.ticks) <= MAX_INTERVALS + 2


def test_bars_are_as_long_as_their_figures() -> None:
    drawing = draw_bar_chart("Year, People\n2019, 50\n2024–25, 573")
    first, second = drawing.rects
    assert (first.x, second.x, second.width) == (0, 0, 100)
    assert first.width == pytest.approx(100 * 50 / 573, abs=0.01)
    assert find_texts(drawing, "label") == ["2019", "2024–25"]
    assert find_texts(drawing, "value") == ["50", "573"]
    assert drawing.height > second.y + second.height - 0.01


def test_negative_bars_lead_to_the_left_of_zero() -> None:
    drawing = draw_bar_chart("Year, Change\n2019, -25\n2020, 75", "%")
    below, above = drawing.rects
    assert (below.x, below.width, above.x, above.width) == (0, 25, 25, 75)
    assert [text.css for text in drawing.texts if "value" in text.css] == ["value end", "value"]
    assert find_texts(drawing, "value") == ["−25%", "75%"]
    (axis,) = drawing.rules
    assert (axis.x1, axis.x2) == (25, 25)
    assert drawing.before
    assert drawing.after


def test_only_negative_bars_end_at_zero() -> None:
    drawing = draw_bar_chart("Year, Change\n2019, -25\n2020, -50")
    assert [(rect.x, rect.width) for rect in drawing.rects] == [(50, 50), (0, 100)]
    assert (drawing.after, drawing.before) == (0, PADDING_CHARACTERS[0])


def test_a_long_label_is_broken_into_lines() -> None:
    label = "Birmingham Women’s and Children’s NHS Foundation Trust"
    drawing = draw_bar_chart(f"Trust, Studies\n{label}, 5")
    assert " ".join(find_texts(drawing, "label")) == label
    assert len(find_texts(drawing, "label")) == 2
    assert drawing.rects[0].y > max(text.y for text in drawing.texts if text.css == "label")


def test_a_missing_figure_is_said_and_not_drawn() -> None:
    drawing = draw_bar_chart("Year, A, B\n2019, 1, 2\n2020, , 4")
    assert len(drawing.rects) == 3
    assert "no figure" in find_texts(drawing, "value")
    assert len(draw_column_chart("Year, A, B\n2019, 1, 2\n2020, , 4").rects) == 3


def test_series_never_overlap() -> None:
    table = "Year, A, B, C, D\n2019, 1, 2, 3, 4\n2020, 5, 6, 7, 8"
    upright = draw_column_chart(table)
    places = sorted((rect.x, rect.x + rect.width) for rect in upright.rects)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(places))
    assert places[-1][1] <= 100
    rows = sorted((rect.y, rect.y + rect.height) for rect in draw_bar_chart(table).rects)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(rows))
    assert {rect.css for rect in upright.rects} == {f"series-{n}" for n in range(1, 5)}


def test_columns_stand_on_zero_and_hang_from_it() -> None:
    drawing = draw_column_chart("Year, Change\n2019, 100\n2020, -100")
    up, down = drawing.rects
    (axis,) = (rule for rule in drawing.rules if rule.css == "axis")
    assert up.y + up.height == pytest.approx(axis.y1, abs=0.02) == down.y
    assert (up.y, down.y + down.height) == pytest.approx((SPACE_ABOVE, BOTTOM), abs=0.02)
    assert find_texts(drawing, "tick") == ["−100", "−50", "0", "50", "100"]


def test_labels_of_the_grid_have_the_same_decimals() -> None:
    assert find_texts(draw_column_chart("Year, A\n2019, 12.5", "£"), "tick") == [
        *("£0.0", "£2.5", "£5.0", "£7.5", "£10.0", "£12.5")
    ]


def test_on_a_narrow_screen_fewer_labels_are_shown() -> None:
    few = draw_column_chart("Year, A\n2019, 1\n2020, 2")
    assert not find_texts(few, "wide")
    many = draw_column_chart("Year, A\n" + "\n".join(f"{year}, 1234" for year in range(2010, 2025)))
    shown = [text for text in many.texts if "label" in text.css]
    assert len(shown) == 15
    assert 0 < sum("wide" not in text.css for text in shown) < 8
    # Their values have no room anywhere: the grid and the table have them.
    assert not find_texts(many, "value")


def test_years_of_a_line_are_as_far_apart_as_in_time() -> None:
    points = draw_line_chart("Year, A\n2010, 1\n2011, 2\n2020, 3").points
    first, second, last = (point.x for point in points)
    assert (second - first) * 9 == pytest.approx(last - second, abs=0.1)
    first, second, last = (
        point.x for point in draw_line_chart("Term, A\nI, 1\nII, 2\nIII, 3").points
    )
    assert second - first == pytest.approx(last - second, abs=0.1)


def test_a_line_is_broken_where_a_figure_is_missing() -> None:
    drawing = draw_line_chart("Year, A\n2019, 1\n2020, 2\n2021, \n2022, 4")
    assert [len(points.split()) for _, points in drawing.lines] == [2, 1]
    assert len(drawing.points) == 3
    assert find_texts(drawing, "value") == ["4"]


def test_the_last_figure_of_a_line_is_written_even_if_it_is_zero() -> None:
    assert find_texts(draw_line_chart("Year, A\n2019, 1\n2020, 0"), "value") == ["0"]


@pytest.mark.parametrize("draw", [draw_bar_chart, draw_column_chart, draw_line_chart])
@pytest.mark.parametrize(
    "table",
    ids=["zeros", "extremes", "small", "long labels", "many"],
    argvalues=[
        "Year, A\n2019, 0\n2020, 0",
        "Year, A\n2019, 999999999\n2020, -999999999",
        "Year, A\n2019, 0.001\n2020, 0.002",
        "A, B\n" + "\n".join(f"{'x' * 80}, {n}" for n in range(30)),
        "A, B, C, D, E\n" + "\n".join(f"{n}, 1, -2, 999, {n or ''}" for n in range(30)),
    ],
)
def test_everything_is_within_the_plot(draw: object, table: str) -> None:
    drawing = draw(table)  # type: ignore[operator]
    assert all(0 <= rect.x <= rect.x + rect.width <= 100.05 for rect in drawing.rects)
    assert all(rect.y >= 0 and rect.height >= 0 for rect in drawing.rects)
    assert all(rect.y + rect.height <= drawing.height + 0.05 for rect in drawing.rects)
    assert all(0 <= text.x <= 100.05 and 0 < text.y <= drawing.height for text in drawing.texts)
    assert all(0 <= point.x <= 100 and 0 <= point.y <= drawing.height for point in drawing.points)
    assert {drawing.before, drawing.after} <= {0, *PADDING_CHARACTERS}
