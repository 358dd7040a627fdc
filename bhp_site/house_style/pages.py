"""The words of a page, field by field and block by block, and what the check finds in them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Revision, Site

from bhp_site.core.blocks import for_editors
from bhp_site.core.models import SiteSettings
from bhp_site.core.pages import rows_beside
from partners.membership import get_members
from partners.models import PartnerPage, PersonPage

from .check import Finding, TextBlock, findings
from .models import Dismissal, HouseStyleSettings
from .names import Names

# Fields and parts of blocks by name: what somebody said, names as the register has or had them,
# and what visitors never see.
SAID = {"words"}
NAMES = {"name", "former_name", "short_name", "role", "organisation"}
NOT_SHOWN = {"path", "logo_permission"}
PARAGRAPH = re.compile(r"</(?:p|li|h\d)>|<br\s*/?>|<hr\s*/?>|\n")
TAG = re.compile(r"<[^>]+>")
LINK = re.compile(r"<a\s[^>]*?\bhref=\"([^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
AT_ONCE = 100


@dataclass(frozen=True)
class Found:
    """A finding and the page it is on."""

    page: Page
    finding: Finding


def names_of(site: Site) -> Names:
    """All names and acronyms that `site` knows, read once for as many pages as are checked."""
    own = SiteSettings.for_site(site)
    listed = HouseStyleSettings.for_site(site).acronyms.split()
    return Names(
        own=own.name,
        members=tuple(
            tuple(
                filter(
                    None,
                    (
                        member.name,
                        member.short_name,
                        *member.other_names,
                        *(name for name, _ in member.former_names),
                    ),
                )
            )
            for member in get_members()
        ),
        acronyms=frozenset([own.short_name, *listed]),
    )


def is_checked(page: Page) -> bool:
    """Whether an editor writes this page; the product makes some from others."""
    return bool(page.specific_class and page.specific_class.is_creatable and not page.alias_of_id)


def found_on(page: Page, names: Names) -> list[Finding]:
    """What is found on `page`, a specific page or draft, and nobody has dismissed."""
    known = Dismissal.objects.filter(page_id=page.pk).values_list("code", "words")
    return _left(page, names, set(known))


def found_among(pages: models.QuerySet[Page], names: Names) -> Iterator[Found]:
    """What is found on the latest drafts of `pages`; a few queries for every hundred of them."""
    keys = list(pages.order_by("path").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        chunk = keys[start : start + AT_ONCE]
        known: dict[int, set[tuple[str, str]]] = {}
        for page_id, *words in Dismissal.objects.filter(page_id__in=chunk).values_list(
            "page_id", "code", "words"
        ):
            known.setdefault(page_id, set()).add((words[0], words[1]))
        for page in _drafts(chunk):
            for finding in _left(page, names, known.get(page.pk, set())):
                yield Found(page, finding)


def _left(page: Page, names: Names, dismissed: set[tuple[str, str]]) -> list[Finding]:
    return [
        finding
        for finding in findings(list(text_blocks(page)), names, timezone.localdate())
        if (finding.code, finding.words) not in dismissed
    ]


def _drafts(keys: list[int]) -> list[Page]:
    """Pages as last saved, in their order, with the rows beside them."""
    pages = [page for page in Page.objects.filter(pk__in=keys).specific() if is_checked(page)]
    pages.sort(key=lambda page: page.content_type_id)
    for _, group in groupby(pages, key=type):
        alike = list(group)
        models.prefetch_related_objects(alike, *_relations(type(alike[0])))
    drafts = [page.latest_revision_id for page in pages if page.has_unpublished_changes]
    contents = Revision.objects.in_bulk([key for key in drafts if key])
    return sorted(
        (
            page.with_content_json(contents[page.latest_revision_id].content)
            if page.has_unpublished_changes and page.latest_revision_id in contents
            else page
            for page in pages
        ),
        key=lambda page: page.path,
    )


def _relations(model: type[Page]) -> list[str]:
    """What is beside a page of this type and has words: rows of its form, and its person."""
    rows = rows_beside(model)
    return [*rows, "person"] if issubclass(model, PersonPage) else rows


def text_blocks(page: Page) -> Iterator[TextBlock]:
    """All words of `page`, a specific page of any type, paragraph by paragraph."""
    for field in page._meta.fields:
        label = capfirst(str(field.verbose_name))
        if isinstance(field, StreamField):
            stream: Any = getattr(page, field.name)
            yield from _of_block(field.stream_block, stream.raw_data, label)
        elif isinstance(field, RichTextField):
            yield from _of_text(getattr(page, field.name), label, field.name, is_html=True)
        elif _has_words(field):
            is_name = field.name == "title" and isinstance(page, PartnerPage)
            yield from _of_text(getattr(page, field.name), label, "name" if is_name else field.name)
    for relation in _relations(type(page)):
        if relation == "person":
            yield from _of_text(page.person.biography, "Biography, under People", "biography")
            continue
        for number, row in enumerate(getattr(page, relation).all(), 1):
            yield from _of_row(row, number)


def _has_words(field: Any) -> bool:
    # Their subclasses hold addresses and the like.
    is_text = type(field) in (models.CharField, models.TextField)
    return is_text and field.editable and not field.choices and field.name not in NOT_SHOWN


def _of_row(row: models.Model, number: int) -> Iterator[TextBlock]:
    offers_file = any(field.name == "document" for field in row._meta.fields)
    for field in row._meta.fields:
        label = f"{capfirst(row._meta.verbose_name)} {number}, {field.verbose_name}"
        if isinstance(field, StreamField):
            stream: Any = getattr(row, field.name)
            yield from _of_block(field.stream_block, stream.raw_data, label)
        elif _has_words(field):
            yield from _of_text(getattr(row, field.name), label, field.name, offers_file)


def _of_block(
    block: blocks.Block, value: Any, label: str, name: str = "", offers_file: bool = False
) -> Iterator[TextBlock]:
    """Words of a block's stored value: no picture, file or person is fetched for it."""
    if isinstance(block, blocks.StreamBlock):
        for number, part in enumerate(value or [], 1):
            child = block.child_blocks.get(part["type"])
            if child and not for_editors(child):
                place = f"{label}, part {number}: {child.label}"
                yield from _of_block(child, part["value"], place, part["type"])
    elif isinstance(block, blocks.StructBlock) and isinstance(value, Mapping):
        for key, child in block.child_blocks.items():
            if for_editors(child):
                continue
            has_file = "document" in block.child_blocks
            yield from _of_block(
                child, value.get(key), f"{label}, {child.label.lower()}", key, has_file
            )
    elif isinstance(block, blocks.ListBlock) and isinstance(value, list):
        for number, part in enumerate(value, 1):
            item = part.get("value") if isinstance(part, Mapping) and "id" in part else part
            yield from _of_block(block.child_block, item, f"{label} {number}")
    elif isinstance(block, TypedTableBlock) and isinstance(value, Mapping):
        heads = [column.get("heading") for column in value.get("columns", [])]
        for row in [heads, *(row.get("values", []) for row in value.get("rows", []))]:
            for cell in row:
                yield from _of_text(cell, label, name)
    elif isinstance(block, blocks.RichTextBlock | blocks.CharBlock | blocks.TextBlock):
        yield from _of_text(
            value, label, name, offers_file, isinstance(block, blocks.RichTextBlock)
        )


def _of_text(
    value: Any, label: str, name: str, offers_file: bool = False, is_html: bool = False
) -> Iterator[TextBlock]:
    """The paragraphs of a text; `name` is that of its field, which says whose words they are."""
    if not isinstance(value, str):
        return
    whose: Any = "said" if name in SAID else "name" if name in NAMES else "ours"
    for paragraph in PARAGRAPH.split(value) if is_html else value.splitlines():
        links_file = is_html and 'linktype="document"' in paragraph
        text = unescape(TAG.sub("", paragraph)) if is_html else paragraph
        links = tuple(
            (unescape(TAG.sub("", words)), unescape(address))
            for address, words in LINK.findall(paragraph if is_html else "")
        )
        if text.strip():
            yield TextBlock(label, text.strip(), whose, offers_file or links_file, links)
