from typing import Any

from django.urls import path
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogFormatter

from .versions import FormerAddress
from .withdraw import WithdrawView


@hooks.register("register_admin_urls")
def file_urls() -> list[Any]:
    return [path("files/versions/<int:pk>/withdraw/", WithdrawView.as_view(), name="withdraw")]


class FormerAddressViewSet(ModelViewSet):
    """Addresses that lead to a file: those it had, and those of the site before this one."""

    model = FormerAddress
    icon = "link"
    menu_label = "Old addresses of files"
    add_to_settings_menu = True
    form_fields = ["path", "document"]
    list_display = ["path", "document"]
    search_fields = ["path"]
    search_backend_name = None


@hooks.register("register_admin_viewset")
def former_addresses() -> FormerAddressViewSet:
    return FormerAddressViewSet("old-addresses")


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action("files.withdraw")
    class Withdrawal(LogFormatter):
        label = "Withdraw a version"

        def format_message(self, log_entry: Any) -> str:
            return f"Withdrew version {log_entry.data['version']}: {log_entry.data['reason']}"
