"""News that press officers of partners submit."""

from wagtail.models import Page

from partners.member_areas import MemberArea

from .models import NewsIndexPage


def find_submissions(user_key: int) -> list[tuple[int, Page]]:
    """Return the groups of press officers that the user is in, with each index of news."""
    groups = MemberArea.objects.filter(group__user=user_key).values_list("group", flat=True)
    # Most users are in none.
    return [(group, index) for group in groups for index in NewsIndexPage.objects.all()]
