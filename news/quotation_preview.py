"""The preview of a quotation while an editor types it."""

import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from partners.models import Person
from partners.people import may_see_people

from .quotations.parser import get_fingerprint, parse_quotation
from .quote_checks import find_issues, needs_confirmation
from .quotes import fill_in_speaker

# Longer texts are not quotations; the preview says so instead of taking long over them.
MAX_PREVIEW_CHARACTERS = 20_000


class QuotationForm(forms.Form):
    """The fields of a quote block, as they are in the editor."""

    words = forms.CharField(required=False, strip=False)
    speaker = forms.ModelChoiceField(Person.objects.all(), required=False)
    role = forms.CharField(required=False)
    organisation = forms.CharField(required=False)
    name = forms.CharField(required=False)
    confirmation = forms.CharField(required=False)
    date = forms.DateField(required=False)

    def get_date(self) -> datetime.date:
        """Return the announcement's date; today if it is missing or invalid."""
        date: datetime.date | None = self.cleaned_data.get("date")
        return date or timezone.localdate()

    def get_value(self, user: Any) -> dict[str, Any]:
        """Return the block's value, without the speaker if `user` may not see people."""
        fields = ("words", "speaker", "role", "organisation", "name", "confirmation")
        value = {name: self.cleaned_data.get(name) or "" for name in fields}
        value["speaker"] = value["speaker"] or None
        if not may_see_people(user):
            value["speaker"] = None
        return value | {"portrait": None}


@require_POST
def preview_quotation(request: HttpRequest) -> JsonResponse:
    """Return JSON with the quotation as visitors will see it and its issues, as HTML."""
    if len(request.POST.get("words", "")) > MAX_PREVIEW_CHARACTERS:
        return JsonResponse({"error": "The quote is too long for a preview."})
    form = QuotationForm(request.POST)
    form.is_valid()
    value = form.get_value(request.user)
    issues = find_issues(value, form.get_date())
    filled = dict(value)
    fill_in_speaker(filled, form.get_date())
    context = {
        "speaker": ", ".join(
            filter(None, (filled["name"], filled["role"], filled["organisation"]))
        ),
        "paragraphs": parse_quotation(value["words"]).marked_paragraphs,
        "issues": issues,
    }
    return JsonResponse(
        {
            "quotation": render_to_string("admin/quotation_preview.html", context),
            "issues": render_to_string("admin/quotation_issues.html", context),
            "mustConfirm": any(issue.must_confirm for issue in issues),
            "isConfirmed": not needs_confirmation(value),
            "fingerprint": get_fingerprint(value["words"]),
        }
    )
