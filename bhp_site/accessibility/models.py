"""The page type of the accessibility statement."""

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

from .blocks import ProblemsBlock, get_problems
from .confirmation import Confirmation
from .inventory import REGULATIONS_DATE, Inventory, get_inventory
from .panels import ListedDocumentsPanel

__all__ = ["AccessibilityStatementPage", "Confirmation"]

DOCUMENTS_PER_PAGE = 25


class AccessibilityStatementPage(BasePage):
    """The accessibility statement that the law requires. It lists documents with problems."""

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
    parameters = ("files",)
    page_description = (
        "The accessibility statement that the law requires, with a list of documents."
    )

    summary = models.CharField(
        max_length=250, blank=True, help_text="One sentence below the heading."
    )
    intro = RichTextField(
        "what people can do",
        blank=True,
        help_text=(
            "What people can do on this site, for example enlarge the text or use only a keyboard."
        ),
    )
    scope = RichTextField(
        "more about the scope",
        blank=True,
        help_text=(
            "The statement already names this site and who runs it. Add anything else, for "
            "example a part of the site that has its own statement."
        ),
    )
    not_compliant = models.BooleanField(
        "most requirements are not met",
        default=False,
        help_text=(
            "Select this for a site that fails most requirements. The statement then says “not "
            "compliant”. Otherwise it says “partially compliant” while it lists any problem."
        ),
    )
    problems = ContentStreamField(
        ProblemsBlock(),
        blank=True,
        help_text="Problems that you know about. Documents with problems are listed automatically.",
    )
    contact = RichTextField(
        "how to contact us",
        blank=True,
        help_text=(
            "For example a phone number, a postal address or a British Sign Language service. The "
            "e-mail address from the site settings is always shown."
        ),
    )
    improving = RichTextField(
        "what we are doing to improve", blank=True, help_text="What you plan to do, and by when."
    )
    testing = RichTextField(
        "how it was tested",
        blank=True,
        help_text="Who tested the site, which pages, and how. The law requires this.",
    )
    tested_on = models.DateField("last tested", null=True, blank=True)
    prepared_on = models.DateField("first prepared", default=datetime.date.today)

    content_panels = [
        *BasePage.content_panels,
        ListedDocumentsPanel(heading="Documents with problems"),
        MultiFieldPanel(["summary", "intro", "scope"], "Opening"),
        MultiFieldPanel(["not_compliant", FieldPanel("problems")], "Problems"),
        MultiFieldPanel(["contact"], "Feedback and contact"),
        MultiFieldPanel(
            ["improving", "testing", FieldRowPanel(["tested_on", "prepared_on"])],
            "Testing and preparation",
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
        """Return the context with the inventory, its counts and one page of its documents."""
        inventory = get_inventory()
        confirmed_on = cached_until_change("accessibility:reviewed", _get_last_confirmation_date)
        return super().get_context(request, *args, **kwargs) | {
            "inventory": inventory,
            "serious_count": sum(document.is_serious for document in inventory.documents),
            "documents": paginate_without_count(
                request, inventory.in_scope, DOCUMENTS_PER_PAGE, "files"
            ),
            "exempt_documents": inventory.exempt[:DOCUMENTS_PER_PAGE],
            "regulations_date": REGULATIONS_DATE,
            "reply_days": ANSWER_WORKING_DAYS,
            "reviewed_on": max(filter(None, [confirmed_on, self.prepared_on])),
            **self.get_compliance(inventory),
        }

    def get_compliance(self, inventory: Inventory) -> dict[str, Any]:
        """Return the compliance status in the terms of the law, and the problems of each kind."""
        kinds = {
            kind: get_problems(self.problems, kind) for kind in ("failing", "burden", "exempt")
        }
        is_failing = bool(inventory.in_scope or kinds["failing"] or kinds["burden"])
        has_exemptions = bool(inventory.exempt or kinds["exempt"])
        causes = [
            *(["non-compliances"] if is_failing else []),
            *(["exemptions"] if has_exemptions else []),
        ]
        status = "partially compliant" if causes else "fully compliant"
        return kinds | {
            "status": "not compliant" if self.not_compliant else status,
            "causes": " and the ".join(causes),
        }


def _get_last_confirmation_date() -> datetime.date | None:
    last = Confirmation.objects.values_list("created_at", flat=True).first()
    return timezone.localdate(last) if last else None
