"""Columns in a query have a simple hash that agrees with Django's equality."""

import pytest
from django.db.models.expressions import Col, F
from django.db.models.functions import Lower

from news.models import NewsPage
from reports.models import ReportPage

TITLE = NewsPage._meta.get_field("title")


def test_equal_columns_have_the_same_hash():
    one, other = Col("page", TITLE), Col("page", ReportPage._meta.get_field("title"))
    assert one == other
    assert hash(one) == hash(other)
    assert {one: True}.get(other)


@pytest.mark.parametrize(
    "other",
    [
        Col("report", TITLE),
        Col("page", NewsPage._meta.get_field("slug")),
        Col("page", ReportPage._meta.get_field("date")),
    ],
)
def test_other_columns_are_other_keys(other):
    assert other not in {Col("page", TITLE): True}


def test_hashing_does_not_read_the_constructor():
    column = Col("page", TITLE)
    assert hash(column) != hash(Col("page", NewsPage._meta.get_field("slug")))
    assert "identity" not in vars(column)


def test_an_order_still_refers_to_a_selected_column():
    query = str(NewsPage.objects.values_list("slug", "title").order_by(F("title").desc()).query)
    assert query.endswith("ORDER BY 2 DESC")


def test_an_order_still_refers_to_a_selected_expression():
    query = str(NewsPage.objects.values_list(Lower("title")).order_by(Lower("title")).query)
    assert query.endswith("ORDER BY 1 ASC")
