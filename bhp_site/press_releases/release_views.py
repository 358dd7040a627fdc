"""The list of releases, and the screen of each."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page
from wagtail.permissions import policy_registry

from bhp_site.core.publishing import second_person
from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.text.dates import format_public_time, format_uk_time
from news.embargo import get_release_url
from news.models import Release

from . import actions
from .overview import ReleaseOverview
from .permissions import may_add_announcement
from .release_forms import AddForm, EmbargoForm, ReasonForm, RemoveForm, ScheduleForm, StartForm

RELEASES_PER_PAGE = 25
BAD_FORM = "Nothing was changed."


def find_releases(user: Any) -> Any:
    """Return the releases whose announcements `user` may edit: first what is to be published."""
    policy = policy_registry.get_by_type(Page)
    editable = policy.instances_user_has_permission_for(user, "change").values("pk")
    releases = Release.objects.filter(announcement__in=editable).select_related("announcement")
    return releases.order_by(F("published_at").desc(nulls_first=True), "-pk")


def _needs_second_person(overview: ReleaseOverview, user: Any) -> bool:
    """Return True if `user` made the last change to something that is not published yet."""
    drafts = [] if overview.is_published else [overview.announcement, *overview.drafts]
    return any(second_person.needs_second_person(draft, user) for draft in drafts)


class ReleaseListView(WagtailAdminTemplateMixin, TemplateView):
    """All releases with their states, and a form to begin one with an announcement."""

    page_title = "Releases"
    header_icon = "calendar-check"
    template_name = "admin/releases.html"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": page_title},
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the response; raises PermissionDenied for users who add no announcements."""
        if not may_add_announcement(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Return the button for a new release."""
        return [HeaderButton("New release", reverse("new_release"), icon_name="plus")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with one page of releases."""
        paginator = Paginator(find_releases(self.request.user), RELEASES_PER_PAGE)
        page = paginator.get_page(self.request.GET.get("p"))
        chosen = self.request.GET.get("announcement", "")
        form = kwargs.pop("form", None)
        form = form or StartForm(self.request.user, initial={"announcement": chosen})
        return super().get_context_data(**kwargs) | {
            "page": page,
            "rows": [
                (ReleaseOverview(release), get_release_url(release)) for release in page.object_list
            ],
            "form": form,
            "has_choices": form.has_choices,
            "is_form_open": bool(chosen or form.errors),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make a release of the chosen announcement, and return a redirect to its screen."""
        form = StartForm(request.user, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        announcement = form.cleaned_data["announcement"]
        release, _ = Release.objects.get_or_create(announcement=announcement)
        return redirect(get_release_url(release))


class ReleaseView(WagtailAdminTemplateMixin, TemplateView):
    """All of a release: its state, what is missing, its parts, and how it is published."""

    header_icon = "calendar-check"
    template_name = "admin/release.html"
    release: Release

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the response; raises PermissionDenied if the user may not edit the release."""
        releases = Release.objects.select_related("announcement")
        self.release = get_object_or_404(releases, pk=kwargs["pk"])
        if not self.release.announcement.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """Return the title of the announcement."""
        title: str = self.release.announcement.get_admin_display_title()
        return title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way from the dashboard by the list of releases."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("releases"), "label": ReleaseListView.page_title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the release's overview and the forms."""
        release, user = self.release, self.request.user
        overview = ReleaseOverview(release)
        forms = {
            "schedule_form": ScheduleForm(),
            "embargo_form": EmbargoForm(initial={"until": release.embargo_until}),
            "lift_form": ReasonForm(prefix="lift"),
            "add_form": AddForm(release, user),
        }
        return super().get_context_data(**kwargs) | {
            **forms,
            "release": release,
            "overview": overview,
            "embargo": release.end_of_embargo,
            "needs_reason": _needs_second_person(overview, user),
            "reason_field": second_person.REASON_FIELD,
            "may_publish": actions.may_publish(release, user),
            "address": get_release_url(release),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what a button of the screen says, in one transaction; return a redirect.

        Raises PublishingRefused, which `PublishInOneTransaction` shows.
        """
        functions: dict[str, Callable[[], str]] = {
            "publish": self._publish,
            "schedule": self._schedule,
            "schedule-at-end": self._schedule_at_end,
            "cancel": self._cancel,
            "embargo": self._change_embargo,
            "lift": self._lift,
            "add": self._add,
            "remove": self._remove,
        }
        function = functions.get(request.POST.get("act", ""))
        if function is None:
            raise PublishingRefused(BAD_FORM)
        messages.success(request, function())
        return redirect(get_release_url(self.release))

    def _publish(self) -> str:
        self._require_publisher()
        actions.publish(self.release, self.request.user)
        return "The release is published."

    def _schedule(self) -> str:
        self._require_publisher()
        data = self._clean(ScheduleForm(self.request.POST))
        actions.schedule(self.release, data["go_live_at"], self.request.user)
        return f"The release is scheduled for {format_uk_time(data['go_live_at'])}."

    def _schedule_at_end(self) -> str:
        self._require_publisher()
        until = self.release.embargo_until
        if until is None:
            raise PublishingRefused("The release has no embargo any more. Look at it again.")
        actions.schedule(self.release, until, self.request.user)
        return f"The release is scheduled for the end of its embargo, {format_uk_time(until)}."

    def _cancel(self) -> str:
        self._require_publisher()
        if not actions.cancel_schedule(self.release, self.request.user):
            raise PublishingRefused("The release is not scheduled any more.")
        return "The schedule is cancelled. The drafts are kept."

    def _change_embargo(self) -> str:
        data = self._clean(EmbargoForm(self.request.POST))
        until = data["until"]
        actions.change_embargo(self.release, until, self.request.user, data["reason"])
        if until is None:
            return "The release has no embargo."
        return f"The release is under embargo until {format_public_time(until)}."

    def _lift(self) -> str:
        self._require_publisher()
        data = self._clean(ReasonForm(self.request.POST, prefix="lift"))
        with second_person.go_ahead(data["reason"]):
            actions.lift_embargo(self.release, self.request.user, data["reason"])
        return "The embargo is lifted, and the release is published."

    def _add(self) -> str:
        user = self.request.user
        member = self._clean(AddForm(self.release, user, self.request.POST))["member"]
        actions.add_member(self.release, member, user)
        return f"“{member}” is published with the release."

    def _remove(self) -> str:
        data = self._clean(RemoveForm(self.request.POST))
        member = data["member"]
        actions.remove_member(self.release, member, self.request.user, data["reason"])
        return f"“{member}” is not part of the release any more."

    def _require_publisher(self) -> None:
        if not actions.may_publish(self.release, self.request.user):
            raise PermissionDenied

    @staticmethod
    def _clean(form: Any) -> dict[str, Any]:
        """Return the data of a valid form; raise PublishingRefused with its first error."""
        if not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            label = form.fields[name].label if name in form.fields else ""
            raise PublishingRefused(f"{BAD_FORM} {label}: {errors[0]}" if label else BAD_FORM)
        data: dict[str, Any] = form.cleaned_data
        return data
