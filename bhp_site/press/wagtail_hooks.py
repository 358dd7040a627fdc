from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.users.views.bulk_actions import DeleteBulkAction, SetActiveStateBulkAction

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.text.sentences import count_noun
from news.models import NewsPage

from .contacts.viewset import PressContactViewSet
from .dashboard import FailedPressEmailsGroup, OutdatedContactsGroup
from .models import ReleaseRecipient
from .sending.embargo import EmbargoState, get_embargo
from .sending.sent_links import (
    SentLinksView,
    find_recipients,
    get_screen_url,
    warn_of_sent_links,
)
from .sending.views import SendView, may_send


@hooks.register("register_admin_viewset")
def register_press_list() -> PressContactViewSet:
    """Return the viewset of the press list."""
    return PressContactViewSet("press_list", url_prefix="press-list")


@hooks.register("construct_waiting_groups")
def add_outdated_contacts_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the group to the dashboard of users who may delete people from the press list."""
    if request.user.has_perm("press.delete_presscontact"):
        groups.append(OutdatedContactsGroup())


@hooks.register("register_admin_urls")
def register_sending_urls() -> list[Any]:
    """Return the URL patterns of the screens that send a release and end its links."""
    return [
        path("press/send/<int:page_id>/", SendView.as_view(), name="press-send"),
        path("press/sent-by/<int:pk>/", SentLinksView.as_view(), name="press-sent-links"),
    ]


@hooks.register("after_edit_user")
def warn_after_deactivation(request: HttpRequest, user: Any) -> None:
    """Tell an administrator who has saved a deactivated account of links that still work."""
    if not user.is_active:
        warn_of_sent_links(request, user)


@hooks.register("after_bulk_action")
def warn_after_bulk_deactivation(
    request: HttpRequest, action: str, objects: list[Any], view: Any
) -> None:
    """Tell an administrator who has deactivated several accounts of links that still work."""
    if action == SetActiveStateBulkAction.action_type:
        for user in objects:
            warn_after_deactivation(request, user)


@hooks.register("before_delete_user")
def warn_before_deletion(request: HttpRequest, user: Any) -> None:
    """Tell an administrator who is about to delete an account of links that still work."""
    if request.method == "GET":
        warn_of_sent_links(request, user)


@hooks.register("before_bulk_action")
def refuse_bulk_deletion(
    request: HttpRequest, action: str, objects: list[Any], view: Any
) -> HttpResponse | None:
    """Refuse to delete accounts whose links still work; return a redirect to the list of users.

    Afterwards nothing would say whose links they are, and here no screen tells of them before.
    """
    if not isinstance(view, DeleteBulkAction):
        return None
    senders = [user for user in objects if warn_of_sent_links(request, user)]
    if not senders:
        return None
    messages.error(request, "No account was deleted. An administrator must end these links first.")
    return redirect(view.next_url)


@hooks.register("register_user_listing_buttons")
def add_sent_links_button(user: Any, request_user: Any) -> Iterator[Button]:
    """Yield the entry of the menu of a deactivated user whose links still work."""
    if request_user.is_superuser and not user.is_active and find_recipients(user).exists():
        yield Button(
            SentLinksView.page_title, url=get_screen_url(user), icon_name="link", priority=60
        )


@hooks.register("register_page_header_buttons")
def add_send_button(page: Page, user: Any, view_name: str, **kwargs: Any) -> Iterator[Button]:
    """Yield a link from an announcement to that screen, while there is something to do on it."""
    if page.specific_class is not NewsPage or page.live or not may_send(page.specific, user):
        return
    is_sent = ReleaseRecipient.objects.filter(page=page.pk).exists()
    if is_sent or get_embargo(page.specific).state == EmbargoState.UNDER_EMBARGO:
        url = reverse("press-send", args=[page.pk])
        yield Button("Send under embargo", url=url, icon_name="mail", priority=45)


@hooks.register("construct_waiting_groups")
def add_failed_emails_group(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add releases that could not be sent to the dashboard of users who send them."""
    if request.user.has_perm("press.send_under_embargo"):
        groups.append(FailedPressEmailsGroup())


@hooks.register("register_permissions")
def register_send_permission() -> QuerySet[Permission]:
    """Return the permission to send releases, for the form of groups."""
    return Permission.objects.filter(content_type__app_label="press", codename="send_under_embargo")


@hooks.register("register_log_actions")
def register_press_log_actions(actions: Any) -> None:
    """Register how the history of an announcement shows what was sent to journalists."""

    @actions.register_action("press.send")
    class SendFormatter(LogFormatter):
        label = "Send under embargo"

        def format_message(self, log_entry: Any) -> str:
            people = count_noun(log_entry.data["count"], "person", "people")
            return f"Sent under embargo to {people}"

    @actions.register_action("press.end")
    class EndFormatter(LogFormatter):
        label = "End links that were sent"

        def format_message(self, log_entry: Any) -> str:
            return f"Ended {count_noun(log_entry.data['count'], 'link')} that had been sent"
