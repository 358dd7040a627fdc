import itertools
import re
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from modelcluster.models import get_all_child_relations
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.log_actions import LogContext
from wagtail.models import Page, PageViewRestriction, Revision
from wagtail.search import index

from bhp_site.tasks.transactional import leave_reference_index_to_caller

from .admin.page_policy import SitePagePermissions
from .admin.update_panel import UnpublishingPanel, UpdatePanel
from .aliases import refuse_alias
from .caching.cacheable import mark_cacheable, may_be_signed_in
from .caching.invalidation import content_changing, update_reference_index
from .latest_publication import get_latest_publication
from .page_forms import CopyPageForm, SitePageForm
from .page_updates import MAX_NOTE_CHARACTERS, UpdateKind, UpdateNote, UpdatesColumn, get_updates
from .paging import get_page_number
from .publishing.live_revisions import ensure_live_revision
from .publishing.publication import current_publication
from .publishing.rules import get_schedule_refusal
from .schema import build_breadcrumbs, get_trail
from .share_images import ShareImage, build_share_image
from .site_address import get_root_url
from .text.dates import KnownDate
from .unpublishing import (
    MAX_REASON_CHARACTERS,
    WITHDRAWAL_ANNOTATIONS,
    Outcome,
    Withdrawal,
    get_withdrawal,
)
from .visibility import SitePageManager, has_view_restriction

# Fields that routing loads of the pages above the requested one.
ROUTING_FIELDS = ("title", "slug", "path", "depth", "url_path", "live", "alias_of", "content_type")
# Annotations by name of the query that finds a page. Other apps add theirs.
routing_annotations: dict[str, Any] = {"update_rows": UpdatesColumn(), **WITHDRAWAL_ANNOTATIONS}
FOREIGN_KEYS_OF_WAGTAIL = {
    "alias_of",
    "content_type",
    "latest_revision",
    "live_revision",
    "locale",
    "locked_by",
    "owner",
}
# What `<slug:…>` in `bhp_site.urls` finds; Wagtail's own form takes letters of every script.
SLUG = re.compile(r"[-a-zA-Z0-9_]+")
SLUG_REFUSAL = (
    "Use only the letters a to z without accents, digits, hyphens and underscores in the address."
)


