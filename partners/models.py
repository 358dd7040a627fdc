from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from bhp_site.core.admin.name_usage import HasUsage, NameUsage, NameUsagePanel, pages_and_parents_q
from bhp_site.core.admin.widgets import PageCheckboxSelect
from bhp_site.core.blocks import StoryBlock, get_plain_text
from bhp_site.core.fields import ContentStreamField
from bhp_site.core.models import SiteImage
from bhp_site.core.pages import BasePage, IndexPage, build_tabs
from bhp_site.core.paging import paginate_without_count
from bhp_site.core.schema import get_organisation_id
from bhp_site.core.text.sentences import join_sentences
from bhp_site.core.visibility import SitePageManager, SitePageQuerySet
from bhp_site.themes.models import ThemePage

from .people import PeoplePage, Person, PersonPage
from .permissions import PartnerPermissions
from .roles import Role
from .uncertain_dates import UncertainDate

if TYPE_CHECKING:
    from .membership import Member

__all__ = [
    "MembershipEvent",
    "OtherName",
    "PartnerIndexPage",
    "PartnerKind",
    "PartnerPage",
    "PeoplePage",
    "Person",
    "PersonPage",
    "Role",
]


class PartnerIndexPage(IndexPage):
    """The list of the partnership's members."""

    parent_page_types = ["home.HomePage"]
    parameters = ("page", "on", "order")
    subpage_types = ["partners.PartnerPage"]
    page_description = "Lists all members of the partnership."

    def has_known_values(self, query: QueryDict) -> bool:
        """Return True unless a day was chosen, or an order that does not exist."""
        return not query.get("on") and query.get("order", "") in ("", "kind")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the template's context with the members on the date that `request` asks for."""
        # The module imports the models of this one.
        from .member_list import build_member_list

        return super().get_context(request, *args, **kwargs) | build_member_list(request)


class PartnerKind(models.TextChoices):
    """The kinds of partners."""

    NHS_TRUST = "nhs_trust", "NHS trust"
    UNIVERSITY = "university", "University"
    NETWORK = "network", "Health innovation network"


class PartnerQuerySet(SitePageQuerySet):
    """Queries on partners."""

    def in_order_of_joining(self) -> "PartnerQuerySet":
        """Return partners by the order in which they joined; those without one last, by title."""
        return self.annotate(
            joined=models.Min(
                "events__order", filter=models.Q(events__kind=MembershipEvent.Kind.JOINED)
            )
        ).order_by(models.F("joined").asc(nulls_last=True), "title")

    def find_by_name(self, name: str) -> "PartnerPage | None":
        """Return the partner that has or had `name`, in full or short; None unless exactly one."""
        if not name:
            return None
        names = (
            "title__iexact",
            "short_name__iexact",
            "other_names__name__iexact",
            "events__former_name__iexact",
        )
        any_of = models.Q(*((lookup, name) for lookup in names), _connector=models.Q.OR)
        partners = list(self.filter(any_of).distinct()[:2])
        return partners[0] if len(partners) == 1 else None


