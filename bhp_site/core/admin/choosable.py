"""Refuse documents, images, pages and people that the user of a form may not choose.

A chooser offers what its user may choose, but a browser can send any id. An object that the page
refers to already stays: an editor must be able to correct a page that shows it.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, QuerySet
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import DraftStateMixin, Page
from wagtail.permissions import policy_registry

from bhp_site.core.references import (
    PRIMARY_KEY,
    Reference,
    iter_field_references,
    iter_references,
)

from .object_permissions import get_choosable
from .readable_pages import filter_readable_pages

REFUSAL = (
    "A document, image, page or person was removed here, because it does not exist or you do not "
    "have permission to use it. Choose another one."
)
LINK_TAG = re.compile(
    r"<a\b(?=[^>]*\blinktype=\"(?P<kind>document|page)\")(?=[^>]*\bid=\"(?P<key>[^\"]*)\")[^>]*>"
    r"(?P<words>.*?)</a>",
    re.S,
)


class ChoosableFieldsMixin:
    """For model forms: what is chosen in them must be something that the user may choose."""

    def get_user(self) -> Any:
        """Return the user who sends the form; None for code, which may choose everything."""
        return getattr(self, "for_user", None)

    def is_valid(self) -> bool:
        """Return True if the form is valid and the user may choose what it refers to."""
        valid: bool = super().is_valid()  # type: ignore[misc]
        user = self.get_user()
        if user is None or not self.is_bound:  # type: ignore[attr-defined]
            return valid
        return not refuse_unchoosable(self, user) and valid


class ChoosableModelForm(ChoosableFieldsMixin, WagtailAdminModelForm):
    """The form of a model with documents or images, in Wagtail's generic views."""


def refuse_unchoosable(form: Any, user: Any) -> bool:
    """Add an error to each field of a bound model `form` that uses what `user` may not choose.

    Return True if there was any. The rejected values are removed from the form that is shown again,
    so that it does not reveal their titles.
    """
    used: list[tuple[Any, str, set[Reference]]] = []
    for part in _iter_forms(form):
        for name in part.fields:
            if references := _find_references(part, name):
                used.append((part, name, references))
    refused = _find_unchoosable({ref for *_, refs in used for ref in refs}, user)
    if refused:
        refused -= _find_saved(form.instance)
    has_refused = False
    for part, name, references in used:
        if hidden := references & refused:
            has_refused = True
            _refuse(part, name, hidden)
    return has_refused


def limit_choices(field: Any, queryset: Any) -> None:
    """Limit a `ModelChoiceField` to the rows of `queryset`, also when it renders posted data."""
    field.queryset = queryset

    def show(data: Any, initial: Any) -> Any:
        exists = PRIMARY_KEY.fullmatch(str(data or "")) and queryset.filter(pk=data).exists()
        return data if exists else None

    field.bound_data = show


def _iter_forms(form: Any) -> Iterator[Any]:
    """Yield `form` and the forms of its inline rows, those within these too."""
    yield form
    for formset in getattr(form, "formsets", {}).values():
        for row in formset.forms:
            yield from _iter_forms(row)


def _get_model_field(form: Any, name: str) -> Any:
    try:
        return form._meta.model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _find_references(form: Any, name: str) -> set[Reference]:
    """Return the guarded objects that what was sent for a field refers to: see `is_guarded`."""
    field = _get_model_field(form, name)
    is_choice = bool(field and field.many_to_one and is_guarded(field.related_model))
    if not is_choice and not hasattr(field, "extract_references"):
        return set()
    value = form[name].value()
    if value in (None, ""):
        return set()
    return {ref for ref in iter_field_references(field, value) if is_guarded(ref[0])}


def is_guarded(model: type[Model]) -> bool:
    """Return whether not every user may choose every object of `model`."""
    return model in (get_document_model(), get_image_model()) or issubclass(model, DraftStateMixin)


