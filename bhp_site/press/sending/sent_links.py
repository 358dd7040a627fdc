"""Personal links that a user has sent under embargo, and their end when the user has left."""

from collections import defaultdict
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin import messages

from bhp_site.core.admin.administrators import AdministratorScreenMixin
from bhp_site.core.confidential.rules import is_hidden
from bhp_site.core.text.sentences import count_noun
from bhp_site.draft_links.models import DraftLink
from news.models import NewsPage

from ..models import ReleaseRecipient
from .recipients import end_access


def find_recipients(user: Any) -> QuerySet[ReleaseRecipient]:
    """Return those to whom `user` has sent a release with a link that still works."""
    links = DraftLink.objects.active().filter(created_by=user)
    return ReleaseRecipient.objects.active().filter(link__in=links).select_related("page")


def get_screen_url(user: Any) -> str:
    """Return the address of the screen with these links."""
    return reverse("press-sent-links", args=[user.pk])


def warn_of_sent_links(request: HttpRequest, user: Any) -> bool:
    """Warn that links of a user who leaves still work; return False if none does.

    Administrators get a button to end them.
    """
    if count := find_recipients(user).count():
        links = count_noun(count, "link")
        text = f"{user} sent releases under embargo with {links}. Journalists can still use them."
        if request.user.is_superuser:  # type: ignore[union-attr]
            button = messages.button(get_screen_url(user), f"See or end {links}")
            messages.warning(request, text, buttons=[button])
        else:
            messages.warning(request, f"{text} Ask an administrator to end them.")
    return bool(count)


class SentLinksView(AdministratorScreenMixin, TemplateView):
    """The releases that a user has sent under embargo, and the button that ends all links."""

    template_name = "admin/sent_links.html"
    page_title = "Links sent under embargo"
    header_icon = "link"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the user."""
        super().setup(request, *args, **kwargs)
        self.user: Any = get_object_or_404(get_user_model(), pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Return the user's name."""
        return str(self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with each release and its number of links."""
        releases = self.get_releases()
        return super().get_context_data(**kwargs) | {
            "account": self.user,
            "links": count_noun(sum(map(len, releases.values())), "link"),
            "rows": [
                {
                    "page": page,
                    "count": len(recipients),
                    "url": reverse("press-send", args=[page.pk]),
                    "is_hidden": is_hidden(page, self.request.user),
                }
                for page, recipients in releases.items()
            ],
        }

    def get_releases(self) -> dict[NewsPage, list[ReleaseRecipient]]:
        """Return the announcements that the user has sent, with those who can still open them."""
        releases: dict[NewsPage, list[ReleaseRecipient]] = defaultdict(list)
        for recipient in find_recipients(self.user):
            releases[recipient.page].append(recipient)
        return releases

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the links; return a redirect to the user's account."""
        releases = self.get_releases()
        count = sum(end_access(page, each, request.user) for page, each in releases.items())
        messages.success(request, f"{count_noun(count, 'link')} ended. Nobody can open them.")
        return redirect("wagtailusers_users:edit", self.user.pk)
