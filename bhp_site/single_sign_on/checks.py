"""System checks of the settings of single sign-on."""

from typing import Any

from django.conf import settings
from django.core import checks

from bhp_site.core.roles import MEMBERS_EDITOR, ROLES, get_partner_name

# Segments of Entra ID's addresses that stand for any organisation in the world.
ANY_TENANT = {"common", "organizations", "consumers"}


def check_single_sign_on(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Return what is dangerous or cannot work about the settings of single sign-on."""
    if not settings.SSO_ISSUER:
        return []
    messages: list[checks.CheckMessage] = []
    if ANY_TENANT & {*settings.SSO_ISSUER.split("/")}:
        messages.append(
            checks.Error(
                "SSO_ISSUER lets people of any organisation sign in.",
                hint="Put the id of your own tenant into the address.",
                id="bhp.E020",
            )
        )
    if settings.SSO_CREATE_USERS and not settings.SSO_ROLES:
        messages.append(
            checks.Error(
                "SSO_CREATE_USERS would create accounts that may do nothing.",
                hint="Set SSO_ROLES, or invite people instead.",
                id="bhp.E021",
            )
        )
    names = {role.name for role in ROLES if not role.group_prefix}
    unknown = sorted(
        name for name in {*settings.SSO_ROLES.values()} - names if not get_partner_name(name)
    )
    if unknown:
        messages.append(
            checks.Warning(
                f"SSO_ROLES names what is not a role: {', '.join(unknown)}.",
                hint=f"If it is not a group of this site either, use one of: "
                f"{', '.join(sorted(names))}, {MEMBERS_EDITOR.name}: PARTNER.",
                id="bhp.W020",
            )
        )
    return messages
