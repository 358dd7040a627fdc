"""What the document chooser and Files → add send, and what they are answered."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import Collection

from bhp_site.files.models import SiteDocument

from ..factories import pdf_bytes

GOOD = Path(settings.BASE_DIR, "bhp_site/demo/files/five-year-strategy.pdf").read_bytes()
BAD = pdf_bytes("Untagged")
WHY = "Printed in 2012; the original is lost."
CREATE = "/admin/documents/chooser/create/"
SEVERAL = "/admin/documents/multiple/add/"
PREFIX = "document-chooser-upload"


def upload_in_chooser(
    client: Client, file: tuple[str, bytes] | None, query: str = "", **more: Any
) -> Any:
    """Send the chooser's form with `file`, a name and its bytes; the step that answers."""
    form = {f"{PREFIX}-title": "A title", f"{PREFIX}-collection": Collection.objects.first().pk}
    if file:
        form[f"{PREFIX}-file"] = SimpleUploadedFile(*file)
    response = client.post(CREATE + query, form | more)
    assert response.status_code == 200
    return read_step(response)


def answer_question(client: Client, question: Any, **more: Any) -> Any:
    """Send the form again with what the question holds; the step that answers."""
    return upload_in_chooser(client, None, **get_hidden_fields(question) | more)


def get_hidden_fields(question: Any) -> dict[str, str]:
    """What the browser sends of the question as it stands."""
    inputs = question.html.select("input[type=hidden], input[type=text]")
    return {one["name"]: one.get("value", "") for one in inputs}


def add_in_chooser(client: Client, file: tuple[str, bytes], **more: Any) -> Any:
    """Send the chooser's form and confirm the proposed title and address; the last step."""
    question = upload_in_chooser(client, file, **more)
    return answer_question(client, question) if question.step == "upload_question" else question


def upload_in_row(client: Client, name: str, data: bytes, title: str = "A title") -> Any:
    """Send a file to Files → add; what its row shows."""
    form = {"title": title, "files[]": SimpleUploadedFile(name, data)}
    return read_step(client.post(SEVERAL, form))


def add_in_row(client: Client, name: str, data: bytes, **changes: str) -> Any:
    """Send a file to Files → add, and add the row as it stands but for `changes`."""
    return confirm_row(client, upload_in_row(client, name, data), **changes)


def confirm_row(client: Client, row: Any, **changes: str) -> Any:
    """Add the document of a row; the answer. `changes` are named without the row's prefix."""
    if row.html.form is None:
        return row
    fields = row.html.form.select("input[name], select[name]")
    sent = {one["name"]: one.get("value", "") for one in fields if one.get("type") != "checkbox"}
    prefix = next(name for name in sent if name.endswith("-title")).removesuffix("-title")
    sent[f"{prefix}-collection"] = str(Collection.objects.first().pk)
    sent |= {f"{prefix}-{name}": value for name, value in changes.items()}
    return read_step(client.post(row.html.form["action"], sent))


def read_step(response: Any) -> Any:
    """The JSON of an answer, with `html`, what it shows."""
    said = json.loads(response.text)
    html = said.get("htmlFragment") or said.get("form") or ""
    return SimpleNamespace(
        **{"step": "", "success": None, "result": None}
        | said
        | {
            "html": BeautifulSoup(html, "html.parser"),
        }
    )


def get_edit_url(document: SiteDocument) -> str:
    return f"/admin/documents/edit/{document.pk}/"


def read_fields(response: Any) -> dict[str, str]:
    """Return what the form or review that was sent back would send again."""
    soup = BeautifulSoup(response.text, "html.parser")
    form = next(one for one in soup.select("form") if one.select("[name=file-kept]"))
    inputs = form.select("input[type=hidden], input[type=text], input:not([type])")
    return {one["name"]: one.get("value", "") for one in inputs if one.get("name")}


def confirm(client: Client, document: SiteDocument, review: Any, **changes: Any) -> Any:
    return client.post(get_edit_url(document), read_fields(review) | changes)
