"""What an editor types becomes the figures of a chart, or a sentence on what to change."""

from decimal import Decimal

import pytest

from bhp_site.core.charts.figures import (
    MAX_ROWS,
    MAX_VALUE,
    InvalidFigures,
    parse_figures,
    parse_unit,
)


def read(text: str) -> list[tuple[str, list[Decimal | None]]]:
    return list(parse_figures(text).rows)


@pytest.mark.parametrize(
    "text",
    [
        "Year, People\n2019, 50\n2024–25, 573",
        "Year\tPeople\n2019\t50\n2024–25\t573",
        "Year;People\r\n2019;50\r\n2024–25;573\r\n",
        "\n  Year ,People \n\n2019,50\n2024–25 , 573\n\n",
        # As a spreadsheet copies a wider selection.
        "Year\tPeople\t\t\n2019\t50\t\t\n2024–25\t573\t\t\n",
        'Year,"People"\n"2019","50"\n2024–25,573',
    ],
)
def test_columns_are_separated_as_people_type_and_programs_copy_them(text: str) -> None:
    figures = parse_figures(text)
    assert (figures.heading, figures.series[0].name) == ("Year", "People")
    assert read(text) == [("2019", [Decimal(50)]), ("2024–25", [Decimal(573)])]


@pytest.mark.parametrize(
    "cell, number",
    [
        ("1,234,567", "1234567"),
        ("12.5", "12.5"),
        ("12.50", "12.50"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("–3", "-3"),
        ("£1,250", "1250"),
        ("-£5", "-5"),
        ("12 %", "12"),
        ("1 250", "1250"),
        ("0", "0"),
        (str(MAX_VALUE), str(MAX_VALUE)),
    ],
)
def test_numbers_are_read_as_people_write_them(cell: str, number: str) -> None:
    ((_, (value,)),) = read(f"Year;People\n2019;{cell}")
    assert str(value) == number


@pytest.mark.parametrize("cell", ["", "-", "–", "n/a", "N/A", ".."])
def test_a_missing_figure_is_no_zero(cell: str) -> None:
    assert read(f"Year;People\n2019;{cell}\n2020;1") == [("2019", [None]), ("2020", [Decimal(1)])]


def test_a_short_line_lacks_its_last_figures() -> None:
    assert read("Year,A,B\n2019,1\n2020,2,3")[0] == ("2019", [Decimal(1), None])


def test_years_can_name_columns() -> None:
    assert [one.name for one in parse_figures("Trust,2019,2024\nOne,1,2").series] == [
        "2019",
        "2024",
    ]


ROWS = "\n".join(f"{year},1" for year in range(1990, 1991 + MAX_ROWS))


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "The first line names the columns"),
        ("  \n ", "The first line names the columns"),
        ("Year", "Separate columns with commas"),
        ("Year, People", "Add a line for each row"),
        ("2019, 50\n2020, 60", "It has a number"),
        ("Year, People\n2019, many", "Line 2, “People”: “many” is not a number"),
        ("Year, People\n2019, 1\n2020, 12a", "Line 3, “People”: “12a” is not a number"),
        ("Year, People\n2019, nan", "is not a number"),
        ("Year, People\n2019, inf", "is not a number"),
        ("Year, People\n2019, 1e5", "is not a number"),
        ("Year, People\n2019, ٣", "is not a number"),
        ("Year, People\n2019, 1.2.3", "is not a number"),
        ("Year; People\n2019; 12,34", "is not a number"),
        ("Year, People\n2019, <script>", "is not a number"),
        ("Year, People\n2019, 1.2345", "more than 3 decimal places"),
        (f"Year, People\n2019, {MAX_VALUE + 1}", "too large to read"),
        ("Year, People\n2019, 1,234", "separate the columns with semicolons"),
        ("Year, People\n, 5", "Line 2 has no name"),
        ("Year, A, B, C, D, E\n2019, 1, 2, 3, 4, 5", "at most 4 columns of figures"),
        ("Year, A, A\n2019, 1, 2", "a name of its own"),
        ("Year, A, , B\n2019, 1, 2, 3", "a name of its own"),
        ("Year, A, B\n2019, 1, \n2020, 2,", "The column “B” has no figures."),
        (f"Year, People\n{ROWS}", f"at most {MAX_ROWS} rows; this table has {MAX_ROWS + 1}"),
        (f"Year, People\n{'x' * 81}, 5", "is too long"),
        ('Year, People\n"2019, 5', "is not closed"),
        ("x" * 5001, "too long for a chart"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_to_change(text: str, message: str) -> None:
    with pytest.raises(InvalidFigures) as refusal:
        parse_figures(text)
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    "unit, value, words",
    [
        ("", "1234.50", "1,234.50"),
        ("%", "12", "12%"),
        ("£", "-1250", "−£1,250"),
        ("£m", "7.5", "£7.5m"),
        ("patients a year", "573", "573"),
    ],
)
def test_numbers_are_written_with_their_unit(unit: str, value: str, words: str) -> None:
    assert parse_unit(unit).format(Decimal(value)) == words
    assert parse_unit(unit).words == (unit if unit == "patients a year" else "")
