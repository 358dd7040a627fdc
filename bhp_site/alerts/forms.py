"""The forms of visitors: to ask for alerts, and to change what is followed."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from bhp_site.enquiries.forms import VisitorForm

from .models import Frequency
from .topics import GROUPS, Topic, get_topic_groups


class TopicCheckboxes(forms.CheckboxSelectMultiple):
    """Django's checkboxes, without five templates for each of some hundred partners."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the checkboxes of all choices as HTML, with those in `value` selected."""
        shared = self.build_attrs(self.attrs, attrs)
        own_id = shared.pop("id", None) or f"id_{name}"
        selected = {str(key) for key in value or ()}
        attributes = flatatt(shared)
        # Name and id are those of fields of this module.
        rows = [
            f'<div><label for="{own_id}_{number}"><input type="checkbox" name="{name}"'
            f' value="{escape(key)}"{attributes} id="{own_id}_{number}"'
            f"{' checked' * (key in selected)}> {escape(label)}</label></div>"
            for number, (key, label) in enumerate(self.choices)
        ]
        return mark_safe(f'<div id="{own_id}">{"".join(rows)}</div>')


def make_topic_field(label: str) -> forms.MultipleChoiceField:
    """Return a field with a checkbox for each topic; the form fills in the choices."""
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=TopicCheckboxes,
        error_messages={
            "invalid_choice": "One of the topics no longer exists. Check what you selected."
        },
    )


class TopicsForm(forms.Form):
    """Topics, grouped, and a frequency. Groups without topics are left out."""

    sections = make_topic_field(GROUPS["sections"])
    series = make_topic_field(GROUPS["series"])
    themes = make_topic_field(GROUPS["themes"])
    partners = make_topic_field(GROUPS["partners"])
    frequency = forms.ChoiceField(
        label="How often do you want e-mails?",
        choices=Frequency.choices,
        initial=Frequency.IMMEDIATE,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how often you want e-mails."},
    )

    def __init__(self, *args: Any, topics: list[Topic] | None = None, **kwargs: Any) -> None:
        """Preselect `topics`; a topic that is followed but not offered any more is offered too."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.known: dict[str, Topic] = {}
        chosen = topics or []
        for name, offered in get_topic_groups().items():
            followed = [topic for topic in chosen if topic.group == name and topic not in offered]
            self._offer(name, [*offered, *followed], chosen)

    def _offer(self, name: str, topics: list[Topic], chosen: list[Topic]) -> None:
        """Fill in the choices of a field, or remove it if there are none."""
        if not topics:
            del self.fields[name]
            return
        self.known |= {topic.key: topic for topic in topics}
        field: Any = self.fields[name]
        field.choices = [(topic.key, topic.label) for topic in topics]
        field.initial = [topic.key for topic in topics if topic in chosen]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data, in which `topics` are the selected ones; at least one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        keys = [key for name in GROUPS for key in cleaned.get(name) or ()]
        cleaned["topics"] = [self.known[key] for key in keys]
        if not keys and not any(name in self.errors for name in GROUPS):
            self.add_error("sections", "Select at least one topic.")
        return cleaned

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        """Return the fields that people fill in."""
        names = [*GROUPS, "frequency"]
        return [self[name] for name in names if name in self.fields]

    @property
    def fields_with_errors(self) -> list[forms.BoundField]:
        """Return the fields that have an error, for the summary of errors."""
        return [self[name] for name in self.errors if name in self.fields]


class SubscribeForm(TopicsForm, VisitorForm):
    """The form in which a visitor asks for alerts."""

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="We only use it to send you these e-mails.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address in the correct format, like name@example.org.",
        },
    )

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        """Return the fields that people fill in."""
        return [*super().shown_fields, self["email"]]
