from typing import Any

import pytest
from django.conf import LazySettings

from bhp_site.single_sign_on import client as client_module
from bhp_site.single_sign_on.http import BoundedSession

from .fake_provider import CLIENT_ID, ISSUER, FakeProvider


@pytest.fixture
def provider(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A provider that the settings name, and that nothing is known of yet."""
    settings.SSO_ISSUER, settings.SSO_CLIENT_ID = ISSUER, CLIENT_ID
    settings.SSO_CLIENT_SECRET, settings.SSO_NAME = "a secret", "Example ID"
    client_module._configuration.clear()
    client_module._keys.clear()
    fake = FakeProvider()
    monkeypatch.setattr(BoundedSession, "send", lambda *args, **kw: fake.send(*args, **kw))
    return fake
