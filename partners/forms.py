from django import forms

# What a browser sends, and what people type where it offers no calendar.
DATES = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]


class RegisterForm(forms.Form):
    """What a visitor asks of the list of members: in which order, and as of which day."""

    order = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[("", "Order of joining"), ("kind", "Kind")],
    )
    on = forms.DateField(
        label="Members on",
        required=False,
        input_formats=DATES,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Give a date as 31/08/2022."},
    )
