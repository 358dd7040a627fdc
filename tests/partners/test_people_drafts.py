"""People are drafts until somebody who may publish them does."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from wagtail.log_actions import LogContext
from wagtail.models import Page, ReferenceIndex, TaskState

from bhp_site.core.models import User
from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.files.permissions.public_access import is_public
from news.quote_checks import find_speaker_issues
from news.quotes import fill_in_speaker
from partners.models import PeoplePage, Person, PersonPage, Role
from reports.series import ReportSeries
from tests.admin_forms import get_messages
from tests.factories import (
    PartnerPageFactory,
    PeoplePageFactory,
    PersonFactory,
    PersonPageFactory,
    SiteImageFactory,
    with_role,
)

# A role that has lasted since that day or longer, as the form sends it.
SINCE_2010 = {"start_certainty": "not_sure", "start_latest": "01/01/2010"}
ADD = "/admin/snippets/partners/person/add/"


@pytest.fixture
def jo(home: Page) -> Person:
    """A public person, dean since long ago, with a public page."""
    person = with_role(PersonFactory(name="Jo Dean", biography="As published."), "Dean")
    parent = PeoplePage.objects.first() or PeoplePageFactory(parent=home, slug="people")
    page = PersonPageFactory(parent=parent, person=person, title="Jo Dean", slug="jo-dean")
    page.save_revision().publish()
    return person


def get_address(person: Person, view: str = "edit") -> str:
    return f"/admin/snippets/partners/person/{view}/{person.pk}/"


def build_form(*roles: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The form of a person with these roles; a role with an `id` is one that is there already."""
    data = {"name": "Jo Dean", "honorific": "", "portrait": "", "biography": "As published."}
    names = ("certainty", "earliest", "latest")
    dates = {f"{end}_{name}": "" for end in ("start", "end") for name in names}
    for number, role in enumerate(roles):
        row = {"id": "", "title": "", "partner": "", "organisation": "", **dates, **role}
        data |= {f"roles-{number}-{key}": value for key, value in row.items()}
        data[f"roles-{number}-ORDER"] = str(number + 1)
    counts = {"TOTAL": len(roles), "INITIAL": sum(bool(role.get("id")) for role in roles)}
    data |= {f"roles-{key}_FORMS": str(value) for key, value in counts.items()}
    return data | {"roles-MIN_NUM_FORMS": "0", "roles-MAX_NUM_FORMS": "1000"} | changes


