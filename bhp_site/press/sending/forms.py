"""The form with which a release is sent under embargo."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from news.models import NewsPage

from ..models import PressContact

MAX_MESSAGE_CHARACTERS = 2000


class SendForm(forms.Form):
    """Recipients from the press list, one who is not on it yet, and a message."""

    contacts: Any = forms.ModelMultipleChoiceField(
        PressContact.objects.none(),
        required=False,
        label="People on the press list",
        widget=forms.CheckboxSelectMultiple,
    )
    name = forms.CharField(required=False, max_length=100, label="Name")
    outlet = forms.CharField(required=False, max_length=150, label="Outlet")
    email = forms.EmailField(required=False, label="E-mail address")
    message = forms.CharField(
        required=False,
        max_length=MAX_MESSAGE_CHARACTERS,
        label="Message",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=(
            "Shown above the release, below the embargo. The same for everybody. You can leave it "
            "empty."
        ),
    )

    def __init__(self, *args: Any, page: NewsPage, may_add: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        having = page.press_recipients.active().exclude(contact=None).values("contact")
        self.page = page
        self.choices = PressContact.objects.exclude(pk__in=having)
        self.fields["contacts"].queryset = self.choices  # type: ignore[attr-defined]
        if not may_add:
            for name in ("name", "outlet", "email"):
                del self.fields[name]

    @property
    def has_choices(self) -> bool:
        """Return True if there is somebody on the press list who does not have the release."""
        return self.choices.exists()

    def clean(self) -> dict[str, Any]:
        """Return the data; raises ValidationError unless it names at least one person."""
        data = super().clean() or self.cleaned_data
        name, email = data.get("name"), data.get("email")
        if bool(name) != bool(email) and not self.errors:
            self.add_error(
                "email" if name else "name", "Enter both name and e-mail address, or neither."
            )
        elif not data.get("contacts") and not email and not self.errors:
            raise ValidationError("Select at least one person, or enter a name and an address.")
        return data

    def count_people(self) -> int:
        """Return to how many people the release would be sent."""
        return len(self.cleaned_data["contacts"]) + bool(self.cleaned_data.get("email"))

    def get_people(self) -> list[PressContact]:
        """Return the chosen people; somebody new is added to the press list."""
        data = self.cleaned_data
        people = list(data["contacts"])
        if email := data.get("email"):
            contact = PressContact.objects.get_by_email(email)
            people.append(
                contact
                or PressContact.objects.create(
                    name=data["name"],
                    outlet=data.get("outlet", ""),
                    email=email,
                    source=f"Entered when “{self.page.title}” was sent"[:200],
                )
            )
        return people
