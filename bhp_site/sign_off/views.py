"""The public page on which a person answers. A GET changes nothing: mail scanners open links."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bhp_site.core.private_links import hash_token, private_link_view, render_privately
from bhp_site.enquiries.forms import PlainTextField
from bhp_site.sign_in.attempts import AttemptLimit, AttemptSource, begin_attempt
from bhp_site.sign_in.waits import explain_wait, mark_limited

from .models import SignOff
from .requests import ContentChanged, get_draft, record_answer
from .subjects import Subject, find_subject

# Answers to one request: the person who has the link may change theirs a few times.
ANSWER_LIMIT = AttemptLimit("answers of a sign-off", free_attempts=20)
State = SignOff.State

TEXT_CHANGED = (
    "The text was changed after you opened this page, so we did not record your answer. Please "
    "read it again below."
)
TOO_MANY = "There were too many answers, so we did not record yours. Wait {wait}, then try again."


class SignOffAnswerForm(forms.Form):
    """An answer; the hash says to which words."""

    answer = forms.ChoiceField(choices=[(s, s) for s in ("approved", "suggested", "declined")])
    seen = forms.CharField(max_length=64)
    words = PlainTextField(required=False, max_length=8000)
    comment = PlainTextField(required=False, max_length=4000)

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; a suggestion needs other words, or for a page a comment."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == State.SUGGESTED:
            if not self.subject.block_id and not cleaned.get("comment"):
                self.add_error("comment", "Say what you would like to be changed.")
            elif self.subject.block_id and not self._has_new_words(cleaned):
                self.add_error("words", "Change the words, or choose “Approve”.")
        return cleaned

    def _has_new_words(self, cleaned: dict[str, Any]) -> bool:
        words = (cleaned.get("words") or "").split()
        return bool(words) and words != self.subject.words.split()


@require_http_methods(["GET", "HEAD", "POST"])
@private_link_view
def answer_sign_off(request: HttpRequest, token: str) -> HttpResponseBase:
    """Return what is to be signed off with its three answers; a POST records one of them.

    The response is 410 once that has ended or its quotation was removed. Raises Http404 for an
    unknown token.
    """
    sign_offs = SignOff.objects.select_related("page", "requested_by")
    sign_off = sign_offs.filter(token_hash=hash_token(token)).first()
    if sign_off is None:
        raise Http404
    draft = get_draft(sign_off.page)
    subject = None if sign_off.is_closed else find_subject(draft, sign_off.block_id)
    if subject is None:
        return render_privately(request, "sign_off/closed.html", {}, HTTPStatus.GONE)
    form = SignOffAnswerForm(request.POST if request.method == "POST" else None, subject=subject)
    error, wait = "", 0
    if form.is_bound and form.is_valid():
        if wait := begin_attempt([AttemptSource(ANSWER_LIMIT, str(sign_off.pk))]):
            error = explain_wait(wait, TOO_MANY)
        elif not _record(sign_off, form):
            error = TEXT_CHANGED
        else:
            path = reverse("sign-off", args=[token])
            return HttpResponseRedirect(f"{path}?answered", status=303)
    context = {
        "sign_off": sign_off,
        "draft": draft,
        "subject": subject,
        "form": form,
        "error": error,
        "is_answered": "answered" in request.GET and not form.is_bound,
        "is_current": sign_off.decided_hash == subject.content_hash,
    }
    status = HTTPStatus.CONFLICT if error else HTTPStatus.OK
    response = render_privately(request, "sign_off/answer.html", context, status)
    return mark_limited(response, wait)


def _record(sign_off: SignOff, form: SignOffAnswerForm) -> bool:
    """Record the answer in a valid form; return False if the content has changed since."""
    data = form.cleaned_data
    is_suggestion = data["answer"] == State.SUGGESTED
    words = data["words"] if is_suggestion and sign_off.block_id else ""
    try:
        record_answer(sign_off, data["answer"], data["seen"], words=words, comment=data["comment"])
    except ContentChanged:
        return False
    return True
