"""Settings of single sign-on that would be dangerous, or could not work."""

from typing import Any

import pytest
from django.conf import LazySettings

from bhp_site.single_sign_on.checks import check_single_sign_on

from .fake_provider import ISSUER


@pytest.mark.parametrize(
    "changes, ids",
    [
        ({"SSO_ISSUER": "", "SSO_CREATE_USERS": True}, []),
        ({"SSO_ROLES": {"a": "Publisher", "b": "Administrator"}, "SSO_CREATE_USERS": True}, []),
        ({"SSO_ISSUER": "https://login.microsoftonline.com/common/v2.0"}, ["bhp.E020"]),
        ({"SSO_CREATE_USERS": True}, ["bhp.E021"]),
        ({"SSO_ROLES": {"a": "Publishers"}}, ["bhp.W020"]),
        ({"SSO_ROLES": {"a": "Member's editor: aston-university"}}, []),
        ({"SSO_ROLES": {"a": "Member’s editor"}}, ["bhp.W020"]),
    ],
)
def test_checks(settings: LazySettings, changes: dict[str, Any], ids: list[str]) -> None:
    for name, value in {"SSO_ISSUER": ISSUER, **changes}.items():
        setattr(settings, name, value)
    assert [message.id for message in check_single_sign_on(None)] == ids
