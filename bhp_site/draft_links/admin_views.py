"""Screens of the admin: the links to a page's draft, and the comments of readers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.models import Page

from bhp_site.core.admin.links import get_page_edit_url
from bhp_site.core.admin.page_screens import PageScreenView
from bhp_site.core.personal_data import build_data_response

from .forms import ShareDraftForm
from .links import create_link, end_link, list_links
from .models import DraftComment, DraftLink


def may_share(page: Page, user: Any) -> bool:
    """Return True if `user` may share the draft of `page`: everybody who may edit it."""
    return bool(page.permissions_for_user(user).can_edit())


def has_draft(page: Page) -> bool:
    """Return True if `page` has something to share that is not public."""
    return not page.live or page.has_unpublished_changes


class ShareDraftView(PageScreenView):
    """The links to the draft of a page, a form for a new one, and the comments of readers.

    The address of a link is shown once, in the response to the form that made it.
    """

    template_name = "draft_links/admin_share.html"
    page_title = "Share a draft"
    header_icon = "link"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the page; raise PermissionDenied unless the user may share it."""
        super().setup(request, *args, **kwargs)
        self.page = get_object_or_404(Page, pk=kwargs["page_id"]).specific
        if not may_share(self.page, request.user):
            raise PermissionDenied
        self.form = ShareDraftForm(request.POST or None)
        self.new_url = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the links, the form and the comments."""
        comments = DraftComment.objects.filter(link__page=self.page.pk).select_related("link")
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "edit_url": get_page_edit_url(self.page.pk),
            "has_draft": has_draft(self.page),
            "links": list_links(self.page).select_related("created_by", "page"),
            "comments": comments,
            "form": self.form,
            "new_url": self.new_url,
            "media": self.form.media + Media(css={"all": [static("css/side-panels.css")]}),
        }

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Make a link and show its address, or the form with its errors."""
        if not has_draft(self.page):
            messages.error(request, "No link was made: this page has no draft that is not public.")
        elif self.form.is_valid():
            link, self.new_url = create_link(self.page, user=request.user, **self.form.cleaned_data)
            self.form = ShareDraftForm()
            messages.success(request, f"The link “{link.label}” has been made. Copy it now.")
        return self.render_to_response(self.get_context_data())


@require_POST
def end_draft_link(request: HttpRequest, pk: int) -> HttpResponse:
    """End a link at once; return a redirect to the links of its page.

    Raises PermissionDenied unless the user may share the page, and Http404 for a personal link,
    which is ended where it was sent from.
    """
    links = DraftLink.objects.select_related("page").filter(recipient="")
    link = get_object_or_404(links, pk=pk)
    if not may_share(link.page.specific, request.user):
        raise PermissionDenied
    end_link(link, request.user)
    messages.success(request, f"The link “{link.label}” has ended. Nobody can open it any more.")
    return redirect("share-draft", link.page_id)


@require_POST
def resolve_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a reader's comment as done; redirect to where the user came from."""
    comment = _get_comment(request, pk)
    comment.resolve()
    messages.success(request, f"The comment by {comment.name} is marked as done.")
    return _redirect_back(request, comment)


@require_POST
def delete_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a reader's comment with the name; redirect to where the user came from."""
    comment = _get_comment(request, pk)
    comment.delete()
    messages.success(request, f"The comment by {comment.name} has been deleted.")
    return _redirect_back(request, comment)


@require_safe
def export_comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Return all that is stored about the reader who wrote a comment as a JSON file."""
    comment = _get_comment(request, pk)
    return build_data_response(f"reader-comment-{pk}.json", comment.as_dict())


def _get_comment(request: HttpRequest, pk: int) -> DraftComment:
    """Return the comment; raise PermissionDenied unless the user may edit its page."""
    comment = get_object_or_404(DraftComment.objects.select_related("link__page"), pk=pk)
    if not may_share(comment.link.page.specific, request.user):
        raise PermissionDenied
    return comment


def _redirect_back(request: HttpRequest, comment: DraftComment) -> HttpResponse:
    next_url = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(next_url, {request.get_host()}):
        return redirect(next_url)
    return redirect(reverse("share-draft", args=[comment.link.page_id]))
