"""The view that converts pasted HTML for the editor."""

from http import HTTPStatus
from typing import Any

from bs4.exceptions import ParserRejectedMarkup
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST
from wagtail.blocks import Block

from bhp_site.core.blocks import HeadingBlock, ParagraphBlock, TableBlock

from .block_data import StoredBlock, build_stored_blocks
from .notes import describe_changes
from .reader import is_too_large, read_clipboard


@require_POST
def read_pasted_html(request: HttpRequest) -> JsonResponse:
    """Return the posted HTML of a clipboard as blocks or rich text, in JSON.

    `kinds` names the blocks of the stream around the editor; none if there is no stream.
    """
    html = request.POST.get("html", "")
    if is_too_large(html):
        return JsonResponse(
            {"error": "You cannot paste so much text at once. Paste it in parts."}, status=413
        )
    kinds = request.POST.getlist("kinds")
    try:
        pasted = read_clipboard(html)
    except ParserRejectedMarkup:
        error = {
            "error": "The formatting of this text cannot be read. It was pasted as plain text."
        }
        return JsonResponse(error, status=HTTPStatus.BAD_REQUEST)
    stored = build_stored_blocks(pasted.blocks, kinds)
    return JsonResponse(
        {
            "parts": [build_part(block) for block in stored],
            "note": describe_changes(pasted, kinds),
        }
    )


def build_part(stored: StoredBlock) -> dict[str, Any]:
    """Return a block as JSON for the editor's script; a paragraph includes its HTML."""
    name, value = stored
    block = get_block(name)
    state = block.get_form_state(block.to_python(value))
    return {"type": name, "value": state, "html": value if name == "paragraph" else None}


def get_block(name: str) -> Block:
    """Return a block definition that creates the form state of blocks named `name`."""
    kinds = {"paragraph": ParagraphBlock, "table": TableBlock}
    return kinds.get(name, HeadingBlock)()
