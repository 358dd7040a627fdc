"""No cell of a table for spreadsheets is a formula."""

import csv
import io

import pytest

from bhp_site.core.text.spreadsheets import build_csv_response


def read_cell(value: object) -> str:
    """Return a cell as it comes out of the file."""
    text = build_csv_response("t.csv", ["column"], [[value]]).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1][0]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_as_a_formula_does_is_text(start: str) -> None:
    assert read_cell(f"{start}1+1") == f"'{start}1+1"
    assert read_cell(f"1{start}1") == f"1{start}1"


@pytest.mark.parametrize("value", ["text", "'quoted", " =1", "\n=1", -5, 3.5, ""])
def test_other_cells_are_left_alone(value: object) -> None:
    assert read_cell(value) == str(value)
