"""Personal data of readers of drafts, who are known by the name that they entered."""

from typing import Any

from bhp_site.core.personal_data import PersonalDataSource

from .models import DraftComment


def collect(name: str) -> list[dict[str, Any]]:
    """Return the comments that a reader with this name left on drafts."""
    comments = DraftComment.objects.filter(name__iexact=name).select_related("link__page")
    return [
        {
            "name": comment.name,
            "page": comment.link.page.get_admin_display_title(),
            "comment": comment.text,
            "written": comment.created_at.isoformat(),
        }
        for comment in comments
    ]


def delete(name: str) -> int:
    """Delete these comments; return their number."""
    count: int = DraftComment.objects.filter(name__iexact=name).delete()[0]
    return count


READERS = PersonalDataSource("Comments of readers on drafts", collect, delete)
