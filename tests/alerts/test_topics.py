"""The form with a checkbox for each topic, on a site with many partners."""

from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from pytest_django.asserts import assertHTMLEqual

from bhp_site.alerts.forms import TopicCheckboxes, TopicsForm
from bhp_site.alerts.topics import find_topics, get_topic_groups
from bhp_site.core.caching import process_cache

CHOICES = [("page-1", "Trust <b> & “sons”"), ("page-2", 'A "college"'), ("news", "All news")]


@pytest.mark.parametrize("value", [None, [], ["page-2"], ["news", "page-1"]])
@pytest.mark.parametrize("attrs", [None, {"id": "id_x", "aria-invalid": True}])
def test_its_checkboxes_are_those_of_django(value: Any, attrs: Any) -> None:
    rendered = TopicCheckboxes(choices=CHOICES).render("partners", value, attrs)
    expected = forms.CheckboxSelectMultiple(choices=CHOICES)
    assertHTMLEqual(rendered, expected.render("partners", value, attrs or {"id": "id_partners"}))
    assert escape(CHOICES[0][1]) in rendered


def test_its_checkboxes_take_no_template_each(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms.CheckboxSelectMultiple, "create_option", None)
    assert 'value="news"' in str(TopicsForm()["sections"])


def test_topics_are_read_once_until_a_change(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_cache, "is_in_transaction", lambda: False)
    monkeypatch.setattr(process_cache, "_values", {})
    first = get_topic_groups()
    assert first["partners"]
    assert first["themes"]
    with CaptureQueriesContext(connection) as queries:
        assert get_topic_groups() == first
    # The series; they stop at the first report of each.
    assert len(queries) == 1
    assert "DISTINCT" not in queries[0]["sql"]


def test_no_topic_is_found_without_a_query(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert find_topics([]) == []
