"""A Member's editor edits one partner's page, submits news about it, and uploads for it."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Collection, GroupPagePermission, Page, WorkflowState

from bhp_site.core.models import User
from bhp_site.files.models import SiteDocument
from bhp_site.sign_in.models import AccountEmail, Invitation
from news.models import NewsPage
from partners.member_areas import (
    MemberArea,
    find_partner_key,
    get_group,
    is_press_officer,
)
from partners.models import PartnerPage

from ..admin_forms import build_body, build_quote, read_form, send
from ..conftest import signed_in
from ..factories import (
    NewsPageFactory,
    PartnerPageFactory,
    PersonFactory,
    ReportPageFactory,
    SiteDocumentFactory,
)
from ..roles import make_press_officer

INVITE = "/admin/invitations/"


@pytest.fixture
def officer(site: SimpleNamespace) -> User:
    return make_press_officer(site.partner)


@pytest.fixture
def client(officer: User) -> Client:
    return signed_in(officer)


def get_add_url(site: SimpleNamespace) -> str:
    return f"/admin/pages/add/news/newspage/{site.news_index.pk}/"


def submit(client: Client, site: SimpleNamespace, **changes: Any) -> Any:
    """Submit news with the form as it is offered; return the response."""
    form = (
        read_form(client, get_add_url(site))
        | build_body([])
        | {
            "title": "Our news",
            "slug": "our-news",
            "summary": "We did something.",
            "action-submit": "1",
        }
    )
    return client.post(get_add_url(site), form | changes)


def get_news() -> NewsPage:
    return NewsPage.objects.get(title="Our news")


def invite(client: Client, partner: str) -> Any:
    form = {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.org"}
    return client.post(INVITE, form | {"role": "member", "partner": partner}, follow=True)


def test_an_invitation_gives_the_role(site: SimpleNamespace, admin_client: Client) -> None:
    assert "Choose the partner" in invite(admin_client, "").text
    assert not MemberArea.objects.exists()
    invite(admin_client, str(site.partner.pk))
    (invitation,) = Invitation.objects.all()
    assert invitation.role == f"Member’s editor: {site.partner.title}"
    assert invitation.group == MemberArea.objects.get(partner=site.partner).group
    text = AccountEmail.objects.get().text
    assert site.partner.title in text


def test_no_partner_can_be_made_up(site: SimpleNamespace, admin_client: Client) -> None:
    assert "Select a valid choice" in invite(admin_client, str(site.home.pk)).text
    assert not Invitation.objects.exists()


def test_a_second_press_officer_joins_the_same_group(site: SimpleNamespace) -> None:
    assert get_group(str(site.partner.pk)) == get_group(str(site.partner.pk))
    assert Collection.objects.filter(name=site.partner.title).count() == 1


def test_partners_of_one_name_have_groups_of_their_own(site: SimpleNamespace) -> None:
    other = PartnerPageFactory(
        parent=site.partner.get_parent(), title=site.partner.title, slug="other"
    )
    assert get_group(str(other.pk)).name != get_group(str(site.partner.pk)).name


def test_a_partner_cannot_take_the_place_of_another(site: SimpleNamespace) -> None:
    """By the name it gives itself: the address decides, and a name of two is nobody's."""
    parent = site.partner.get_parent()
    PartnerPageFactory(parent=parent, title="Second Trust", slug="first-trust")
    key = str(PartnerPageFactory(parent=parent, title="First-trust", slug="second").pk)
    assert find_partner_key("Second trust") == find_partner_key("first-trust") != key
    assert find_partner_key("SECOND") == key
    PartnerPageFactory(parent=parent, title="Second Trust", slug="third")
    assert find_partner_key("Second trust") == ""
    assert find_partner_key("Fourth Trust") == ""


def test_the_page_is_changed_as_a_draft_for_approval(site: SimpleNamespace, client: Client) -> None:
    partner = PartnerPage.objects.get(pk=site.partner.pk)
    response = send(client, partner, "action-submit", summary="We do more now.")
    assert response.status_code == 302
    state = WorkflowState.objects.get()
    assert state.content_object.pk == partner.pk
    assert state.content_object.get_latest_revision_as_object().summary == "We do more now."
    assert PartnerPage.objects.get(pk=partner.pk).summary != "We do more now."


def test_the_page_is_not_published_deleted_or_moved(site: SimpleNamespace, client: Client) -> None:
    send(client, site.partner, "action-publish", summary="Published")
    assert PartnerPage.objects.get(pk=site.partner.pk).summary != "Published"
    draft = PartnerPageFactory(parent=site.partner.get_parent(), live=False)
    own = signed_in(make_press_officer(draft))
    for view in ("delete", "move", "copy", "unpublish", "privacy"):
        own.post(f"/admin/pages/{draft.pk}/{view}/", {"new_title": "x", "new_slug": "x"})
    assert [*PartnerPage.objects.filter(slug=draft.slug)] == [draft]
    assert not PartnerPage.objects.filter(title="x").exists()


def test_news_is_submitted(site: SimpleNamespace, client: Client, officer: User) -> None:
    """The partner is selected already."""
    assert submit(client, site).status_code == 302
    page = get_news()
    assert (page.live, page.owner) == (False, officer)
    assert [*page.get_latest_revision_as_object().partners.all()] == [
        PartnerPage.objects.get(pk=site.partner.pk)
    ]
    assert WorkflowState.objects.get().content_object.pk == page.pk
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200


def test_news_is_about_the_own_partner(site: SimpleNamespace, client: Client) -> None:
    response = submit(client, site, partners=[])
    assert "You submit news about it only" in response.text


