from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Page
from wagtail.search import index

from bhp_site.core.blocks import StoryBlock, get_plain_text
from bhp_site.core.caching.process_cache import cached_until_change
from bhp_site.core.fields import ContentStreamField
from bhp_site.core.latest_publication import get_latest_publication
from bhp_site.core.pages import BasePage, build_tabs
from bhp_site.core.text.dates import KnownDate
from bhp_site.core.text.sentences import join_sentences
from bhp_site.core.visibility import get_visible_pages
from bhp_site.themes.models import ThemeIndexPage, ThemePage
from news.list_images import attach_images
from news.models import NewsIndexPage, NewsPage, QuotePage
from news.quote_pages import attach_announcements
from partners.membership import get_current_members
from partners.models import PartnerIndexPage
from reports.models import ReportIndexPage, ReportPage

from .ways_on import get_ways_on

# The first of them is shown large.
MAX_NEWS = 4
# How many members the front page names; the list of partners has them all.
MAX_MEMBERS = 12


class HomePage(BasePage):
    """The front door: who we are, the latest report, our work, news, a quote, the partners."""

    parent_page_types = ["wagtailcore.Page"]
    max_count = 1
    page_description = "The home page. Shows the latest report and news automatically."
    kind_label = "Home"

    hero = models.TextField(
        "headline",
        default="Birmingham\nHealth\nPartners",
        help_text="Use up to three short lines.",
    )
    intro = models.TextField(
        max_length=300, blank=True, help_text="One or two sentences that say what we do and why."
    )
    button_text = models.CharField(
        max_length=40,
        default="Read our latest report",
        help_text="The text of the button that leads to the latest report.",
    )
    about_link_text = models.CharField(max_length=60, default="What the partnership does")
    about_page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    quote = models.ForeignKey(
        QuotePage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="If you leave this empty, the most recent quote is shown.",
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(["hero", "intro"], "Opening"),
        MultiFieldPanel(
            ["button_text", "about_link_text", FieldPanel("about_page")], "What comes next"
        ),
        PageChooserPanel("quote"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]
    edit_handler = build_tabs(content_panels, [])

    @property
    def hero_lines(self) -> list[str]:
        """Return the lines of the large text at the top."""
        return [line.strip() for line in self.hero.splitlines() if line.strip()]

    @property
    def description(self) -> str:
        """Return the text for search engines and shared links."""
        return self.search_description or self.intro

    @property
    def text(self) -> str:
        """Return the plain text of the page, for search and checks."""
        return join_sentences([self.hero, self.intro])

    @property
    def last_updated(self) -> KnownDate | None:
        """Return the date on which a page of the site was last published; None if none was."""
        return get_latest_publication(self)

    @property
    def card_text(self) -> tuple[str, str, str]:
        """Return the text of the card for shared links."""
        return "", self.hero, ""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the latest report and news, and a quote."""
        return (
            super().get_context(request, *args, **kwargs)
            | {
                "latest_report": ReportPage.objects.listed()
                .newest_first()
                .with_downloads()
                .first(),
                "news": attach_images(
                    NewsPage.objects.listed().newest_first().with_covers()[:MAX_NEWS]
                ),
                "quote": self.get_front_quote(),
                "about": cached_until_change(
                    f"home:about:{self.about_page_id}", self._find_about_page
                ),
            }
            | self.get_cached_context()
        )

    def _find_about_page(self) -> Page | None:
        """Return the page the second link leads to, while visitors may read it."""
        return get_visible_pages().filter(pk=self.about_page_id).first()

    def get_front_quote(self) -> QuotePage | None:
        """Return the quote that an editor chose if it is visible, else the most recent one.

        It comes with its announcement.
        """
        quotes = QuotePage.objects.listed().newest_first()
        if self.quote_id:
            quotes = quotes.order_by(
                models.Case(models.When(pk=self.quote_id, then=0), default=1), "-date", "-pk"
            )
        return next(iter(attach_announcements(quotes[:1])), None)

    def get_cached_context(self) -> dict[str, Any]:
        """Return members, priorities and index URLs, cached until a change or midnight."""
        # The members can change with the day.
        context: dict[str, Any] = cached_until_change(
            f"home:{timezone.localdate()}", self._build_cached_context
        )
        return context

    def _build_cached_context(self) -> dict[str, Any]:
        """Return the template context of members, priorities and index URLs."""
        indexes = (PartnerIndexPage, ReportIndexPage, NewsIndexPage, ThemeIndexPage)
        index_pages = ((index, index.objects.visible().first()) for index in indexes)
        members = get_current_members()
        return {
            "partners": members[:MAX_MEMBERS],
            "more_partners": max(0, len(members) - MAX_MEMBERS),
            "priorities": ThemePage.get_current_priorities(),
            "urls": {i._meta.app_label: page.get_url() for i, page in index_pages if page},
        }

    def build_schema(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the schema.org nodes of the site and its organisation."""
        url = self.get_full_url(request)
        return [
            {
                "@type": "WebSite",
                "@id": f"{url}#website",
                "url": url,
                "name": self.title,
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": f"{url}search/?q={{search_term_string}}",
                    "query-input": "required name=search_term_string",
                },
            },
            {
                "@type": "Organization",
                "@id": request.build_absolute_uri("/#organisation"),
                "member": [
                    {"@type": "Organization", "name": member.name, "url": member.website}
                    for member in self.get_cached_context()["partners"]
                ],
            },
        ]


class StandardPage(BasePage):
    """About, privacy, contact and the like."""

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]
    page_description = "A page of text, such as “About us” or “Privacy”."

    summary = models.CharField(
        max_length=250, blank=True, help_text="One sentence below the heading."
    )
    body = ContentStreamField(StoryBlock(), blank=True)

    content_panels = [*BasePage.content_panels, "summary", "body"]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
    ]
    edit_handler = build_tabs(content_panels, [])

    class Meta:
        verbose_name = "standard page"

    @property
    def text(self) -> str:
        """Return the plain text of the page, for search and checks."""
        return join_sentences([self.summary, get_plain_text(self.body)])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the template's context with visible subpages and, on “About us”, ways on."""
        return super().get_context(request, *args, **kwargs) | {
            "subpages": get_visible_pages().child_of(self),
            "ways_on": get_ways_on() if self.is_about else [],
        }

    @property
    def is_about(self) -> bool:
        """Return True if the front page leads to this page as the one about the partnership."""
        return self.pk is not None and self.pk in cached_until_change(
            "home:about-pages", lambda: set(HomePage.objects.values_list("about_page", flat=True))
        )
