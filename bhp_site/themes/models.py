"""What the partnership works on: themes and priorities, which are renamed and retired over time."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import InlinePanel
from wagtail.models import Orderable
from wagtail.search import index
from wagtail.url_routing import RouteResult

from bhp_site.core.admin.name_usage import HasUsage, NameUsage, NameUsagePanel
from bhp_site.core.blocks import StoryBlock, get_plain_text
from bhp_site.core.caching.process_cache import cached_until_change
from bhp_site.core.fields import ContentStreamField
from bhp_site.core.pages import BasePage, IndexPage, build_tabs
from bhp_site.core.paging import paginate_without_count
from bhp_site.core.text.date_phrases import DateRange, describe_dates
from bhp_site.core.text.dates import Precision, get_first_day, get_last_day
from bhp_site.core.text.sentences import join_list, join_sentences
from bhp_site.core.visibility import SitePageManager, SitePageQuerySet

# Of each kind, on the page of a theme that nothing is tagged with.
MAX_LATEST = 3


class ThemeIndexPage(IndexPage):
    """The one list of themes and priorities."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["themes.ThemePage"]
    page_description = "Lists the themes and priorities of the partnership."

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Return the route of a page below; a former name of a theme redirects. Raise Http404."""
        try:
            return super().route(request, path_components)
        except Http404:
            former = ThemePage.objects.visible().child_of(self)
            theme = former.filter(former_names__slug__in=path_components[:1]).first()
            if theme is None or len(path_components) > 1:
                raise
            return RouteResult(self, kwargs={"renamed": theme})

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the page, or a redirect (301) to the theme that had the requested name."""
        if renamed := kwargs.pop("renamed", None):
            return HttpResponsePermanentRedirect(renamed.get_url(request))
        return super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the current themes by kind, and the past ones."""
        themes = [theme for theme in ThemePage.get_visible_themes() if theme.is_child_of(self)]
        present = [theme for theme in themes if not theme.is_past]
        kinds = (
            (name, [theme for theme in present if theme.kind == kind])
            for kind, name in PLURALS.items()
        )
        return super().get_context(request, *args, **kwargs) | {
            "kinds": [(name, group) for name, group in kinds if group],
            "past": [theme for theme in themes if theme.is_past],
        }


class ThemeKind(models.TextChoices):
    PRIORITY = "priority", "Priority"
    THEME = "theme", "Theme"


PLURALS = {ThemeKind.PRIORITY: "Priorities", ThemeKind.THEME: "Themes"}


class ThemeQuerySet(SitePageQuerySet):
    def for_page(self, page: Any) -> "ThemeQuerySet":
        """Return the visible themes of `page`; in a preview those of the draft."""
        themes = self.visible().to_link()
        if page.is_being_previewed:
            return themes.filter(pk__in=[theme.pk for theme in page.themes.all()])
        field: Any = page._meta.get_field("themes")
        return themes.filter(**{field.remote_field.related_name: page.pk})


class ThemePage(HasUsage, BasePage):
    """One theme or priority, with everything that is about it."""

    parent_page_types = ["themes.ThemeIndexPage"]
    parameters = ("page", "reports")
    subpage_types: list[str] = []
    page_description = "A theme or priority. Lists the news, reports and partners that have it."
    schema_type = "CollectionPage"

    kind = models.CharField(max_length=10, choices=ThemeKind.choices, default=ThemeKind.THEME)
    summary = models.CharField(
        max_length=250, blank=True, help_text=("One sentence that says what it covers.")
    )
    story = ContentStreamField(StoryBlock(), null=True, blank=True)
    retired = models.DateField(
        "end date",
        null=True,
        blank=True,
        help_text="When the partnership stopped working on it. Pages that have this theme keep it.",
    )

    objects = SitePageManager.from_queryset(ThemeQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        NameUsagePanel(heading="Where this name appears"),
        "kind",
        "summary",
        "story",
        InlinePanel("former_names", label="former name", heading="Former names"),
        "retired",
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("story"),
        index.RelatedFields("former_names", [index.SearchField("name", boost=3)]),
        index.FilterField("kind"),
        index.FilterField("retired"),
    ]
    edit_handler = build_tabs(content_panels, [])

    class Meta:
        verbose_name = "theme"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the partners, reports and news of the theme."""
        names = {"former_names": [former.name for former in self.former_names.all()]}
        context = super().get_context(request, *args, **kwargs) | names
        if self.pk is None:
            # The preview of a new page, to which nothing can refer.
            return context
        # Reverse relations of models in higher layers, which have the foreign keys.
        context |= {
            "partners": self.partners.all().visible().order_by("title"),
            "reports": paginate_without_count(
                request,
                self.reports.model.objects.tagged("themes", self.pk)
                .listed()
                .with_downloads()
                .newest_first(),
                10,
                "reports",
            ),
            "news": paginate_without_count(
                request,
                self.news.model.objects.tagged("themes", self.pk)
                .listed()
                .with_covers()
                .newest_first(),
                10,
                "page",
            ),
            "other_themes": [theme for theme in self.get_current_themes() if theme.pk != self.pk],
        }
        if context["reports"] or context["news"]:
            return context
        return context | {"latest": self.get_latest_pages()}

    @classmethod
    def get_visible_themes(cls) -> list["ThemePage"]:
        """Return all themes and priorities without their stories, in the editors' order.

        They are cached until a change.
        """
        themes: list[ThemePage] = cached_until_change(
            "themes", lambda: list(cls.objects.visible().defer_streamfields().order_by("path"))
        )
        return themes

    @classmethod
    def get_current_themes(cls) -> list["ThemePage"]:
        """Return the current themes and priorities without their stories, in the editors' order."""
        return [theme for theme in cls.get_visible_themes() if not theme.is_past]

    @classmethod
    def get_current_priorities(cls) -> list["ThemePage"]:
        """Return the current priorities; all current themes if none of them is a priority."""
        themes = cls.get_current_themes()
        return [theme for theme in themes if theme.kind == ThemeKind.PRIORITY] or themes

    def get_latest_pages(self) -> list[tuple[str, list[BasePage]]]:
        """Return a heading and the latest pages for reports and news, for a theme without any."""
        reports = self.reports.model.objects.listed().with_downloads()
        news = self.news.model.objects.listed().with_covers()
        lists = (("Latest reports", reports), ("Latest news", news))
        latest = ((heading, pages.newest_first()[:MAX_LATEST]) for heading, pages in lists)
        return [(heading, list(pages)) for heading, pages in latest if pages]

    @property
    def is_past(self) -> bool:
        """Return True if the theme has been retired by today."""
        return self.retired is not None and self.retired <= timezone.localdate()

    @property
    def until(self) -> str:
        """Return until when it is or was a theme, to the month: “until May 2020”; "" if open."""
        if self.retired is None:
            return ""
        month = DateRange(
            get_first_day(self.retired, Precision.MONTH),
            get_last_day(self.retired, Precision.MONTH),
        )
        return describe_dates(DateRange(), month)

    @property
    def kind_label(self) -> str:  # type: ignore[override]
        """Return the kind's label for visitors."""
        return self.get_kind_display()

    def get_name_usage(self) -> NameUsage:
        """Return the pages that show the name: those tagged with it, and those of themes."""
        tagged = (
            models.Q(pk__in=self.news.values("pk"))
            | models.Q(pk__in=self.reports.values("pk"))
            | models.Q(pk__in=self.partners.values("pk"))
        )
        return NameUsage(tagged | models.Q(pk__in=[self.pk, self.get_parent().pk]))

    @property
    def text(self) -> str:
        """Return the plain text of the page, for search and checks."""
        former = join_list(name.name for name in self.former_names.all())
        story = get_plain_text(self.story)
        return join_sentences([self.summary, f"Formerly {former}" if former else "", story])


class FormerName(Orderable):
    """A former name of a theme; its address redirects to the theme."""

    theme = ParentalKey(ThemePage, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=150)
    slug = models.SlugField(max_length=150, editable=False)

    panels = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the name with the slug made from it, by which `ThemeIndexPage` finds it."""
        self.slug = slugify(self.name)[:150]
        super().save(*args, **kwargs)
