from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from bhp_site.core.admin.links import get_edit_url
from bhp_site.core.admin.listings import count_rows

from .models import Award, Funder
from .usage import find_pages


class FunderChooserViewSet(SnippetChooserViewSet):
    """The chooser of funders, in which a new one can be added."""

    form_fields = ["name", "short_name", "website", "acknowledgement"]
    creation_tab_label = "New funder"
    create_action_label = "Add this funder"
    create_action_clicked_label = "Adding…"


class FunderViewSet(SnippetViewSet):
    """Funders with how many awards each has."""

    model = Funder
    icon = "pick"
    menu_label = "Funders"
    menu_order = 235
    add_to_admin_menu = True
    chooser_viewset_class = FunderChooserViewSet
    list_display = ["name", "short_name", Column("awards", label="Awards", accessor="award_count")]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the funders with the number of their awards."""
        return Funder.objects.annotate(
            award_count=count_rows(Award.objects.filter(funder=OuterRef("pk")), "funder")
        )


register_snippet(FunderViewSet)


@hooks.register("before_delete_snippet")
def refuse_to_delete_funders_in_use(
    request: HttpRequest, instances: Iterable[Any]
) -> HttpResponse | None:
    """Return a redirect with an error if a page names one of the funders, else None."""
    for funder in instances:
        if isinstance(funder, Funder) and (pages := find_pages(funder=funder.pk)):
            url = get_edit_url(pages[0], request.user)
            messages.error(
                request,
                f"Nothing was deleted. “{pages[0].title}” names the funder “{funder}”. Remove it "
                "there first.",
                [messages.button(url, "Edit the page")] if url else [],
            )
            return redirect(Funder.snippet_viewset.get_url_name("list"))
    return None
