"""Extract the text of a page for the house-style check, field by field and block by block."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from django.db import models
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from bhp_site.core.blocks import is_for_editors
from bhp_site.core.pages import get_child_relation_names
from partners.models import PartnerPage, PersonPage

from .checker import TextBlock

# Names of fields and of parts of blocks: quotations, names from the register, and what visitors
# never see.
QUOTED_FIELDS = {"words"}
NAME_FIELDS = {"name", "former_name", "short_name", "role", "organisation"}
HIDDEN_FIELDS = {"path", "logo_permission"}
PARAGRAPH_END = re.compile(r"</(?:p|li|h\d)>|<br\s*/?>|<hr\s*/?>|\n")
TAG_PATTERN = re.compile(r"<[^>]+>")
LINK_PATTERN = re.compile(r"<a\s[^>]*?\bhref=\"([^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)


def get_text_relations(model: type[Page]) -> list[str]:
    """Return the relations of a page type that hold text: rows of its form, and its person."""
    rows = get_child_relation_names(model)
    return [*rows, "person"] if issubclass(model, PersonPage) else rows


def extract_text_blocks(page: Page) -> Iterator[TextBlock]:
    """Yield the text of `page`, an instance of its specific class, paragraph by paragraph."""
    for field in page._meta.fields:
        label = capfirst(str(field.verbose_name))
        if isinstance(field, StreamField):
            stream: Any = getattr(page, field.name)
            yield from _extract_block(field.stream_block, stream.raw_data, label)
        elif isinstance(field, RichTextField):
            yield from _extract_text(getattr(page, field.name), label, field.name, is_html=True)
        elif _has_text(field):
            is_name = field.name == "title" and isinstance(page, PartnerPage)
            yield from _extract_text(
                getattr(page, field.name), label, "name" if is_name else field.name
            )
        elif isinstance(field, models.URLField):
            yield from _extract_address(getattr(page, field.name), label)
    for relation in get_text_relations(type(page)):
        if relation == "person":
            yield from _extract_text(page.person.biography, "Biography, under People", "biography")
            continue
        for number, row in enumerate(getattr(page, relation).all(), 1):
            yield from _extract_row(row, number)


def _has_text(field: Any) -> bool:
    # Subclasses of these fields hold e-mail addresses and the like.
    is_text = type(field) in (models.CharField, models.TextField)
    return is_text and field.editable and not field.choices and field.name not in HIDDEN_FIELDS


def _extract_row(row: models.Model, number: int) -> Iterator[TextBlock]:
    offers_file = any(field.name == "document" for field in row._meta.fields)
    for field in row._meta.fields:
        label = f"{capfirst(row._meta.verbose_name)} {number}, {field.verbose_name}"
        if isinstance(field, StreamField):
            stream: Any = getattr(row, field.name)
            yield from _extract_block(field.stream_block, stream.raw_data, label)
        elif _has_text(field):
            yield from _extract_text(getattr(row, field.name), label, field.name, offers_file)


def _extract_block(
    block: blocks.Block, value: Any, label: str, name: str = "", offers_file: bool = False
) -> Iterator[TextBlock]:
    """Yield the text of a block's stored value, without fetching images, documents or people."""
    if isinstance(block, blocks.StreamBlock):
        for number, part in enumerate(value or [], 1):
            child = block.child_blocks.get(part["type"])
            if child and not is_for_editors(child):
                place = f"{label}, part {number}: {child.label}"
                yield from _extract_block(child, part["value"], place, part["type"])
    elif isinstance(block, blocks.StructBlock) and isinstance(value, Mapping):
        for key, child in block.child_blocks.items():
            if is_for_editors(child):
                continue
            has_file = "document" in block.child_blocks
            yield from _extract_block(
                child, value.get(key), f"{label}, {child.label.lower()}", key, has_file
            )
    elif isinstance(block, blocks.ListBlock) and isinstance(value, list):
        for number, part in enumerate(value, 1):
            item = part.get("value") if isinstance(part, Mapping) and "id" in part else part
            yield from _extract_block(block.child_block, item, f"{label} {number}")
    elif isinstance(block, TypedTableBlock) and isinstance(value, Mapping):
        heads = [column.get("heading") for column in value.get("columns", [])]
        for row in [heads, *(row.get("values", []) for row in value.get("rows", []))]:
            for cell in row:
                yield from _extract_text(cell, label, name)
    elif isinstance(block, blocks.RichTextBlock | blocks.CharBlock | blocks.TextBlock):
        yield from _extract_text(
            value, label, name, offers_file, isinstance(block, blocks.RichTextBlock)
        )
    elif isinstance(block, blocks.URLBlock):
        yield from _extract_address(value, label)


def _extract_address(value: Any, label: str) -> Iterator[TextBlock]:
    """Yield the address of a link that has a field of its own."""
    if isinstance(value, str) and value.strip():
        yield TextBlock(label, value.strip(), links=((value.strip(), value),))


def _extract_text(
    value: Any, label: str, name: str, offers_file: bool = False, is_html: bool = False
) -> Iterator[TextBlock]:
    """Yield the paragraphs of a text; the name of its field decides whose words they are."""
    if not isinstance(value, str):
        return
    whose: Any = "said" if name in QUOTED_FIELDS else "name" if name in NAME_FIELDS else "ours"
    for paragraph in PARAGRAPH_END.split(value) if is_html else value.splitlines():
        links_file = is_html and 'linktype="document"' in paragraph
        text = unescape(TAG_PATTERN.sub("", paragraph)) if is_html else paragraph
        links = tuple(
            (unescape(TAG_PATTERN.sub("", text)), unescape(address))
            for address, text in LINK_PATTERN.findall(paragraph if is_html else "")
        )
        if text.strip():
            yield TextBlock(label, text.strip(), whose, offers_file or links_file, links)
