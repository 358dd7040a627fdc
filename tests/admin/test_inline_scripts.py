"""No screen of the admin has a script in its markup: the content security policy forbids them.

`tests/permissions/test_matrix.py` looks for them at every address.
"""

import html
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.widgets import AdminDateInput, AdminPageChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images.widgets import AdminImageChooser
from wagtail.models import Workflow

from bhp_site.core.admin.widget_init import read_call

from ..permissions.addresses import INLINE_SCRIPT

ELEMENT = re.compile(
    r"<template data-widget-init=\"(\w+)\" data-widget-arguments=(?:\"([^\"]*)\"|'([^']*)')>"
)


def read_elements(text: str) -> list[tuple[str, Any]]:
    """Return function and arguments of each element that a script sets up."""
    return [
        (name, json.loads(html.unescape(double or single)))
        for name, double, single in ELEMENT.findall(text)
    ]


@pytest.mark.parametrize(
    ("markup", "is_inline"),
    [
        ("<script>go()</script>", True),
        ('<script type="text/javascript">', True),
        ('{"html": "<script type=\\"module\\">"}', True),
        ('<a class="x" onclick="go()">', True),
        ('<a href="javascript:go()">', True),
        ('<script type="module" src="/static/a.js">', False),
        ('{"html": "<script src=\\"/a.js\\">"}', False),
        ('<script id="data" type="application/json">', False),
        ('<a data-only="x" href="/on=1">one = two</a>', False),
    ],
)
def test_inline_scripts_are_recognised(markup: str, is_inline: bool) -> None:
    assert bool(INLINE_SCRIPT.search(markup)) is is_inline


@pytest.mark.parametrize(
    ("name", "functions"),
    [
        ("news", {"InlinePanel", "DocumentChooser", "initDateTimeChooser"}),
        ("report", {"InlinePanel", "initDateTimeChooser"}),
        ("partner", {"ImageChooser"}),
        ("standard", {"initDateTimeChooser"}),
    ],
)
def test_the_editor_has_no_inline_script(
    site: SimpleNamespace, admin_client: Client, name: str, functions: set[str]
) -> None:
    page = getattr(site, name)
    text = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text
    assert not INLINE_SCRIPT.search(text)
    elements = read_elements(text)
    assert functions <= {function for function, _ in elements}
    assert text.count("data-widget-init=") == len(elements)
    assert text.index("js/widget-init.js") < text.index("data-widget-init=")


def test_other_forms_have_no_inline_script(site: SimpleNamespace, admin_client: Client) -> None:
    promoted = SearchPromotion.objects.create(query=Query.get("report"), page=site.report)
    for url, functions in {
        reverse("wagtailsearchpromotions:add"): {"InlinePanel", "createQueryChooser"},
        reverse("wagtailsearchpromotions:edit", args=[promoted.query.pk]): {
            "PageChooser",
            "createQueryChooser",
        },
        reverse("wagtailadmin_workflows:edit", args=[Workflow.objects.get().pk]): {
            "createTaskChooser"
        },
        reverse("wagtailadmin_reports:site_history"): {"initDateChooser"},
    }.items():
        text = admin_client.get(url).text
        assert not INLINE_SCRIPT.search(text), url
        assert functions <= {function for function, _ in read_elements(text)}, url


@pytest.mark.parametrize(
    ("widget", "function"),
    [
        (AdminPageChooser(), "PageChooser"),
        (AdminImageChooser(), "ImageChooser"),
        (AdminDocumentChooser(), "DocumentChooser"),
        (AdminTaskChooser(), "createTaskChooser"),
        (AdminDateInput(), "initDateChooser"),
    ],
)
def test_widgets_name_what_sets_them_up(db: None, widget: Any, function: str) -> None:
    markup = widget.render("it's <b>", None, {"id": "id_it's-\"<b>"})
    ((name, (key, *_)),) = read_elements(markup)
    assert (name, key) == (function, "id_it's-\"<b>")


@pytest.mark.parametrize(
    "script", ["first(); second();", "new Chooser(id);", "Chooser(1)", "a.b(1);", ""]
)
def test_a_chooser_that_needs_more_than_a_call_is_reported(script: str) -> None:
    """After an upgrade of Wagtail, or with another package."""
    with pytest.raises(ValueError, match=r"not one call|Expecting"):
        read_call(script)