class PartnerPage(HasUsage, BasePage):
    """A member of the partnership: its names, membership, story and logo."""

    parent_page_types = ["partners.PartnerIndexPage"]
    parameters = ("page", "reports", "quotes")
    subpage_types: list[str] = []
    page_description = "A member of the partnership: its names, dates, story and website."
    kind_label = "Partner"
    schema_type = "ProfilePage"

    kind = models.CharField(max_length=20, choices=PartnerKind.choices)
    short_name = models.CharField(max_length=40, blank=True, help_text="For example “UHB”.")
    website = models.URLField(blank=True)
    summary = models.TextField(
        max_length=300,
        help_text="One or two sentences that say what the organisation is and what it contributes.",
    )
    story = ContentStreamField(StoryBlock(), blank=True)
    logo = models.ForeignKey(
        SiteImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    logo_permission = models.CharField(
        max_length=250,
        blank=True,
        help_text=(
            "Who gave permission to show the logo, and when. Visitors see the logo only if you "
            "fill this in."
        ),
    )

    themes = ParentalManyToManyField("themes.ThemePage", blank=True, related_name="partners")

    objects = SitePageManager.from_queryset(PartnerQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        NameUsagePanel(heading="Where this name appears"),
        FieldRowPanel(["kind", "short_name"]),
        "summary",
        "website",
        InlinePanel("other_names", label="other name", heading="Other and former names"),
        InlinePanel("events", label="event", heading="Membership"),
        "story",
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("short_name", boost=3),
        index.SearchField("summary", boost=2),
        index.SearchField("story"),
        index.RelatedFields("other_names", [index.SearchField("name", boost=3)]),
        index.RelatedFields("events", [index.SearchField("former_name", boost=3)]),
        index.FilterField("kind"),
        index.FilterField("short_name"),
    ]
    edit_handler = build_tabs(
        content_panels,
        [
            MultiFieldPanel(["logo", "logo_permission"], "Logo"),
            FieldPanel("themes", widget=PageCheckboxSelect),
        ],
    )

    class Meta:
        verbose_name = "partner"

    def permissions_for_user(self, user: Any) -> PartnerPermissions:
        """Return what `user` may do with the page: press officers may not delete it."""
        return PartnerPermissions(user, self)

    def clean(self) -> None:
        """Raise ValidationError if there is a logo, but nobody who permitted its use."""
        super().clean()
        if self.logo and not self.logo_permission:
            raise ValidationError(
                {"logo_permission": "Enter who gave permission to show this logo."}
            )

    @property
    def permitted_logo(self) -> SiteImage | None:
        """Return the logo if its permission is recorded, else None."""
        return self.logo if self.logo_permission else None

    @cached_property
    def names(self) -> list[str]:
        """Return other and former names, in the editor's order."""
        return [other.name for other in self.other_names.all()]

    @cached_property
    def dates(self) -> "list[MembershipEvent]":
        """Return the membership events, in the editor's order."""
        return list(self.events.all())

    @cached_property
    def member(self) -> "Member":
        """Return the names and membership that visitors see: see `get_member`."""
        # The module imports the models of this one.
        from .membership import get_member

        return get_member(self)

    @property
    def events_text(self) -> str:
        """Return the membership events as text, for listings."""
        return "; ".join(str(event) for event in self.dates)

    @property
    def text(self) -> str:
        """Return the plain text of the page, for search and checks."""
        return join_sentences([self.summary, get_plain_text(self.story)])

    def get_name_usage(self) -> NameUsage:
        """Return the pages that show the name: those that follow a change and those that do not."""
        people = PersonPage.objects.filter(person__roles__partner=self.pk)
        listed = [
            page.pk
            for page in people
            if page.listed_role and page.listed_role.partner_id == self.pk
        ]
        following = (
            # It, the list of members and the front page.
            models.Q(pk__in=self.get_ancestors(inclusive=True).values("pk"))
            | models.Q(pk__in=self.reports.values("pk"))
            | models.Q(pk__in=ThemePage.objects.filter(partners=self.pk).values("pk"))
            | models.Q(pk__in=people.values("pk"))
            | pages_and_parents_q(people.filter(pk__in=listed))
        )
        keeping = models.Q(pk__in=self.news.values("pk")) | pages_and_parents_q(self.quotes.all())
        return NameUsage(following, keeping)

    def get_share_image(self) -> Any:
        """Return the logo if its permission is recorded, else None."""
        return self.permitted_logo

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the membership, themes, people, news, reports and quotes."""
        context = super().get_context(request, *args, **kwargs) | {
            "member": self.member,
            "themes": ThemePage.objects.for_page(self),
        }
        if self.pk is None:
            # The preview of a new page, to which nothing can refer.
            return context
        return context | {
            "people": self.get_people(),
            # Reverse relations of models in higher layers, which have the foreign keys.
            "news": paginate_without_count(
                request,
                self.news.model.objects.tagged("partners", self.pk)
                .listed()
                .with_covers()
                .newest_first(),
                10,
                "page",
            ),
            "reports": paginate_without_count(
                request,
                self.reports.model.objects.tagged("partners", self.pk)
                .listed()
                .with_downloads()
                .newest_first(),
                10,
                "reports",
            ),
            "quotes": paginate_without_count(
                request, self.quotes.all().listed().newest_first(), 5, "quotes"
            ),
        }

    def get_people(self) -> list[tuple[Role, str]]:
        """Return the roles held here, current ones first, with the URL of the person or ""."""
        roles = self.roles.filter(person__live=True).select_related("person")
        roles = sorted(roles.order_by("sort_order", "pk"), key=Role.get_recency_key, reverse=True)
        urls = PersonPage.objects.get_urls() if roles else {}
        return [(role, urls.get(role.person_id, "")) for role in roles]

    def build_schema(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the schema.org nodes of the page and the organisation."""
        url = self.get_full_url(request)
        node = {
            "@type": "Organization",
            "@id": f"{url}#organisation",
            "name": self.title,
            "alternateName": [
                *filter(None, [self.short_name]),
                *self.member.other_names,
            ],
            "url": self.website,
            "description": self.summary,
            "memberOf": self._build_membership_nodes(request),
        }
        page = super().build_schema(request)[0] | {"mainEntity": {"@id": node["@id"]}}
        return [page, {key: value for key, value in node.items() if value}]

    def _build_membership_nodes(self, request: HttpRequest) -> dict[str, Any]:
        """Return the membership as schema.org `OrganizationRole`s, with the known days."""
        role: dict[str, Any] = {
            "@type": "OrganizationRole",
            "memberOf": {"@id": get_organisation_id(request)},
        }
        kinds: dict[str, str] = {
            MembershipEvent.Kind.JOINED: "startDate",
            MembershipEvent.Kind.LEFT: "endDate",
        }
        for event in self.member.events:
            if event.kind in kinds and event.iso:
                role[kinds[event.kind]] = event.iso
        return role


class OtherName(Orderable):
    """A name a partner is or was also known by."""

    partner = ParentalKey(PartnerPage, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(max_length=255)

    panels = ["name"]

    def __str__(self) -> str:
        return self.name


class MembershipEvent(UncertainDate, Orderable):
    """A partner joined, left, was renamed or merged, on a day that may be uncertain."""

    class Kind(models.TextChoices):
        """The kinds of events."""

        JOINED = "joined", "Joined"
        LEFT = "left", "Left"
        RENAMED = "renamed", "Renamed"
        MERGED = "merged", "Merged"

    partner = ParentalKey(PartnerPage, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.JOINED)
    order = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="If you know the order, enter it as a number: 7 for the seventh member to join.",
    )
    former_name = models.CharField(
        max_length=255,
        blank=True,
        help_text="If the name changed, enter the name before the change.",
    )
    note = models.CharField(max_length=250, blank=True)

    panels = [
        FieldRowPanel(["kind", "order"]),
        *UncertainDate.date_panels,
        "former_name",
        "note",
    ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.when}".strip()

    @property
    def sentence(self) -> str:
        """Return what happened, for text below its year: “Joined in December 2011.”"""
        happened = f"{self.get_kind_display()} {self.when_beside_year}".strip()
        former = f"It was called {self.former_name} until then" if self.former_name else ""
        return " ".join(f"{part}." for part in (happened, former) if part)
