from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.text.sentences import count_noun
from news.models import NewsPage

from .contacts.viewset import PressContactViewSet
from .dashboard import FailedPressEmailsGroup, OutdatedContactsGroup
from .models import ReleaseRecipient
from .sending.embargo import EmbargoState, get_embargo
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
def register_send_url() -> list[Any]:
    """Return the URL pattern of the screen on which a release is sent."""
    return [path("press/send/<int:page_id>/", SendView.as_view(), name="press-send")]


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
