"""Confidential drafts: who may open them, what follows them, and how they end."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Comment, CommentReply, PageLogEntry, PageSubscription, Workflow

from bhp_site.core.confidential.records import ConfidentialDraft, ConfidentialFile
from bhp_site.core.confidential.tracking import set_people
from bhp_site.core.models import User
from bhp_site.core.roles import ADMINISTRATOR, PUBLISHER, WRITER
from bhp_site.files.models import SiteDocument
from news.models import NewsDownload, NewsPage

from ..admin_forms import build_comment_form, get_messages, send
from ..conftest import signed_in
from ..factories import (
    NewsIndexPageFactory,
    NewsPageFactory,
    PartnerPageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    UserFactory,
)
from ..roles import give_role

LIST = "/admin/reports/confidential-drafts/"


def make_user(role: Any, name: str) -> User:
    user: User = UserFactory(first_name=name, last_name="Test")
    give_role(user, role)
    return user


@pytest.fixture
def author(site: SimpleNamespace) -> User:
    return make_user(PUBLISHER, "Ada")


@pytest.fixture
def colleague(site: SimpleNamespace) -> User:
    return make_user(PUBLISHER, "Grace")


@pytest.fixture
def draft(site: SimpleNamespace, author: User) -> NewsPage:
    page: NewsPage = NewsPageFactory(
        parent=site.news_index, live=False, title="Merger", owner=author
    )
    page.save_revision(user=author)
    return page


@pytest.fixture
def client(author: User) -> Client:
    return signed_in(author)


def use(page: NewsPage, *documents: SiteDocument) -> None:
    """Save a draft of `page` that offers `documents`."""
    latest = page.get_latest_revision_as_object()
    for document in documents:
        latest.downloads.add(NewsDownload(document=document))
    latest.save_revision()


def get_screen(page: NewsPage) -> str:
    return f"/admin/pages/{page.pk}/confidential/"


def get_status(user: User, page: NewsPage) -> int:
    return signed_in(user).get(f"/admin/pages/{page.pk}/edit/").status_code


def is_listed(user: User, document: SiteDocument) -> bool:
    return document.title in signed_in(user).get("/admin/documents/").text


def test_only_the_chosen_people_open_it(
    draft: NewsPage, client: Client, author: User, colleague: User
) -> None:
    writer = make_user(WRITER, "Ida")
    assert "Make it confidential" in client.get(f"/admin/pages/{draft.pk}/edit/").text
    assert "Grace Test" in client.get(get_screen(draft)).text
    response = client.post(get_screen(draft), {"people": [colleague.pk]})
    assert "Only you and one other person can open this draft now." in get_messages(response)
    users = (author, colleague, writer, make_user(ADMINISTRATOR, "Root"))
    assert [get_status(user, draft) for user in users] == [200, 200, 404, 404]
    assert "Confidential: 2 can open it" in client.get(f"/admin/pages/{draft.pk}/edit/").text
    client.post(get_screen(draft), {"people": []})
    assert get_status(colleague, draft) == 404


def test_those_who_may_open_it_find_it_everywhere(
    draft: NewsPage,
    client: Client,
    author: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """The scans of what others see look at the same addresses."""
    with django_capture_on_commit_callbacks(execute=True):
        draft.save_revision(user=author, log_action=True)
        set_people(draft, [author], author)
    for address in (
        "/admin/news/",
        f"/admin/pages/{draft.get_parent().pk}/",
        "/admin/pages/search/?q=Merger",
        f"/admin/choose-page/{draft.get_parent().pk}/",
        "/admin/reports/site-history/",
        f"/admin/pages/{draft.pk}/history/",
        "/admin/api/main/pages/",
        "/admin/",
    ):
        assert "Merger" in client.get(address).text, address


def test_people_who_could_not_edit_it_cannot_be_chosen(draft: NewsPage, client: Client) -> None:
    guest = UserFactory()
    assert client.post(get_screen(draft), {"people": [guest.pk]}).status_code == 200
    assert not ConfidentialDraft.objects.exists()


def test_others_can_neither_make_nor_end_it(draft: NewsPage, author: User, colleague: User) -> None:
    set_people(draft, [author], author)
    response = signed_in(colleague).post(get_screen(draft), {"action": "end"})
    assert response.status_code == 404
    assert ConfidentialDraft.objects.exists()


def test_it_is_not_offered_for_public_pages(site: SimpleNamespace, client: Client) -> None:
    assert "Make it confidential" not in client.get(f"/admin/pages/{site.news.pk}/edit/").text
    assert client.get(get_screen(site.news)).status_code == 302
    assert client.get(get_screen(site.news_index)).status_code == 302


def test_documents_and_covers_follow(draft: NewsPage, author: User, colleague: User) -> None:
    """Those that are added later, too."""
    first, second = SiteDocumentFactory(title="Terms"), SiteDocumentFactory(title="Annex")
    cover = SiteImageFactory(title="Cover of the terms")
    SiteDocument.objects.filter(pk=first.pk).update(cover=cover)
    use(draft, first)
    set_people(draft, [author], author)
    use(draft, second)
    for document in (first, second):
        assert is_listed(author, document)
        assert not is_listed(colleague, document)
        assert signed_in(author).get(document.url).status_code == 200
        assert signed_in(colleague).get(document.url).status_code == 404
        assert signed_in(colleague).get(f"/admin/documents/edit/{document.pk}/").status_code == 302
    assert "Cover of the terms" not in signed_in(colleague).get("/admin/images/").text


def test_what_is_used_elsewhere_does_not_follow(
    site: SimpleNamespace, draft: NewsPage, author: User, colleague: User
) -> None:
    """Show what a public page or another draft uses, added before or afterwards."""
    in_draft, later = SiteDocumentFactory(title="Shared"), SiteDocumentFactory(title="Later")
    other = NewsPageFactory(parent=site.news_index, live=False)
    use(other, in_draft)
    use(draft, in_draft, later, site.document)
    set_people(draft, [author], author)
    assert is_listed(colleague, in_draft)
    assert is_listed(colleague, site.document)
    assert not is_listed(colleague, later)
    use(other, later)
    assert is_listed(colleague, later)


def test_a_link_to_nothing_is_no_reason_to_fail(draft: NewsPage, client: Client) -> None:
    client.post(get_screen(draft), {})
    latest = draft.get_latest_revision_as_object()
    links = "".join(f'<a linktype="document" id="{key}">x</a>' for key in ("x", "9" * 30))
    latest.body = [("paragraph", f"<p>{links}</p>")]
    latest.save_revision()
    assert not ConfidentialFile.objects.exists()


def test_without_colleagues_nobody_is_offered(draft: NewsPage, client: Client) -> None:
    assert "only you will be able to open the draft" in client.get(get_screen(draft)).text
    make_user(PUBLISHER, "Grace")
    assert "Grace Test" in client.get(get_screen(draft)).text


def test_files_of_pages_below_follow(site: SimpleNamespace, author: User, colleague: User) -> None:
    """Hide files added before or afterwards, and also those that the draft itself uses."""
    section = NewsIndexPageFactory(parent=site.home, live=False, slug="section")
    section.save_revision(user=author)
    page = NewsPageFactory(parent=section, live=False)
    before, later = SiteDocumentFactory(title="Terms"), SiteDocumentFactory(title="Annex")
    use(page, before)
    set_people(section, [author], author)
    use(page, later)
    use(NewsPageFactory(parent=section, live=False), before)
    for document in (before, later):
        assert is_listed(author, document)
        assert not is_listed(colleague, document)
        assert signed_in(colleague).get(document.url).status_code == 404
    use(NewsPageFactory(parent=site.news_index, live=False), before)
    assert is_listed(colleague, before)


def test_publishing_ends_it(draft: NewsPage, client: Client, author: User, colleague: User) -> None:
    document = SiteDocumentFactory(title="Terms")
    use(draft, document)
    set_people(draft, [author], author)
    send(client, draft, "action-publish")
    assert NewsPage.objects.get(pk=draft.pk).live
    assert not ConfidentialDraft.objects.exists()
    assert not ConfidentialFile.objects.exists()
    assert get_status(colleague, draft) == 200
    assert is_listed(colleague, document)


def test_it_can_be_ended(draft: NewsPage, client: Client, author: User, colleague: User) -> None:
    set_people(draft, [author], author)
    response = client.post(get_screen(draft), {"action": "end"})
    assert "not confidential any more" in get_messages(response)
    assert get_status(colleague, draft) == 200


def test_an_administrator_takes_one_over(draft: NewsPage, author: User) -> None:
    """The list says who has one, not what it is about; taking it over is logged."""
    set_people(draft, [author], author)
    administrator = make_user(ADMINISTRATOR, "Root")
    client = signed_in(administrator)
    text = client.get(LIST).text
    assert "Ada Test" in text
    assert "Merger" not in text
    assert "Confidential drafts" in client.get("/admin/").text
    url = f"{LIST}{ConfidentialDraft.objects.get().pk}/take-over/"
    assert client.get(url).status_code == 405
    client.post(url)
    assert get_status(administrator, draft) == 200
    assert get_status(author, draft) == 200
    entry = PageLogEntry.objects.get(action="core.confidential.take_over")
    assert (entry.user, entry.page_id) == (administrator, draft.pk)
    history = client.get(f"/admin/pages/{draft.pk}/history/").text
    assert "Opened the confidential draft as an administrator" in history
    assert "Only these people can open the draft: Ada Test" in history


@pytest.mark.parametrize("role", [WRITER, PUBLISHER])
def test_only_administrators_have_the_list(draft: NewsPage, author: User, role: Any) -> None:
    set_people(draft, [author], author)
    client = signed_in(make_user(role, "Ida"))
    pk = ConfidentialDraft.objects.get().pk
    assert client.get(LIST).status_code == 302
    assert client.post(f"{LIST}{pk}/take-over/").status_code == 302
    assert ConfidentialDraft.objects.get().people.count() == 1
    assert "Confidential drafts" not in client.get("/admin/").text


def test_the_list_is_hidden_while_there_are_none(admin_client: Client) -> None:
    assert "Confidential drafts" not in admin_client.get("/admin/").text
    assert "There are no confidential drafts." in admin_client.get(LIST).text


def test_reviewers_who_cannot_open_it_get_no_email(
    draft: NewsPage,
    author: User,
    colleague: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    chosen = make_user(PUBLISHER, "Mary")
    set_people(draft, [author, chosen], author)
    with django_capture_on_commit_callbacks(execute=True):
        Workflow.objects.get().start(draft, author)
    assert {address for email in mail.outbox for address in email.to} == {chosen.email}


def test_people_who_commented_before_get_no_email(
    draft: NewsPage, author: User, colleague: User
) -> None:
    chosen = make_user(PUBLISHER, "Mary")
    comment = Comment.objects.create(page=draft, user=colleague, text="Why?", contentpath="title")
    reply = CommentReply.objects.create(comment=comment, user=chosen, text="Because")
    set_people(draft, [author, chosen], author)
    data = build_comment_form(comment, reply, resolved="1")
    assert send(signed_in(author), draft, **data).status_code == 302
    assert {address for email in mail.outbox for address in email.to} == {chosen.email}


def test_a_page_moved_with_the_draft_stays_hidden(
    site: SimpleNamespace, draft: NewsPage, author: User, colleague: User
) -> None:
    """Hiding follows the place in the tree, not a list of keys."""
    set_people(draft, [author], author)
    draft.refresh_from_db()
    draft.move(site.news_index, "first-child")
    assert get_status(colleague, draft) == 404


def test_documents_follow_a_page_that_is_moved(
    site: SimpleNamespace, draft: NewsPage, author: User, colleague: User
) -> None:
    """Into a draft, from there into another one, which others may open, and out again."""
    sections = [
        NewsIndexPageFactory(parent=site.home, live=False, slug=slug)
        for slug in ("first", "second")
    ]
    document = SiteDocumentFactory(title="Terms")
    use(draft, document)
    PageSubscription.objects.create(page=draft, user=colleague, comment_notifications=True)
    set_people(sections[0], [author], author)
    set_people(sections[1], [colleague], author)
    places: tuple[tuple[Any, bool, bool], ...] = (
        (site.news_index, True, True),
        (sections[0], True, False),
        (sections[1], False, True),
        (site.news_index, True, True),
    )
    for parent, *seen in places:
        parent.refresh_from_db()
        NewsPage.objects.get(pk=draft.pk).move(parent, "last-child")
        assert [is_listed(user, document) for user in (author, colleague)] == seen
    assert not PageSubscription.objects.exists()


def test_documents_stay_hidden_when_an_inner_draft_is_not_confidential_any_more(
    site: SimpleNamespace, author: User, colleague: User
) -> None:
    section = NewsIndexPageFactory(parent=site.home, live=False, slug="section")
    page = NewsPageFactory(parent=section, live=False)
    document = SiteDocumentFactory(title="Terms")
    use(page, document)
    set_people(section, [author, colleague], author)
    set_people(page, [author], author)
    assert not is_listed(colleague, document)
    set_people(page, [], author)
    assert is_listed(colleague, document)
    assert not is_listed(make_user(PUBLISHER, "Ida"), document)


def test_a_redirect_to_it_is_not_shown_to_others(
    draft: NewsPage, author: User, colleague: User
) -> None:
    redirect = Redirect.objects.create(old_path="/old", redirect_page=draft)
    set_people(draft, [author], author)
    for action in ("", "delete/"):
        address = f"/admin/redirects/{redirect.pk}/{action}"
        assert signed_in(author).get(address).status_code == 200
        assert signed_in(colleague).get(address).status_code == 404


def test_two_drafts_hide_separately(
    site: SimpleNamespace, draft: NewsPage, author: User, colleague: User
) -> None:
    other = NewsPageFactory(parent=site.news_index, live=False, owner=colleague)
    other.save_revision(user=colleague)
    set_people(draft, [author], author)
    set_people(other, [colleague], colleague)
    for user, page, status in (
        (author, draft, 200),
        (author, other, 404),
        (colleague, draft, 404),
        (colleague, other, 200),
    ):
        assert get_status(user, page) == status


def test_a_deleted_page_leaves_nothing(draft: NewsPage, author: User) -> None:
    use(draft, SiteDocumentFactory())
    set_people(draft, [author], author)
    kind = ContentType.objects.get_for_model(SiteDocument)
    assert ConfidentialFile.objects.filter(content_type=kind).count() == 1
    NewsPage.objects.get(pk=draft.pk).delete()
    assert not ConfidentialFile.objects.exists()


def test_a_release_from_a_text_mentions_no_confidential_draft_of_others(
    site: SimpleNamespace, author: User, colleague: User
) -> None:
    report = ReportPageFactory(
        parent=site.report.get_parent(), live=False, title="Review of mergers", owner=author
    )
    partner = PartnerPageFactory(parent=site.partner.get_parent(), live=False, title="Newcomer")
    for page in (report, partner):
        set_people(page, [author], author)
    data = {"text": "A new partner\n\nOthers join us."}
    own, others = (
        signed_in(user).post("/admin/releases/new/", data).text for user in (author, colleague)
    )
    for title in (report.title, partner.title):
        assert title in own
        assert title not in others


def test_an_administrator_is_not_offered_a_partner_whose_draft_is_confidential(
    site: SimpleNamespace, author: User
) -> None:
    partner = PartnerPageFactory(parent=site.partner.get_parent(), live=False, title="Newcomer")
    set_people(partner, [author], author)
    address = f"/admin/pages/{site.news.pk}/edit/"
    assert "Newcomer" in signed_in(author).get(address).text
    assert "Newcomer" not in signed_in(make_user(ADMINISTRATOR, "Root")).get(address).text
