"""No cell of a table for spreadsheets is a formula."""

import csv
import io

import openpyxl
import pytest
from django.test import Client
from wagtail.models import Page

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


@pytest.fixture
def formula_page(home: Page) -> str:
    """Return the title of a locked page that begins as a formula does."""
    page = home.get_children().first() or home
    Page.objects.filter(pk=page.pk).update(title="=1+1", locked=True)
    return "=1+1"


def test_csv_exports_of_wagtail_have_no_formula(formula_page: str, admin_client: Client) -> None:
    response = admin_client.get("/admin/reports/locked/results/?export=csv")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode(), newline="")))
    assert rows[1][0] == f"'{formula_page}"


def test_xlsx_exports_of_wagtail_have_no_formula(formula_page: str, admin_client: Client) -> None:
    response = admin_client.get("/admin/reports/locked/results/?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    cell = sheet["A2"]
    assert (cell.value, cell.data_type) == (formula_page, "s")
