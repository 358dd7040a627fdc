"""Screens of the admin: subscribers in numbers, and the alert of a page."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy

from bhp_site.core.admin.page_policy import page_policy
from bhp_site.core.admin.page_screens import PageScreenView
from bhp_site.core.models import SiteSettings
from bhp_site.core.personal_data import build_data_response
from bhp_site.sign_in.account_emails import queue_email
from partners.member_areas import is_press_officer

from .distribution import PRIORITY
from .emails import Item, write_alert
from .models import Alert, AlertEmail, Frequency, Subscriber, Subscription
from .subscribing import EXPORT_NAME, delete_address, export_address
from .topics import is_announceable

MAX_ALERTS = 10
SUBSCRIBERS_PER_PAGE = 50

subscriber_policy = ModelPermissionPolicy(Subscriber)


def may_see_numbers(user: Any) -> bool:
    """Return whether `user` may see the numbers: our own editors, and analysts."""
    may_edit = page_policy.user_has_permission(user, "change")
    is_editor = may_edit and not is_press_officer(user)
    return bool(is_editor or user.has_perm("alerts.view_alert"))


class AlertsView(WagtailAdminTemplateMixin, TemplateView):
    """Numbers of subscribers and the latest alerts; addresses for those who may see them."""

    template_name = "admin/alerts.html"
    page_title = "E-mail alerts"
    header_icon = "mail"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": page_title},
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the response; raise PermissionDenied unless the user may see the numbers."""
        if not may_see_numbers(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with numbers, latest alerts, failures, and addresses if permitted."""
        user = self.request.user
        may_view = subscriber_policy.user_has_permission(user, "view")
        subscribers = Paginator(Subscriber.objects.order_by("email"), SUBSCRIBERS_PER_PAGE)
        return super().get_context_data(**kwargs) | {
            "counts": count_subscribers(),
            "topics": count_followers(),
            "alerts": list_latest_alerts(),
            "failed_count": AlertEmail.objects.failing().count(),
            "problem": AlertEmail.objects.failing().aggregate(Max("problem"))["problem__max"],
            "has_address": bool(SiteSettings.get_default().address.strip()),
            "reads_bounces": bool(settings.ALERTS_RETURN_PATH and settings.ALERTS_BOUNCES),
            "subscribers": subscribers.get_page(self.request.GET.get("p")) if may_view else None,
            "may_delete": subscriber_policy.user_has_permission(user, "delete"),
        }


def count_subscribers() -> dict[str, int]:
    """Return the numbers of subscribers by frequency, and of stopped addresses."""
    counts: dict[str, int] = Subscriber.objects.aggregate(
        immediate=Count("pk", Q(stopped_at=None, frequency=Frequency.IMMEDIATE)),
        weekly=Count("pk", Q(stopped_at=None, frequency=Frequency.WEEKLY)),
        stopped=Count("pk", ~Q(stopped_at=None)),
    )
    return counts


def count_followers() -> list[tuple[str, int]]:
    """Return each topic that somebody follows with the number of active subscribers."""
    active = Subscription.objects.filter(subscriber__stopped_at=None)
    numbers = dict(active.order_by().values_list("key").annotate(Count("pk")))
    firsts = active.order_by().values("key").annotate(first=Max("pk")).values("first")
    topics = [
        subscription.topic
        for subscription in Subscription.objects.filter(pk__in=firsts).with_objects()
    ]
    return [(t.label, numbers[t.key]) for t in sorted(topics, key=lambda topic: topic.sort_key)]


def list_latest_alerts() -> Any:
    """Return the latest alerts with the numbers of e-mails that were sent and that wait."""
    sent = Q(deliveries__email__sent_at__isnull=False)
    waiting = Q(deliveries__email__isnull=False, deliveries__email__sent_at=None)
    alerts = Alert.objects.select_related("page").order_by("-created_at", "-pk")
    return alerts.annotate(
        sent=Count("deliveries", filter=sent), waiting=Count("deliveries", filter=waiting)
    )[:MAX_ALERTS]


@require_POST
def retry_emails(request: HttpRequest) -> HttpResponse:
    """Queue the e-mails again that could not be sent; return a redirect to the numbers.

    Raises PermissionDenied unless the user may publish.
    """
    if not page_policy.user_has_permission(request.user, "publish"):
        raise PermissionDenied
    failing = [*AlertEmail.objects.failing()]
    AlertEmail.objects.failing().update(problem="", is_given_up=False)
    for email in failing:
        email.queue(PRIORITY)
    messages.success(request, f"The site is trying again. E-mails: {len(failing)}.")
    return redirect("alert-numbers")


@require_POST
def manage_address(request: HttpRequest) -> HttpResponse:
    """Export or delete all that is stored about an address, as the person asked us to.

    Return a JSON file or a redirect to the numbers. Raises PermissionDenied unless the user may
    view or delete subscribers.
    """
    email = request.POST.get("email", "").strip()
    is_deletion = request.POST.get("action") == "delete"
    if not subscriber_policy.user_has_permission(request.user, "delete" if is_deletion else "view"):
        raise PermissionDenied
    if not is_deletion:
        response = build_data_response(EXPORT_NAME, export_address(email))
        response.headers["Cache-Control"] = "private, no-store"
        return response
    if delete_address(email):
        messages.success(request, "The address, and what was stored about it, is deleted.")
    else:
        messages.warning(request, "Nothing was deleted: nothing is stored about this address.")
    return redirect("alert-numbers")


def may_preview(page: Page, user: Any) -> bool:
    """Return True if the page has an alert and `user`, one of our editors, may edit it."""
    if not is_announceable(page) or is_press_officer(user):
        return False
    return bool(page.permissions_for_user(user).can_edit())


class PreviewAlertView(PageScreenView):
    """The alert of a page as it is drafted; a POST sends it to the user alone."""

    template_name = "admin/alert_preview.html"
    page_title = "E-mail alert"
    header_icon = "mail"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the latest draft; raise PermissionDenied unless the user may edit the page."""
        super().setup(request, *args, **kwargs)
        page = get_object_or_404(Page, pk=kwargs["page_id"]).specific
        if not may_preview(page, request.user):
            raise PermissionDenied
        self.page = page.get_latest_revision_as_object()
        user: Any = request.user
        self.email = AlertEmail(to=user.email)
        write_alert(self.email, [Item.build(self.page)])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the e-mail, and whether and when it is sent."""
        return super().get_context_data(**kwargs) | {
            "email": self.email,
            "announced": Alert.objects.filter(page_id=self.page.pk).order_by("-created_at").first(),
            "was_published": self.page.first_published_at is not None,
            "address": self.email.to,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Queue the alert to the user; return a redirect to the preview, which says so."""
        email = self.email
        queue_email(
            email.to,
            f"Test: {email.subject}",
            email.text,
            html=email.html,
            reply_to=email.reply_to,
        )
        messages.success(
            request,
            f"The test is on its way to {email.to}. If the mail server cannot be reached, the site "
            "keeps trying for a week.",
        )
        return redirect(reverse("alert-preview", args=[self.page.pk]))
