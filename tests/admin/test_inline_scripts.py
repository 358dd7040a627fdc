"""No screen of the admin has a script in its markup: the content security policy forbids them.

`tests/permissions/test_matrix.py` looks for them at every address.
"""

import html
import json
import re
from html.parser import HTMLParser
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

from ..factories import NewsPageFactory, SiteDocumentFactory, SiteImageFactory
from ..permissions.addresses import INLINE_SCRIPT

ELEMENT = re.compile(
    r"<template data-widget-init=\"(\w+)\" data-widget-arguments=(?:\"([^\"]*)\"|'([^']*)')>"
)

# What would end an attribute, an element, a string and JSON.
HOSTILE_TITLE = (
    "\"']}\\</template></script><script>alert(1)</script><img src=x onerror=alert(1)>"
    '<template data-widget-init="alert" data-widget-arguments="[1]">'
)


class ScriptParser(HTMLParser):
    """A parser that lists what a browser would run, or `widget-init.js` would call."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.widgets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_data = values.get("type") == "application/json"
        is_script = tag == "script" and "src" not in values and not is_data
        if is_script or any(name.startswith("on") for name in values):
            self.scripts.append(self.get_starttag_text() or "")
        if name := values.get("data-widget-init"):
            self.widgets.append(name)
            json.loads(values["data-widget-arguments"] or "")


def read_scripts(text: str) -> ScriptParser:
    """Return a parser that has read `text`."""
    parser = ScriptParser()
    parser.feed(text)
    parser.close()
    return parser


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


def test_a_stored_title_does_not_become_a_script(
    site: SimpleNamespace, admin_client: Client
) -> None:
    page = NewsPageFactory(parent=site.news_index, title=HOSTILE_TITLE, slug="hostile")
    document = SiteDocumentFactory(title=HOSTILE_TITLE)
    image = SiteImageFactory(title=HOSTILE_TITLE)
    assert read_scripts(HOSTILE_TITLE).scripts
    assert "alert" in read_scripts(HOSTILE_TITLE).widgets
    for widget, value in (
        (AdminPageChooser(), page),
        (AdminDocumentChooser(), document),
        (AdminImageChooser(), image),
    ):
        markup = widget.render("field", value.pk, {"id": "id_field"})
        assert "alert(1)" in markup
        parser = read_scripts(markup)
        assert (parser.scripts, len(parser.widgets)) == ([], 1)
    for url in (
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:delete", args=[page.pk]),
        reverse("wagtailadmin_explore", args=[site.news_index.pk]),
        reverse("wagtaildocs:edit", args=[document.pk]),
        reverse("wagtailimages:edit", args=[image.pk]),
    ):
        text = admin_client.get(url).text
        assert "alert(1)" in text, url
        parser = read_scripts(text)
        assert parser.scripts == [], url
        assert "alert" not in parser.widgets, url
