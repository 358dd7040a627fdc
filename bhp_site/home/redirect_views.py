"""The admin's views that save redirects, in place of Wagtail's: see `redirect_forms`."""

import os
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.contrib.redirects import views
from wagtail.contrib.redirects.forms import ConfirmImportForm, ImportForm
from wagtail.contrib.redirects.utils import (
    get_file_storage,
    get_format_cls_by_extension,
    get_import_formats,
    get_supported_extensions,
    write_to_file_storage,
)
from wagtail.log_actions import log
from wagtail.models import Site

from .redirect_forms import SiteRedirectForm

CHOOSE_AGAIN = "Choose the file again. The one that you uploaded has been deleted."
# Rows of one file; more would keep the database from everybody else for too long.
MAX_IMPORT_ROWS = 5_000


class UnreadableImport(Exception):
    """Raised for a file of redirects that cannot be read; the message is for the editor."""


class CreateRedirectView(views.CreateView):
    """Add a redirect."""

    form_class = SiteRedirectForm


class EditRedirectView(views.EditView):
    """Change a redirect."""

    form_class = SiteRedirectForm


@views.permission_checker.require_any("add")
def start_import(request: HttpRequest) -> HttpResponse:
    """Store an uploaded file and return the form that asks for the meaning of its columns.

    A file that cannot be read leads back to the choice of a file, with the reason.
    """
    extensions = get_supported_extensions()
    form = ImportForm(extensions, request.POST, request.FILES) if request.method == "POST" else None
    if form is None or not form.is_valid():
        context = {"form": form or ImportForm(extensions)}
        return render(request, "wagtailredirects/choose_import_file.html", context)
    upload = form.cleaned_data["import_file"]
    kind = get_format_cls_by_extension(os.path.splitext(upload.name)[1].lstrip("."))
    try:
        if kind is None:
            raise UnreadableImport(
                f"Choose a file in one of these formats: {', '.join(extensions)}."
            )
        storage = write_to_file_storage(upload, kind())
        dataset = read_dataset(storage, kind())
    except UnreadableImport as error:
        messages.error(request, str(error))
        return redirect("wagtailredirects:start_import")
    initial = {
        "import_file_name": os.path.basename(storage.name),
        "input_format": get_import_formats().index(kind),
    }
    confirm = ConfirmImportForm(dataset.headers, initial=initial)
    return _ask_for_columns(request, confirm, dataset)


@views.permission_checker.require_any("add")
@require_http_methods(["POST"])
def process_import(request: HttpRequest) -> HttpResponse:
    """Save the valid rows, and return a page with the reason for each row that was not saved."""
    try:
        # Signed, so the name leads to nothing but an upload.
        name, number = (
            Signer().unsign(request.POST.get(field, ""))
            for field in ("import_file_name", "input_format")
        )
        kind = get_import_formats()[int(number)]()
        storage = get_file_storage()(name=name)
        dataset = read_dataset(storage, kind)
    except (BadSignature, UnreadableImport) as error:
        reason = CHOOSE_AGAIN if isinstance(error, BadSignature) else str(error)
        messages.error(request, reason)
        return redirect("wagtailredirects:start_import")
    initial = {"import_file_name": name, "input_format": number}
    form = ConfirmImportForm(dataset.headers, request.POST, initial=initial)
    if not form.is_valid():
        return _ask_for_columns(request, form, dataset)
    errors = import_rows(
        dataset,
        [int(form.cleaned_data[name]) for name in ("from_index", "to_index")],
        {"is_permanent": form.cleaned_data["permanent"], "site": form.cleaned_data["site"]},
    )
    storage.remove()
    total = len(dataset)
    if errors:
        summary = {
            "errors": errors,
            "errors_count": len(errors),
            "successes": total - len(errors),
            "total": total,
        }
        context = {"form": ImportForm(get_supported_extensions()), "import_summary": summary}
        return render(request, "wagtailredirects/import_summary.html", context)
    messages.success(request, f"Imported {total} redirect{'' if total == 1 else 's'}.")
    return redirect("wagtailredirects:index")


def _ask_for_columns(request: HttpRequest, form: Any, dataset: Any) -> HttpResponse:
    context = {"form": form, "dataset": dataset}
    return render(request, "wagtailredirects/confirm_import.html", context)


def read_dataset(storage: Any, kind: Any) -> Any:
    """Return the rows of an uploaded file; raise UnreadableImport, whose message is for editors."""
    try:
        data = storage.read(kind.get_read_mode())
        if data is None:
            raise FileNotFoundError
        if isinstance(data, bytes) and not kind.is_binary():
            data = data.decode()
        dataset = kind.create_dataset(data)
    except FileNotFoundError as error:
        raise UnreadableImport(CHOOSE_AGAIN) from error
    except UnicodeDecodeError as error:
        raise UnreadableImport("Save the file as UTF-8 and choose it again.") from error
    except Exception as error:
        # Each format has errors of its own.
        raise UnreadableImport(
            "The file cannot be read. It may be damaged, or its rows may have different lengths. "
            "Open it in a spreadsheet program, save it again and choose that copy."
        ) from error
    if not dataset.headers or not len(dataset):
        raise UnreadableImport(
            "The file has no redirects. Its first row must name the columns; put one redirect in "
            "each row below."
        )
    if len(dataset) > MAX_IMPORT_ROWS:
        raise UnreadableImport(
            f"The file has more than {MAX_IMPORT_ROWS:,} rows. Divide it into smaller files."
        )
    return dataset


def import_rows(dataset: Any, columns: list[int], common: dict[str, Any]) -> list[list[str]]:
    """Save a redirect for each valid row; return [old path, target, reason] for each other row.

    `columns` are the positions of old path and target in a row, `common` the other fields of every
    redirect, among them the site.
    """
    errors = []
    for row in dataset:
        # A row can be shorter than the first one.
        cells = dict(enumerate(row))
        values = [str(cells.get(column) or "").strip() for column in columns]
        data = {"old_path": values[0], "redirect_link": values[1], **common}
        if isinstance(common["site"], Site):
            data["site"] = common["site"].pk
        form = SiteRedirectForm(data)
        if not form.is_valid():
            errors.append([*values, _describe(form)])
            continue
        with transaction.atomic():
            log(instance=form.save(), action="wagtail.create")
    return errors


def _describe(form: SiteRedirectForm) -> str:
    return " ".join(
        str(message) if name == "__all__" else f"{capfirst(form.fields[name].label)}: {message}"
        for name, messages in form.errors.items()
        for message in messages
    )
