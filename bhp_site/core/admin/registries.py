"""Wagtail's registries, which are filled before several threads need them."""


def fill_registries() -> None:
    """Fill the registries that Wagtail 8.0 fills when the first request needs them.

    Two first requests at once filled them twice, and each action of a history was listed twice
    until the process ended; or one used what the other had filled in part, and the form of a role
    lacked permissions.
    """
    from wagtail.log_actions import registry
    from wagtail.rich_text import features
    from wagtail.users.views.groups import get_permission_panel_classes

    features.get_default_features()
    registry.scan_for_actions()
    get_permission_panel_classes()
