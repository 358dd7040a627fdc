"""“New release”: from a pasted press release to drafts, in two screens."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from news.embargo import get_release_url
from news.models import Release

from .documents import may_add_documents
from .drafts import create_drafts, find_created
from .forms import SourceForm
from .permissions import may_add_announcement
from .reading.sources import Source, SourceKind, SourceRefused, read_source
from .review import ReleaseReview

DRAFTS_EXIST = "The drafts of this release have been created already. Here they are."
DRAFTS_CREATED = "The drafts have been created, and nothing is public yet."


class NewReleaseView(WagtailAdminTemplateMixin, TemplateView):
    """Reads a press release, shows what it proposes, and creates drafts.

    The review holds all that was read and typed, so that nothing is stored before the drafts are
    created, apart from uploads that are kept until then.
    """

    page_title = "New release"
    header_icon = "edit"
    template_name = "admin/press_release.html"
    review_template_name = "admin/press_release_review.html"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": reverse_lazy("releases"), "label": "Releases"},
        {"url": "", "label": page_title},
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the response; raises PermissionDenied if the user may not add announcements."""
        if not may_add_announcement(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the first screen."""
        return self._show_source(self._build_source_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read a release, go back to its text, or create the drafts; return the next screen."""
        if "source" not in request.POST:
            return self._read()
        if request.POST.get("act") == "back":
            return self._show_source(self._build_source_form(initial=self._get_source_again()))
        return self._create()

    def _build_source_form(self, *args: Any, **kwargs: Any) -> SourceForm:
        return SourceForm(*args, with_documents=may_add_documents(self.request.user), **kwargs)

    def _show_source(self, form: SourceForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def _read(self) -> HttpResponse:
        form = self._build_source_form(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._show_source(form)
        data = form.cleaned_data
        key = data.get("key") or uuid4()
        if created := find_created(key):
            return self._go_to_existing(created)
        try:
            review = ReleaseReview.propose(
                data["source"], self.request.user, data.get("pdfs") or [], key
            )
        except SourceRefused as refusal:
            form.add_error("document" if data.get("document") else "text", str(refusal))
        except ValidationError as error:
            form.add_error("pdfs", error)
        else:
            return self._show_review(review)
        return self._show_source(form)

    def _get_source_again(self) -> dict[str, str]:
        """Return what the editor pasted, from the review; of a Word document its text and HTML."""
        source, key = self._get_posted_source(), self.request.POST.get("key", "")
        if source.kind == SourceKind.TEXT:
            return {"text": source.content, "key": key}
        try:
            lines = read_source(source)
        except SourceRefused:
            return {"text": source.content, "key": key}
        text = "\n\n".join(line.text for line in lines)
        return {"text": text, "html": source.content, "key": key}

    def _get_posted_source(self) -> Source:
        kind = self.request.POST.get("source_kind")
        is_html = kind == SourceKind.HTML.value
        return Source(SourceKind.HTML if is_html else SourceKind.TEXT, self.request.POST["source"])

    def _get_posted_key(self) -> UUID | None:
        try:
            return UUID(self.request.POST.get("key", ""))
        except ValueError:
            return None

    def _create(self) -> HttpResponse:
        user, data = self.request.user, self.request.POST
        key = self._get_posted_key()
        if key and (created := find_created(key)):
            return self._go_to_existing(created)
        try:
            review = ReleaseReview.from_post(
                self._get_posted_source(), user, data, self.request.FILES
            )
        except SourceRefused as refusal:
            form = self._build_source_form(initial={"text": data["source"]})
            messages.error(self.request, str(refusal))
            return self._show_source(form)
        if not review.is_valid():
            return self._show_review(review)
        try:
            announcement = create_drafts(review)
        except ValidationError as error:
            review.form.add_error(None, error)
            return self._show_review(review)
        messages.success(self.request, DRAFTS_CREATED)
        return redirect(get_release_url(announcement.release))

    def _go_to_existing(self, announcement: Any) -> HttpResponse:
        if not announcement.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        messages.warning(self.request, DRAFTS_EXIST)
        release, _ = Release.objects.get_or_create(announcement=announcement)
        return redirect(get_release_url(release))

    def _show_review(self, review: ReleaseReview) -> HttpResponse:
        review.explain_guesses()
        self.template_name = self.review_template_name
        return self.render_to_response(self.get_context_data(review=review, form=review.form))
