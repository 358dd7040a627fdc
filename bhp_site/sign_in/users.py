"""Wagtail's screens of users: accounts begin with an invitation, and users choose passwords."""

from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from wagtail.users.forms import UserEditForm
from wagtail.users.views.bulk_actions import SetActiveStateBulkAction
from wagtail.users.views.users import CreateView, IndexView, UserViewSet


class SiteUserEditForm(UserEditForm):
    """The form of an account, without a password: nobody knows that of somebody else."""

    password_enabled = False
    error_messages: ClassVar[dict[str, Any]] = {
        **UserEditForm.error_messages,
        "duplicate_username": "Another account already uses this e-mail address.",
    }

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, editing_self=editing_self, **kwargs)
        if editing_self:
            # The account page asks for the current password.
            self.fields["email"].disabled = True
            self.fields["email"].help_text = "Change your own address in your account."


class InviteView(CreateView):
    """Leads to invitations instead of a form with a password."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return a redirect to the screen of invitations, which checks the permission."""
        return redirect("invitations")


class SiteIndexView(IndexView):
    """The list of users, who are known by their e-mail addresses."""

    add_item_label = "Invite a user"

    @cached_property
    def columns(self) -> list[Any]:
        """Return the columns, with Wagtail's “Username” called by its name here."""
        columns: list[Any] = super().columns
        for column in columns:
            if column.name == self.model.USERNAME_FIELD:
                column.label = "E-mail address"
        return columns


class SiteUserViewSet(UserViewSet):
    """Wagtail's views of users."""

    index_view_class = SiteIndexView
    add_view_class = InviteView

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return the form of an account."""
        return SiteUserEditForm


class SaveActiveStateBulkAction(SetActiveStateBulkAction):
    """Wagtail's bulk action, which saves each account, so that its sessions and links end."""

    @classmethod
    def execute_action(
        cls, objects: Any, mark_as_active: bool = False, user: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        """Activate or deactivate `objects`, but not `user`; return how many, and 0 below them."""
        accounts = [account for account in objects if user is None or account.pk != user.pk]
        for account in accounts:
            account.is_active = mark_as_active
            account.save(update_fields=["is_active"])
        return len(accounts), 0
