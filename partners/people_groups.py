"""People in groups: who leads the partnership now, who works with it, and who did so before."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .people import PersonPage


@dataclass
class PeopleGroup:
    """A group of people under a heading, in the editors' order."""

    title: str
    pages: list[PersonPage] = field(default_factory=list)
    is_leading: bool = False


def group_people(pages: Iterable[PersonPage]) -> list[PeopleGroup]:
    """Return `pages` in groups, current leaders first and former officers last; none is empty.

    A person leads while they hold a role at the partnership itself. Somebody with another current
    role who never held one there, or without any recorded role, is neither leader nor former.
    """
    leading = PeopleGroup("Leading the partnership", is_leading=True)
    others, former = PeopleGroup("Working with us"), PeopleGroup("Before")
    for page in pages:
        if page.is_leading:
            leading.pages.append(page)
        elif page.is_former:
            former.pages.append(page)
        else:
            others.pages.append(page)
    return [group for group in (leading, others, former) if group.pages]
