from django import forms

# What browsers send, then what people type in a browser without a date picker.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]


class MemberListForm(forms.Form):
    """The order and the day that a visitor chooses for the list of members."""

    order = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[("", "Order of joining"), ("kind", "Kind")],
    )
    on = forms.DateField(
        label="Members on",
        required=False,
        input_formats=DATE_INPUT_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Enter a date like 31/08/2022."},
    )