def reload(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def get_page(person: Person) -> PersonPage:
    return PersonPage.objects.get(person=person)


def list_roles(person: Person) -> list[str]:
    return [role.title for role in Role.objects.filter(person=person).order_by("sort_order")]


def test_people_from_code_are_public_as_before(db: None) -> None:
    person = PersonFactory()
    assert person.live
    assert reload(person).first_published_at is not None


def test_an_editors_change_is_a_draft(editor_client: Client, jo: Person, client: Client) -> None:
    role = jo.roles.get()
    data = build_form(
        {"id": role.pk, "title": "Chancellor", **SINCE_2010},
        {"title": "Visitor"},
        name="Jo Renamed",
        biography="Not yet.",
    )
    response = editor_client.post(get_address(jo), data)
    assert response.status_code == 302
    person = reload(jo)
    assert (person.name, person.biography, list_roles(person)) == (
        "Jo Dean",
        "As published.",
        ["Dean"],
    )
    draft = person.get_latest_revision_as_object()
    assert (draft.name, [role.title for role in draft.roles.all()]) == (
        "Jo Renamed",
        ["Chancellor", "Visitor"],
    )
    assert get_page(jo).title == "Jo Dean"
    text = client.get(get_page(jo).url).text
    assert "Jo Dean" in text
    for word in ("Renamed", "Not yet", "Chancellor", "Visitor"):
        assert word not in text


@pytest.mark.parametrize("action", ["action-publish", "action-workflow-action"])
def test_an_editor_cannot_publish(editor_client: Client, jo: Person, action: str) -> None:
    editor_client.post(get_address(jo), build_form(name="Jo Renamed", **{action: "approve"}))
    assert reload(jo).name == "Jo Dean"
    assert get_page(jo).title == "Jo Dean"


@pytest.mark.parametrize("view", ["unpublish", "delete", "lock", "unlock"])
def test_an_editor_cannot_withdraw_or_lock(editor_client: Client, jo: Person, view: str) -> None:
    editor_client.post(get_address(jo, view))
    person = reload(jo)
    assert person.live
    assert not person.locked


def test_an_editor_cannot_bring_back_an_older_version_in_public(
    editor_client: Client, jo: Person
) -> None:
    old = jo.save_revision()
    jo.name = "Jo Later"
    jo.save_revision().publish()
    url = f"/admin/snippets/partners/person/history/{jo.pk}/revisions/{old.pk}/revert/"
    assert editor_client.get(url).status_code == 200
    editor_client.post(get_address(jo), build_form(name="Jo Dean", revision=str(old.pk)))
    assert reload(jo).name == "Jo Later"


def test_a_publisher_publishes_person_and_page(
    publisher_client: Client, jo: Person, client: Client
) -> None:
    role = jo.roles.get()
    data = build_form({"id": role.pk, "title": "Chancellor", **SINCE_2010}, name="Jo Renamed")
    publisher_client.post(get_address(jo), data | {"action-publish": "1"})
    assert (reload(jo).name, list_roles(jo)) == ("Jo Renamed", ["Chancellor"])
    assert get_page(jo).title == "Jo Renamed"
    text = client.get(get_page(jo).url).text
    assert "Jo Renamed" in text
    assert "Chancellor" in text


def test_submitted_and_approved(
    editor_client: Client,
    publisher: User,
    publisher_client: Client,
    jo: Person,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        editor_client.post(get_address(jo), build_form(name="Jo Renamed") | {"action-submit": "1"})
    assert reload(jo).name == "Jo Dean"
    assert publisher.email in {address for message in mail.outbox for address in message.to}
    assert "Jo Renamed" in publisher_client.get("/admin/").text
    task = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    url = f"/admin/snippets/partners/person/workflow/action/{jo.pk}/approve/{task.pk}/"
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        response = publisher_client.post(url, {"comment": ""})
    assert response.status_code in (200, 302)
    assert "“Jo Renamed” was approved and published." in get_messages(response)
    assert len(mail.outbox) == 1
    assert reload(jo).name == "Jo Renamed"
    assert get_page(jo).title == "Jo Renamed"


def test_whoever_may_not_publish_adds_drafts_alone(editor: User, publisher: User) -> None:
    """By whatever form, such as the chooser's."""
    for user, is_live in ((editor, False), (publisher, True)):
        with LogContext(user=user):
            person = PersonFactory()
        assert reload(person).live is is_live
        assert (reload(person).first_published_at is not None) is is_live


def test_a_new_person_is_a_draft(editor_client: Client) -> None:
    editor_client.post(ADD, build_form({"title": "Adviser"}, name="Al New"))
    person = Person.objects.get(name="Al New")
    assert not person.live
    role = {"id": person.roles.get().pk, "title": "Adviser"}
    editor_client.post(get_address(person), build_form(role, name="Al Newer"))
    # Nobody has seen the person, so listings and choosers show the latest draft.
    assert reload(person).name == "Al Newer"
    assert list_roles(person) == ["Adviser"]


def test_what_is_told_of_a_new_name_follows_the_draft(editor_client: Client, jo: Person) -> None:
    response = editor_client.post(get_address(jo), build_form(name="Jo Renamed"))
    assert "Once published, this name will appear" in get_messages(response)


def test_a_page_waits_for_its_person(publisher_client: Client, jo: Person) -> None:
    draft = PersonFactory(name="Al New", live=False)
    parent = PeoplePage.objects.get()
    page = PersonPageFactory(parent=parent, person=draft, live=False, title="Al New")
    with pytest.raises(PublishingRefused, match="Al New is not published yet"):
        page.save_revision().publish()
    draft.save_revision().publish()
    page.save_revision().publish()
    assert PersonPage.objects.get(pk=page.pk).live


def test_an_unpublished_person_is_nowhere_public(
    publisher_client: Client, jo: Person, client: Client, partner_index: Page
) -> None:
    partner = PartnerPageFactory(parent=partner_index, title="Aston")
    with_role(jo, "Fellow", partner=partner, start_latest=datetime.date(2010, 1, 1))
    assert "Jo Dean" in client.get(partner.url).text
    url = get_address(jo, "unpublish")
    assert "has been unpublished as well" in publisher_client.get(url).text
    publisher_client.post(url)
    assert not reload(jo).live
    assert not get_page(jo).live
    assert client.get("/people/jo-dean/").status_code == 404
    assert "Jo Dean" not in client.get(partner.url).text


def test_a_portrait_in_a_draft_is_private(editor_client: Client, jo: Person) -> None:
    portrait = SiteImageFactory()
    editor_client.post(get_address(jo), build_form(portrait=str(portrait.pk)))
    assert reload(jo).get_latest_revision_as_object().portrait == portrait
    ReferenceIndex.create_or_update_for_object(reload(jo))
    assert not is_public(portrait)


def test_a_portrait_of_a_draft_person_is_private(
    site: SimpleNamespace, editor_client: Client
) -> None:
    """Although a public quote names the person."""
    portrait = SiteImageFactory()
    person = PersonFactory(name="Al New", live=False)
    site.quote.speaker = person
    site.quote.save()
    editor_client.post(get_address(person), build_form(name="Al New", portrait=str(portrait.pk)))
    ReferenceIndex.create_or_update_for_object(reload(person))
    ReferenceIndex.create_or_update_for_object(site.quote)
    assert reload(person).portrait == portrait
    assert not is_public(portrait)


def test_a_quote_takes_what_is_published(jo: Person) -> None:
    draft = reload(jo)
    draft.name = "Jo Renamed"
    draft.roles.set([Role(title="Chancellor", start_latest=datetime.date(2010, 1, 1))])
    draft.save_revision()
    quote = {"speaker": reload(jo)}
    fill_in_speaker(quote, datetime.date(2022, 11, 24))
    assert (quote["name"], quote["role"]) == ("Jo Dean", "Dean")


def test_a_quote_of_a_draft_person_is_told(db: None) -> None:
    person = with_role(PersonFactory(name="Al New", live=False), "Adviser")
    (issue,) = find_speaker_issues(person, "", datetime.date(2022, 11, 24))
    assert "Al New is still a draft" in issue.message
    assert not issue.must_confirm


def test_the_preview_shows_the_draft(editor_client: Client, jo: Person) -> None:
    url = get_address(jo, "preview")
    data = build_form({"title": "Chancellor"}, name="Jo Renamed", biography="In the draft.")
    assert editor_client.post(url, data).json()["is_valid"]
    text = editor_client.get(url).text
    for words in ("Jo Renamed", "Chancellor", "In the draft."):
        assert words in text
    assert "Jo Dean" not in text


def test_a_new_person_can_be_previewed(editor_client: Client, home: Page) -> None:
    url = "/admin/snippets/partners/person/preview/"
    data = build_form({"title": "Adviser"}, name="Al New")
    assert editor_client.post(url, data).json()["is_valid"]
    response = editor_client.get(url)
    assert response.status_code == 200
    assert "Al New" in response.text
    assert "Adviser" in response.text


def test_the_editors_ping_is_answered(editor_client: Client, jo: Person) -> None:
    editor_client.post(get_address(jo), build_form(name="Jo Renamed"))
    url = f"/admin/editing-sessions/ping/partners/person/{jo.pk}/1/"
    data = {"revision_id": str(reload(jo).latest_revision_id)}
    response = editor_client.post(url, data)
    assert response.status_code == 200
    assert "session_id" in response.json()


@pytest.mark.parametrize(
    "url",
    [
        "/admin/snippets/partners/person/",
        "/admin/snippets/partners/person/?live=true",
        "/admin/snippets/partners/person/history/{pk}/",
        "/admin/snippets/partners/person/usage/{pk}/",
        "/admin/snippets/partners/person/edit/{pk}/",
        "/admin/snippets/partners/person/unpublish/{pk}/",
        "/admin/snippets/choose/partners/person/",
        "/admin/reports/locked/",
        "/admin/reports/workflow/",
        "/admin/reports/site-history/",
        "/admin/workflows/list/",
    ],
)
def test_the_screens_about_people_work(publisher_client: Client, jo: Person, url: str) -> None:
    jo.name = "Jo Renamed"
    jo.save_revision()
    PersonFactory(name="Al New", live=False)
    response = publisher_client.get(url.format(pk=jo.pk), follow=True)
    assert response.status_code == 200


def test_the_listing_says_what_is_public(editor_client: Client, jo: Person) -> None:
    assert "Live" in editor_client.get("/admin/snippets/partners/person/").text
    jo.save_revision()
    PersonFactory(name="Al New", live=False)
    text = editor_client.get("/admin/snippets/partners/person/").text
    assert "Live, with a draft" in text
    assert "Draft" in text


def test_the_chooser_offers_drafts_and_says_so(editor_client: Client, jo: Person) -> None:
    PersonFactory(name="Al New", live=False)
    html = editor_client.get("/admin/snippets/choose/partners/person/").json()["html"]
    assert "Al New" in html
    assert "Draft" in html.title()


def test_a_locked_person_stays_as_it_is(
    publisher: User, publisher_client: Client, editor_client: Client, jo: Person
) -> None:
    publisher_client.post(get_address(jo, "lock"))
    assert reload(jo).locked_by == publisher
    editor_client.post(get_address(jo), build_form(name="Jo Renamed"))
    assert reload(jo).get_latest_revision_as_object().name == "Jo Dean"


# What an editor may do in the admin beside pages, documents and images: nothing of it is public
# before somebody else has acted.
EDITORS_MAY = {
    "access_admin",
    "view_funder",
    "add_funder",
    "view_person",
    "add_person",
    "change_person",
    "view_reportseries",
    "add_reportseries",
    "view_enquiry",
    "change_enquiry",
}


def test_editors_may_do_nothing_else(editor: User) -> None:
    # Those of documents and images are held for each collection.
    elsewhere = ["wagtaildocs", "wagtailimages"]
    found = Permission.objects.filter(group__user=editor).exclude(
        content_type__app_label__in=elsewhere
    )
    assert {permission.codename for permission in found} == EDITORS_MAY


@pytest.mark.parametrize("action", ["publish", "lock", "unlock", "delete"])
def test_publishers_may_publish_people(publisher: User, editor: User, action: str) -> None:
    assert publisher.has_perm(f"partners.{action}_person")
    assert not editor.has_perm(f"partners.{action}_person")


@pytest.mark.parametrize(
    "url",
    [
        "/admin/settings/core/sitesettings/",
        "/admin/redirects/add/",
        "/admin/searchpicks/add/",
        "/admin/old-addresses/new/",
        "/admin/snippets/reports/reportseries/edit/{series}/",
        "/admin/accessible-copies/new/",
        "/admin/collections/add/",
    ],
)
def test_an_editor_cannot_open_what_is_public_at_once(
    site: SimpleNamespace, editor_client: Client, publisher_client: Client, url: str
) -> None:
    series = site.report.series or _build_series()
    url = url.format(series=series.pk)
    assert editor_client.get(url, follow=True).redirect_chain or (
        editor_client.get(url).status_code in (403, 404)
    )
    if "collections" not in url:
        assert publisher_client.get(url, follow=True).status_code == 200


def _build_series() -> Any:
    return ReportSeries.objects.create(name="Reports of activity", slug="activity")
