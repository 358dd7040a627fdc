"""The admin's menu, whose items threads share."""

from copy import copy
from typing import Any

from wagtail.admin.menu import DismissibleMenuItemMixin


def copy_items_that_change(items: list[Any]) -> None:
    """Replace the items that differ between users by copies, in the list of one request.

    Wagtail 8.0 writes into the attributes of the item, of which a process has one, whether the user
    of the request has dismissed it: the next user could get it, and an error if it changed while
    the menu was written.
    """
    for place, item in enumerate(items):
        if isinstance(item, DismissibleMenuItemMixin):
            items[place] = own = copy(item)
            own.attrs = item.attrs.copy()
