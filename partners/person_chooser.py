"""The chooser of people, with a form to add one."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import get_active_log_context, log
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)

from bhp_site.core.admin.choosable import filter_choosable

from .people import Person
from .roles import Role


class NewPersonForm(forms.ModelForm):
    """A person and the role held now; everything else can be added on the person's own screen."""

    role = forms.CharField(
        max_length=120,
        required=False,
        help_text="For example “Chair”. A quote shows the role that the person held on its date.",
    )
    organisation = forms.CharField(
        max_length=150,
        required=False,
        help_text="The organisation. For a role in the partnership itself, leave this empty.",
    )
    since = forms.DateField(
        required=False,
        widget=AdminDateInput,
        help_text="The day on which the role began, or any day on which they held it.",
    )

    class Meta:
        model = Person
        fields = ["honorific", "name"]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error if the details of a role have no role."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("role") and (cleaned.get("organisation") or cleaned.get("since")):
            self.add_error("role", "Enter the role.")
        return cleaned

    def save(self, commit: bool = True) -> Person:
        """Save and return the person as a draft; users who may publish people can publish it."""
        person: Any = self.instance
        person.live = False
        if title := self.cleaned_data.get("role"):
            role = Role(
                title=title,
                organisation=self.cleaned_data["organisation"],
                start_latest=self.cleaned_data["since"],
            )
            person.roles.add(role)
        super().save(commit=commit)
        user = get_active_log_context().user
        person.save_revision(user=user)
        log(person, "wagtail.create", user=user)
        return self.instance  # type: ignore[no-any-return]


class ChoosablePeopleMixin:
    """Shows drafts of people only to users who may do something with people."""

    request: Any

    def get_object_list(self) -> QuerySet[Person]:
        """Return the people in the chooser."""
        people: QuerySet[Person] = super().get_object_list()  # type: ignore[misc]
        return filter_choosable(people, self.request.user)

    def get_object(self, pk: Any) -> Person:
        """Return the chosen person; raise DoesNotExist for one that is not in the chooser."""
        return filter_choosable(Person.objects.all(), self.request.user).get(pk=pk)

    def get_objects(self, pks: list[Any]) -> QuerySet[Person]:
        """Return the chosen people that are in the chooser."""
        return filter_choosable(Person.objects.filter(pk__in=pks), self.request.user)


class StatusColumnMixin:
    """Shows each person's status without a query for each row, as Wagtail's column takes."""

    @property
    def columns(self) -> list[Column]:
        """Return the columns of the chooser."""
        columns: list[Column] = super().columns  # type: ignore[misc]
        others = [column for column in columns if not isinstance(column, LiveStatusTagColumn)]
        return [*others, Column("status", label="Status", accessor="status_in_listing")]


class ChoosePersonView(StatusColumnMixin, ChoosablePeopleMixin, ChooseView):
    """The chooser."""


class ChoosePersonResultsView(StatusColumnMixin, ChoosablePeopleMixin, ChooseResultsView):
    """The results of a search in the chooser."""


class ChosenPersonView(ChoosablePeopleMixin, SnippetChosenView):
    """The response to the choice of a person."""


class ChosenPeopleView(ChoosablePeopleMixin, SnippetChosenMultipleView):
    """The response to the choice of several people."""


class PersonChooserViewSet(SnippetChooserViewSet):
    """The chooser of people, with a form to add one."""

    choose_view_class = ChoosePersonView
    choose_results_view_class = ChoosePersonResultsView
    chosen_view_class = ChosenPersonView
    chosen_multiple_view_class = ChosenPeopleView
    creation_form_class = NewPersonForm
    creation_tab_label = "New person"
    create_action_label = "Add this person"
    create_action_clicked_label = "Adding…"
