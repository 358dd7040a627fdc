import datetime
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldRowPanel, InlinePanel
from wagtail.log_actions import get_active_log_context
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Page,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    Site,
    WorkflowMixin,
)
from wagtail.search import index

from bhp_site.core.admin.choosable import ChoosableModelForm
from bhp_site.core.admin.name_usage import HasUsage, NameUsage, NameUsagePanel, pages_and_parents_q
from bhp_site.core.blocks import StoryBlock, get_plain_text
from bhp_site.core.caching.process_cache import cached_aggregate
from bhp_site.core.fields import ContentStreamField, NotedOneToOneField
from bhp_site.core.models import SiteImage
from bhp_site.core.pages import BasePage, IndexPage, build_tabs
from bhp_site.core.paging import paginate_without_count
from bhp_site.core.publishing import second_person
from bhp_site.core.publishing.live_revisions import ensure_live_revision
from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.text.sentences import join_list, join_sentences
from bhp_site.core.visibility import SitePageManager, SitePageQuerySet

from .roles import Role


def may_see_people(user: Any) -> bool:
    """Return True if `user` may see people in the admin."""
    return bool(user.has_perm("partners.view_person") or user.has_perm("partners.change_person"))


class Person(
    HasUsage,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """A person whom the partnership quotes or names, with their roles over time.

    The row and its roles hold what is published. Changes are drafts until a user with the
    permission to publish people publishes them.
    """

    name = models.CharField(
        max_length=100, help_text="The name without titles, for example “Ed Smith”."
    )
    honorific = models.CharField(
        "title before the name",
        max_length=40,
        blank=True,
        help_text="A title such as “Professor” or “Dame”.",
    )
    portrait = models.ForeignKey(
        SiteImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    biography = models.TextField(blank=True, help_text="Two or three sentences.")
    sign_off_email = models.EmailField(
        "private e-mail address",
        blank=True,
        db_default="",
        help_text=(
            "Quotations are sent here for sign-off. Only people who may edit this register see "
            "it; visitors never do."
        ),
    )

    # From `DraftStateMixin`, which has no types.
    live: Any
    first_published_at: Any

    base_form_class = ChoosableModelForm

    panels = [
        FieldRowPanel(["honorific", "name"]),
        NameUsagePanel(heading="Where this name appears"),
        "portrait",
        "biography",
        "sign_off_email",
        InlinePanel("roles", label="role", heading="Roles"),
    ]
    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.FilterField("name"),
        index.FilterField("id"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.honorific} {self.name}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the person; a changed name also renames the live page.

        A new person is live only if the user may publish people without a second person.
        """
        # To note a draft, Wagtail saves a few fields of an object that holds the draft's name.
        is_content = kwargs.get("update_fields") is None
        if self._state.adding and self.live:
            # In every form, only users who may publish people can make a new person public.
            user = get_active_log_context().user
            self.live = user is None or (
                user.has_perm("partners.publish_person") and not second_person.is_required()
            )
        if is_content and self.live and self.first_published_at is None:
            self.first_published_at = timezone.now()
        before = Person.objects.filter(pk=self.pk).first() if is_content and self.live else None
        super().save(*args, **kwargs)
        if before and str(before) != str(self):
            page = PersonPage.objects.filter(person=self).first()
            if page and page.title in (before.name, str(before)):
                page.rename(self.name if page.title == before.name else str(self))

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Save a draft; until the person is first published, listings show the latest draft."""
        if self.pk and not self.live and self.first_published_at is None:
            self.save()
        return super().save_revision(*args, **kwargs)

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> Any:
        """Publish or schedule `revision`, and return what Wagtail's `publish` returns.

        The live version does not change until then.
        """
        with transaction.atomic():
            ensure_live_revision(self, revision)
            return super().publish(revision, *args, **kwargs)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """Return the response with this draft on the person's page, which need not exist."""
        return PersonPage.build_preview(self).serve_preview(request, "")

    def get_name_usage(self) -> NameUsage:
        """Return the pages that show the name: those that follow a change and those that do not."""
        following = pages_and_parents_q(PersonPage.objects.filter(person=self.pk))
        roles = Role.objects.filter(person=self.pk).exclude(partner=None)
        at_partners = models.Q(pk__in=roles.values("partner"))
        return NameUsage(following | at_partners, pages_and_parents_q(self.quotes.all()))

    @property
    def roles_text(self) -> str:
        """Return all roles as text, for listings."""
        return "; ".join(role.describe() for role in self.roles.all())

    @property
    def status_in_listing(self) -> str:
        """Return the publishing status for listings; Wagtail's would take a query for each row."""
        if not self.live:
            return "Draft"
        return "Live, with a draft" if self.has_unpublished_changes else "Live"

    @property
    def is_public(self) -> bool:
        """Return True if a live page shows this person."""
        return hasattr(self, "page") and self.page.live

    def get_role_on(self, date: datetime.date, roles: "list[Role] | None" = None) -> "Role | None":
        """Return the role held on `date`: a certain one, else a possible one, else None."""
        if roles is None:
            roles = list(self.roles.select_related("partner"))
        certain = [role for role in roles if role.is_certain_on(date)]
        possible = [role for role in roles if role.is_possible_on(date)]
        return next(iter(certain or possible), None)


class PeoplePage(IndexPage):
    """The people who speak for the partnership, in the order their pages are given."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["partners.PersonPage"]
    page_description = "Lists people. Drag their pages to change the order."

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the visible people in groups, with portraits and roles."""
        # The module imports this one.
        from .people_groups import group_people

        people = PersonPage.objects.visible().child_of(self).order_by("path").with_roles()
        return super().get_context(request, *args, **kwargs) | {"groups": group_people(people)}


class PersonPageQuerySet(SitePageQuerySet):
    """Queries on the pages of people."""

    def with_roles(self) -> "PersonPageQuerySet":
        """Return the pages with person, portrait and roles loaded, in three queries."""
        people = self.select_related("person__portrait")
        return people.prefetch_related("person__roles__partner")

    def get_urls(self) -> dict[int, str]:
        """Return the URL of each visible page by the key of its person; cached until a change."""
        urls: dict[int, str] = cached_aggregate(
            "urls of people",
            lambda: {page.person_id: page.get_url() or "" for page in self.visible()},
        )
        return urls


class PersonPage(BasePage):
    """One person whom the editors have made public: roles over time, quotes and announcements."""

    parent_page_types = ["partners.PeoplePage"]
    subpage_types: list[str] = []
    page_description = "The public page of a person from “People”: roles, quotes and announcements."
    parameters = ("page",)
    kind_label = "Person"
    schema_type = "ProfilePage"
    og_type = "profile"

    person = NotedOneToOneField(
        Person,
        on_delete=models.PROTECT,
        related_name="page",
        help_text="Roles, portrait and biography come from “People”.",
    )
    story = ContentStreamField(StoryBlock(), blank=True)

    objects = SitePageManager.from_queryset(PersonPageQuerySet)()

    content_panels = [*BasePage.content_panels, "person", "story"]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("story"),
        index.RelatedFields("person", [index.SearchField("name", boost=3)]),
    ]
    edit_handler = build_tabs(content_panels, [])

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"

    @classmethod
    def build_preview(cls, person: Person) -> "PersonPage":
        """Return the page of `person`, a draft, or a new page; nothing is saved."""
        page = cls.objects.filter(person=person.pk).first() if person.pk else None
        if page is None:
            parent = PeoplePage.objects.first() or Site.objects.get(is_default_site=True).root_page
            page = cls(title=str(person), slug="preview", depth=parent.depth + 1)
            # Wagtail gives the preview of a new page such a place, too.
            page.path = Page._get_children_path_interval(parent.path)[1]
            page.set_url_path(parent)
        elif (before := str(page.person)) and page.title in (before, page.person.name):
            page.title = person.name if page.title != before else str(person)
        page.person = person
        return page

    @property
    def has_person(self) -> bool:
        """Return True if a person is chosen; the preview of a new page may have none."""
        # Django caches None once a template has asked for a person that is not chosen.
        field = self._meta.get_field("person")
        return bool(self.person_id) or field.get_cached_value(self, default=None) is not None

    @cached_property
    def roles(self) -> list[Role]:
        """Return the roles: ongoing ones first, then the latest ended."""
        roles = list(self.person.roles.all()) if self.has_person else []
        return sorted(roles, key=Role.get_recency_key, reverse=True)

    @cached_property
    def main_role(self) -> Role | None:
        """Return the current role, one at the partnership first, else the last one.

        None without roles.
        """
        if not self.roles:
            return None
        if self.is_leading:
            return self.partnership_role
        return self.person.get_role_on(timezone.localdate(), self.roles) or self.roles[0]

    @property
    def other_roles(self) -> list[Role]:
        """Return the roles without the main one."""
        return [role for role in self.roles if role is not self.main_role]

    @property
    def partnership_role(self) -> Role | None:
        """Return the current role at the partnership itself, else the latest; None without any."""
        roles = [role for role in self.roles if role.is_at_partnership]
        return next((role for role in roles if role.is_current), next(iter(roles), None))

    @property
    def is_leading(self) -> bool:
        """Return True if the person holds a role at the partnership itself, as far as is known."""
        return self.partnership_role is not None and self.partnership_role.is_current

    @property
    def is_former(self) -> bool:
        """Return True if the person no longer has a role at the partnership, or no role at all."""
        over = [role for role in self.roles if role.is_over]
        no_role_left = bool(over) and len(over) == len(self.roles)
        return not self.is_leading and (
            no_role_left or any(role.is_at_partnership for role in over)
        )

    @property
    def listed_role(self) -> Role | None:
        """Return the role that lists show: the one at the partnership, else the main, else None."""
        return self.partnership_role or self.main_role

    @property
    def summary(self) -> str:
        """Return the main role as text, with its dates as far as they are known."""
        return self.main_role.describe() if self.main_role else ""

    @property
    def description(self) -> str:
        """Return the name and the main role, for search engines and shared links."""
        if self.search_description or not self.main_role:
            return self.search_description
        return join_list([str(self.person), self.main_role.full_text])

    def rename(self, title: str) -> None:
        """Set the title in the live page and in its draft."""
        draft = self.get_latest_revision_as_object()
        draft.title = title
        drafted = self.has_unpublished_changes
        revision = draft.save_revision(clean=False)
        if not self.live:
            return
        if not drafted:
            try:
                with transaction.atomic():
                    revision.publish()
                return
            except PublishingRefused:
                # Something else keeps the page from being published again; its title follows.
                pass
        self.title = title
        self.save(update_fields=["title"])

    @property
    def text(self) -> str:
        """Return the plain text of the page, for search and checks."""
        biography = self.person.biography if self.has_person else ""
        return join_sentences([self.summary, biography, get_plain_text(self.story)])

    def get_share_image(self) -> Any:
        """Return the portrait; None if there is none."""
        return self.person.portrait if self.has_person else None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with one page of the person's quotes."""
        if not self.person_id:
            return super().get_context(request, *args, **kwargs)
        # Reverse relations of models in higher layers, which have the foreign keys.
        quotes = self.person.quotes.all().listed().newest_first()
        return super().get_context(request, *args, **kwargs) | {
            "quotes": paginate_without_count(request, quotes, 12, "page")
        }

    def build_schema(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the schema.org nodes of the page and the person."""
        if not self.person_id:
            return super().build_schema(request)
        url = self.get_full_url(request)
        node = {
            "@type": "Person",
            "@id": f"{url}#person",
            "name": self.person.name,
            "honorificPrefix": self.person.honorific,
            "description": self.person.biography,
            "jobTitle": [role.title for role in self.roles if role.is_ongoing],
        }
        page = super().build_schema(request)[0] | {"mainEntity": {"@id": node["@id"]}}
        return [page, {key: value for key, value in node.items() if value}]
