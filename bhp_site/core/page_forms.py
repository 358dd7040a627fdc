import datetime
import itertools
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Page

from .admin.choosable import ChoosableFieldsMixin, limit_choices
from .admin.readable_pages import build_readable_filter, filter_readable_pages
from .aliases import REFUSAL
from .outcome_choice import add_choice_errors, list_outcomes
from .page_updates import UpdateKind, get_note_error, has_been_public
from .text.characters import clean_line, is_invisible
from .text.dates import format_uk_time

# What the button of the dialog for a schedule sends as “action-publish”.
SCHEDULE_ACTION = "schedule"
# The buttons after which a page is published, or looked at by somebody who publishes it.
PUBLISHING_BUTTONS = {"action-publish", "action-submit", "action-workflow-action"}
EXPIRY_HELP = (
    "Visitors then get “Page not found”, unless you choose something else on the tab “More”, under "
    "“When the page expires”."
)
# Characters of a slug that leave room for a number.
MAX_NUMBERED_SLUG = 250
# Fields that Django adds to each row of a form.
ROW_FIELDS = {"ORDER", "DELETE", "id"}
FOREIGN_COMMENT = (
    "Nothing was saved. You cannot delete somebody else’s comment or reply. Resolve the comment "
    "instead."
)


class SitePageForm(ChoosableFieldsMixin, WagtailAdminPageForm):
    """Distinguishes real changes by an editor from values that only look changed.

    For a date that is today's by default Django expects a hidden field that the admin does not
    send; every form would count as changed, and an approval would ask for another.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.show_hidden_initial = False
            if isinstance(field, forms.ModelChoiceField) and self.for_user is not None:
                self._limit_to_readable(name, field)
        if not has_been_public(self.instance):
            # Their panel is not shown, so the browser does not send them.
            for name in ("update_kind", "update_note"):
                self.fields.pop(name, None)
        elif kind := self.fields.get("update_kind"):
            kind.required = False
            kind.choices = UpdateKind.choices
        self._build_expiry_fields()

    @cached_property
    def _readable_filter(self) -> Q:
        return build_readable_filter(self.for_user)

    def _build_expiry_fields(self) -> None:
        """Offer what visitors can get after the expiry, and say beside the date where it is."""
        if outcome := self.fields.get("expiry_outcome"):
            outcome.choices = [("", "“Page not found”"), *list_outcomes([self.instance])]
            if expiry := self.fields.get("expire_at"):
                expiry.help_text = f"{expiry.help_text} {EXPIRY_HELP}"

    def _limit_to_readable(self, name: str, field: forms.ModelChoiceField) -> None:
        """Offer only pages whose titles the user may read, and those that are chosen already."""
        pages = field.queryset
        if pages is None or not issubclass(pages.model, Page):
            return
        chosen = self.initial.get(name) or []
        chosen = [chosen] if isinstance(chosen, str | int | Page) else [*chosen]
        keys = [getattr(page, "pk", page) for page in chosen]
        readable = filter_readable_pages(pages, self.for_user, self._readable_filter).values("pk")
        pages = pages.filter(Q(pk__in=readable) | Q(pk__in=keys))
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = pages
        else:
            limit_choices(field, pages)

    def save(self, commit: bool = True) -> Any:
        """Return the page, a new one not yet live, saved if `commit`.

        Wagtail publishes or schedules it afterwards.
        """
        if self.instance.pk is None:
            self.instance.live = False
        return super().save(commit=commit)

    def clean_title(self) -> str:
        """Return the title on one line; raise ValidationError if it has no visible character."""
        title = clean_line(self.cleaned_data["title"])
        if title and is_invisible(title):
            raise ValidationError("The title has no visible characters. Enter a title.")
        return title

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error if the go-live time is past or missing."""
        self._number_slug_of_draft()
        cleaned: dict[str, Any] = super().clean()
        go_live_at: datetime.datetime | None = cleaned.get("go_live_at")
        is_due = go_live_at is None or go_live_at <= timezone.now()
        if go_live_at and is_due and not _is_same_minute(go_live_at, self.instance.go_live_at):
            self.add_error(
                "go_live_at",
                f"This time has passed: {format_uk_time(go_live_at)}. Enter a later time. To "
                "publish now, leave it empty and choose “Publish”.",
            )
        elif self.data.get("action-publish") == SCHEDULE_ACTION and "go_live_at" not in self.errors:
            changes_expiry = self.instance.live and cleaned.get("expire_at")
            if is_due and not changes_expiry:
                self.add_error(
                    "go_live_at",
                    "Enter when the page goes live. To publish it now, choose “Publish” instead.",
                )
        self._check_update(cleaned)
        self._check_expiry(cleaned)
        return cleaned

    def _number_slug_of_draft(self) -> None:
        """Add a number to the slug of a draft if it comes from the title and another page has it.

        The error would stop autosave, as soon as the title is entered. Who publishes is asked for
        another slug, as long as the form still has this one.
        """
        slug = self.cleaned_data.get("slug")
        is_made = slug and slug == slugify(self.cleaned_data.get("title", ""))
        if not is_made or PUBLISHING_BUTTONS & self.data.keys() or has_been_public(self.instance):
            return
        used = self.parent_page.get_children().not_page(self.instance)
        used = used.filter(slug__startswith=slug[:MAX_NUMBERED_SLUG])
        slugs = {*used.values_list("slug", flat=True)}
        numbered = (f"{slug[:MAX_NUMBERED_SLUG]}-{number}" for number in itertools.count(2))
        if slug in slugs:
            self.cleaned_data["slug"] = next(name for name in numbered if name not in slugs)

    def _check_expiry(self, cleaned: dict[str, Any]) -> None:
        """Add an error if what visitors get after the expiry lacks a reason or a page.

        Drafts may be saved without.
        """
        if "expiry_outcome" in cleaned and PUBLISHING_BUTTONS.intersection(self.data):
            add_choice_errors(self, [self.instance], "expiry_")

    def _check_update(self, cleaned: dict[str, Any]) -> None:
        """Add an error if the note and the kind of the update do not go together.

        Drafts may be saved without the note.
        """
        if "update_kind" in cleaned and PUBLISHING_BUTTONS.intersection(self.data):
            kind = cleaned["update_kind"] or self.instance.update_kind
            if error := get_note_error(kind, cleaned.get("update_note") or ""):
                self.add_error("update_note", error)

    def is_valid(self) -> bool:
        """Return True if the form has no errors; rows in which nothing was entered are ignored."""
        ignored = self._ignore_empty_rows()
        valid = super().is_valid()
        for row in ignored:
            # Wagtail sorts the rows by their places when it shows the form again.
            row.cleaned_data.setdefault("ORDER", None)
        if self.is_bound and self.for_user is not None and self._deletes_foreign_comments():
            self.add_error(None, FOREIGN_COMMENT)
            return False
        return valid

    def _ignore_empty_rows(self) -> list[Any]:
        """Treat new rows with nothing but their place as empty, and return them.

        Their errors would stop autosave: an editor who has just chosen “Add download” has not yet
        chosen a document. For Django, the place that the admin sends counts as a change.
        """
        ignored = []
        for formset in self.formsets.values():
            for row in formset.forms:
                if row.empty_permitted and not set(row.changed_data) - ROW_FIELDS:
                    row.has_changed = lambda: False
                    ignored.append(row)
        return ignored

    def _deletes_foreign_comments(self) -> bool:
        """Return whether the form deletes a comment or a reply of somebody else.

        Wagtail checks this in forms that are to be deleted, whose errors nobody looks at.
        """
        comments = self.formsets.get("comments")
        if comments is None:
            return False
        forms = [
            *comments.forms,
            *(reply for comment in comments.forms for reply in _get_replies(comment)),
        ]
        return any(
            form.instance.pk
            and form.instance.user_id != self.for_user.pk
            and form.data.get(form.add_prefix("DELETE"))
            for form in forms
        )


def _is_same_minute(time: datetime.datetime, other: datetime.datetime | None) -> bool:
    return other is not None and time.replace(second=0, microsecond=0) == other.replace(
        second=0, microsecond=0
    )


def _get_replies(comment: Any) -> list[Any]:
    return comment.formsets["replies"].forms if "replies" in comment.formsets else []


class CopyPageForm(CopyForm):
    """Wagtail's form for copying a page, without aliases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)
        if not self.page.specific_class.creatable_subpage_models():
            self._leave_subpages()

    def _leave_subpages(self) -> None:
        """Offer the page alone: the pages below it, such as quotes, are made from its text."""
        self.fields.pop("copy_subpages", None)
        publish = self.fields.get("publish_copies")
        if publish is None:
            return
        if not self.page.live:
            del self.fields["publish_copies"]
            return
        publish.label = "Publish the copy"
        publish.help_text = (
            "Publish the copy straight away. If you do not select this, the copy is a draft."
        )

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error if an alias is requested."""
        cleaned: dict[str, Any] = super().clean()
        if self.data.get(self.add_prefix("alias")) not in (None, "", "false", "False"):
            # Wagtail's template shows errors of fields only.
            self.add_error("new_title", REFUSAL)
        return cleaned
