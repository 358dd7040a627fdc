"""Form data as a browser sends it from the admin's forms."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.test import Client
from wagtail.models import Comment, CommentReply, Page
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield


def read_form(client: Client, address: str, form: str = "page-edit-form") -> dict[str, Any]:
    """Return the current fields of the form at `address`; StreamFields are left out."""
    data = querydict_from_html(client.get(address).text, form_id=form)
    return {key: data.getlist(key) if len(data.getlist(key)) > 1 else data[key] for key in data}


def build_body(blocks: Iterable[tuple[str, Any]], name: str = "body") -> dict[str, str]:
    """Return the form data of a StreamField with these blocks."""
    return nested_form_data({name: streamfield(blocks)})


def build_quote(speaker: Any, words: str, **more: str) -> tuple[str, dict[str, Any]]:
    """Return a quote block for `body`, with `more` fields filled in."""
    empty = dict.fromkeys(("role", "organisation", "name", "portrait"), "")
    return "quote", {"speaker": str(speaker.pk), "words": words} | empty | more


def build_comment_form(comment: Comment, *replies: CommentReply, **changes: Any) -> dict[str, Any]:
    """Return what the browser sends of a comment and its replies, with `changes` of the first."""
    fields = {"id": comment.pk, "text": comment.text, "contentpath": "title", "position": ""}
    data = {f"comments-0-{name}": value for name, value in (fields | changes).items()}
    for number, reply in enumerate(replies):
        data[f"comments-0-replies-{number}-id"] = reply.pk
        data[f"comments-0-replies-{number}-text"] = reply.text
    for prefix, count in (("comments", 1), ("comments-0-replies", len(replies))):
        data |= {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": count}
        data |= {f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": ""}
    return data


def send(client: Client, page: Page, act: str = "", **changes: Any) -> HttpResponse:
    """Save the editor's form of `page` with `changes`; `act` as on the button: “action-publish”."""
    address = f"/admin/pages/{page.pk}/edit/"
    data = read_form(client, address)
    for field in ("body", "highlights", "story"):
        if hasattr(page, field):
            data.setdefault(f"{field}-count", "0")
    if act:
        data[act] = "1"
    return client.post(address, data | changes, headers={"referer": f"http://testserver{address}"})


def get_messages(response: HttpResponse) -> str:
    """Return the messages that the admin shows after `response`, a redirect."""
    return " ".join(str(message) for message in response.wsgi_request._messages)
