"""The form in which readers of a draft leave comments."""

from typing import Any

from django import forms
from django.http import HttpRequest

from bhp_site.core.rate_limits import exceeds_limits, get_client_network
from bhp_site.enquiries.forms import MAX_MESSAGE_CHARACTERS, PlainTextField, VisitorForm

from .models import DraftComment, DraftLink

# Comments accepted in an hour.
MAX_PER_NETWORK = 20
MAX_PER_LINK = 60


class CommentForm(VisitorForm):
    """A comment with the name of the reader."""

    name = PlainTextField(
        label="Your name",
        max_length=100,
        help_text="The editors see it with your comment.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name, so that the editors know who you are."},
    )
    text = PlainTextField(
        label="Your comment",
        max_length=MAX_MESSAGE_CHARACTERS,
        help_text="Say which sentence or picture you mean.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Enter your comment."},
    )


def exceeds_comment_limits(request: HttpRequest, link: DraftLink) -> bool:
    """Count a comment; return True if it exceeds a limit of this hour."""
    limits = {f"link {link.pk}": MAX_PER_LINK}
    if network := get_client_network(request):
        limits[f"from {network}"] = MAX_PER_NETWORK
    return exceeds_limits("draft-comment", limits)


def save_comment(form: Any, link: DraftLink) -> DraftComment:
    """Return the comment in a valid `form`, saved once however often the form is sent."""
    comment, _ = DraftComment.objects.get_or_create(
        fingerprint=form.fingerprint, defaults={"link": link} | form.cleaned_data
    )
    return comment
