"""The roles of users, in one table: what each may do, and the group that allows it.

`docs/editors.md` has the same table in words. Migrations give the groups of a new site these
permissions; administrators may change groups, and add others.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import Group

# Model → actions.
ModelPermissions = dict[str, tuple[str, ...]]

ALL_ACTIONS = ("view", "add", "change", "delete")
WRITE_ACTIONS = ("add", "change")
UPLOAD_ACTIONS = ("add", "change", "choose")
# What `delete` allows is decided for each collection; the group needs it as well.
FILE_PERMISSIONS: ModelPermissions = {
    "wagtaildocs.document": (*UPLOAD_ACTIONS, "delete"),
    "wagtailimages.image": (*UPLOAD_ACTIONS, "delete"),
}
UPLOAD_PERMISSIONS: ModelPermissions = {
    "wagtaildocs.document": UPLOAD_ACTIONS,
    "wagtailimages.image": UPLOAD_ACTIONS,
}


@dataclass(frozen=True)
class UserRole:
    """A role of users on the site, with the permissions that it has.

    `pages` are actions on every page, `collections` permissions in every collection. A role with a
    `group_prefix` has a group for each partner, and these are limited to that partner: see
    `partners.member_areas`. Without a group, the role is that of superusers. `others` are
    permissions that are no action on a model.
    """

    name: str
    summary: str
    group: str = ""
    models: ModelPermissions = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    collections: ModelPermissions = field(default_factory=dict)
    others: tuple[str, ...] = ()
    group_prefix: str = ""

    @property
    def permissions(self) -> set[str]:
        """Return the permissions of the group as `app_label.codename`."""
        return {"wagtailadmin.access_admin", *self.others, *get_codenames(self.models)}


def get_codenames(models: ModelPermissions) -> set[str]:
    """Return the permissions for actions on models as `app_label.codename`."""
    codenames = set()
    for label, actions in models.items():
        app_label, model = label.split(".")
        codenames |= {f"{app_label}.{action}_{model}" for action in actions}
    return codenames


WRITER = UserRole(
    name="Writer",
    group="Writers",
    summary="writes pages, uploads documents and images, and sends them to a reviewer",
    models={
        **FILE_PERMISSIONS,
        "enquiries.enquiry": ("view", "change"),
        # A funder's wording and the name of a series are public: a writer cannot change them.
        "funding.funder": ("view", "add"),
        "partners.person": ("view", "add", "change"),
        "reports.reportseries": ("view", "add"),
    },
    pages=WRITE_ACTIONS,
    collections=UPLOAD_PERMISSIONS,
)
PUBLISHER = UserRole(
    name="Publisher",
    group="Publishers",
    summary="also reviews, publishes, schedules and unpublishes, and changes the site’s settings",
    models={
        **FILE_PERMISSIONS,
        "accessibility.confirmation": ("add",),
        "content_audit.contentauditsettings": ("change",),
        "core.sitesettings": ("change",),
        "enquiries.accessiblecopy": ALL_ACTIONS,
        "enquiries.enquiry": ("view", "change", "delete"),
        "files.documentversion": ("withdraw",),
        "files.formeraddress": ALL_ACTIONS,
        "funding.funder": ALL_ACTIONS,
        "house_style.housestylesettings": ("change",),
        "partners.person": (*ALL_ACTIONS, "publish", "lock", "unlock"),
        "press.presscontact": ALL_ACTIONS,
        "reports.reportseries": ALL_ACTIONS,
        "wagtailredirects.redirect": ALL_ACTIONS,
        "wagtailsearchpromotions.searchpromotion": ALL_ACTIONS,
    },
    pages=(*WRITE_ACTIONS, "publish", "lock", "unlock"),
    collections={
        **UPLOAD_PERMISSIONS,
        "core.siteimage": ("publish",),
        "files.sitedocument": ("publish",),
    },
    others=("press.send_under_embargo",),
)
MEMBERS_EDITOR = UserRole(
    name="Member’s editor",
    group_prefix="Member’s editors: ",
    summary="edits the page of one partner and submits news about it, and sees nothing else",
    pages=("change",),
    collections=UPLOAD_PERMISSIONS,
)
ANALYST = UserRole(
    name="Analyst",
    group="Analysts",
    summary="reads the numbers of downloads and of e-mail alerts, and downloads them as CSV",
    models={"alerts.alert": ("view",), "files.downloadcount": ("view",)},
)
ADMINISTRATOR = UserRole(
    name="Administrator",
    summary="may do everything, and manages accounts",
)
ROLES = (WRITER, PUBLISHER, MEMBERS_EDITOR, ANALYST, ADMINISTRATOR)


def get_role_name(group: str) -> str:
    """Return the name of the role with this group, or `group` itself if no role has it.

    Without a group, it is the role of superusers. That of a partner's group names the partner.
    """
    if is_member_group(group):
        partner = group.removeprefix(MEMBERS_EDITOR.group_prefix)
        return f"{MEMBERS_EDITOR.name}: {partner}"
    roles = (role for role in ROLES if not role.group_prefix)
    return next((role.name for role in roles if role.group == group), group)


def is_member_group(group: str) -> bool:
    """Return whether the group with this name is that of a partner's press officers."""
    return group.startswith(MEMBERS_EDITOR.group_prefix)


def get_partner_name(role: str) -> str:
    """Return the partner in “Member’s editor: PARTNER”; "" for other names of roles or groups."""
    name, _, partner = role.replace("'", "’").partition(":")
    return partner.strip() if name.strip().lower() == MEMBERS_EDITOR.name.lower() else ""


@dataclass
class MemberAreas:
    """The partners for which somebody can be a Member's editor.

    `partners`, a layer above, fills it in when it is ready.
    """

    list_choices: Callable[[], list[tuple[str, str]]] = list
    # The key of the partner whose address ends with this, or that has this name; "" if none.
    find_key: Callable[[str], str] = lambda name: ""
    get_group: Callable[[str], Group] | None = None


member_areas = MemberAreas()