def _find_unchoosable(references: set[Reference], user: Any) -> set[Reference]:
    """Return those of `references` that `user` may not choose."""
    refused: set[Reference] = set()
    for model in {model for model, _ in references}:
        keys = {key for of, key in references if of is model}
        valid_keys = {key for key in keys if PRIMARY_KEY.fullmatch(key)}
        if issubclass(model, DraftStateMixin):
            # A link may lead to a page that was deleted later.
            stored = model._default_manager.filter(pk__in=valid_keys).values_list("pk", flat=True)
            keys = {str(pk) for pk in stored}
            rows = filter_choosable(model._default_manager.filter(pk__in=valid_keys), user)
        else:
            rows = get_choosable(user, model).filter(pk__in=valid_keys)
        refused |= {
            (model, key) for key in keys - {str(pk) for pk in rows.values_list("pk", flat=True)}
        }
    return refused


def filter_choosable(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return those of `rows`, pages or people, that `user` may choose.

    These are pages whose titles they may read; and people who are published, or all if they may do
    something with people.
    """
    if issubclass(rows.model, Page):
        return filter_readable_pages(rows, user)
    policy = policy_registry.get_by_type(rows.model)
    may_see_drafts = policy.user_has_any_permission(user, ["view", "add", "change"])
    return rows if may_see_drafts else rows.filter(live=True)


def _find_saved(instance: Any) -> set[Reference]:
    """Return what the saved row of `instance`, and its latest draft, refer to."""
    saved = type(instance)._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    if saved is None:
        return set()
    references = {*iter_references(saved)}
    if getattr(saved, "latest_revision_id", None):
        references |= {*iter_references(saved.get_latest_revision_as_object())}
    return references


def _refuse(form: Any, name: str, refused: set[Reference]) -> None:
    """Add the error, and show the field again without what is `refused`."""
    without = _strip(_get_model_field(form, name), form[name].value(), refused)
    form.fields[name].bound_data = lambda data, initial: without
    errors = form._errors.setdefault(name, form.error_class())
    # A body shows only the first of its errors.
    errors.data.insert(0, ValidationError(REFUSAL))
    form.cleaned_data.pop(name, None)


def _strip(field: Any, value: Any, refused: set[Reference]) -> Any:
    """Return the `value` of a model field without what is `refused`."""
    if isinstance(field, StreamField):
        block = field.stream_block
        return block.to_python(strip_block(block, block.get_prep_value(value), refused))
    if field.remote_field:
        return None
    return _unlink(str(value), refused)


def strip_block(block: Any, value: Any, refused: set[Reference]) -> Any:
    """Return the stored `value` of a `block` of any kind without the references `refused`."""
    if isinstance(block, blocks.ChooserBlock):
        return None if (block.model_class, str(value)) in refused else value
    if isinstance(block, blocks.RichTextBlock):
        return _unlink(str(value or ""), refused)
    if isinstance(block, blocks.BaseStreamBlock):
        kinds = block.child_blocks
        return [
            row | {"value": strip_block(kinds[row["type"]], row["value"], refused)} for row in value
        ]
    if isinstance(block, blocks.ListBlock):
        return [
            row | {"value": strip_block(block.child_block, row["value"], refused)} for row in value
        ]
    if isinstance(block, blocks.BaseStructBlock) and isinstance(value, dict):
        kinds = block.child_blocks
        return {
            name: strip_block(kinds[name], part, refused) if name in kinds else part
            for name, part in value.items()
        }
    return value


def _unlink(html: str, refused: set[Reference]) -> str:
    """Return `html` with the words of each link to something `refused` in place of the link."""
    keys = {("page" if issubclass(model, Page) else "document", key) for model, key in refused}

    def replace(link: re.Match[str]) -> str:
        return link["words"] if (link["kind"], link["key"]) in keys else link[0]

    return LINK_TAG.sub(replace, html)
