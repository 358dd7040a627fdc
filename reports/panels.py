from typing import Any

from wagtail.admin.panels import MultiFieldPanel, Panel

from bhp_site.files.download_counts import annotate_downloads
from bhp_site.files.versions.models import DocumentVersion

from .contents import as_lines, from_outline


class BookmarksPanel(Panel):
    """The bookmarks of the PDF, as lines to start from; nothing to fill in."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/bookmarks_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            pdf = self.instance.pdf
            lines = as_lines(from_outline(pdf.outline)) if pdf else ""
            return super().get_context_data(parent_context) | {"pdf": pdf, "lines": lines}


class DownloadsPanel(Panel):
    """How often the files that a report offers were downloaded; nothing to fill in."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/downloads_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            documents = [offer.document_id for offer in self.instance.downloads.all()]
            versions = DocumentVersion.objects.filter(document__in=documents)
            return super().get_context_data(parent_context) | {
                "documents": documents,
                "versions": annotate_downloads(versions.select_related("document")).order_by(
                    "document__title", "document", "-number"
                ),
            }


class EditionPanel(Panel):
    """What chapters are, how many notes are left in them, and the way to draft them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/edition_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {
                "report": self.instance,
                "pdf": self.instance.pdf,
                "version": self.instance.pdf_version,
                "notes": self.instance.notes_left,
                "job": self.instance.drafting_job,
                "beyond": self.instance.chapters_beyond_pdf,
            }


class BesidePagePanel(MultiFieldPanel):
    """Fields of a chapter, and the page of the PDF that it begins on beside them."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "admin/beside_page_panel.html"