def test_news_is_never_published(site: SimpleNamespace, client: Client) -> None:
    submit(client, site, **{"action-publish": "1"})
    page = get_news()
    send(client, page, "action-publish")
    client.post(f"/admin/api/main/pages/{page.pk}/action/publish/")
    assert not get_news().live


def test_colleagues_reach_the_news_and_other_partners_do_not(
    site: SimpleNamespace, client: Client
) -> None:
    submit(client, site)
    other = PartnerPageFactory(parent=site.partner.get_parent())
    colleague = signed_in(make_press_officer(site.partner))
    stranger = signed_in(make_press_officer(other))
    url = f"/admin/pages/{get_news().pk}/edit/"
    assert colleague.get(url).status_code == 200
    assert stranger.get(url).status_code == 302
    assert "Our news" in colleague.get("/admin/news/").text
    assert "Our news" not in stranger.get("/admin/news/").text


def test_news_is_listed_below_its_index(site: SimpleNamespace, client: Client) -> None:
    url = f"/admin/pages/{site.news_index.pk}/"
    assert site.news.title not in client.get(url).text
    submit(client, site)
    assert "Our news" in client.get(url).text
    assert "Our news" in client.get("/admin/").text


def test_drafts_of_others_cannot_be_chosen(site: SimpleNamespace, client: Client) -> None:
    """Their titles are not shown, whatever is sent."""
    report = ReportPageFactory(parent=site.report_index, live=False, title="Secret report")
    partner = PartnerPageFactory(
        parent=site.partner.get_parent(), live=False, title="Secret partner"
    )
    assert "Secret" not in client.get(get_add_url(site)).text
    for changes in (
        {"report": str(report.pk)},
        {"partners": [str(site.partner.pk), str(partner.pk)]},
    ):
        response = submit(client, site, **changes)
        assert response.status_code == 200
        assert "Secret" not in response.text
    assert not NewsPage.objects.filter(title="Our news").exists()


def test_people_who_are_drafts_cannot_be_quoted(site: SimpleNamespace, client: Client) -> None:
    draft = PersonFactory(name="Secret Person", live=False)
    published = PersonFactory(name="Known Person")
    chooser = "/admin/snippets/choose/partners/person/"
    for address in (chooser, f"{chooser}results/", f"{chooser}chosen-multiple/?id={draft.pk}"):
        assert "Secret Person" not in client.get(address).text
    assert "Known Person" in client.get(chooser).text
    assert client.get(f"{chooser}chosen/{draft.pk}/").status_code == 404
    response = submit(client, site, **build_body([build_quote(draft, "“Words.”")]))
    assert response.status_code == 200
    assert "Secret Person" not in response.text
    assert (
        submit(client, site, **build_body([build_quote(published, "“Words.”")])).status_code == 302
    )


def test_links_to_drafts_of_others_are_refused(site: SimpleNamespace, client: Client) -> None:
    draft = NewsPageFactory(parent=site.news_index, live=False, slug="secret-address")
    partner = PartnerPage.objects.get(pk=site.partner.pk)
    words = {
        "blocks": [
            {
                "key": "a",
                "text": "here",
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [{"offset": 0, "length": 4, "key": 0}],
            }
        ],
        "entityMap": {
            "0": {"type": "LINK", "mutability": "MUTABLE", "data": {"id": draft.pk}},
        },
    }
    story = build_body([("paragraph", json.dumps(words))], "story")
    response = send(client, partner, **story)
    assert response.status_code == 200
    assert "secret-address" not in response.text


def test_uploads_go_to_the_own_collection(site: SimpleNamespace, client: Client) -> None:
    foreign = SiteDocumentFactory(title="Foreign document")
    area = MemberArea.objects.get()
    own = SiteDocumentFactory(title="Own document", collection=area.collection)
    text = client.get("/admin/documents/").text
    assert "Own document" in text
    assert "Foreign document" not in text
    assert client.get(f"/documents/{foreign.pk}/").status_code == 404
    choices = client.get("/admin/documents/chooser/").context["collections"]
    assert [one.pk for one in choices or [area.collection]] == [area.collection.pk]
    client.post(f"/admin/documents/edit/{own.pk}/", {"title": "x", "collection": 1})
    assert SiteDocument.objects.get(pk=own.pk).collection == area.collection


def test_the_dashboard_shows_what_they_can_do(site: SimpleNamespace, client: Client) -> None:
    text = client.get("/admin/").text
    assert "New announcement" in text
    for label in ("New release", "New report", "Publish a report release", "E-mail alerts"):
        assert label not in text


def test_a_writer_who_is_a_press_officer_too_stays_a_writer(
    site: SimpleNamespace, officer: User
) -> None:
    assert is_press_officer(officer)
    officer.groups.add(Group.objects.get(name="Writers"))
    assert not is_press_officer(User.objects.get(pk=officer.pk))
    assert submit(signed_in(officer), site, partners=[]).status_code == 302


def test_the_group_goes_with_the_partner(site: SimpleNamespace) -> None:
    partner = PartnerPageFactory(parent=site.partner.get_parent())
    group = get_group(str(partner.pk))
    partner.delete()
    assert not Group.objects.filter(pk=group.pk).exists()
    assert not GroupPagePermission.objects.filter(group=group.pk).exists()
    assert Page.objects.filter(pk=site.partner.pk).exists()


def test_a_saved_group_form_changes_nothing(
    site: SimpleNamespace, officer: User, admin_client: Client
) -> None:
    """Submitting news is no permission that a form could forget."""
    group = officer.groups.get()
    url = f"/admin/groups/edit/{group.pk}/"
    form = read_form(admin_client, url, "w-editor-form")
    assert admin_client.post(url, form).status_code == 302
    assert submit(signed_in(officer), site).status_code == 302
    assert group.page_permissions.count() == 2
