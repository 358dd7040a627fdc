"""News that press officers of partners submit."""

from typing import Any

from django.contrib.auth.models import Permission
from wagtail.models import GroupPagePermission

from bhp_site.core.admin.page_policy import SUBMIT_CODENAME
from partners.member_areas import MemberArea

from .models import NewsIndexPage


def allow_submissions(sender: type, instance: MemberArea, created: bool, **kwargs: Any) -> None:
    """Let the press officers of a new area submit news."""
    if not created:
        return
    permission = Permission.objects.get(content_type__app_label="news", codename=SUBMIT_CODENAME)
    for index in NewsIndexPage.objects.all():
        GroupPagePermission.objects.create(
            group_id=instance.group_id, page_id=index.pk, permission=permission
        )
