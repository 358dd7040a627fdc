"""Which links are found, when each is asked again, and when one counts as broken."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Page

from bhp_site.content_audit import link_check_job, link_checker, report
from bhp_site.content_audit.link_checker import LinkStatus
from bhp_site.content_audit.link_collector import collect_links, enqueue_collection
from bhp_site.content_audit.models import LinkCheck, LinkUse
from bhp_site.core.models import SiteSettings
from news.models import NewsPage
from tests.factories import NewsPageFactory, write_chapter
from tests.running_tasks import run_tasks

FINE = LinkStatus(200, "")
GONE = LinkStatus(404, "The page does not exist any more.")
SILENT = LinkStatus(None, "The site does not answer.", is_certain=False)
DAY = datetime.timedelta(days=1)


def write(page: Page, *urls: str) -> None:
    """Let the body of `page` link to `urls`, and publish it."""
    links = "".join(f'<a href="{url}">x</a>' for url in urls)
    page.body = [("paragraph", f"<p>{links}</p>")]
    page.save_revision().publish()


@pytest.fixture
def linking(site: SimpleNamespace) -> SimpleNamespace:
    """The small site, whose announcement links elsewhere in each way that an editor has."""
    site.partner.website = "https://partner.example/"
    site.partner.save()
    settings = SiteSettings.for_site(site.home.get_site())
    settings.links = "Elsewhere https://footer.example/us"
    settings.save()
    film = {"title": "A film", "url": "https://video.example/1", "text": ""}
    site.news.body = [
        (
            "paragraph",
            '<p><a href="https://text.example/a?b=1&amp;c=é#part">a</a>'
            '<a href="mailto:a@example.org">b</a><a href="/about/">c</a>'
            '<a href="http://testserver/about/">ours</a><a linktype="page" id="1">d</a></p>',
        ),
        ("video", film),
    ]
    site.news.save_revision().publish()
    site.statement.contact = '<p><a href="https://phone.example/">e</a></p>'
    site.statement.save()
    return site


def test_links_are_found_wherever_editors_write_them(linking: SimpleNamespace) -> None:
    draft = NewsPageFactory(parent=linking.news_index, live=False)
    draft.body = [("paragraph", '<p><a href="https://draft.example/">x</a></p>')]
    draft.save()
    text = '<p><a href="https://chapter.example/">y</a></p>'
    footnotes = "[1] See https://footnote.example/a, page 3."
    write_chapter(linking.report, "Foreword", [("paragraph", text)], footnotes=footnotes)
    collect_links.call()
    found = set(LinkUse.objects.values_list("link__url", "page"))
    assert found == {
        ("https://partner.example/", linking.partner.pk),
        ("https://footer.example/us", None),
        ("https://text.example/a?b=1&c=%C3%A9", linking.news.pk),
        ("https://video.example/1", linking.news.pk),
        ("https://phone.example/", linking.statement.pk),
        ("https://chapter.example/", linking.report.pk),
        ("https://footnote.example/a", linking.report.pk),
    }
    collect_links.call()
    assert LinkUse.objects.count() == 7


def test_links_that_no_page_has_any_more_are_deleted(linking: SimpleNamespace) -> None:
    collect_links.call()
    write(linking.news)
    linking.partner.unpublish()
    collect_links.call()
    urls = set(LinkCheck.objects.values_list("url", flat=True))
    assert urls == {"https://footer.example/us", "https://phone.example/"}


def test_pages_are_looked_through_in_small_pieces(
    linking: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect_links.call()
    uses = set(LinkUse.objects.values_list("link__url", "page"))
    LinkCheck.objects.all().delete()
    monkeypatch.setattr("bhp_site.content_audit.link_collector.PAGES_PER_BATCH", 2)
    enqueue_collection()
    assert run_tasks(collect_links) == 1
    assert set(LinkUse.objects.values_list("link__url", "page")) == uses


class FakeChecker(list[str]):
    """Stands for the network: what is to be answered to each address, and what was asked."""

    def __init__(self, answers: dict[str, LinkStatus]) -> None:
        super().__init__()
        self.answers = answers

    def check(self, url: str) -> LinkStatus:
        self.append(url)
        return self.answers.get(url, SILENT)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> FakeChecker:
    asked = FakeChecker({})
    monkeypatch.setattr(link_checker, "LinkChecker", lambda agent: asked)
    return asked


def run_check() -> None:
    """Run the job twice, and the check that it enqueues once."""
    link_check_job.enqueue_next_check()
    link_check_job.enqueue_next_check()
    run_tasks(link_check_job.check_link)


def test_links_are_checked_one_at_a_time_and_once_a_week(
    linking: SimpleNamespace, network: FakeChecker
) -> None:
    collect_links.call()
    network.answers = dict.fromkeys(LinkCheck.objects.values_list("url", flat=True), FINE)
    for _ in range(5):
        run_check()
    assert sorted(network) == sorted(network.answers)
    run_check()
    assert len(network) == 5
    assert not LinkCheck.objects.due().exists()
    with time_machine.travel(timezone.now() + 8 * DAY, tick=False):
        assert LinkCheck.objects.due().count() == 5
    assert link_check_job.get_user_agent().endswith("(+http://127.0.0.1:8000)")


def test_a_host_is_not_checked_again_within_a_minute(
    site: SimpleNamespace, network: FakeChecker
) -> None:
    write(site.news, "https://a.example/1", "https://a.example/2", "https://b.example/1")
    collect_links.call()
    network.answers = dict.fromkeys(LinkCheck.objects.values_list("url", flat=True), FINE)
    for _ in range(3):
        run_check()
    assert len(network) == 2
    assert {url[8] for url in network} == {"a", "b"}
    link_check_job._checked_hosts = {
        host: when - 61 for host, when in link_check_job._checked_hosts.items()
    }
    run_check()
    assert len(network) == 3


def test_a_link_is_broken_after_failing_on_three_days(linking: SimpleNamespace, admin: Any) -> None:
    collect_links.call()
    start = timezone.now()
    paused = []
    for day in (0, 0, 1, 3):
        link = LinkCheck.objects.get(url="https://video.example/1")
        with time_machine.travel(start + day * DAY, tick=False):
            assert not report.get_link_rows(admin)
            link_check_job.save_result(link, GONE)
            paused.append((LinkCheck.objects.get(pk=link.pk).next_at - timezone.now()).days)
    assert paused == [1, 1, 2, 4]
    (row,) = report.get_link_rows(admin)
    day = f"{timezone.localdate(start):%-d %B %Y}"
    assert row.note == f"The page does not exist any more. Since {day}."
    assert row.url == f"/admin/pages/{linking.news.pk}/edit/"
    # Taken out, it is told no longer, though links are looked for tomorrow.
    write(linking.news)
    assert not report.get_link_rows(admin)


def test_a_link_that_answers_again_is_fine(linking: SimpleNamespace, admin: Any) -> None:
    collect_links.call()
    link = LinkCheck.objects.get(url="https://footer.example/us")
    LinkCheck.objects.filter(pk=link.pk).update(
        failures=3, failing_since="2026-01-01", problem="The site does not answer."
    )
    (row,) = report.get_link_rows(admin)
    assert row.url == "/admin/settings/core/sitesettings/"
    link_check_job.save_result(LinkCheck.objects.get(pk=link.pk), FINE)
    assert not report.get_link_rows(admin)
    link.refresh_from_db()
    assert (link.failures, link.failing_since, link.problem) == (0, None, "")


def test_nothing_is_reported_while_our_own_network_is_down(
    linking: SimpleNamespace, network: FakeChecker
) -> None:
    collect_links.call()
    LinkCheck.objects.filter(host="footer.example").update(
        answered_at=timezone.now(), next_at=timezone.now() + DAY
    )
    for _ in range(3):
        run_check()
    assert "https://footer.example/us" in network
    assert not LinkCheck.objects.exclude(failures=0).exists()
    # They are tried again soon.
    assert not LinkCheck.objects.filter(next_at__gt=timezone.now() + 2 * DAY).exists()


def test_no_answer_is_a_failure_while_other_sites_answer(
    linking: SimpleNamespace, network: FakeChecker
) -> None:
    collect_links.call()
    network.answers = {"https://footer.example/us": GONE}
    LinkCheck.objects.filter(host="footer.example").update(
        answered_at=timezone.now(), next_at=timezone.now() + DAY
    )
    for _ in range(4):
        run_check()
    assert LinkCheck.objects.filter(failures=1, problem="The site does not answer.").count() == 4


def test_nothing_is_checked_if_link_checks_are_turned_off(
    linking: SimpleNamespace, network: FakeChecker, settings: Any
) -> None:
    collect_links.call()
    settings.LINK_CHECKS = False
    run_check()
    enqueue_collection()
    assert run_tasks(collect_links) == 0
    assert not network


def test_another_scheduler_does_not_ask_the_same(linking: SimpleNamespace) -> None:
    collect_links.call()
    first, second = link_check_job.claim_next_link(), link_check_job.claim_next_link()
    assert first
    assert second
    assert first.pk != second.pk


def test_an_error_of_the_checker_is_no_failure_of_the_link(
    linking: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect_links.call()

    class Broken:
        def check(self, url: str) -> LinkStatus:
            raise RuntimeError("something unforeseen")

    monkeypatch.setattr(link_checker, "LinkChecker", lambda agent: Broken())
    run_check()
    assert not LinkCheck.objects.exclude(failures=0).exists()
    assert NewsPage.objects.get().body
