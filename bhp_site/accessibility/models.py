import datetime
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from bhp_site.core.caching.process_cache import cached_until_change
from bhp_site.core.fields import ContentStreamField
from bhp_site.core.pages import BasePage, build_tabs
from bhp_site.core.paging import paginate_without_count
from bhp_site.enquiries.models import ANSWER_WORKING_DAYS

from .blocks import ProblemsBlock, of_kind
from .confirmation import Confirmation
from .inventory import SINCE, Inventory, inventory
from .panels import ListedFilesPanel

__all__ = ["AccessibilityStatementPage", "Confirmation"]

# Files that the statement shows at once.
SHOWN = 25


class AccessibilityStatementPage(BasePage):
    """The statement that the law asks for; which files have problems, it finds out by itself."""

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
    parameters = ("files",)
    page_description = "The accessibility statement that the law asks for, with a list of files."

    summary = models.CharField(
        max_length=250, blank=True, help_text="One sentence below the heading."
    )
    intro = RichTextField(
        "what people can do",
        blank=True,
        help_text="What everybody should be able to do on this site, for example enlarge the text "
        "or use a keyboard alone.",
    )
    scope = RichTextField(
        "what else to say of its scope",
        blank=True,
        help_text="The statement names this site and who runs it. Add, for example, a part that "
        "has a statement of its own.",
    )
    fails_mostly = models.BooleanField(
        "most requirements are not met",
        default=False,
        help_text="The statement then says “not compliant”. Otherwise it says “partially "
        "compliant” while it lists any problem.",
    )
    problems = ContentStreamField(
        ProblemsBlock(),
        blank=True,
        help_text="What you know of besides the files, which are listed by themselves.",
    )
    contact = RichTextField(
        "how to reach us",
        blank=True,
        help_text="Telephone, postal address, British Sign Language. The e-mail address of the "
        "site settings is shown anyway.",
    )
    improving = RichTextField(
        "what we do to improve", blank=True, help_text="What is planned, and by when."
    )
    testing = RichTextField(
        "how it was tested",
        blank=True,
        help_text="Who tested which pages, in which way and with what. The law asks for it.",
    )
    tested_on = models.DateField("last tested", null=True, blank=True)
    prepared_on = models.DateField("first prepared", default=datetime.date.today)

    content_panels = [
        *BasePage.content_panels,
        ListedFilesPanel(heading="Files with problems"),
        MultiFieldPanel(["summary", "intro", "scope"], "Opening"),
        MultiFieldPanel(["fails_mostly", FieldPanel("problems")], "What is not accessible"),
        MultiFieldPanel(["contact"], "Feedback and contact"),
        MultiFieldPanel(
            ["improving", "testing", FieldRowPanel(["tested_on", "prepared_on"])],
            "How it was prepared",
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("intro"),
        index.SearchField("problems"),
        index.SearchField("testing"),
    ]
    edit_handler = build_tabs(content_panels, [])

    class Meta:
        verbose_name = "accessibility statement"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = inventory()
        reviewed = cached_until_change("accessibility:reviewed", _last_confirmed)
        return super().get_context(request, *args, **kwargs) | {
            "inventory": found,
            "serious": sum(file.is_serious for file in found.found),
            "files": paginate_without_count(request, found.within, SHOWN, "files"),
            "exempt_files": found.exempt[:SHOWN],
            "since": SINCE,
            "reply_days": ANSWER_WORKING_DAYS,
            "reviewed_on": max(filter(None, [reviewed, self.prepared_on])),
            **self.standing(found),
        }

    def standing(self, found: Inventory) -> dict[str, Any]:
        """How far the site complies, in the law's words, and the problems of each kind."""
        kinds = {kind: of_kind(self.problems, kind) for kind in ("failing", "burden", "exempt")}
        fails = bool(found.within or kinds["failing"] or kinds["burden"])
        exempts = bool(found.exempt or kinds["exempt"])
        causes = [
            *(["non-compliances"] if fails else []),
            *(["exemptions"] if exempts else []),
        ]
        some = "partially compliant" if causes else "fully compliant"
        return kinds | {
            "status": "not compliant" if self.fails_mostly else some,
            "causes": " and the ".join(causes),
        }


def _last_confirmed() -> datetime.date | None:
    last = Confirmation.objects.values_list("created_at", flat=True).first()
    return timezone.localdate(last) if last else None
