"""A row in which nothing was entered yet stops neither autosave nor saving."""

from django.test import Client
from wagtail.models import Page

from reports.models import ReportPage

from ..admin_forms import read_form
from ..factories import ReportPageFactory, SiteDocumentFactory


def save(client: Client, report: ReportPage, **row: str) -> tuple[bool, int]:
    """Return whether autosave succeeds with a new row of downloads, and how many the draft has."""
    address = f"/admin/pages/{report.pk}/edit/"
    data = read_form(client, address) | {"highlights-count": "0", "body-count": "0"}
    data |= {"story-count": "0", "downloads-TOTAL_FORMS": "1"}
    data |= {f"downloads-0-{name}": value for name, value in row.items()}
    response = client.post(address, data, headers={"accept": "application/json"})
    draft = ReportPage.objects.get(pk=report.pk).get_latest_revision_as_object()
    return response.json()["success"], draft.downloads.count()


def test_autosave_goes_on_after_add_download(report_index: Page, publisher_client: Client) -> None:
    report = ReportPageFactory(parent=report_index, live=False)
    report.save_revision()
    row = {"id": "", "ORDER": "1", "DELETE": "", "document": "", "label": ""}
    assert save(publisher_client, report, **row) == (True, 0)


def test_a_row_with_a_label_but_without_a_document_is_refused(
    report_index: Page, publisher_client: Client
) -> None:
    report = ReportPageFactory(parent=report_index, live=False)
    report.save_revision()
    row = {"id": "", "ORDER": "1", "DELETE": "", "document": "", "label": "In Welsh"}
    assert save(publisher_client, report, **row) == (False, 0)


def test_a_row_with_a_document_is_saved(report_index: Page, publisher_client: Client) -> None:
    report = ReportPageFactory(parent=report_index, live=False)
    report.save_revision()
    document = str(SiteDocumentFactory().pk)
    row = {"id": "", "ORDER": "1", "DELETE": "", "document": document, "label": ""}
    assert save(publisher_client, report, **row) == (True, 1)
