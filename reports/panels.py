from typing import Any

from wagtail.admin.panels import MultiFieldPanel, Panel

from bhp_site.files.download_counts import annotate_downloads
from bhp_site.files.versions.models import DocumentVersion

from .table_of_contents import format_contents, get_outline_entries


class BookmarksPanel(Panel):
    """A read-only panel with the bookmarks of the PDF as lines, to copy and change."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/bookmarks_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return the template's context with the PDF and its bookmarks as lines of contents."""
            pdf = self.instance.pdf
            lines = format_contents(get_outline_entries(pdf.outline)) if pdf else ""
            return super().get_context_data(parent_context) | {"pdf": pdf, "lines": lines}


class DownloadsPanel(Panel):
    """A read-only panel with the download counts of a report's documents."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/downloads_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return the context with all versions of the documents and their download counts."""
            documents = [download.document_id for download in self.instance.downloads.all()]
            versions = DocumentVersion.objects.filter(document__in=documents)
            return super().get_context_data(parent_context) | {
                "documents": documents,
                "versions": annotate_downloads(versions.select_related("document")).order_by(
                    "document__title", "document", "-number"
                ),
            }


class EditionPanel(Panel):
    """A panel above the chapters: open notes, and the link to draft chapters from the PDF."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/edition_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return the context with the PDF, the open notes and the unfinished job."""
            return super().get_context_data(parent_context) | {
                "report": self.instance,
                "pdf": self.instance.pdf,
                "version": self.instance.pdf_version,
                "notes": self.instance.open_note_count,
                "job": self.instance.drafting_job,
                "beyond": self.instance.chapters_beyond_pdf,
            }


class BesidePagePanel(MultiFieldPanel):
    """The fields of a chapter next to an image of the PDF page on which it begins."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "admin/beside_page_panel.html"
