"""Who may have a document is decided in the transaction that publishes: no worker is needed."""

from types import SimpleNamespace

from django.test import Client

from bhp_site.tasks.models import QueuedTask
from news.models import NewsPage
from reports.models import ReportPage

from ..page_states import publish


def test_a_document_is_withdrawn_and_published_at_once_though_all_workers_are_stopped(
    site: SimpleNamespace, client: Client, worker_alive: None
) -> None:
    # Tasks stay in the queue: a worker is thought to be alive, and none is.
    address = site.document.url
    assert client.get(address).status_code == 200
    report = ReportPage.objects.get(pk=site.report.pk)
    NewsPage.objects.get(pk=site.news.pk).unpublish()
    report.unpublish()
    assert client.get(address).status_code == 404
    publish(ReportPage.objects.get(pk=report.pk))
    assert client.get(address).status_code == 200
    report = ReportPage.objects.get(pk=report.pk)
    report.downloads = []
    publish(report)
    assert client.get(address).status_code == 404
    assert not QueuedTask.objects.exclude(status=QueuedTask.Status.READY).exists()
