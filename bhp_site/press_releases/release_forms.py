"""The forms on the screen of a release."""

from typing import Any

from django import forms
from wagtail.models import Page
from wagtail.permissions import policy_registry

from bhp_site.core.admin.uk_times import UKDateTimeField, UKDateTimeInput
from news.models import NewsPage, QuotePage, Release
from partners.models import Person

from .overview import find_member, get_member_key

MAX_CHOICES = 200
MAX_REASON_CHARACTERS = 250


class ScheduleForm(forms.Form):
    """The time at which a release is published."""

    go_live_at = UKDateTimeField(
        label="Publish on", widget=UKDateTimeInput, help_text="UK time. All of it is published."
    )


class EmbargoForm(forms.Form):
    """The time at which an embargo ends, and why it ends earlier than before."""

    until = UKDateTimeField(
        required=False,
        label="Under embargo until",
        widget=UKDateTimeInput,
        help_text="UK time. Leave this empty for no embargo.",
    )
    reason = forms.CharField(
        required=False,
        max_length=MAX_REASON_CHARACTERS,
        label="Reason",
        help_text="You need a reason if the embargo is to end earlier than before.",
    )


class ReasonForm(forms.Form):
    """The reason for something that is recorded."""

    reason = forms.CharField(
        max_length=MAX_REASON_CHARACTERS, label="Reason", help_text="It is recorded."
    )


class RemoveForm(forms.Form):
    """The form that takes a page or person out of a release, with the reason."""

    member = forms.CharField(max_length=30)
    reason = forms.CharField(required=False, max_length=MAX_REASON_CHARACTERS)

    def clean_member(self) -> Any:
        """Return the page or person; raise ValidationError if it has been deleted."""
        member = find_member(self.cleaned_data["member"])
        if member is None:
            raise forms.ValidationError("It has been deleted.")
        return member


class AddForm(forms.Form):
    """Choose a draft that is to be published with a release."""

    member = forms.ChoiceField(label="Page or person")

    def __init__(self, release: Release, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pages = [(get_member_key(page), _describe(page)) for page in find_pages(release, user)]
        people = [(get_member_key(person), str(person)) for person in find_people(release, user)]
        groups = [("Pages", pages), ("People", people)]
        field: Any = self.fields["member"]
        field.choices = [("", "Choose a draft"), *(group for group in groups if group[1])]

    @property
    def has_choices(self) -> bool:
        """Return True if there is anything to add."""
        field: Any = self.fields["member"]
        return len(field.choices) > 1

    def clean_member(self) -> Any:
        """Return the chosen page or person; raise ValidationError if it has been deleted."""
        member = find_member(self.cleaned_data["member"])
        if member is None:
            raise forms.ValidationError("It has been deleted. Choose another page or person.")
        return member


def find_pages(release: Release, user: Any) -> list[Page]:
    """Return the pages with something to publish that `user` may add, the latest first.

    Announcements have releases of their own, and quotes belong to them.
    """
    pages = Page.objects.filter(has_unpublished_changes=True) | Page.objects.filter(live=False)
    pages = pages.exclude(pk__in=release.pages.values("pk")).exclude(depth__lte=2)
    policy = policy_registry.get_by_type(Page)
    editable = policy.instances_user_has_permission_for(user, "change").values("pk")
    pages = pages.filter(pk__in=editable).not_type(NewsPage, QuotePage)
    return list(pages.order_by("-latest_revision_created_at")[:MAX_CHOICES])


def find_people(release: Release, user: Any) -> list[Person]:
    """Return the people with something to publish that `user` may add."""
    if not user.has_perm("partners.change_person"):
        return []
    people = Person.objects.filter(has_unpublished_changes=True) | Person.objects.filter(live=False)
    return list(people.exclude(pk__in=release.people.values("pk"))[:MAX_CHOICES])


def _describe(page: Page) -> str:
    return f"{page.get_admin_display_title()} ({page.page_type_display_name.lower()})"


class StartForm(forms.Form):
    """Choose an announcement that has no release yet."""

    announcement: Any = forms.ModelChoiceField(
        NewsPage.objects.none(), label="Announcement", empty_label="Choose an announcement"
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = policy_registry.get_by_type(Page)
        editable = policy.instances_user_has_permission_for(user, "change").values("pk")
        pages = NewsPage.objects.filter(live=False, release=None, pk__in=editable)
        field: Any = self.fields["announcement"]
        field.queryset = pages.order_by("-latest_revision_created_at")
        self.has_choices = field.queryset.exists()
