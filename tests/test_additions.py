"""Whatever is forgotten when something is added is reported with the file to change."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from wagtail.blocks import Block
from wagtail.models import Page, get_page_models

from bhp_site.core.pages import BasePage
from bhp_site.search.facets import FACETS
from bhp_site.settings import BASE_DIR
from news.blocks import NewsStoryBlock
from reports import citation_formats
from reports.blocks import ChapterBlock
from reports.models import ReportPage

PAGE_TYPES = [model for model in get_page_models() if issubclass(model, BasePage)]
BODY_BLOCKS = {
    f"{stream.__name__}.{name}": block
    for stream in (NewsStoryBlock, ChapterBlock)
    for name, block in stream().child_blocks.items()
}
SOURCES = [
    *(BASE_DIR / "templates").rglob("*.html"),
    *(
        path
        for app in ("bhp_site", "news", "partners", "reports")
        for path in BASE_DIR.glob(f"{app}/**/*.py")
    ),
]


def get_file(thing: Any) -> Path:
    """Return the source file of a class, relative to the project."""
    return Path(inspect.getfile(thing)).relative_to(BASE_DIR)


def get_own_fields(model: type[Page]) -> list[str]:
    """Return the names of fields that an editor fills in, without those of every page."""
    base = {field.name for field in BasePage._meta.get_fields()}
    return [
        field.name
        for field in model._meta.get_fields()
        if field.concrete
        and getattr(field, "editable", False)
        and field.name not in base
        and not getattr(field, "auto_created", False)
        and not field.name.endswith("_ptr")
    ]


def has_template(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_a_page_type_has_a_template(model: type[Page]) -> None:
    assert has_template(model.template), f"Add templates/{model.template} for {model.__name__}."


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_a_field_of_a_page_is_in_its_form(model: Any) -> None:
    if not model.is_creatable:
        pytest.skip("Nobody fills in this form.")
    in_form = set(model.get_edit_handler().get_form_class().base_fields)
    missing = set(get_own_fields(model)) - in_form
    assert not missing, f"Add {missing} to the panels of {model.__name__} in {get_file(model)}."


def test_a_field_of_a_report_is_shown() -> None:
    text = "\n".join(path.read_text() for path in SOURCES if "migrations" not in path.parts)
    missing = [
        name
        for name in get_own_fields(ReportPage)
        if not re.search(rf"\b(?:page|self|report|item)\.(?:get_)?{name}(?:_id)?\b", text)
    ]
    assert not missing, (
        f"No template shows {missing}: add them to templates/reports/report_page.html or to "
        "templates/components/report_facts.html."
    )


@pytest.mark.parametrize("block", BODY_BLOCKS.values(), ids=BODY_BLOCKS)
def test_a_block_is_a_named_class_that_can_be_rendered(block: Block) -> None:
    kind = type(block)
    assert not kind.__module__.startswith("wagtail."), (
        f"Give the block “{block.name}” a class of its own."
    )
    # Those of which a page has dozens build their HTML themselves.
    if kind.render is Block.render:
        template = getattr(block.meta, "template", None)
        assert template, f"Set `template` in the Meta of {kind.__name__} in {get_file(kind)}."
        assert has_template(template), f"Add templates/{template} for {kind.__name__}."


@pytest.mark.parametrize("block", BODY_BLOCKS.values(), ids=BODY_BLOCKS)
def test_a_block_introduces_itself_to_editors(block: Block) -> None:
    # Each has a default except the description, and none of the defaults says anything.
    missing = [
        name
        for name, is_set in (
            ("icon", block.meta.icon not in ("", "placeholder")),
            ("description", getattr(block.meta, "description", "")),
            ("preview_value or preview_template", block.is_previewable),
        )
        if not is_set
    ]
    kind = type(block)
    assert not missing, f"Set {missing} in the Meta of {kind.__name__} in {get_file(kind)}."


def test_a_citation_format_is_offered() -> None:
    functions = {
        function
        for name, function in inspect.getmembers(citation_formats, inspect.isfunction)
        if name.startswith("format_") and function.__module__ == citation_formats.__name__
    }
    rows = citation_formats.CITATION_FORMATS.values()
    missing = {function.__name__ for function in functions - {row[0] for row in rows}}
    assert not missing, f"Add {missing} to CITATION_FORMATS in reports/citation_formats.py."


@pytest.mark.parametrize("name", FACETS)
def test_a_facet_has_a_label(name: str) -> None:
    assert FACETS[name].label, f"Give the facet “{name}” a label in bhp_site/search/facets.py."
