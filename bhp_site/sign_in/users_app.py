from wagtail.users.apps import WagtailUsersAppConfig


class SiteUsersConfig(WagtailUsersAppConfig):
    """Wagtail's app of users, with the site's screens."""

    user_viewset = "bhp_site.sign_in.users.SiteUserViewSet"
