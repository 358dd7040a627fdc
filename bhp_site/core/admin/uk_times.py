"""The field in which an editor enters a time, which is always UK time."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone

from bhp_site.core.text.dates import UK


class UKDateTimeInput(forms.DateTimeInput):
    """A browser's own field for date and time, which needs no script."""

    input_type = "datetime-local"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class UKDateTimeField(forms.DateTimeField):
    """A date and time in the UK, whatever time zone the reader's account has."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or "UK time, for example 03/06/2030 13:00."
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the value for the widget, in UK time."""
        with timezone.override(UK):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime.datetime | None:
        """Return the time; raise ValidationError if a clock change makes it missing or doubled."""
        try:
            with timezone.override(UK):
                return super().to_python(value)
        except ValidationError as error:
            if getattr(error, "code", "") != "ambiguous_timezone" or not error.params:
                raise
            raise ValidationError(
                describe_clock_change(error.params["datetime"]), code="clock_change"
            ) from error


def describe_clock_change(moment: datetime.datetime) -> str:
    """Return a sentence that says why the naive time `moment` is missing or doubled in the UK."""
    day, hour = formats.date_format(moment, "j F Y"), f"{moment:%H:%M}"
    choose = "Choose a time before 01:00, or 02:00 or later."
    first, second = (moment.replace(tzinfo=UK, fold=fold).utcoffset() for fold in (0, 1))
    if first and second is not None and first > second:
        return (
            f"{hour} comes twice on {day}, because the clocks go back from 02:00 to 01:00. {choose}"
        )
    return (
        f"There is no {hour} on {day}, because the clocks go forward from 01:00 to 02:00. {choose}"
    )
