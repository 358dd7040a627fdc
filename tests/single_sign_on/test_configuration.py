"""The provider's configuration while several people sign in at once."""

import threading
from typing import Any

import pytest
from django.conf import LazySettings

from bhp_site.single_sign_on.client import CachedConfiguration

EARLIER, LATER = {"issuer": "earlier"}, {"issuer": "later"}


class OtherVisitor:
    """A visitor who signs in while the configuration is read."""

    def __init__(self, configuration: CachedConfiguration) -> None:
        self.configuration = configuration
        self.results: list[Any] = []
        self.thread = threading.Thread(target=self.sign_in)

    def sign_in(self) -> None:
        try:
            self.results.append(self.configuration.get(self.read))
        except ValueError as error:
            self.results.append(error)

    def read(self) -> dict[str, Any]:
        raise AssertionError("The provider is asked twice")


@pytest.fixture
def configuration(settings: LazySettings) -> CachedConfiguration:
    settings.SSO_ISSUER = "https://login.example.org/"
    return CachedConfiguration()


def test_others_sign_in_with_the_earlier_one_while_it_is_read_again(
    configuration: CachedConfiguration,
) -> None:
    configuration.get(lambda: EARLIER)
    configuration.read_again_at = 0
    other = OtherVisitor(configuration)

    def read() -> dict[str, Any]:
        other.thread.start()
        other.thread.join()
        return LATER

    assert configuration.get(read) == LATER
    assert other.results == [EARLIER]


def test_others_wait_for_the_first_one(configuration: CachedConfiguration) -> None:
    other = OtherVisitor(configuration)

    def read() -> dict[str, Any]:
        other.thread.start()
        # Time enough to fail; what the test expects does not depend on it.
        other.thread.join(0.05)
        return LATER

    assert configuration.get(read) == LATER
    other.thread.join()
    assert other.results == [LATER]


def test_a_failure_is_remembered(configuration: CachedConfiguration) -> None:
    """Also one after an hour: an earlier configuration is not used for ever."""
    configuration.get(lambda: EARLIER)
    configuration.read_again_at = 0

    def fail() -> dict[str, Any]:
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        configuration.get(fail)
    with pytest.raises(ValueError, match="a moment ago"):
        configuration.get(lambda: LATER)
