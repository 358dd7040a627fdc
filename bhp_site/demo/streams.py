"""Body blocks of the demonstration, with the images, documents and people that they refer to."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from partners.models import Person

from .content import partners, people
from .content.shapes import Block
from .uploads import get_document, get_image


def _get_organisation_name(slug: str) -> str:
    """Return the name of the partner with this slug, else `slug` itself; "BHP" for ""."""
    return next((p.name for p in partners.PARTNERS if p.slug == slug), slug or "BHP")


def build_stream(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Return body blocks in the form in which StreamField stores them."""
    return [
        {
            "type": kind,
            "value": BLOCK_CONVERTERS.get(kind, _keep_value)(value),
            "id": str(uuid.uuid4()),
        }
        for kind, value in blocks
    ]


def _keep_value(value: Any) -> Any:
    return value


def _convert_figure(value: dict[str, str]) -> dict[str, Any]:
    image = get_image(value["image"])
    return {
        "image": {
            "image": image.pk,
            "alt_text": value["alt"] or image.description,
            "decorative": False,
        },
        "caption": value["caption"],
    }


def _convert_key_figures(value: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{"type": "item", "value": figure, "id": str(uuid.uuid4())} for figure in value]


def _convert_quote(value: dict[str, Any]) -> dict[str, Any]:
    people_by_slug = {person.slug: person.name for person in people.SPEAKERS}
    return {
        "speaker": Person.objects.get(name=people_by_slug[value["speaker"]]).pk,
        "words": value["words"],
        "role": value["role"],
        "organisation": _get_organisation_name(value["organisation"]),
    }


def _convert_table(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "caption": value["caption"],
        "table": {
            "columns": [{"type": "text", "heading": heading} for heading in value["head"]],
            "rows": [{"values": list(row)} for row in value["rows"]],
            "caption": "",
        },
        "row_headers": True,
    }


def _convert_download(value: dict[str, str]) -> dict[str, Any]:
    return {"document": get_document(value["file"]).pk, "label": value["label"]}


BLOCK_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "figure": _convert_figure,
    "key_figures": _convert_key_figures,
    "quote": _convert_quote,
    "table": _convert_table,
    "download": _convert_download,
}
