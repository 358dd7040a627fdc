"""The groups of a new site allow what the table of roles says, and the guide says it in words."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from bhp_site.core.roles import ANALYST, ROLES, UserRole, get_codenames
from bhp_site.files.models import SiteDocument
from bhp_site.files.versions.models import DownloadCount

from ..conftest import signed_in
from ..factories import SiteDocumentFactory, UserFactory
from ..roles import give_role

WITH_GROUPS = [role for role in ROLES if role.group]
EDITORS_GUIDE = Path(settings.BASE_DIR) / "docs" / "editors.md"


def test_a_new_site_has_a_group_for_each_role(db: None) -> None:
    names = Group.objects.values_list("name", flat=True)
    assert sorted(names) == sorted(role.group for role in WITH_GROUPS)


@pytest.mark.parametrize("role", WITH_GROUPS, ids=lambda role: role.name)
def test_a_group_has_the_permissions_of_its_role(db: None, role: UserRole) -> None:
    group = Group.objects.get(name=role.group)
    models = group.permissions.values_list("content_type__app_label", "codename")
    assert {".".join(one) for one in models} == role.permissions
    pages = GroupPagePermission.objects.filter(group=group)
    assert {(one.page.depth, one.permission.codename) for one in pages} == {
        (1, f"{action}_page") for action in role.pages
    }
    rows = GroupCollectionPermission.objects.filter(group=group, collection__depth=1)
    collections = rows.values_list("permission__content_type__app_label", "permission__codename")
    assert {".".join(one) for one in collections} == get_codenames(role.collections)


def test_the_guide_describes_each_role() -> None:
    text = EDITORS_GUIDE.read_text(encoding="utf-8")
    for role in ROLES:
        assert f"| **{role.name}** | {role.summary} |" in text
    heading = next(line for line in text.splitlines() if line.startswith("| task |"))
    columns = re.findall(r"\| ([^|]+) (?=\|)", heading)[1:]
    assert columns == [role.name for role in ROLES]


@pytest.fixture
def analyst_client(db: None) -> Client:
    user = UserFactory()
    give_role(user, ANALYST)
    return signed_in(user)


def count(document: SiteDocument) -> None:
    version = document.versions.get()
    DownloadCount.objects.create(version=version, day="2026-11-02", downloads=3)


def test_an_analyst_reads_the_numbers_of_public_documents(
    site: SimpleNamespace, analyst_client: Client
) -> None:
    count(site.document)
    count(SiteDocumentFactory(title="A draft"))
    assert "Downloads by day (CSV)" in analyst_client.get("/admin/").text
    text = analyst_client.get("/admin/files/downloads.csv").content.decode("utf-8-sig")
    assert text.splitlines()[1:] == ["2026-11-02,The report,1,3"]


def test_an_analyst_reads_the_numbers_of_alerts_and_no_address(
    site: SimpleNamespace, analyst_client: Client
) -> None:
    response = analyst_client.get("/admin/reports/e-mail-alerts/")
    assert response.status_code == 200
    assert response.context["subscribers"] is None
    for path in ("/admin/pages/", "/admin/documents/", "/admin/requests/", "/admin/press-list/"):
        assert analyst_client.get(path).status_code in (302, 404), path
