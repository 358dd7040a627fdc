"""The house's rules for page types name the file to add or the line to write."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from wagtail.models import Page

from bhp_site.core import checks
from bhp_site.core.checks import check_page_types
from bhp_site.home.models import StandardPage
from news.models import NewsIndexPage


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes the checks see one page type alone, with some of its attributes changed."""

    def see(model: type, **attributes: Any) -> list[str]:
        for name, value in attributes.items():
            monkeypatch.setattr(model, name, value)
        monkeypatch.setattr(checks, "get_page_models", lambda: [model])
        return [message.id for message in check_page_types(None)]

    return see


def test_the_page_types_keep_the_rules() -> None:
    assert check_page_types(None) == []


def test_a_type_that_does_not_extend_the_base_is_named(only: Any) -> None:
    meta = SimpleNamespace(app_label="news", label="news.Stranger")
    assert only(type("Stranger", (), {"_meta": meta})) == ["bhp.E001"]


def test_wagtails_own_type_is_left_alone(only: Any) -> None:
    assert only(Page) == []


def test_a_type_without_parents_is_named(only: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(StandardPage, "parent_page_types")
    assert only(StandardPage) == ["bhp.E002"]


def test_a_type_without_a_description_is_named(only: Any) -> None:
    assert only(StandardPage, page_description="") == ["bhp.E003"]


def test_an_index_that_may_stand_twice_is_named(only: Any) -> None:
    assert only(NewsIndexPage, max_count=None) == ["bhp.E004"]


def test_a_missing_template_is_named_with_its_place(only: Any) -> None:
    assert only(StandardPage, template="home/none.html") == ["bhp.E005"]
    assert "templates/home/none.html" in str(check_page_types(None)[0].hint)
