"""The demonstration is removed, except what somebody has changed or uses."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page

from bhp_site.accessibility.models import AccessibilityStatementPage
from bhp_site.alerts.models import Subscription
from bhp_site.core.models import SiteImage, SiteSettings, User
from bhp_site.demo.removal import Removal
from bhp_site.files.models import SiteDocument
from bhp_site.funding.models import Funder
from bhp_site.home.models import HomePage, StandardPage
from news.models import NewsPage
from partners.models import PartnerPage, Person
from reports.models import ReportPage

from ..alerts import add_subscriber
from ..factories import UserFactory

HOST = {"host": "127.0.0.1:8000"}
OWN_SLUGS = {"home", "partners", "reports", "news", "people", "themes", "quotes"}
DRAFTS = {"accessibility", "privacy", "contact"}
MODELS = (Page, Person, Funder, SiteImage, SiteDocument)


def remove(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("demo", "--remove", "--no-input")
    return capsys.readouterr().out


def test_what_remains_is_a_new_site(
    demo: None, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    output = remove(capsys)
    assert "Stays:" not in output
    pages = Page.objects.filter(depth__gt=1)
    assert set(pages.values_list("slug", flat=True)) == OWN_SLUGS | DRAFTS
    assert set(pages.filter(live=False).values_list("slug", flat=True)) == DRAFTS
    for model in MODELS[1:]:
        assert list(model._default_manager.all()) == []
    settings = SiteSettings.get_default()
    assert not settings.is_demonstration
    assert settings.email == settings.strapline == ""
    assert HomePage.objects.get().intro == ""
    for page in pages.filter(live=True):
        assert client.get(page.get_url(), headers=HOST).status_code == 200
    assert "emonstration" not in client.get("/", headers=HOST).text
    assert client.get("/privacy/", headers=HOST).status_code == 404
    # Removed once, nothing is left to be removed.
    assert not Removal().objects.keys() - {(Page, str(page.pk)) for page in pages}


def test_what_somebody_has_changed_or_uses_stays(
    demo: None, capsys: pytest.CaptureFixture[str]
) -> None:
    user: User = UserFactory(is_superuser=True)
    news = NewsPage.objects.exclude(report=None).first()
    news.save_revision(user=user, log_action="wagtail.edit").publish(user=user)
    own = (
        ReportPage.objects.first()
        .get_parent()
        .add_child(
            instance=ReportPage(
                title="Our own", slug="our-own", summary="Ours", date="2026-01-01", owner=user
            )
        )
    )
    followed = PartnerPage.objects.exclude(pk__in=news.partners.all()).last()
    Subscription.objects.create(subscriber=add_subscriber(), key="partner", page=followed)
    settings = SiteSettings.get_default()
    settings.email = "hello@bhp.example"
    settings.save()
    output = remove(capsys)
    assert f"“{news}”: {user} changed it" in output
    assert "e-mail alerts" in output
    remaining = set(Page.objects.filter(depth__gt=3).values_list("title", flat=True))
    assert {news.title, own.title, news.report.title, followed.title} <= remaining
    assert len(remaining) < 20
    assert Subscription.objects.exists()
    assert SiteSettings.get_default().email == "hello@bhp.example"
    # What stays has all that it refers to.
    for document in SiteDocument.objects.all():
        assert document.get_usage()
    assert [d.document_id for d in ReportPage.objects.get(pk=news.report_id).downloads.all()]


def test_without_a_yes_nothing_is_removed(demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [model._default_manager.count() for model in MODELS]
    monkeypatch.setattr("builtins.input", lambda prompt: "no")
    with pytest.raises(CommandError, match="Nothing was removed"):
        call_command("demo", "--remove")
    assert [model._default_manager.count() for model in MODELS] == before
    assert SiteSettings.get_default().is_demonstration


def test_a_new_site_has_drafts_of_the_pages_that_it_needs(db: None) -> None:
    HomePage.objects.all().delete()
    call_command("bootstrap")
    assert not AccessibilityStatementPage.objects.get().live
    privacy = StandardPage.objects.get(slug="privacy")
    assert not privacy.live
    assert "controller" in str(privacy.get_latest_revision_as_object().body)
    # Deleted by an editor, they do not come back.
    privacy.delete()
    call_command("bootstrap")
    assert not StandardPage.objects.filter(slug="privacy").exists()
