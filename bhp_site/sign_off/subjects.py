"""What can be signed off: a quotation with its name and role, or a whole page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.text import Truncator

from bhp_site.core.references import iter_references
from bhp_site.files.models import SiteDocument
from news.quotations.parser import mark_paragraphs, parse_quotation

MAX_CONTEXT_CHARACTERS = 600


@dataclass(frozen=True)
class Subject:
    """The quotation or page that a person is asked to approve, as the latest draft has it.

    `block_id` is that of the quotation's block, "" for a whole page. `content_hash` changes with
    every word, name and role that visitors will see.
    """

    block_id: str
    label: str
    content_hash: str
    paragraphs: Sequence[str] = ()
    words: str = ""
    name: str = ""
    role: str = ""
    organisation: str = ""
    before: str = ""
    after: str = ""

    @property
    def marked_paragraphs(self) -> list[str]:
        """Return the paragraphs of the quotation with its quotation marks."""
        return mark_paragraphs(self.paragraphs)

    @property
    def speaker(self) -> str:
        """Return name, role and organisation as visitors will see them."""
        return ", ".join(part for part in (self.name, self.role, self.organisation) if part)


def hash_content(*parts: Any) -> str:
    """Return the SHA-256 hash, in hexadecimal, of plain data."""
    return sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def list_quotations(page: Any) -> list[Subject]:
    """Return the quotations of a draft in their order; none for a page type without any."""
    blocks = list(getattr(page, "body", ()) or ())
    return [
        _build_quotation(block, blocks[:place], blocks[place + 1 :])
        for place, block in enumerate(blocks)
        if block.block_type == "quote" and hasattr(page, "quote_blocks")
    ]


def build_page_subject(page: Any) -> Subject:
    """Return the draft of a whole page as a subject: its words, and the bytes of its documents."""
    keys = {key for model, key in iter_references(page) if model is SiteDocument}
    documents = SiteDocument.objects.filter(pk__in=keys).order_by("pk")
    versions = [[d.pk, d.version_number] for d in documents]
    return Subject("", page.title, hash_content(page.title, page.text, versions))


def find_subject(page: Any, block_id: str) -> Subject | None:
    """Return the quotation with this id in a draft, or for "" the page; None if it is gone."""
    if not block_id:
        return build_page_subject(page)
    return next(
        (quotation for quotation in list_quotations(page) if quotation.block_id == block_id), None
    )


def _build_quotation(block: Any, before: Sequence[Any], after: Sequence[Any]) -> Subject:
    value = block.value
    words = value.get("words") or ""
    paragraphs = parse_quotation(words).paragraphs
    name = value.get("name") or str(value.get("speaker") or "")
    role, organisation = value.get("role") or "", value.get("organisation") or ""
    return Subject(
        block_id=str(block.id),
        label=f"Quotation by {name}" if name else "Quotation without a name",
        content_hash=hash_content(list(paragraphs), name, role, organisation),
        paragraphs=tuple(paragraphs),
        words=words,
        name=name,
        role=role,
        organisation=organisation,
        before=_get_context_text(reversed(before), from_end=True),
        after=_get_context_text(after),
    )


def _get_context_text(blocks: Any, from_end: bool = False) -> str:
    """Return the text of the nearest paragraph among `blocks`, shortened; "" without one."""
    for block in blocks:
        if block.block_type == "paragraph":
            text = " ".join(block.block.get_searchable_content(block.value)).strip()
            if len(text) <= MAX_CONTEXT_CHARACTERS:
                return text
            if from_end:
                return f"… {text[-MAX_CONTEXT_CHARACTERS:].partition(' ')[2]}"
            return Truncator(text).chars(MAX_CONTEXT_CHARACTERS)
    return ""
