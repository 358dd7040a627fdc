"""Clean rich text whenever it is saved, however it was written: form, API, importer or code."""

import json
import re
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EntitySubstitution
from bs4.formatter import HTMLFormatter
from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Revision

from .addresses import clean_address
from .block_data import StoredBlock, build_stored_blocks
from .reader import read_clipboard

# Our editor writes none of these, so the text comes from elsewhere.
FOREIGN_MARKUP = re.compile(
    r"<(span|div|section|h[1-6]|table|del|s|strike|font|o:p|meta|style|center)\b"
    r"|<[^>]+\s(style|class)\s*=",
    re.IGNORECASE,
)
# Links to pages and documents, and embeds, as Wagtail stores them: the reader knows none of them.
WAGTAIL_OWN = re.compile(r"\b(linktype|embedtype)=", re.IGNORECASE)
LINK_TAG = re.compile(r"<a\s[^>]*\bhref\s*=", re.IGNORECASE)


class KeepOrder(HTMLFormatter):
    """Writes attributes in their original order; the default sorts them."""

    def attributes(self, tag: Tag) -> Any:
        """Return the attributes of `tag` in their order; the default sorts them."""
        return tag.attrs.items()


FORMATTER = KeepOrder(EntitySubstitution.substitute_xml)


def clean_rich_text(html: str) -> str:
    """Return `html` without deleted text and without links that have no valid target."""
    return "".join(value for _, value in split_rich_text(html, kinds=()))


def split_rich_text(html: str, kinds: Any) -> list[StoredBlock]:
    """Return the blocks for `html` in a stream with blocks of these `kinds`.

    Text from this site's editor is one paragraph block and is unchanged, except for its links.
    """
    if FOREIGN_MARKUP.search(html) and not WAGTAIL_OWN.search(html):
        return build_stored_blocks(read_clipboard(html).blocks, kinds)
    if not LINK_TAG.search(html) and not FOREIGN_MARKUP.search(html):
        return [("paragraph", html)]
    soup = BeautifulSoup(html, "html.parser")
    is_changed = False
    for deleted in soup.find_all("del"):
        deleted.decompose()
        is_changed = True
    for link in soup.find_all("a", href=True):
        is_changed |= clean_link(link)
    return [("paragraph", soup.decode(formatter=FORMATTER) if is_changed else html)]


def clean_link(link: Tag) -> bool:
    """Correct or unwrap a link; return True if anything changed."""
    href = str(link["href"])
    target = clean_address(href)
    if target == href:
        return False
    if target is None:
        link.unwrap()
    else:
        link["href"] = target
    return True


def clean_stream(stream: blocks.StreamBlock, parts: list[Any]) -> list[Any]:
    """Return the stored parts of a stream with all rich text in them cleaned."""
    cleaned: list[Any] = []
    for part in parts:
        child = stream.child_blocks.get(part["type"])
        value = part["value"]
        if isinstance(child, blocks.RichTextBlock) and isinstance(value, str):
            stored = split_rich_text(value, stream.child_blocks.keys())
            if stored == [("paragraph", value)]:
                cleaned.append(part)
                continue
            for number, (name, content) in enumerate(stored):
                # Text stays in the block that it was written in.
                kind = part["type"] if name == "paragraph" else name
                key = part.get("id") if number == 0 else str(uuid.uuid4())
                cleaned.append({"type": kind, "value": content, "id": key})
        else:
            cleaned.append({**part, "value": clean_value(child, value)})
    return cleaned


def clean_value(block: blocks.Block | None, value: Any) -> Any:
    """Return the stored value of a block of any kind with its rich text cleaned."""
    if isinstance(block, blocks.RichTextBlock) and isinstance(value, str):
        return clean_rich_text(value)
    if isinstance(block, blocks.StreamBlock) and isinstance(value, list):
        return clean_stream(block, value)
    if isinstance(block, blocks.StructBlock) and isinstance(value, Mapping):
        return {
            name: clean_value(block.child_blocks.get(name), part) for name, part in value.items()
        }
    if isinstance(block, blocks.ListBlock) and isinstance(value, list):
        return [clean_item(block.child_block, item) for item in value]
    return value


def clean_item(block: blocks.Block, item: Any) -> Any:
    """Return the cleaned item of a list block; items of an older format have no wrapper."""
    if isinstance(item, Mapping) and item.get("type") == "item" and "value" in item:
        return {**item, "value": clean_value(block, item["value"])}
    return clean_value(block, item)


@lru_cache
def get_rich_fields(model: type[models.Model]) -> tuple[Any, ...]:
    """Return the fields of a model that hold rich text or a stream of blocks."""
    return tuple(
        field for field in model._meta.fields if isinstance(field, RichTextField | StreamField)
    )


def clean_saved(sender: type[models.Model], instance: Any, raw: bool = False, **more: Any) -> None:
    """Clean the rich text of an instance before it is saved, and of a revision's content.

    Receiver of `pre_save`. Fixtures (`raw`) are loaded unchanged.
    """
    # Fixtures are loaded as they are.
    if raw:
        return
    if isinstance(instance, Revision):
        model = instance.content_type.model_class()
        if model is not None and isinstance(instance.content, dict):
            clean_content(model, instance.content)
        return
    for field in get_rich_fields(sender):
        value = getattr(instance, field.attname)
        if isinstance(value, StreamValue):
            parts = list(value.raw_data)
            cleaned = clean_stream(field.stream_block, parts)
            if cleaned != parts:
                setattr(
                    instance, field.attname, StreamValue(field.stream_block, cleaned, is_lazy=True)
                )
        elif isinstance(field, RichTextField) and isinstance(value, str):
            setattr(instance, field.attname, clean_rich_text(value))


def clean_content(model: type[models.Model], content: dict[str, Any]) -> None:
    """Clean the content of a revision in place, including its inline rows such as chapters."""
    for field in get_rich_fields(model):
        value = content.get(field.name)
        if not isinstance(value, str):
            continue
        if isinstance(field, StreamField):
            parts = json.loads(value) if value else []
            content[field.name] = json.dumps(clean_stream(field.stream_block, parts))
        else:
            content[field.name] = clean_rich_text(value)
    for relation in get_all_child_relations(model):
        for row in content.get(relation.get_accessor_name()) or ():
            clean_content(relation.related_model, row)
