"""Which entries anybody may see, and what they are of: asked of the tree after every change.

Whatever the index holds, what is not here is not found, not counted and not guessed from.
"""

import datetime
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bhp_site.core.generation import generation
from bhp_site.core.visibility import visible_pages
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.collection_restrictions import get_restricted_paths
from bhp_site.themes.models import ThemePage
from partners.models import PartnerPage
from reports.models import ReportDownload, ReportPage

from .indexing import folded
from .models import Entry
from .sources import KINDS
from .terms import terms_of

COLUMNS = ("pk", "page", "document", "number", "kind", "date", "partners", "themes", "title")
# How one is asked for: the name of a facet and the value chosen.
Choice = tuple[str, str]


@dataclass
class Directory:
    """Results are what visitors are shown one of: a page, with the files it is the report of.

    They are numbered from the latest on.
    """

    # Result of each entry that anybody may see.
    result_of: dict[int, int] = field(default_factory=dict)
    # The other way round, each in the order of the file.
    entries: list[list[int]] = field(default_factory=list)
    # Of each result the key of its page, else of its file.
    pages: list[int | None] = field(default_factory=list)
    documents: list[int | None] = field(default_factory=list)
    # Results by choice, and what each choice is called.
    chosen: dict[Choice, set[int]] = field(default_factory=lambda: defaultdict(set))
    called: dict[Choice, str] = field(default_factory=dict)
    # Results by their title, as `plain` has it.
    titled: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, entry: Any, names: dict[int, tuple[str, str]]) -> None:
        """Add the result that `entry` is; `names` are slug and title of pages by their keys."""
        number = len(self.pages)
        self.pages.append(entry.page)
        self.documents.append(entry.document)
        self.entries.append([])
        self.titled[plain(entry.title)].add(number)
        self._choose(number, "kind", entry.kind, KINDS[entry.kind])
        if entry.date:
            self._choose(number, "year", str(entry.date.year), str(entry.date.year))
        for name in ("partner", "theme"):
            for key in getattr(entry, f"{name}s"):
                if key in names:
                    self._choose(number, name, *names[key])

    def _choose(self, number: int, facet: str, value: str, called: str) -> None:
        self.chosen[facet, value].add(number)
        self.called[facet, value] = called

    def results_of(self, entries: Iterable[int]) -> set[int]:
        """Those that the `entries` are of, as far as anybody may see them."""
        found = {*map(self.result_of.get, entries)}
        return {number for number in found if number is not None}


def plain(text: str) -> str:
    """The words of `text` without marks, accents or capitals."""
    return folded(" ".join(terms_of(text)))


_lock = threading.Lock()
_kept: tuple[int, Directory] | None = None


def directory() -> Directory:
    """That of the site as it stands; kept in this process until anything changes."""
    global _kept
    now = generation.current
    if (kept := _kept) and kept[0] == now:
        return kept[1]
    with _lock:
        if _kept is None or _kept[0] != now:
            _kept = now, _made()
        return _kept[1]


def _made() -> Directory:
    made = Directory()
    entries = list(Entry.objects.order_by("pk").values_list(*COLUMNS, named=True))
    visible = {*visible_pages().values_list("pk", flat=True)}
    owners = _owners({entry.document for entry in entries if entry.document})
    # Files that are results themselves.
    alone = {document for document, owner in owners.items() if owner is None}
    whole = [
        entry
        for entry in entries
        if entry.number == 0 and (entry.page in visible or entry.document in alone)
    ]
    whole.sort(key=lambda entry: (entry.date or datetime.date.min, entry.pk), reverse=True)
    names = _names()
    for entry in whole:
        made.add(entry, names)
    of_page = {page: number for number, page in enumerate(made.pages)}
    of_file = {document: number for number, document in enumerate(made.documents)}
    for entry in entries:
        page = entry.page or owners.get(entry.document)
        number = of_page.get(page) if page else of_file.get(entry.document)
        if number is not None:
            made.result_of[entry.pk] = number
            made.entries[number].append(entry.pk)
    return made


def _owners(documents: set[int]) -> dict[int, int | None]:
    """Of public files the report that offers each first; None where no report does."""
    offers = ReportDownload.objects.filter(
        page__in=ReportPage.objects.visible(), document__withdrawn_reason=""
    )
    for path in get_restricted_paths():
        offers = offers.exclude(document__collection__path__startswith=path)
    owners: dict[int, int | None] = {}
    for document, page in offers.order_by("-page__published_date", "page").values_list(
        "document", "page"
    ):
        owners.setdefault(document, page)
    others = SiteDocument.objects.filter(pk__in=documents - owners.keys(), withdrawn_reason="")
    return owners | {document.pk: None for document in others if document.is_public}


def _names() -> dict[int, tuple[str, str]]:
    """Slug and title of visible partners and themes."""
    found: dict[int, tuple[str, str]] = {}
    for model in (PartnerPage, ThemePage):
        for pk, slug, title in model.objects.visible().values_list("pk", "slug", "title"):
            found[pk] = slug, title
    return found