class BasePage(Page):
    """The base of all page types: its updates, its place in search, its data for machines."""

    # A complete save sends `content_changing` itself, once inline rows are written.
    sends_content_changing = True

    # Of the next publication: see `publishing.updates.record_update`.
    update_kind = models.CharField(
        "kind of update",
        max_length=10,
        choices=UpdateKind.choices,
        default=UpdateKind.MINOR,
        db_default=UpdateKind.MINOR,
    )
    update_note = models.CharField(
        "what changed",
        max_length=MAX_NOTE_CHARACTERS,
        blank=True,
        db_default="",
        help_text=(
            "For a major update or a correction: one sentence for readers, such as “Corrected the "
            "number of patients on page 4”. It stays listed on the page with its date."
        ),
    )

    review_by = models.DateField(
        "review date",
        null=True,
        blank=True,
        help_text=(
            "The date by which somebody should check that the page is still correct. On that date "
            "the last person who edited it gets an e-mail."
        ),
    )

    # What visitors get once the page has expired; empty for “Page not found”.
    expiry_outcome = models.CharField(
        "what visitors get",
        max_length=10,
        choices=Outcome.choices,
        blank=True,
        db_default="",
    )
    expiry_reason = models.CharField(
        "reason",
        max_length=MAX_REASON_CHARACTERS,
        blank=True,
        db_default="",
        help_text="For a notice or a withdrawn page: one sentence that visitors see.",
    )
    expiry_target = models.ForeignKey(
        Page,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="page that visitors are sent to",
    )

    objects = SitePageManager()
    base_form_class = SitePageForm
    copy_form_class = CopyPageForm
    # A copy has no readers yet who could be told of an update.
    exclude_fields_in_copy = ["update_kind", "update_note"]

    # The query parameters that the page reads.
    parameters: tuple[str, ...] = ()

    # True for a page about a date, which is not updated after its publication.
    is_record = False

    # Whether this is a draft shown to an editor rather than the published page.
    is_being_previewed = False
    # Set by `route`, whose query covers restrictions. It always equals Wagtail's own result: see
    # tests/core/test_visibility_trees.py.
    _known_unrestricted = False

    # schema.org type of the page, for `build_schema`.
    schema_type = "WebPage"
    # What a listing and a search result call this page.
    kind_label = "Page"
    # Open Graph type.
    og_type = "website"

    # As high as the title is long: of a title in one line, only the beginning would be seen.
    content_panels: list[Any] = [
        TitleFieldPanel(
            "title",
            help_text="Visitors see it as the heading of the page.",
            widget=AdminAutoHeightTextInput,
        )
    ]
    settings_panels: list[Any] = [
        # Scheduling and comments.
        *Page.settings_panels,
        MultiFieldPanel(
            ["expiry_outcome", "expiry_reason", "expiry_target"],
            "When the page expires",
            help_text="For a page with an expiry date in its schedule.",
            classname="collapsed",
        ),
        MultiFieldPanel(["review_by"], "Review"),
    ]
    promote_panels: list[Any] = [
        MultiFieldPanel(
            [
                FieldPanel("slug", help_text="The last part of the page’s address."),
                FieldPanel(
                    "seo_title",
                    help_text=(
                        "The title for search engines. If you leave this empty, they use the "
                        "title of "
                        "the page."
                    ),
                ),
                FieldPanel(
                    "search_description",
                    help_text=(
                        "One sentence for search engines and shared links. If you leave this "
                        "empty, the summary is used."
                    ),
                ),
                "show_in_menus",
            ],
            "Address and search engines",
        ),
    ]

    class Meta:
        abstract = True

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Return the page below this one at an address, with one query for all pages on the way.

        Raise Http404 for everything below a page that is not live: Wagtail looks at the last page
        only. Raise it for aliases too, see `save`.
        """
        if not self.live:
            raise Http404
        way = self._get_path_pages(path_components)
        if not way:
            return super().route(request, path_components)
        if not all(page.live and page.alias_of_id is None for page in way):
            raise Http404
        target = way[-1].specific
        target._cached_parent_obj = way[-2] if len(way) > 1 else self
        target._known_unrestricted = not way[-1].restricted
        # The remaining components may be a path that the page routes itself.
        return target.route(request, path_components[len(way) :])

    def _get_path_pages(self, path_components: list[str]) -> list[Page]:
        """Return the pages on the way from this one to the one that `path_components` name.

        The way ends early where there is no such page.
        """
        if not path_components:
            return []
        steps = itertools.accumulate(path_components, lambda way, slug: f"{way}{slug}/", initial="")
        urls = [f"{self.url_path}{step}" for step in steps][1:]
        # `slug` is what the database has an index of.
        pages = Page.objects.filter(slug__in=path_components, url_path__in=urls).only(
            *ROUTING_FIELDS
        )
        pages = pages.annotate(restricted=has_view_restriction(), **routing_annotations)
        pages_by_path = {page.url_path: page for page in pages}
        way = [pages_by_path[url] for url in itertools.takewhile(pages_by_path.__contains__, urls)]
        for above, below in itertools.pairwise([self, *way]):
            below._cached_parent_obj = above
        return way

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Return the view restrictions of this page and its ancestors, found by its path."""
        if self.alias_of_id:
            return super().get_view_restrictions()
        if self._known_unrestricted:
            return PageViewRestriction.objects.none()
        steps = range(self.steplen, len(self.path) + 1, self.steplen)
        return PageViewRestriction.objects.filter(page__path__in=[self.path[:n] for n in steps])

    def _has_view_restrictions(self) -> bool:
        """Return True if `get_view_restrictions` finds any; without a query if `route` looked."""
        return not self._known_unrestricted and self.get_view_restrictions().exists()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the response, with its `Cache-Control`; unknown query parameters are ignored.

        A public page is marked as cacheable under its canonical path only.
        """
        parameters = {name: request.GET.getlist(name) for name in self.parameters}
        request.GET = QueryDict(urlencode(parameters, doseq=True))  # type: ignore[assignment]
        response = super().serve(request, *args, **kwargs)
        public = not may_be_signed_in(request) and not self._has_view_restrictions()
        control = settings.PUBLIC_CACHE_CONTROL if public else "private, no-store"
        response.headers["Cache-Control"] = control
        # Other ways to write its address are as many as anybody likes to make up.
        is_canonical = request.path == self.get_address(request, *args, **kwargs)
        if public and is_canonical and self.has_known_values(request.GET):
            mark_cacheable(request, self.parameters)
        return response

    def has_known_values(self, query: QueryDict) -> bool:
        """Return True if the values of the `query` are among those that the site links to.

        The page cache does not store other responses, which may be as many as anybody makes up.
        """
        return True

    def get_url_parts(self, request: Any = None) -> Any:
        """Return Wagtail's parts of the URL, with the scheme of SITE_URL on whatever port."""
        parts = super().get_url_parts(request)
        return parts and (parts[0], parts[1] and get_root_url(parts[1]), parts[2])

    def get_address(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """Return the canonical path of what `serve` returns for the same arguments."""
        return self.get_url(request) or ""

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """Return the response of a preview; `is_being_previewed` is True while it renders."""
        self.is_being_previewed = True
        return super().serve_preview(request, mode_name)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with schema.org nodes, description, share image and page number."""
        return super().get_context(request, *args, **kwargs) | {
            "schema": self.build_schema_nodes(request, *args, **kwargs),
            "description": self.description,
            "share_image": self.build_share_image(request),
            # Of a list shown in parts.
            "number": get_page_number(request),
        }

    def build_schema_nodes(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> list[dict[str, Any]]:
        """Return schema.org nodes of what is shown for these arguments, and the breadcrumbs."""
        return [*self.build_schema(request), build_breadcrumbs(self, request)]

    @property
    def description(self) -> str:
        """Return one sentence about the page, for search engines and shared links."""
        return self.search_description or getattr(self, "summary", "") or ""

    @property
    def text(self) -> str:
        """Return the text of the page without markup, for search excerpts."""
        return self.description

    @cached_property
    def updates(self) -> list[UpdateNote]:
        """Return the major updates of the page, the latest first."""
        return get_updates(self)

    @property
    def corrections(self) -> list[UpdateNote]:
        """Return the updates that are shown at the top of the page, the latest first."""
        return [update for update in self.updates if update.is_correction]

    @property
    def latest_update(self) -> UpdateNote | None:
        """Return the last major update if it is no correction, which is shown anyway."""
        return self.updates[0] if self.updates and not self.updates[0].is_correction else None

    @cached_property
    def withdrawal(self) -> Withdrawal | None:
        """Return the notice that the page, or a page above it, is withdrawn; None without one.

        Only records can be withdrawn.
        """
        return get_withdrawal(self) if self.is_record else None

    @property
    def first_published(self) -> KnownDate | None:
        """Return the date of the first publication; None for a page never published."""
        first = self.first_published_at or self.last_published_at
        return KnownDate(timezone.localdate(first)) if first else None

    @property
    def last_updated(self) -> KnownDate | None:
        """Return the date of the last major update, else of the first publication.

        None for a page that has never been published.
        """
        return self.updates[0].date if self.updates else self.first_published

    @cached_property
    def trail(self) -> list[Page]:
        """Return the pages above this one, home first."""
        return get_trail(self)

    def get_share_image(self) -> Any:
        """Return the image for shared links to this page; None for the site's default."""
        return None

    def build_share_image(self, request: HttpRequest) -> ShareImage | None:
        """Return `get_share_image` as JPEG with an absolute URL; None if there is none."""
        image = build_share_image(self.get_share_image())
        return image.make_absolute(request) if image else None

    @property
    def card_text(self) -> tuple[str, str, str]:
        """Return the text of its sharing card: kind, title, and a last line such as a date."""
        kind = "" if self.kind_label == BasePage.kind_label else self.kind_label
        return kind, self.title, getattr(self, "published", "")

    def build_schema(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return schema.org nodes about the page, plain data that `json_ld` serialises."""
        node = {
            "@type": self.schema_type,
            "@id": f"{self.get_full_url(request)}#page",
            "url": self.get_full_url(request),
            "name": self.title,
            "description": self.description,
            "inLanguage": "en-GB",
        }
        if self.updates:
            node["dateModified"] = self.updates[0].date.iso
        if self.withdrawal:
            node["creativeWorkStatus"] = "Withdrawn"
        if self.corrections:
            node["correction"] = [
                {
                    "@type": "CorrectionComment",
                    "text": correction.note,
                    "datePublished": correction.date.iso,
                }
                for correction in self.corrections
            ]
        return [node]

    def permissions_for_user(self, user: Any) -> SitePagePermissions:
        """Return what `user` may do with the page."""
        return SitePagePermissions(user, self)

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> Any:
        """Publish `revision` in one transaction, so that a refusal undoes all of it.

        Everything published with the page is logged for `user`. Return what Wagtail's `publish`
        returns; raise PublishingRefused.
        """
        context = LogContext(user=user) if user else nullcontext()
        with transaction.atomic(), context:
            publication = current_publication()
            if publication.user and (refusal := get_schedule_refusal(self)):
                raise refusal
            ensure_live_revision(self, revision)
            return super().publish(revision, user=user, **kwargs)

    def clean_fields(self, exclude: Iterable[str] | None = None) -> None:
        """Raise ValidationError for invalid fields, except foreign keys that Wagtail sets.

        The database checks those, and Django would ask for the row of each beforehand.
        """
        super().clean_fields({*(exclude or ()), *FOREIGN_KEYS_OF_WAGTAIL})

    def clean(self) -> None:
        """Raise ValidationError for an address with letters that citations cannot hold."""
        super().clean()
        if self.slug and not SLUG.fullmatch(self.slug):
            raise ValidationError({"slug": SLUG_REFUSAL})

    def create_alias(self, **kwargs: Any) -> Any:
        """Raise AliasRefused instead of returning an alias: see `bhp_site.core.aliases`."""
        refuse_alias()

    def update_aliases(self, **kwargs: Any) -> None:
        """Do nothing: Wagtail would publish aliases even if their source is only scheduled."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the page and its dependent rows; raise AliasRefused for a new alias.

        Forms, actions and APIs that create an alias all call this. When all rows are written, the
        indexes are updated once: that of references in the same transaction, that of the search
        after the commit.
        """
        if self.alias_of_id and self._state.adding:
            refuse_alias()
        if kwargs.get("update_fields") is not None:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            with leave_reference_index_to_caller(list_saved_models(type(self))):
                super().save(*args, **kwargs)
            # Wagtail's own signals did not see the inline rows.
            update_reference_index(self)
            if self.live:
                content_changing.send(type(self), instance=self, action="save")


def build_tabs(
    content: list[Any],
    more: list[Any],
    page: type[Page] = BasePage,
    others: Iterable[ObjectList] = (),
) -> TabbedInterface:
    """Return the editor's tabs: “Content”, `others`, and “More” with the panels `more`.

    “Content” ends with the choice of a minor or major update, next to the buttons. “More” ends
    with the settings and promote panels of the page type `page`.
    """
    return TabbedInterface(
        [
            ObjectList([UnpublishingPanel(), *content, UpdatePanel()], heading="Content"),
            *others,
            ObjectList([*more, *page.settings_panels, *page.promote_panels], heading="More"),
        ]
    )


def list_saved_models(page_type: type[Page]) -> tuple[type[models.Model], ...]:
    """Return the models whose rows are saved with a page: the page type and its inline rows."""
    relations = get_all_child_relations(page_type)
    return page_type, *(relation.related_model for relation in relations)


def get_child_relation_names(model: type[Page]) -> list[str]:
    """Return the accessor names of the inline rows of a page type, such as “chapters”."""
    return [
        relation.get_accessor_name()
        for relation in get_all_child_relations(model)
        if relation.related_model._meta.app_label != "wagtailcore"
    ]


class IndexPage(BasePage):
    """The one list of something: a heading, a sentence, and what the pages below it are."""

    max_count = 1
    schema_type = "CollectionPage"

    summary = models.CharField(
        max_length=250, blank=True, help_text="One sentence below the heading."
    )

    content_panels = [*BasePage.content_panels, "summary"]
    search_fields = [*BasePage.search_fields, index.SearchField("summary")]
    edit_handler = build_tabs(content_panels, [])

    class Meta:
        abstract = True

    @property
    def last_updated(self) -> KnownDate | None:
        """Return the date on which this page, or one below it, last changed for readers."""
        return get_latest_publication(self)
